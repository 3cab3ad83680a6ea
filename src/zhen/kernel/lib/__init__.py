"""Tools without a database: clock, calendar, numbers, geometry, crypto, registries.

No Django model is imported below this package, so all of it can be tested without a server.
"""
