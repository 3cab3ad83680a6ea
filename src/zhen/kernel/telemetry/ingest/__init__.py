"""From the durable stream into the database: every message once in effect."""
