"""From what the grammar read to what is stored: sections and findings, still without a database. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhen.kernel.plan.grammar import (
    Deadline,
    Measure,
    Owner,
    ParsedPlan,
    QualitativeTarget,
    Target,
)

_NUMBER = re.compile(
    r"\s*(第[一二三四五六七八九十百零\d]+[篇编章节部分]+[\s：、]*|[（(][一二三四五六七八九十百\d]{1,4}[)）][、.]?\s*"
    r"|[一二三四五六七八九十百]{1,4}[、.．]\s*|\d{1,3}[.、．)）]\s*|[①-⑳⑴-⒇][、.]?\s*)"
)


@dataclass(frozen=True, kw_only=True)
class SectionDraft:
    """`parent` is the index of the section above; `end` is where the text of the section ends."""

    level: int
    parent: int | None
    number: str
    title: str
    start: int
    heading_end: int
    end: int


@dataclass(frozen=True, kw_only=True)
class FindingDraft:
    """The columns of a finding as the grammar read it; `within` is the index of the measure around it."""

    kind: str
    start: int
    end: int
    text: str
    section: int | None
    within: int | None = None
    num_start: int | None = None
    num_end: int | None = None
    comparator: str = ""
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    target_kind: str = ""
    verb: str = ""
    object: str = ""
    due_on: date | None = None
    owners: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Drafts:
    sections: tuple[SectionDraft, ...]
    findings: tuple[FindingDraft, ...]


def drafts_of(plan: ParsedPlan, text: str) -> Drafts:
    """Sections in the order of the text, findings with measures before what lies within them."""
    sections = sections_of(plan, text)
    measures = sorted(plan.measures, key=lambda m: (m.start, -m.end))
    findings = [_of_measure(measure, sections) for measure in measures]
    spans = [(measure.start, measure.end) for measure in measures]
    for target in sorted(plan.targets, key=lambda t: (t.start, t.num_start)):
        findings.append(_of_target(target, sections, _around(spans, target.num_start, target.num_end)))
    for goal in sorted(plan.qualitative, key=lambda g: g.start):
        findings.append(_of_goal(goal, sections, _around(spans, goal.start, goal.end)))
    return Drafts(sections=sections, findings=tuple(_distinct(findings)))


def sections_of(plan: ParsedPlan, text: str) -> tuple[SectionDraft, ...]:
    """The tree of headings. A plan without chapters has its sections at the top."""
    headings = sorted({h.start: h for h in (*plan.sections, *plan.chapters)}.values(), key=lambda h: h.start)
    found: list[SectionDraft] = []
    open_: list[tuple[int, int]] = []  # (index, the grammar's level) of the sections around
    for index, heading in enumerate(headings):
        while open_ and open_[-1][1] >= heading.level:
            open_.pop()
        end = next((h.start for h in headings[index + 1 :] if h.level <= heading.level), len(text))
        number = _NUMBER.match(heading.text)
        title = heading.text[number.end() :].strip() if number else heading.text.strip()
        found.append(
            SectionDraft(
                level=len(open_),
                parent=open_[-1][0] if open_ else None,
                number=number[0].strip() if number else "",
                title=(title or heading.text.strip())[:300],
                start=heading.start,
                heading_end=heading.end,
                end=max(end, heading.end),
            )
        )
        open_.append((index, heading.level))
    return tuple(found)


def section_at(sections: tuple[SectionDraft, ...], position: int) -> int | None:
    """The innermost section that a position lies in."""
    found = None
    for index, section in enumerate(sections):
        if section.start > position:
            break
        if position < section.end:
            found = index
    return found


def due_date(deadline: Deadline | None) -> date | None:
    """The last day of a deadline: of its month, or of its year; `None` where the text names none.

    What the text leaves open falls due with the plan, which may run over several years.
    """
    if deadline is None or not deadline.text:
        return None
    month = deadline.month or 12
    return date(deadline.year, month, calendar.monthrange(deadline.year, month)[1])


TARGET_KIND = {"growth_rate": "change", "pp_change": "change", "ratio": "rate"}


def _kind(target: Target) -> str:
    if target.kind == "ceiling":
        return "rate" if target.unit in ("%", "‰") else "count"
    return TARGET_KIND.get(target.kind, "count")


def _owners(owners: tuple[Owner, ...]) -> list[dict[str, Any]]:
    """Persons stay out: a promise is owned by units."""
    return [{"name": owner.name, "role": owner.role, "generic": owner.generic} for owner in owners if not owner.person]


def _of_measure(measure: Measure, sections: tuple[SectionDraft, ...]) -> FindingDraft:
    return FindingDraft(
        kind="measure",
        start=measure.start,
        end=measure.end,
        text=measure.text,
        section=section_at(sections, measure.start),
        verb=measure.verb[:60],
        object=measure.object[:300],
        due_on=due_date(measure.deadline),
        owners=_owners(measure.owners),
    )


def _of_target(target: Target, sections: tuple[SectionDraft, ...], within: int | None) -> FindingDraft:
    low, high = target.value if isinstance(target.value, tuple) else (target.value, None)
    return FindingDraft(
        kind="target",
        start=target.start,
        end=target.end,
        text=target.text,
        section=section_at(sections, target.start),
        within=within,
        num_start=target.num_start,
        num_end=target.num_end,
        comparator=target.comparator,
        value=_decimal(low),
        value_high=None if high is None else _decimal(high),
        unit=target.unit[:30],
        target_kind=_kind(target),
        verb=target.verb[:60],
        object=target.object[:300],
        due_on=due_date(target.deadline),
        owners=_owners(target.owners),
    )


def _of_goal(goal: QualitativeTarget, sections: tuple[SectionDraft, ...], within: int | None) -> FindingDraft:
    return FindingDraft(
        kind="goal",
        start=goal.start,
        end=goal.end,
        text=goal.text,
        section=section_at(sections, goal.start),
        within=within,
        comparator="relative" if goal.kind in ("synchronised", "relative") else "qualitative",
        target_kind="change" if goal.kind in ("synchronised", "relative") else "stock",
        due_on=due_date(goal.deadline),
        owners=_owners(goal.owners),
    )


def _around(spans: list[tuple[int, int]], start: int, end: int) -> int | None:
    """The innermost measure around a span."""
    around = [i for i, (s, e) in enumerate(spans) if s <= start and end <= e]
    return min(around, key=lambda i: spans[i][1] - spans[i][0], default=None)


def _distinct(findings: list[FindingDraft]) -> list[FindingDraft]:
    seen: dict[tuple[str, int, int, int | None], FindingDraft] = {}
    for finding in findings:
        seen.setdefault((finding.kind, finding.start, finding.end, finding.num_start), finding)
    return list(seen.values())


def _decimal(value: float) -> Decimal:
    """The decimal that was written: 0.1 stays 0.1."""
    return Decimal(repr(value)).quantize(Decimal("0.000001"))
