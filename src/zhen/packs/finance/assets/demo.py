"""The demo town's assets: sixty from before, those of the year's payments, and what becomes of some of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import timed_id
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.rounds import api as rounds
from zhen.packs.finance.assets import classes
from zhen.packs.finance.assets.actions import disposing, letting, moving
from zhen.packs.finance.assets.actions.cards import NewAsset, bring_in, register
from zhen.packs.finance.assets.actions.wear import depreciate
from zhen.packs.finance.assets.checking import SOURCE, STOCKTAKING
from zhen.packs.finance.assets.models import Asset, AssetClass
from zhen.packs.finance.models import Payment

BUILDER = Actor.system("demo")
YUAN = 100
OLD = (
    ("A0101", "镇政府办公楼", "四层，钢筋混凝土", 1, 28_600_000, (1998, 8), "office", ""),
    ("A0101", "社区活动中心用房", "二层，钢筋混凝土", 1, 6_840_000, (2011, 5), "community", ""),
    ("A0101", "沿街门面房", "建筑面积 86 平方米", 1, 1_720_000, (2006, 3), "collective", "一层"),
    ("A0203", "公务轿车", "1.8L", 2, 336_000, (2021, 6), "office", "地下车库"),
    ("A0203", "综合执法车", "新能源", 2, 298_000, (2022, 9), "enforcement", "地面停车场"),
    ("A0203", "巡查电动车", "四座", 3, 126_000, (2023, 4), "safety", "地面停车场"),
    ("A0201", "台式计算机", "国产处理器，16G", 12, 66_000, (2023, 3), "office", "3楼"),
    ("A0201", "台式计算机", "国产处理器，16G", 8, 43_992, (2022, 11), "finance", "2楼财务室"),
    ("A0201", "服务器", "双路，128G", 2, 118_000, (2021, 12), "operations", "机房"),
    ("A0201", "笔记本电脑", "14 英寸", 6, 41_994, (2024, 5), "welfare", "1楼"),
    ("A0202", "多功能打印机", "A3 彩色", 3, 38_700, (2022, 6), "office", "文印室"),
    ("A0202", "投影机", "会议室用", 2, 25_998, (2020, 9), "office", "大会议室"),
    ("A0202", "显示大屏", "55 英寸拼接", 1, 268_000, (2023, 8), "operations", "指挥大厅"),
    ("A0202", "柜式空调", "3 匹", 6, 47_400, (2019, 6), "community", "活动中心"),
    ("A05", "办公桌椅", "1.4 米", 6, 17_100, (2018, 3), "office", "3楼"),
    ("A05", "会议桌", "20 人", 1, 16_800, (2015, 5), "office", "大会议室"),
    ("A04", "地方志和工具书", "", 1, 12_600, (2012, 1), "culture", "图书室"),
)
"""Class, name, details, how many, yuan of all of them, month of acquisition, unit, floor or room."""
BOUGHT = ("台式计算机", "激光打印机", "碎纸机", "扫描仪", "会议平板", "笔记本电脑")
PHOTO_FREE = timedelta(minutes=4)


@dataclass(frozen=True)
class Hands:
    """Who does what: nobody two things that exclude each other."""

    accountant: Actor
    cashier: Actor
    leader: Actor


def build(demo: DemoBuild, hands: Hands, book: ledger.Book, now: datetime) -> None:
    """After the year's payments and before its months are closed."""
    classes.lay()
    random = Random(f"{demo.seed} assets")  # noqa: S311  no secret: the same town every time
    buildings = list(versions_on(now.date(), Kind.BUILDING).order_by("place__code")[:24])
    with clock.frozen(_at(date(book.year, 1, 4), now)):
        bring_in(hands.accountant, book, list(_old(random, buildings)))
    _bought(hands, book, now)
    for month in range(1, now.astimezone(clock.TOWN_ZONE).month):
        first = date(book.year, month, 1)
        with clock.frozen(_at((first + timedelta(days=32)).replace(day=1), now)):
            depreciate(BUILDER, book, first)
    if now.astimezone(clock.TOWN_ZONE).month > 1:
        _papers(hands, now)
    seen = _stock(random, now)
    demo.say(f"{Asset.objects.count()} assets, {seen} of them seen in stock-taking")


def _at(day: date, now: datetime) -> datetime:
    return min(datetime.combine(day, time(11), clock.TOWN_ZONE), now)


def _old(random: Random, buildings: list[PlaceVersion]) -> list[NewAsset]:
    known = {one.code: one for one in AssetClass.objects.all()}
    units = {unit.code: unit.pk for unit in Unit.objects.all()}
    keepers = dict(User.objects.filter(is_demo=True).values_list("username", "pk"))
    at = {code: random.choice(buildings).place_id if buildings else None for code in sorted(units)}
    return [
        NewAsset(
            name=name,
            asset_class=known[code],
            details=details,
            count=count,
            value=yuan * YUAN,
            acquired_on=date(*month, 10),
            unit_id=units[unit],
            keeper_id=keepers.get(unit) or keepers.get("clerk"),
            place_id=at[unit],
            spot=spot,
        )
        for code, name, details, count, yuan, month, unit, spot in OLD
    ]


def _bought(hands: Hands, book: ledger.Book, now: datetime) -> None:
    """The cards of what the year bought; the last payment still waits for its card."""
    paid = list(
        Payment.objects.filter(kind="asset", state=Payment.State.PAID, line__budget__book=book)
        .select_related("line")
        .order_by("paid_on", "pk")
    )
    known = AssetClass.objects.get(code="A0202")
    keepers = dict(User.objects.filter(is_demo=True).values_list("username", "pk"))
    for number, payment in enumerate(paid[:-1]):
        assert payment.paid_on is not None
        with clock.frozen(_at(payment.paid_on + timedelta(days=2), now)):
            register(
                hands.accountant,
                payment,
                NewAsset(
                    name=BOUGHT[number % len(BOUGHT)],
                    asset_class=known,
                    count=1 + number % 2,
                    value=payment.amount,
                    acquired_on=payment.paid_on,
                    unit_id=payment.line.unit_id,
                    keeper_id=keepers.get("planner"),
                    spot="3楼",
                ),
            )


def _papers(hands: Hands, now: datetime) -> None:
    """A shop is let, a projector sold, a desk waits to be decided on, a computer to be taken over."""
    shop = Asset.objects.get(name="沿街门面房")
    today = now.astimezone(clock.TOWN_ZONE).date()
    terms: dict[str, Any] = {"tenant": "春风茶业商行", "contract": f"长镇租〔{today.year}〕03号", "rent": 680_000}
    with clock.frozen(_at(date(today.year, 1, 5), now)):
        lease = letting.ask_lease(
            BUILDER, shop.pk, starts_on=date(today.year, 1, 1), ends_on=date(today.year, 12, 31), **terms
        )
        letting.decide_lease(hands.leader, lease.pk, approve=True)
    for rent in lease.rents.filter(due_on__lt=today.replace(day=1)):
        with clock.frozen(_at(rent.due_on + timedelta(days=4), now)):
            letting.receive_rent(
                hands.cashier, rent.pk, on=clock.today(), reference=f"{rent.due_on:%Y%m}-{rent.pk:04d}"
            )
            if rent.due_on.month < today.month - 1:
                letting.remit_rent(hands.cashier, rent.pk, on=clock.today())
    projector = Asset.objects.filter(name="投影机").order_by("pk")[0]
    sale = disposing.ask_disposal(BUILDER, projector.pk, kind="sold", reason="亮度不足，已由会议平板替代")
    disposing.decide_disposal(hands.leader, sale.pk, approve=True, decision="按评估价公开转让")
    disposing.record_disposal(hands.accountant, sale.pk, on=today, proceeds=1_200 * YUAN, costs=150 * YUAN)
    desk = Asset.objects.filter(name="办公桌椅").order_by("pk")[0]
    disposing.ask_disposal(BUILDER, desk.pk, kind="scrapped", reason="桌面开裂，无修复价值")
    computer = Asset.objects.filter(name="台式计算机", unit__code="office").order_by("pk")[0]
    clerk = User.objects.get(username="clerk")
    where: dict[str, Any] = {"unit_id": Unit.objects.get(code="community").pk, "keeper_id": clerk.pk, "place_id": None}
    moving.hand_over(BUILDER, computer.pk, spot="2楼", reason="岗位调整", **where)


def _stock(random: Random, now: datetime) -> int:
    """A stock-taking of the office under way: most is seen, one thing is missing, one broken."""
    rounds.lay_checklists()
    today = now.astimezone(clock.TOWN_ZONE).date()
    unit = Unit.objects.get(code="office")
    people = list(User.objects.filter(username__in=("clerk", "planner", "community")).values_list("pk", flat=True))
    first = today - timedelta(days=9)
    new = rounds.NewCampaign(
        title=f"{today.year}年度资产盘点", checklist=STOCKTAKING, source=SOURCE, query={"unit": str(unit.pk)},
        unit_id=unit.pk, starts_on=first, ends_on=today + timedelta(days=12), inspectors=dict.fromkeys(people),
        per_day=10,
    )  # fmt: skip
    with clock.frozen(_at(first, now)):
        campaign = rounds.start_campaign(BUILDER, rounds.make_campaign(BUILDER, new))
        rounds.plan_round(BUILDER, campaign, first)
    planned = rounds.Visit.objects.filter(round__campaign=campaign, planned_on__lt=today).order_by("planned_on", "pk")
    done = 0
    for visit in planned.select_related("subject"):
        at = datetime.combine(visit.planned_on, time(9, 30), clock.TOWN_ZONE) + PHOTO_FREE * (done % 40)
        if at < now:
            with clock.frozen(at):
                rounds.record(BUILDER, _seen(visit, random, done, at), {})
            done += 1
    return done


def _seen(visit: rounds.Visit, random: Random, number: int, at: datetime) -> rounds.Record:
    version = rounds.in_use(visit.checklist)
    assert version is not None
    answers = {"found": "yes", "condition": "good", "place": "yes", "label": "yes", "surplus": "no"}
    if number == 4:
        answers = {"found": "no", "surplus": "no"}
    elif number == 7:
        answers["condition"] = "broken"
    elif random.random() < 0.1:
        answers["condition"] = "idle"
    id_ = timed_id(int(at.timestamp() * 1000), visit.pk.int)
    return rounds.Record(
        id=id_, visit=visit.pk, checklist=visit.checklist, version=version.number, outcome="seen", started_at=at,
        ended_at=at, answers=answers, no_position="室内",
    )  # fmt: skip
