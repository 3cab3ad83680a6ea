"""The whole database as text, so that a test can look for what must not be there."""

from __future__ import annotations

from django.db import connection


def dump() -> str:
    """Every value of every row of every table, also bytes that happen to be text."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} AS t")
            parts.extend(str(row[0]) for row in cursor.fetchall())
    return "\n".join(parts)
