"""Devices that alarm, and readings for them, for tests of alarms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from zhen.kernel.places.api import Place, PlaceVersion
from zhen.kernel.telemetry.models import Alarm, Device
from zhen.kernel.telemetry.testing import Newest as Newest
from zhen.kernel.telemetry.testing import keep_latest as keep_latest
from zhen.kernel.telemetry.testing import read as read

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
