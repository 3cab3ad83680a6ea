"""What tests of devices share. Not part of what runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Place, PlaceVersion
from zhen.kernel.telemetry.alarms.applying import Changed
from zhen.kernel.telemetry.alarms.following import follow as follow
from zhen.kernel.telemetry.alarms.sweeping import sweep_due as sweep_due
from zhen.kernel.telemetry.alarms.taking import take
from zhen.kernel.telemetry.devices.actions import register
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.rules.values import micro
from zhen.kernel.telemetry.storage.batch import Message

TESTER = Actor.system("test")


def a_place(code: str = "B1", name: str = "") -> Place:
    """Somewhere without a boundary: a town of its own."""
    place = Place.objects.create(kind=Place.Kind.TOWN, code=code)
    PlaceVersion.objects.create(
        place=place, name=name or code, name_key="", name_spelling="", name_initials="", valid_from=date(2020, 1, 1)
    )
    return place


def new_device(code: str, place: Place, unit: Unit, **given: Any) -> NewDevice:
    facts = {"name": f"device {code}", "profile": "dummy_pack.seat", "place_id": place.pk, "unit_id": unit.pk}
    return NewDevice(code=code, **{**facts, **given})


def a_device(code: str, place: Place, unit: Unit, **given: Any) -> Device:
    return register(TESTER, new_device(code, place, unit, **given))


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
