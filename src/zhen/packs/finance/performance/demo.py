"""The demo town's objectives: four lines watched through the year, two of them assessed and reviewed."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import User, actor_for
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.plan.api import INDICATORS
from zhen.packs.finance.models import BudgetLine
from zhen.packs.finance.performance import actions, shipped
from zhen.packs.finance.performance.models import Objective
from zhen.packs.finance.performance.rules import Group

OUTPUT, BENEFIT, SATISFACTION = Group.OUTPUT, Group.BENEFIT, Group.SATISFACTION
Row = tuple[Group, str, str, str, int, str, int, bool, int]
LINES: tuple[tuple[str, str, str, tuple[Row, ...]], ...] = (
    ("community", "社区活动室修缮", "修缮 6 处社区活动室，全部按期验收开放，居民用得上、用得好。", (
        (OUTPUT, "修缮完成的活动室", "", "ge", 6, "处", 30, True, 6),
        (OUTPUT, "一次验收合格率", "", "ge", 95, "%", 20, False, 100),
        (BENEFIT, "每周开放时间", "", "ge", 40, "小时", 30, False, 38),
        (SATISFACTION, "居民满意率", "", "ge", 90, "%", 10, False, 92),
    )),
    ("welfare", "社区为老服务", "为高龄独居老人提供助餐、助洁和定期探访，服务不断档、投诉少。", (
        (OUTPUT, "助餐人次", "", "ge", 48000, "人次", 50, True, 31200),
        (BENEFIT, "独居老人探访覆盖率", "", "ge", 100, "%", 30, False, 71),
        (SATISFACTION, "服务投诉", "", "le", 6, "件", 10, False, 9),
    )),
    ("safety", "消防设施维护", "重点场所消防设施全年完好，隐患按期整改。", (
        (OUTPUT, "重点场所检查率", "upkeep.key_premises_seen", "ge", 100, "%", 25, True, 0),
        (OUTPUT, "检查发现问题整改率", "upkeep.findings_rectified", "ge", 90, "%", 25, False, 0),
        (BENEFIT, "按期支付率", "finance.paid_of_asked", "ge", 95, "%", 30, False, 0),
        (SATISFACTION, "被检查单位满意率", "", "ge", 90, "%", 10, False, 94),
    )),
    ("office", "办公设备购置", "按配置标准更新办公设备，到货即建卡，账卡相符。", (
        (OUTPUT, "购置资产建卡率", "finance.assets_carded", "ge", 100, "%", 30, False, 0),
        (OUTPUT, "资产盘点率", "finance.assets_seen", "ge", 100, "%", 20, True, 0),
        (BENEFIT, "超标准配置", "", "le", 0, "件", 30, False, 0),
        (SATISFACTION, "使用部门满意率", "", "ge", 85, "%", 10, False, 90),
    )),
)  # fmt: skip
"""Unit, project, objective, and its indicators: group, name, read from, comparison, target, unit, weight, what it
stands at by hand."""
REVIEWED = {
    "社区活动室修缮": "目标完成较好，活动室开放时间略有不足。",
    "社区为老服务": "助餐量和探访覆盖率未达目标，须整改。",
}
EVIDENCE = "部门台账和现场核对记录"


def build(demo: DemoBuild, leader: Actor, officer: Actor, book: ledger.Book, now: datetime) -> None:
    shipped.lay()
    today = now.astimezone(clock.TOWN_ZONE).date()
    for unit, name, text, rows in LINES:
        line = BudgetLine.objects.get(budget__book=book, unit__code=unit, name=name)
        head = _head(unit, today)
        with clock.frozen(_at(date(book.year, 1, 20), now)):
            objective = _set(head, leader, line, text, rows)
        for month, share in ((6, Decimal("0.45")), (9, Decimal("0.7"))):
            if date(book.year, month, 25) < today:
                with clock.frozen(_at(date(book.year, month, 25), now)):
                    _enter(head, objective, rows, share)
                    actions.monitor(head, objective, note="督促承办单位加快进度，逐月核对")
        with clock.frozen(_at(today, now)):
            _enter(head, objective, rows, Decimal(1))
            if name in REVIEWED:
                actions.assess(
                    head, objective, assessment="年度任务基本完成，资金按进度支付，未完成事项已列入下步安排。"
                )
                objective.refresh_from_db()
                actions.review(officer, objective, given={}, opinion=REVIEWED[name])
    demo.say(f"{Objective.objects.count()} objectives of budget lines")


def _at(day: date, now: datetime) -> datetime:
    return min(datetime.combine(day, time(14), clock.TOWN_ZONE), now)


def _head(unit: str, today: date) -> Actor:
    """Who heads the unit; where nobody does, the town's builder."""
    user = User.objects.filter(username=unit).first()
    return actor_for(user, day=today) if user else Actor.system("demo")


def _set(head: Actor, leader: Actor, line: BudgetLine, text: str, rows: tuple[Row, ...]) -> Objective:
    objective = actions.set_objective(head, line, text=text)
    for group, name, indicator, comparator, target, unit, weight, grows, _value in rows:
        facts = {
            "group": group,
            "name": name,
            "comparator": comparator,
            "target": Decimal(target),
            "unit": unit,
            "weight": Decimal(weight),
            "indicator": indicator if indicator in INDICATORS else "",
            "grows": grows,
        }
        actions.add_measure(head, objective, facts)
    actions.approve(leader, objective)
    objective.refresh_from_db()
    return objective


def _enter(head: Actor, objective: Objective, rows: tuple[Row, ...], share: Decimal) -> None:
    values = {name: (value, grows) for _g, name, _i, _c, _t, _u, _w, grows, value in rows}
    for measure in objective.measures.filter(indicator=""):
        value, grows = values[measure.name]
        reached = (value * share).quantize(Decimal(1)) if grows else Decimal(value)
        actions.enter_value(head, measure, value=reached, on=clock.today(), evidence=EVIDENCE)
