"""The test database as its server's superuser sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from zhen.runtime.files import read_state
from zhen.runtime.postgres import SUPERUSER


def address() -> str:
    state = read_state(Path(os.environ["ZHEN_HOME"]) / "postgres.json")
    return make_conninfo(
        str(state["app_url"]),
        user=SUPERUSER,
        password=str(state["superuser_password"]),
        dbname=connection.settings_dict["NAME"],
    )


@contextmanager
def superuser() -> Iterator[psycopg.Cursor[object]]:
    """A session as whoever holds the server, with the triggers off, as with psql."""
    with psycopg.connect(address()) as session, session.cursor() as cursor:
        for table in ("journal_event", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only".encode())
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_stamp")
        yield cursor
        for table in ("journal_event", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only".encode())
        cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER journal_event_stamp")


def tamper(statement: str, *parameters: object) -> None:
    with superuser() as cursor:
        cursor.execute(statement.encode(), parameters)
