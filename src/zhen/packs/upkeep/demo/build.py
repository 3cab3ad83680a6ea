"""Upkeep's part of the demo town: registers, a stock of structures, and campaigns that are under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import lay_limits
from zhen.kernel.identity.api import Unit, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.parties.api import Household
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.rounds.api import (
    NO,
    YES,
    NewCampaign,
    Record,
    Visit,
    count_campaign,
    end_campaign,
    in_use,
    lay_checklists,
    make_campaign,
    order_days,
    plan_round,
    record,
    start_campaign,
)
from zhen.packs.upkeep.actions import add_premises
from zhen.packs.upkeep.demo.stock import build_stock
from zhen.packs.upkeep.demo.visits import Go, go, go_all, record_id
from zhen.packs.upkeep.demo.year import build_year
from zhen.packs.upkeep.flood.demo import build_flood
from zhen.packs.upkeep.limits import LIMITS
from zhen.packs.upkeep.models import Premises
from zhen.packs.upkeep.sources import HOUSEHOLDS, PREMISES

COUNTS = {"small": 60, "town": 400}
NAMES = {
    "restaurant": ("聚香园饭店", "老街面馆", "江南小馆", "阿婆馄饨"),
    "shop": ("便民超市", "五金商店", "鲜果铺", "烟杂店"),
    "market": ("标准化菜市场",),
    "hotel": ("悦来宾馆", "星河旅馆"),
    "nursing_home": ("颐养院",),
    "building_site": ("商办项目工地", "住宅修缮工地"),
    "shed": ("彩钢板仓库", "非机动车库"),
    "workshop": ("机修车间", "包装车间"),
    "waste_point": ("垃圾分类投放点",),
    "group_rental": ("201室", "302室", "503室"),
}
SHARES = (24, 24, 3, 6, 2, 5, 8, 8, 20, 6)
RIVERS = ("桃浦河", "横港", "新泾支流", "李家浜", "双界河")
CAMPAIGNS = (
    ("重点场所消防和安全生产检查", "upkeep.safety", "restaurant"),
    ("菜市场活禽交易检查", "upkeep.poultry", "market"),
    ("河长月度巡河", "upkeep.river", "river"),
    ("垃圾分类投放点检查", "upkeep.waste", "waste_point"),
)
STEWARDS = ("neighbourhood_secretary", "unit_head")
"""Who answers for a river."""
COUNTED = 36
"""So many households are counted."""
LATELY = timedelta(days=4)
"""Visits of the last days still wait: somebody who tries the town has something to do."""


def build(town: DemoBuild) -> None:
    unit = Unit.objects.filter(code="safety").first() or Unit.objects.order_by("pk").first()
    today = clock.today()
    buildings = list(versions_on(today, Kind.BUILDING).select_related("place").order_by("place__code"))
    if unit is None or not buildings:
        return
    lay_checklists()
    lay_limits(Actor.system("demo"), LIMITS)
    builder, chance = Actor.system("demo"), Random(town.seed)  # noqa: S311 a demo, not a secret
    count = _registers(builder, unit, buildings, chance, today, COUNTS[town.scale])
    stock = build_stock(builder, unit, buildings, chance, town.scale)
    now = clock.now()
    done = build_year(builder, unit, lambda visit: go(builder, visit, chance, now, right=1))
    as_now = partial(_go, builder, chance, now)
    done += sum(_campaign(builder, unit, as_now, *one) for one in CAMPAIGNS)
    done += build_flood(builder, unit, buildings, chance, as_now)
    done += _enumeration(builder, unit, chance)
    town.say(f"{count} premises, {stock} unauthorised structures, {done} visits")


def _registers(
    builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, today: date, count: int
) -> int:
    kinds = chance.choices(list(NAMES), SHARES, k=count)
    stewards = list(
        posts_on(today).filter(role__in=STEWARDS).order_by("pk").values_list("user_id", flat=True).distinct()
    )
    for number, kind in enumerate([*kinds, *("market",) * (kinds.count("market") == 0), *("river",) * len(RIVERS)]):
        at = chance.choice(buildings)
        old = kind in ("river", "group_rental") or kind not in kinds[:number]
        name = RIVERS[number - len(kinds)] if kind == "river" else f"{at.name}{chance.choice(NAMES[kind])}"
        facts = {
            "kind": kind, "name": name[:100], "address": at.address or at.name, "unit": unit, "place": at.place,
            "area_id": at.parent_id, "lon": at.lon, "lat": at.lat,
            "steward_id": stewards[number % len(stewards)] if kind == "river" and stewards else None,
            "since": today - timedelta(days=chance.randint(2_600 if old else 200, 3_000)),
        }  # fmt: skip
        add_premises(builder, facts)
    return Premises.objects.count()


def _go(builder: Actor, chance: Random, now: datetime, visit: Visit) -> None:
    go(builder, visit, chance, now)


def _campaign(builder: Actor, unit: Unit, as_now: Go, title: str, checklist: str, kind: str) -> int:
    """A campaign of this month, of which about two thirds are done."""
    today, now = clock.today(), clock.now()
    people = list(posts_on(today).filter(role__in=("grid_worker", "unit_clerk")).values_list("user_id", flat=True)[:6])
    if not people:
        return 0
    first = today - timedelta(days=12)
    new = NewCampaign(
        title=title, checklist=checklist, source=PREMISES, query={"kind": kind}, unit_id=unit.pk, starts_on=first,
        ends_on=today + timedelta(days=16), inspectors=dict.fromkeys(people), per_day=8,
    )  # fmt: skip
    with clock.frozen(datetime.combine(first, time(8), clock.TOWN_ZONE)):
        campaign = start_campaign(builder, make_campaign(builder, new))
        plan_round(builder, campaign, first)
    waiting = Visit.objects.filter(
        round__campaign=campaign, state=Visit.State.PLANNED, planned_on__lt=today - LATELY
    ).select_related("subject")  # fmt: skip
    done = go_all(list(waiting.order_by("planned_on", "place_in_day", "pk")), as_now, now)
    order_days([today, today + timedelta(days=1)])
    return done


def _enumeration(builder: Actor, unit: Unit, chance: Random) -> int:
    """The households of a neighbourhood were counted last month: of what they said only the counts are left."""
    home = (
        Household.objects.filter(area__isnull=False, ended_on__isnull=True).exclude(address="").order_by("pk").first()
    )
    people = list(posts_on(clock.today()).filter(role="grid_worker").values_list("user_id", flat=True)[:3])
    if home is None or not people:
        return 0
    first = clock.today() - timedelta(days=45)
    new = NewCampaign(
        title="人口和住房普查摸底", checklist="upkeep.enumeration", source=HOUSEHOLDS, unit_id=unit.pk, starts_on=first,
        ends_on=first + timedelta(days=9), area_id=home.area_id, sample=COUNTED, counts_only=True,
        inspectors=dict.fromkeys(people),
    )  # fmt: skip
    at = datetime.combine(first, time(9), clock.TOWN_ZONE)
    with clock.frozen(at):
        campaign = start_campaign(builder, make_campaign(builder, new))
        plan_round(builder, campaign, first)
    visits = list(Visit.objects.filter(round__campaign=campaign).select_related("subject").order_by("pk"))
    for number, visit in enumerate(visits):
        with clock.frozen(at + timedelta(minutes=6 * number)):
            _count(builder, visit, chance)
    with clock.frozen(at + timedelta(days=10)):
        count_campaign(builder, end_campaign(builder, campaign, "摸底完成"))
    return len(visits)


def _count(builder: Actor, visit: Visit, chance: Random) -> None:
    people = chance.randint(1, 5)
    answers = {
        "people": people, "aged": chance.randint(0, min(2, people)), "children": chance.randint(0, max(0, people - 2)),
        "home": chance.choice(("own", "own", "rent", "other")), "lift": chance.choice((YES, NO)),
    }  # fmt: skip
    now, version = clock.now(), in_use(visit.checklist)
    assert version is not None
    sent = Record(
        id=record_id(now, visit), visit=visit.pk, checklist=visit.checklist, version=version.number, outcome="seen",
        started_at=now - timedelta(minutes=5), ended_at=now, answers=answers, no_position="入户登记",
    )  # fmt: skip
    record(builder, sent, {})
