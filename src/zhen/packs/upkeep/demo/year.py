"""What was looked at in the year of the plan: key premises, sheds, rivers, waste-sorting points, let flats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.rounds.api import NewCampaign, Visit, make_campaign, plan_round, start_campaign
from zhen.packs.upkeep.demo.visits import go_all
from zhen.packs.upkeep.sources import PREMISES

FIRST, LAST = date(2020, 6, 1), date(2020, 11, 30)
LOOKED_AT = (
    ("餐饮单位食品安全检查", "upkeep.food", "restaurant"),
    ("菜市场活禽交易检查", "upkeep.poultry", "market"),
    ("卫生区复审自查", "upkeep.hygiene", "market"),
    ("健康镇评估自查", "upkeep.healthy_town", "market"),
    ("宾旅馆消防和安全生产检查", "upkeep.safety", "hotel"),
    ("养老院消防和安全生产检查", "upkeep.safety", "nursing_home"),
    ("工地安全检查", "upkeep.building_site", "building_site"),
    ("彩钢板建筑和非机动车库检查", "upkeep.sheds", "shed"),
    ("车间消防和安全生产检查", "upkeep.safety", "workshop"),
    ("河长巡河", "upkeep.river", "river"),
    ("垃圾分类投放点检查", "upkeep.waste", "waste_point"),
    ("群租检查", "upkeep.group_rental", "group_rental"),
)
OVER = datetime(2021, 1, 1, tzinfo=UTC)
TURNS = 3
"""So many times somebody comes again where nobody was there."""


def build_year(builder: Actor, unit: Unit, go: Callable[[Visit], None]) -> int:
    """Gives how many visits were made."""
    people = list(posts_on(FIRST).filter(role__in=("grid_worker", "unit_clerk")).values_list("user_id", flat=True)[:6])
    return sum(_campaign(builder, unit, people, *one, go) for one in LOOKED_AT) if people else 0


def _campaign(
    builder: Actor, unit: Unit, people: list[int], title: str, checklist: str, kind: str, go: Callable[[Visit], None]
) -> int:
    new = NewCampaign(
        title=f"2020年{title}", checklist=checklist, source=PREMISES, query={"kind": kind}, unit_id=unit.pk,
        starts_on=FIRST, ends_on=LAST, inspectors=dict.fromkeys(people), per_day=8,
    )  # fmt: skip
    with clock.frozen(datetime.combine(FIRST, time(8), clock.TOWN_ZONE)):
        campaign = start_campaign(builder, make_campaign(builder, new))
        plan_round(builder, campaign, FIRST)
    done = 0
    for _turn in range(TURNS):
        rows = Visit.objects.filter(
            round__campaign=campaign, state=Visit.State.PLANNED, planned_on__lte=LAST + timedelta(days=20)
        )
        planned = list(rows.exclude(kind=Visit.Kind.RECHECK).select_related("subject").order_by("planned_on", "pk"))
        done += go_all(planned, go, OVER)
    return done
