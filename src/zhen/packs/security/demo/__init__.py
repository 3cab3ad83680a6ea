"""Building security's part of the demo town: doors, lifts, water, fences and buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.telemetry.api import PROFILES, NewDevice, register_devices

DEVICES = 1_760
LEFT_OUT = 0.1
BEHIND_ONE = 400
LIFT_FROM = 7
"""Storeys from which a house has a lift: GB 50096-2011, 6.4.1."""

Plan = tuple[str, str]
"""Profile, and where exactly."""


def build(town: DemoBuild) -> None:
    unit = Unit.objects.filter(code="safety").first()
    today = clock.today()
    buildings = list(versions_on(today, Kind.BUILDING).order_by("place__code"))
    if unit is None or not buildings:
        return
    chance = Random(town.seed + 1)  # noqa: S311 a demo, not a secret
    equipped = [building for building in buildings if chance.random() > LEFT_OUT]
    plans = list(islice(_plans(equipped), DEVICES))
    register_devices(Actor.system("demo"), list(_devices(plans, unit, chance, today)))
    town.say(f"{len(plans)} security devices")


def _plans(buildings: Sequence[PlaceVersion]) -> Iterator[tuple[PlaceVersion, Plan]]:
    """A door of each building first, then what else it needs."""
    for building in buildings:
        yield building, ("door", "1层入口")
    for building in buildings:
        for plan in _more(building):
            yield building, plan


def _more(building: PlaceVersion) -> list[Plan]:
    match building.attributes.get("use"):
        case "commercial":
            return [("lift", "1号电梯"), ("flooding", "地下车库"), ("button", "1层服务台"), ("window", "1层商铺")]
        case "industrial":
            return [("perimeter", "围墙"), ("flooding", "地下泵房")]
    return [("lift", "1号电梯"), ("flooding", "地下水泵房")] if _floors(building) >= LIFT_FROM else []


def _floors(building: PlaceVersion) -> int:
    return int(building.attributes.get("floors", 1))


def _devices(
    plans: Sequence[tuple[PlaceVersion, Plan]], unit: Unit, chance: Random, today: date
) -> Iterator[NewDevice]:
    """Gateways, each with the devices of neighbouring buildings behind it."""
    for number, start in enumerate(range(0, len(plans), BEHIND_ONE), 1):
        group, hub = plans[start : start + BEHIND_ONE], f"SH-{number:02d}"
        yield NewDevice(
            code=hub,
            name=f"安防无线网关{number:02d}",
            profile="security.hub",
            place_id=group[0][0].place_id,
            unit_id=unit.pk,
            spot="弱电间",
        )
        for offset, (building, (kind, spot)) in enumerate(group, start + 1):
            yield NewDevice(
                code=f"S-{offset:05d}",
                name=f"{PROFILES[f'security.{kind}'].name} {spot}",
                profile=f"security.{kind}",
                place_id=building.place_id,
                unit_id=unit.pk,
                spot=spot,
                gateway=hub,
                installed_on=today - timedelta(days=chance.randint(30, 1_500)),
            )
