"""Devices that alarm, and readings for them, for tests of alarms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhen.kernel.lib import clock
from zhen.kernel.places.api import Place, PlaceVersion
from zhen.kernel.telemetry.alarms.applying import Changed
from zhen.kernel.telemetry.alarms.taking import take
from zhen.kernel.telemetry.models import Alarm, Device
from zhen.kernel.telemetry.rules.values import micro
from zhen.kernel.telemetry.storage.batch import Message

ALARM_RIGHTS = frozenset(
    {
        "telemetry.device.view",
        "telemetry.alarm.view",
        "telemetry.alarm.handle",
        "telemetry.alarm.close",
        "telemetry.alarm.suppress",
        "telemetry.duty.manage",
    }
)


class Newest(dict[tuple[int, str], int]):
    """What the taking of readings knows of the newest ones; one for each test's town."""


def read(device: Device, newest: Newest | None = None, at: datetime | None = None, **values: float) -> list[Changed]:
    """A message of a device, taken in a transaction of its own."""
    now = clock.now()
    message = Message(device.pk, micro(at or now), micro(now), tuple(values.items()))
    with transaction.atomic():
        keep_latest(device, at or now, **values)
        return take([message], {device.pk: device.profile}, Newest() if newest is None else newest, now)


def keep_latest(device: Device, at: datetime, **values: float) -> None:
    """The newest readings, as the taking of readings keeps them."""
    sql = """
    INSERT INTO telemetry_metriccode (code) VALUES (%(code)s) ON CONFLICT DO NOTHING;
    INSERT INTO telemetry_latest (device_id, metric_id, at, received_at, value)
    SELECT %(device)s, id, %(at)s, %(now)s, %(value)s FROM telemetry_metriccode WHERE code = %(code)s
    ON CONFLICT (device_id, metric_id) DO UPDATE SET at = excluded.at, received_at = excluded.received_at
    """
    with connection.cursor() as cursor:
        for code, value in values.items():
            given: dict[str, Any] = {"code": code, "device": device.pk, "at": at, "now": clock.now(), "value": value}
            for statement in sql.split(";"):
                cursor.execute(statement, given)


def inside(parent: Place, code: str, kind: str = Place.Kind.BUILDING) -> Place:
    """A place in another one."""
    place = Place.objects.create(kind=kind, code=code)
    PlaceVersion.objects.create(
        place=place,
        parent=parent,
        name=code,
        name_key="",
        name_spelling="",
        name_initials="",
        valid_from=date(2020, 1, 1),
    )
    return place


def alarm_of(device: Device, rule: str = "too_heavy") -> Alarm:
    return Alarm.objects.get(device=device, rule=rule)


@contextmanager
def nothing_else() -> Iterator[None]:
    """Nothing new is opened inside."""
    before = Alarm.objects.count()
    yield
    assert Alarm.objects.count() == before
