"""What Grafana reads: the lines of docs/howto/grafana.md, by the account that they make."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.rules.values import micro
from zhen.kernel.telemetry.storage.batch import Batch, Message
from zhen.kernel.telemetry.storage.summing import sum_up
from zhen.kernel.telemetry.storage.writing import Writer, metric_ids, write_all
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place, read
from zhen.runtime import postgres
from zhen.runtime.files import read_state
from zhen.runtime.ports import LOOPBACK

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[5] / "docs" / "howto" / "grafana.md"
VIEWS = ("device", "latest", "reading", "minute", "hour", "alarm")


def documented() -> list[str]:
    found: list[str] = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return [re.sub(r"\$__timeFilter\((\w+)\)", r"\1 > now() - interval '1 day'", sql) for sql in found]


@pytest.fixture
def grafana() -> Iterator[psycopg.Connection[Any]]:
    """The account of the documentation, for as long as the test takes."""
    state = read_state(Path(os.environ["ZHEN_HOME"]) / "postgres.json")
    name = connection.settings_dict["NAME"]
    secret = state["superuser_password"]
    with psycopg.connect(f"postgresql://{postgres.SUPERUSER}:{secret}@{LOOPBACK}:{state['port']}/{name}") as db:
        db.execute(documented()[0].encode())
        db.execute("SET LOCAL ROLE grafana")
        yield db
        db.rollback()


def test_the_account_reads_the_views_and_nothing_beside_them(grafana: psycopg.Connection[Any]) -> None:
    for sql in (*documented()[1:], *(f"SELECT * FROM open_readings.{view} LIMIT 1" for view in VIEWS)):
        grafana.execute(sql.encode())
    for table in ("telemetry_reading", "telemetry_alarm", "identity_user", "cases_reporter", "journal_event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), grafana.transaction():
            grafana.execute(f"SELECT 1 FROM {table} LIMIT 1".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), grafana.transaction():
        grafana.execute("DELETE FROM telemetry_latest")


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_what_is_measured_and_what_alarmed_stands_in_the_views() -> None:
    metric_ids(["load", "wet"])
    place = a_place("310107102001001-001", "梅川一村1号")
    seat, at = a_device("S-1", place, a_unit("fire")), micro(clock.now())
    writer = Writer()
    writer.forget()
    write_all(writer, Batch([Message(seat.pk, at, at, [("load", 120), ("wet", 1)])]))
    sum_up()
    assert rows("SELECT code, place, place_name FROM open_readings.device") == [("S-1", place.code, "梅川一村1号")]
    for view in ("reading", "latest"):
        found = rows(f"SELECT metric, value FROM open_readings.{view} ORDER BY metric")
        assert found == [("load", 120.0), ("wet", 1.0)]
    for view in ("minute", "hour"):
        found = rows(f"SELECT metric, count, low, high, mean FROM open_readings.{view} ORDER BY metric")
        assert found == [("load", 1, 120.0, 120.0, 120.0), ("wet", 1, 1.0, 1.0, 1.0)]

    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    read(seat, load=600)
    (alarm,) = rows(documented()[2])
    assert (alarm[1], alarm[2]) == (None, "S-1 too_heavy")
    assert rows("SELECT severity, metric, value, place FROM open_readings.alarm") == [(3, "load", 600.0, place.code)]
