"""Counting calls in the database, so that all processes share one limit."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

COUNT = """
INSERT INTO identity_rate AS rate (key, slot, calls) VALUES (%s, %s, 1)
ON CONFLICT (key, slot) DO UPDATE SET calls = rate.calls + 1
RETURNING calls
"""
FORGET = "DELETE FROM identity_rate WHERE key = %s AND slot < %s"


def within(key: str, *, calls: int, seconds: int, now: datetime) -> bool:
    """Count one call under `key`; whether it is among the first `calls` of the present slot."""
    slot = int(now.timestamp()) // seconds
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key, slot])
        (made,) = cursor.fetchone()
        if made == 1:
            cursor.execute(FORGET, [key, slot])
    return bool(made <= calls)
