"""The migrated database is kept beside the tests' own, named by what all migrations say, and copied by the next run."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection

PREFIX = "migrated_"


def name() -> str:
    """Another one as soon as any migration, or Django, is another."""
    digest = sha256(django.__version__.encode())
    for config in apps.get_app_configs():
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label} {path.name} ".encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:24]


def _kept() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return [row[0] for row in cursor.fetchall()]


def is_kept(server: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether this server has it; for those who make a database of their own."""
    found = server.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name()]).fetchone()
    return found == (1,)


def use() -> None:
    """Let the tests' database be a copy, where there is something to copy."""
    if name() in _kept():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = name()


def keep() -> None:
    """Keep a copy of what was just migrated, instead of those of other migrations."""
    kept, wanted = _kept(), name()
    if wanted in kept:
        return
    made = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        for old in kept:
            cursor.execute(f'DROP DATABASE "{old}"')
        cursor.execute(f'CREATE DATABASE "{wanted}" TEMPLATE "{made}"')
