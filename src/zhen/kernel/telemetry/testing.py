"""What tests of devices share. Not part of what runs."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.kernel.places.api import Place, PlaceVersion
from zhen.kernel.telemetry.devices.actions import register
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.models import Device

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
