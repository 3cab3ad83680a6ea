"""Devices by what a building is, and fire files for the buildings where most people are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, User, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.telemetry.api import PROFILES, NewDevice, register_devices
from zhen.packs.fire import actions
from zhen.packs.fire.demo.past import build_past
from zhen.packs.fire.models import FireFile
from zhen.packs.fire.rules import months_later

DEVICES = 6_219
FILES = {"small": 24, "town": 60}
LEFT_OUT = 0.06
"""The share of buildings that nobody has equipped yet: a town without gaps would have no list of them."""
BEHIND_ONE = 400
CONTRACTOR = "示范消防技术服务有限公司"

Plan = tuple[str, str]
"""Profile, and where exactly."""


def build(town: DemoBuild) -> None:
    unit = Unit.objects.filter(code="safety").first()
    today = clock.today()
    buildings = list(versions_on(today, Kind.BUILDING).select_related("place").order_by("place__code"))
    if unit is None or not buildings:
        return
    builder, chance = Actor.system("demo"), Random(town.seed)  # noqa: S311 a demo, not a secret
    equipped = [building for building in buildings if chance.random() > LEFT_OUT]
    plans = list(islice(_plans(equipped), DEVICES))
    register_devices(builder, list(_devices(plans, unit, chance, today)))
    files = _files(builder, unit, equipped, chance, today, FILES[town.scale])
    closed = build_past(builder, chance, clock.now())
    town.say(f"{len(plans)} fire devices, {files} fire files, {closed} alarms of the last year")


def _plans(buildings: Sequence[PlaceVersion]) -> Iterator[tuple[PlaceVersion, Plan]]:
    """What stands where: first what each building needs, then more of it, floor by floor."""
    for building in buildings:
        for plan in _first(building):
            yield building, plan
    for number in range(60):
        for building in buildings:
            yield from ((building, plan) for plan in _more(building, number))


def _first(building: PlaceVersion) -> list[Plan]:
    floors = int(building.attributes.get("floors", 1))
    match building.attributes.get("use"):
        case "commercial":
            kitchen = "1层厨房"
            plans = [("smoke", kitchen), ("heat", kitchen), ("gas", kitchen), ("call_point", "1层大厅")]
            return [*plans, ("electrical", "1层配电间"), ("water_pressure", "屋顶最不利点")]
        case "industrial":
            return [("heat", "车间"), ("smoke", "仓库"), ("electrical", "配电间"), ("call_point", "车间出口")]
    if floors > 9:
        tall = [
            ("smoke", "1层门厅"),
            ("call_point", "1层门厅"),
            ("fire_door", "2层楼梯间"),
            ("water_level", "屋顶水箱"),
        ]
        return [*tall, ("water_pressure", "屋顶试验消火栓"), ("electrical", "地下配电间")]
    return [("smoke", "1层楼道"), ("ebike_shed", "非机动车库")]


def _more(building: PlaceVersion, number: int) -> list[Plan]:
    """One more storey's worth; nothing above the roof."""
    storey = number + 2
    if storey > int(building.attributes.get("floors", 1)):
        return []
    use = building.attributes.get("use")
    if use == "commercial":
        return [("smoke", f"{storey}层走廊")]
    return [("smoke", f"{storey}层楼道")] if use == "residential" else []


def _devices(
    plans: Sequence[tuple[PlaceVersion, Plan]], unit: Unit, chance: Random, today: date
) -> Iterator[NewDevice]:
    """Gateways, each with the devices of neighbouring buildings behind it."""
    for number, start in enumerate(range(0, len(plans), BEHIND_ONE), 1):
        group, hub = plans[start : start + BEHIND_ONE], f"FH-{number:02d}"
        yield NewDevice(
            code=hub,
            name=f"消防无线网关{number:02d}",
            profile="fire.hub",
            place_id=group[0][0].place_id,
            unit_id=unit.pk,
            spot="弱电间",
        )
        for offset, (building, (kind, spot)) in enumerate(group, start + 1):
            installed = today - timedelta(days=chance.randint(30, 2_400))
            yield NewDevice(
                code=f"F-{offset:05d}",
                name=f"{PROFILES[f'fire.{kind}'].name} {spot}",
                profile=f"fire.{kind}",
                place_id=building.place_id,
                unit_id=unit.pk,
                spot=spot,
                gateway=hub,
                maintenance=CONTRACTOR,
                maintained_until=today + timedelta(days=chance.randint(-20, 400)),
                installed_on=installed,
                end_of_life=months_later(installed, 96),
            )


def _files(
    builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, today: date, count: int
) -> int:
    """The files of shops and tall houses, with what is due and what was done."""
    busy = [one for one in buildings if one.attributes.get("use") != "residential" or _floors(one) > 9]
    keepers = [post.user for post in posts_on(today).filter(unit=unit).select_related("user")]
    chosen = chance.sample(busy, min(count, len(busy)))
    for building in chosen:
        _file(builder, unit, building, chance, today, chance.choice(keepers) if keepers else None)
    return len(chosen)


def _floors(building: PlaceVersion) -> int:
    return int(building.attributes.get("floors", 1))


def _file(builder: Actor, unit: Unit, building: PlaceVersion, chance: Random, today: date, keeper: User | None) -> None:
    floors, shops = _floors(building), building.attributes.get("use") == "commercial"
    tall = FireFile.BuildingClass.HIGH_1 if floors > 17 else FireFile.BuildingClass.HIGH_2
    file = actions.open_file(
        builder,
        building.place,
        {
            "unit": unit,
            "category": FireFile.Category.KEY if shops and floors > 6 else FireFile.Category.ORDINARY,
            "building_class": tall if floors > 8 else FireFile.BuildingClass.LOW,
            "storeys": floors,
            "height_m": round(3.1 * floors + 1.2, 1),
            "keeper": keeper,
            "duty_room": "1层消防控制室" if shops else "小区门卫室",
            "contractor": CONTRACTOR,
            "contract_until": today + timedelta(days=chance.randint(10, 500)),
        },
    )
    due = today + timedelta(days=chance.randint(-15, 200))
    equipment = {"kind": "extinguisher", "count": 2 * floors, "spot": "各层走廊", "check_due_on": due}
    actions.add_equipment(builder, file, {**equipment, "replace_by": today + timedelta(days=chance.randint(60, 900))})
    task = {"what": "消防水泵试运行", "due_on": today + timedelta(days=chance.randint(-12, 25)), "every_months": 1}
    actions.plan_upkeep(builder, file, task)
    drill = {"kind": "evacuation", "held_on": today - timedelta(days=chance.randint(5, 300))}
    people = chance.randint(4, 30) * floors
    actions.record_drill(builder, file, {**drill, "people": people, "minutes": 2 + floors // 4, "found": ""})
    if chance.random() < 0.3:
        actions.report_hazard(builder, file, title=f"{building.name}楼道堆物", text="", kind="疏散通道堵塞")
