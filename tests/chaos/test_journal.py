"""However its writers and readers die: no event is missed, and none is applied twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from zhen.kernel.journal.api import Event

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = Path(__file__).with_name("crowd.py")


@pytest.fixture
def _applied(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE chaos_applied (event bigint NOT NULL, place serial)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chaos_applied")


def address() -> str:
    """The test database, in the form of DATABASE_URL."""
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return f"postgresql://{parts['user']}:{parts.get('password', '')}@{parts['host']}:{parts['port']}/{name}"


def run(writers: int, rounds: int) -> tuple[list[int], list[int]]:
    """(events in the order in which they must be read, events in the order in which they were applied)."""
    environment = {**os.environ, "DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "zhen.project.settings"}
    done = subprocess.run(
        (sys.executable, str(CROWD), str(writers), str(rounds), "1"),
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "deaths of readers" in done.stdout
    with connection.cursor() as cursor:
        cursor.execute("SELECT event FROM chaos_applied ORDER BY place")
        applied = [row[0] for row in cursor.fetchall()]
    return list(Event.objects.order_by("transaction", "id").values_list("id", flat=True)), applied


@pytest.mark.usefixtures("_applied")
def test_a_few_writers_and_a_dying_consumer() -> None:
    committed, applied = run(writers=4, rounds=10)
    assert len(committed) > 20
    assert applied == committed


@pytest.mark.chaos
@pytest.mark.usefixtures("_applied")
def test_twenty_writers_and_a_dying_consumer() -> None:
    committed, applied = run(writers=20, rounds=100)
    assert len(committed) > 1000
    assert applied == committed
