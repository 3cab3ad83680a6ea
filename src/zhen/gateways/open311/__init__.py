"""Open311 GeoReport v2: services, definitions, requests in and out, in JSON and XML.

The standard: wiki.open311.org/GeoReport_v2. Every case type with public intake is offered; a service is a class that
residents may choose.
"""
