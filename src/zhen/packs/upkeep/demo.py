"""Upkeep's part of the demo town: registers, a stock of structures, and campaigns that are under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Move, move
from zhen.kernel.files.api import File, store
from zhen.kernel.identity.api import Unit, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import timed_id
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.parties.api import Household
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.rounds.api import (
    NO,
    YES,
    Campaign,
    ItemKind,
    NewCampaign,
    Position,
    Recheck,
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
from zhen.packs.upkeep.actions import Discovery, add_premises, discover
from zhen.packs.upkeep.flood.demo import build_flood
from zhen.packs.upkeep.models import Premises
from zhen.packs.upkeep.sources import HOUSEHOLDS, PREMISES

COUNTS = {"small": 60, "town": 400}
STRUCTURES = {"small": 12, "town": 40}
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
}
SHARES = (24, 24, 3, 6, 2, 5, 8, 8, 20)
RIVERS = ("桃浦河", "横港", "新泾支流", "李家浜", "双界河")
BUILDS = ("屋顶搭建彩钢板房", "底层院落封闭搭建", "沿街外扩雨棚", "楼道隔断房间", "绿地内搭建棚屋")
CAMPAIGNS = (
    ("重点场所消防和安全生产检查", "upkeep.safety", "restaurant"),
    ("菜市场活禽交易检查", "upkeep.poultry", "market"),
    ("河长月度巡河", "upkeep.river", "river"),
    ("垃圾分类投放点检查", "upkeep.waste", "waste_point"),
)
COUNTED = 36
"""So many households are counted."""
BAD = 0.05
"""The share of answers that are a finding."""
LATELY = timedelta(days=4)
"""Visits of the last days still wait: somebody who tries the town has something to do."""


def build(town: DemoBuild) -> None:
    unit = Unit.objects.filter(code="safety").first() or Unit.objects.order_by("pk").first()
    today = clock.today()
    buildings = list(versions_on(today, Kind.BUILDING).select_related("place").order_by("place__code"))
    if unit is None or not buildings:
        return
    lay_checklists()
    builder, chance = Actor.system("demo"), Random(town.seed)  # noqa: S311 a demo, not a secret
    count = _registers(builder, unit, buildings, chance, today, COUNTS[town.scale])
    stock = _stock(builder, unit, buildings, chance, STRUCTURES[town.scale])
    done = sum(_campaign(builder, unit, chance, *one) for one in CAMPAIGNS)
    now = clock.now()
    done += build_flood(builder, unit, buildings, chance, lambda visit: _go(builder, visit, chance, now))
    done += _enumeration(builder, unit, chance)
    town.say(f"{count} premises, {stock} unauthorised structures, {done} visits")


def _registers(
    builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, today: date, count: int
) -> int:
    kinds = chance.choices(list(NAMES), SHARES, k=count)
    for number, kind in enumerate([*kinds, *("market",) * (kinds.count("market") == 0), *("river",) * len(RIVERS)]):
        at = chance.choice(buildings)
        name = RIVERS[number - len(kinds)] if kind == "river" else f"{at.name}{chance.choice(NAMES[kind])}"
        facts = {
            "kind": kind, "name": name[:100], "address": at.address or at.name, "unit": unit, "place": at.place,
            "area_id": at.parent_id, "lon": at.lon, "lat": at.lat,
            "since": today - timedelta(days=chance.randint(200, 3_000)),
        }  # fmt: skip
        add_premises(builder, facts)
    return Premises.objects.count()


def _stock(builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, count: int) -> int:
    """Discovered over the year; a good third is removed by now, each shown and verified."""
    now = clock.now()
    for number in range(count):
        at = chance.choice(buildings)
        found = now - timedelta(days=chance.randint(20, 300))
        with clock.frozen(found):
            seen = Discovery(
                kind="new" if chance.random() < 0.3 else "existing", what=chance.choice(BUILDS), unit_id=unit.pk,
                address=at.address or at.name, area_m2=chance.randint(6, 60), point=_point(at), area_id=at.parent_id,
            )  # fmt: skip
            case = discover(builder, seen, [_photo(builder, f"违建{number} 发现")]).case
        if chance.random() < 0.4:
            with clock.frozen(found + timedelta(days=10)):
                said = Move(result="已自行拆除", files=(_photo(builder, f"违建{number} 拆除后"),))
                case = move(builder, case.pk, case.revision, "removed", said)
            with clock.frozen(found + timedelta(days=12)):
                move(builder, case.pk, case.revision, "verify", Move(reason="现场查看，已拆除并清理完毕"))
    return count


def _campaign(builder: Actor, unit: Unit, chance: Random, title: str, checklist: str, kind: str) -> int:
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
    done = 0
    for visit in _planned(campaign, today):
        at = datetime.combine(visit.planned_on, time(9, 30), clock.TOWN_ZONE) + timedelta(minutes=7 * done % 400)
        if at < now:
            with clock.frozen(at):
                _go(builder, visit, chance, now)
            done += 1
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
        id=_id(now, visit), visit=visit.pk, checklist=visit.checklist, version=version.number, outcome="seen",
        started_at=now - timedelta(minutes=5), ended_at=now, answers=answers, no_position="入户登记",
    )  # fmt: skip
    record(builder, sent, {})


def _planned(campaign: Campaign, today: date) -> list[Visit]:
    rows = Visit.objects.filter(round__campaign=campaign, state=Visit.State.PLANNED, planned_on__lt=today - LATELY)
    return list(rows.select_related("subject").order_by("planned_on", "place_in_day", "pk"))


def _go(builder: Actor, visit: Visit, chance: Random, town_now: datetime) -> None:
    version = in_use(visit.checklist)
    assert version is not None
    nobody = chance.random() < 0.06
    answers: dict[str, object] = {}
    photos: dict[str, list[File]] = {}
    for item in version.items:
        if item.when is not None and not item.when.match.fits(answers.get(item.when.item)):
            continue
        if item.kind == ItemKind.YES_NO:
            answers[item.id] = NO if item.findings and chance.random() < BAD else YES
        elif item.kind == ItemKind.CHOICE:
            answers[item.id] = chance.choice(item.choices).value
        elif item.needed and item.kind in (ItemKind.NUMBER, ItemKind.READING):
            answers[item.id] = round((item.low or 0) + chance.random() * 5)
        if (item.kind == ItemKind.PHOTO and item.needed) or item.shown.fits(answers.get(item.id)):
            photos[item.id] = [] if nobody else [_photo(builder, f"{visit.subject.name} {item.id} {visit.pk}")]
    now = clock.now()
    sent = Record(
        id=_id(now, visit), visit=visit.pk, checklist=visit.checklist, version=version.number,
        outcome="nobody" if nobody else "seen", started_at=now - timedelta(minutes=version.minutes), ended_at=now,
        answers={} if nobody else answers, position=_near(visit, chance),
    )  # fmt: skip
    done = record(builder, sent, {} if nobody else photos)
    if done.findings_count and chance.random() < 0.6:
        _put_right(builder, done, town_now)


def _put_right(builder: Actor, done: Visit, town_now: datetime) -> None:
    """Some findings are put right within days, and seen to be."""
    recheck = Visit.objects.filter(follows=done, kind=Visit.Kind.RECHECK).select_related("subject").first()
    assert recheck is not None
    at = clock.now() + timedelta(days=2)
    if at > town_now:
        return
    with clock.frozen(at):
        seen = {one.pk: Recheck(right=True, note="已整改到位") for one in recheck.to_recheck.all()}
        sent = Record(
            id=_id(at, recheck), visit=recheck.pk, checklist=recheck.checklist, version=0, outcome="seen",
            started_at=at - timedelta(minutes=10), ended_at=at, rechecks=seen, no_position="室内无信号",
        )  # fmt: skip
        record(builder, sent, {})


def _id(at: datetime, visit: Visit) -> UUID:
    return timed_id(int(at.timestamp() * 1000), visit.pk.int)


def _near(visit: Visit, chance: Random) -> Position | None:
    if visit.subject.lon is None or visit.subject.lat is None:
        return None
    off = chance.uniform(-1, 1) / 5_000
    return Position(lon=visit.subject.lon + off, lat=visit.subject.lat + off / 2, accuracy=15)


def _point(at: PlaceVersion) -> tuple[float, float] | None:
    return (at.lon, at.lat) if at.lon is not None and at.lat is not None else None


def _photo(builder: Actor, words: str) -> File:
    """A drawn picture that says what a photo would show; no two are the same."""
    shade = sum(words.encode()) % 120 + 100
    image = Image.new("RGB", (320, 240), (shade, 150, 240 - shade))
    ImageDraw.Draw(image).rectangle(
        (40 + shade % 60, 60, 280, 200), fill=(230, 220, 200), outline=(60, 60, 60), width=3
    )
    written = BytesIO()
    image.save(written, "JPEG", quality=70)
    return store(builder, SimpleUploadedFile("photo.jpg", written.getvalue(), "image/jpeg"))
