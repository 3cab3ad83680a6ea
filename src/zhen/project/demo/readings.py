"""How the demo's reviewer reads promises that name no number: what would show that they are kept.

The plan says “遏制新增违建”; that every new structure found in the year is gone by its end is how a person decided to
judge it, and the target carries his name. What is measured so opens to the records like any other value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.plan.api import DocumentVersion, Edit, Finding, add_finding, edit


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`words` are those of the plan. `judged` says what is measured, `indicator` by what."""

    words: str
    judged: str
    indicator: str
    comparator: str = "="
    value: int = 100
    unit: str = "%"
    kind: str = "rate"

    def edit(self, owners: Sequence[Mapping[str, Any]]) -> Edit:
        return Edit(
            comparator=self.comparator, value=Decimal(self.value), unit=self.unit, target_kind=self.kind,
            object=self.judged, owners=owners,
        )  # fmt: skip


READINGS = (
    Reading(words="开展重点场所巡查", judged="重点场所检查覆盖率", indicator="upkeep.key_premises_seen"),
    Reading(words="整改发现的隐患", judged="检查发现问题整改率", indicator="upkeep.findings_rectified"),
    Reading(words="创建全市首批健康镇试点", judged="健康镇自查覆盖率", indicator="upkeep.healthy_reviewed"),
    Reading(words="做好国家卫生区第二轮复审迎检", judged="复审自查覆盖率", indicator="upkeep.hygiene_reviewed"),
    Reading(words="遏制新增违建", judged="新增违建拆除率", indicator="upkeep.new_structures_removed"),
    Reading(
        words="减少历史存量违建", judged="历史存量违建拆除率", indicator="upkeep.old_stock_removed",
        comparator=">", value=0,
    ),
    Reading(
        words="确保库内数据逐步减少", judged="违建存量比年初减少", indicator="upkeep.stock_fallen",
        comparator=">", value=0, kind="change",
    ),
    Reading(
        words="整治园区彩钢板、天棚等无证建筑安全隐患", judged="彩钢板隐患整改率", indicator="upkeep.rectified_roofs"
    ),
    Reading(words="查处无证无照食品经营", judged="食品安全问题整改率", indicator="upkeep.rectified_food"),
    Reading(words="抓好垃圾分类", judged="投放点检查覆盖率", indicator="upkeep.waste_points_seen"),
    Reading(words="落实河长制", judged="河道巡查覆盖率", indicator="upkeep.rivers_seen"),
    Reading(
        words="建设清峪路、真光路、万镇路景观道路", judged="建成景观道路", indicator="renewal.completed_road",
        value=3, unit="条", kind="count",
    ),
    Reading(words="治理非机动车库住人", judged="非机动车库检查覆盖率", indicator="upkeep.sheds_seen"),
    Reading(words="排查整治安全隐患", judged="检查发现问题整改率", indicator="upkeep.findings_rectified"),
    Reading(words="做好群租整治", judged="群租检查覆盖率", indicator="upkeep.group_rentals_seen"),
)  # fmt: skip


def add_readings(reviewer: Actor, version: DocumentVersion) -> int:
    """Put them beside what the grammar has found, each with the owners of its measure. Gives how many there are."""
    for one in READINGS:
        start = version.text.index(one.words)
        end = start + len(one.words)
        findings = Finding.objects.filter(version=version)
        around = findings.filter(kind=Finding.Kind.MEASURE, start__lte=start, end__gte=end).order_by("-start").first()
        changes = one.edit(around.owners if around else ())
        known = findings.filter(start=start, end=end).exclude(kind=Finding.Kind.MEASURE).first()
        if known is None:
            add_finding(reviewer, version.pk, kind=Finding.Kind.GOAL, start=start, end=end, changes=changes)
        else:
            edit(reviewer, known.pk, known.revision, changes)
    return len(READINGS)
