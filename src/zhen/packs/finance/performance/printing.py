"""The report on an objective as PDF: always in Chinese, an official paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.utils import translation

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.typesetting import typeset
from zhen.kernel.pages.api import Made
from zhen.packs.finance.performance.models import Objective
from zhen.packs.finance.performance.reading import execution, readings, rule_on

HEADS = ["类别", "指标", "目标值", "完成值", "分值", "自评", "评价"]


def number(value: Decimal | None) -> str:
    """A number without the zeros behind its point."""
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def report(_actor: Actor, objective: Objective) -> Made:
    """What is known of an objective today: its numbers as they were assessed, or as they stand."""
    line, today = objective.line, clock.today()
    rule = rule_on(today)
    spent = execution(objective, rule, today)
    with translation.override("zh-hans"):
        rows = [
            [
                "执行",
                "预算执行率",
                "100%",
                f"{spent.share * 100:.1f}%",
                str(rule.execution),
                number(spent.points),
                number(spent.points),
            ]
        ]
        for one in readings(objective, objective.measures.all(), rule, today):
            measure = one.measure
            value = measure.self_value if measure.self_value is not None else one.value
            own = measure.self_points if measure.self_points is not None else one.points
            rows.append(
                [
                    measure.get_group_display(),
                    measure.name + (f"（{measure.reason}）" if measure.reason else ""),
                    f"{measure.get_comparator_display()}{number(measure.target)}{measure.unit}",
                    f"{number(value)}{measure.unit}" if value is not None else "尚无",
                    number(measure.weight),
                    number(own),
                    number(measure.points),
                ]
            )
        content = {
            "title": f"{line.name}绩效评价报告",
            "facts": [
                ["项目", line.name],
                ["单位", line.unit.name],
                ["年度", str(line.budget.book.year)],
                ["预算", str(Money(spent.granted))],
                ["支出", f"{Money(spent.spent)}（{spent.share * 100:.1f}%）"],
                ["状态", objective.get_state_display()],
                [
                    "得分和等级",
                    f"{number(objective.score)} 分，{objective.get_grade_display()}" if objective.grade else "尚未评价",
                ],
            ],
            "sections": [
                {"head": "一、绩效目标", "lines": [objective.text]},
                {"head": "二、单位自评", "lines": [objective.assessment or "尚未自评。"]},
                {"head": "三、评价意见", "lines": [objective.opinion or "尚未评价。"]},
                {"head": "四、指标完成情况", "lines": []},
            ],
            "heads": HEADS,
            "rows": rows,
            "unit": line.budget.book.unit.name,
            "day": f"{today.year}年{today.month}月{today.day}日",
        }
        return Made(
            name=f"{content['title']}.pdf",
            media="application/pdf",
            data=typeset(Path(__file__).with_name("report.typ"), content),
        )
