"""The demo town's past typhoon: declared, raised, lifted; checks made; supplies, shelters, gauges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.places.api import PlaceVersion
from zhen.kernel.rounds.api import Visit, plan_round
from zhen.kernel.telemetry.api import NewDevice, register_devices
from zhen.packs.upkeep.flood import actions
from zhen.packs.upkeep.flood.models import Alert, Level, Shelter

DAYS_AGO = 40
MOST_VISITS = 36
SUPPLIES = (
    ("编织袋", "只", 6_000, 5_000), ("防汛沙袋", "只", 1_200, 1_500), ("移动水泵", "台", 8, 8), ("发电机", "台", 3, 4),
    ("防汛挡板", "块", 160, 150), ("救生衣", "件", 80, 80), ("应急照明灯", "盏", 45, 40), ("铁锹", "把", 120, 100),
)  # fmt: skip
SHELTERS = (("文体活动中心安置点", 300), ("社区学校安置点", 220), ("党群服务中心安置点", 120))
GAUGES = (
    ("FX-01", "upkeep.rain", "文体中心雨量站"),
    ("FX-02", "upkeep.rain", "环卫站雨量站"),
    ("FX-03", "upkeep.water_level", "桃浦河水位站"),
    ("FX-04", "upkeep.water_level", "下立交积水点"),
)
Go = Callable[[Visit], None]
"""Makes a visit as the clock stands."""


def build_flood(builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, go: Go) -> int:
    """Gives how many visits the checks of the typhoon came to."""
    today = clock.today()
    people = list(posts_on(today).filter(role__in=actions.GOES).values_list("user_id", flat=True).distinct()[:4])
    homes = _stores(builder, unit, buildings, chance, people)
    register_devices(
        builder,
        [
            NewDevice(code=code, name=name, profile=profile, place_id=at.place_id, unit_id=unit.pk, spot=name)
            for (code, profile, name), at in zip(GAUGES, chance.sample(list(buildings), len(GAUGES)), strict=True)
        ],
    )
    first = datetime.combine(today - timedelta(days=DAYS_AGO), time(8), clock.TOWN_ZONE)
    with clock.frozen(first):
        alert = actions.declare(
            builder, kind="typhoon", title="台风“普拉桑”", unit_id=unit.pk, level=Level.BLUE,
            source="区防汛指挥部通知（演示）",
        )  # fmt: skip
        for number, user in enumerate(people):
            task = ("leader", "officer", "squad")[min(number, 2)]
            actions.put_on_duty(
                builder, alert, user_id=user, task=task, from_at=first, to_at=first + timedelta(hours=47)
            )
    done = _made(alert, go, first + timedelta(hours=2), "before", MOST_VISITS // 2)
    with clock.frozen(first + timedelta(hours=8)):
        alert = actions.set_level(builder, alert, level=Level.ORANGE, source="区防汛指挥部调令（演示）")
        for shelter, share in zip(homes, (0.4, 0.2, 0.0), strict=True):
            if share:
                actions.tell_shelter(builder, shelter, is_open=True, people=int(shelter.capacity * share))
    done += _made(alert, go, first + timedelta(hours=9), "before", 2)
    done += _made(alert, go, first + timedelta(hours=9), "during", MOST_VISITS // 4)
    with clock.frozen(first + timedelta(hours=46)):
        for shelter in homes:
            actions.tell_shelter(builder, shelter, is_open=False)
        actions.lift(builder, alert, "区防汛指挥部通知（演示）")
    return done + _made(alert, go, first + timedelta(hours=48), "after", MOST_VISITS // 4)


def _stores(
    builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, people: Sequence[int]
) -> list[Shelter]:
    keeper = people[0] if people else None
    for name, measure, stock, wanted in SUPPLIES:
        given = {"name": name, "measure": measure, "stock": stock, "wanted": wanted, "store": "镇防汛物资仓库"}
        actions.add_supply(builder, {**given, "unit": unit, "keeper_id": keeper})
    made = []
    for name, capacity in SHELTERS:
        at = chance.choice(buildings)
        facts = {"name": name, "capacity": capacity, "address": at.address or at.name, "lon": at.lon, "lat": at.lat}
        made.append(actions.add_shelter(builder, {**facts, "unit": unit, "keeper_id": keeper, "area_id": at.parent_id}))
    return made


def _made(alert: Alert, go: Go, at: datetime, phase: str, most: int) -> int:
    """The checks of a phase are planned, and most of their visits made, one every four minutes."""
    done = 0
    for check in alert.checks.filter(phase=phase).select_related("campaign").order_by("pk"):
        with clock.frozen(at):
            plan_round(Actor.system("demo"), check.campaign, clock.today())
        planned = Visit.objects.filter(round__campaign=check.campaign, state=Visit.State.PLANNED, kind="round")
        for visit in planned.select_related("subject").order_by("pk")[: max(1, most // 2)]:
            with clock.frozen(at + timedelta(minutes=4 * done)):
                go(visit)
            done += 1
    return done
