"""The one entry: a plan's text in, everything it promises out."""

from __future__ import annotations

import re

from .deadlines import plan_dates
from .horizon import Horizon
from .measures import find_measures
from .model import Heading, ParsedPlan
from .owners import find_assignments, with_owners
from .qualitative import find_qualitative
from .retrospect import looks_back
from .targets import find_targets
from .text import Line, lines_of, normalise, topic_of
from .unwrap import Relocation, soft_breaks, without


def parse(text: str, *, year: int | None = None) -> ParsedPlan:
    """Parse a plan, a work report, or a list of tasks with owners.

    `year` is the plan's year where the caller knows it; otherwise it is read from the title, from headings,
    or from the day the report was delivered. Total: any text parses, at worst into nothing. The same text
    always gives the same result.
    """
    breaks = soft_breaks(normalise(text))
    if not breaks:
        return _parse(text, year)
    flowing, places = without(text, breaks)
    return Relocation(text, places).plan(_parse(flowing, year))


def _parse(text: str, year: int | None) -> ParsedPlan:
    norm = normalise(text)
    lines = lines_of(norm)
    numbered, topics = _headings(norm, text, lines)
    title = _title(norm, text, lines)
    dates = plan_dates(norm, title, "\n".join(h.text for h in numbered))
    plan_year = year if year is not None else dates.year
    back = looks_back(norm, lines, plan_year)
    ahead = tuple((line.start, line.end) for line, past in zip(lines, back, strict=True) if not past)
    due = Horizon(norm, lines, plan_year)
    assignments = find_assignments(norm, text, lines)
    targets = with_owners(find_targets(norm, text, ahead, due), assignments)
    measures = find_measures(norm, text, lines, back, numbered, topics, targets, due, assignments)
    qualitative = with_owners(find_qualitative(norm, text, ahead, targets, due), assignments)
    top = min((h.level for h in numbered), default=None)
    return ParsedPlan(
        title=title,
        year=plan_year,
        issued=dates.issued,
        chapters=tuple(h for h in numbered if h.level == top),
        sections=tuple(sorted((h for h in (*numbered, *topics) if h.level != top), key=lambda h: h.start)),
        measures=measures,
        targets=targets,
        qualitative=qualitative,
        assignments=assignments,
    )


def _headings(norm: str, text: str, lines: tuple[Line, ...]) -> tuple[tuple[Heading, ...], tuple[Heading, ...]]:
    numbered: list[Heading] = []
    topics: list[Heading] = []
    for line in lines:
        topic = topic_of(norm, line)
        if (
            line.level is not None
            and line.heading_end > line.start
            and not (line.level >= 5 and topic is None and line.heading_end == line.end and line.end - line.start > 40)
        ):
            numbered.append(
                Heading(
                    start=line.start,
                    end=line.heading_end,
                    text=text[line.start : line.heading_end],
                    level=line.level,
                )
            )
        elif topic is not None:
            topics.append(Heading(start=topic.start, end=topic.end, text=text[topic.start : topic.end], level=7))
    return tuple(numbered), tuple(topics)


_TITLE_WORDS = (
    "计划",
    "报告",
    "规划",
    "纲要",
    "要点",
    "方案",
    "分工",
    "分解",
    "清单",
    "实事",
    "目标",
    "任务",
    "意见",
    "通知",
    "安排",
    "总结",
    "分解表",
    "任务表",
    "分工表",
    "一览表",
    "责任表",
    "台账",
    "责任书",
    "行动",
    "思路",
    "通告",
    "公告",
)
_TITLE_END = re.compile(rf"(?:{'|'.join(_TITLE_WORDS)})[》”]?(?:（[^）]{{1,8}}）)?$")
_TITLE_LINES = 40


def _title(norm: str, text: str, lines: tuple[Line, ...]) -> str:
    """The title is the first short line without a stop that names a kind of document; a notice's own title
    ("关于印发《…》的通知") yields to the plan it carries."""
    candidates: list[str] = []
    for line in lines[:_TITLE_LINES]:
        content = text[line.start : line.end].strip("—- ")
        plain = norm[line.start : line.end]
        if line.level is not None and candidates:
            break
        if len(content) <= 60 and not any(stop in plain for stop in "。；") and _TITLE_END.search(plain):
            candidates.append(content)
    candidates = [c for c in candidates if len(c) > 5]
    plans = [c for c in candidates if not c.endswith(("通知", "通告", "公告"))]
    if plans:
        return plans[0]
    if candidates:
        return candidates[0]
    return ""
