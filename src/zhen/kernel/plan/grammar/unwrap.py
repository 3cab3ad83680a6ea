"""Texts broken into the lines of a page, as they come from a PDF: the breaks are taken out to read the
text, and every offset is put back to where it stands in the text as given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .model import Assignment, Heading, Measure, Owner, ParsedPlan, QualitativeTarget, Target

_STOPS = "。！？；：…"
_PAGE_NUMBER = re.compile(r"[-—–\s·]*\d{1,3}[-—–\s·]*")
_FEWEST_LINES = 12
_WIDEST_PAGE = 64.0
_NARROWEST_PAGE = 14.0


def soft_breaks(norm: str) -> list[tuple[int, int]]:
    """The spans to take out: line ends that only the page made, and page numbers between them. [] for a
    text whose lines are its paragraphs."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", norm) if m[0].strip()]
    if len(lines) < _FEWEST_LINES:
        return []
    widths = [_width(norm[a:b]) for a, b in lines]
    page = sorted(widths)[len(widths) * 9 // 10]
    if not _NARROWEST_PAGE <= page <= _WIDEST_PAGE:
        return []
    full = [0.85 * page <= width <= 1.1 * page for width in widths]
    broken = [is_full and norm[b - 1] not in _STOPS for is_full, (_, b) in zip(full, lines, strict=True)]
    if sum(broken) < 0.4 * len(lines):
        return []
    return _breaks(norm, lines, broken)


def _breaks(norm: str, lines: Sequence[tuple[int, int]], broken: Sequence[bool]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for n in range(len(lines) - 1):
        if not broken[n]:
            continue
        following = n + 1
        if _PAGE_NUMBER.fullmatch(norm[slice(*lines[following])]) and following + 1 < len(lines):
            following += 1
        start, end = lines[n][1], lines[following][0]
        # An indented line opens a paragraph, however full the line above is.
        if not norm[slice(*lines[following])].startswith(" "):
            spans.append((start, end))
    return spans


def _width(line: str) -> float:
    """How wide a line is on the page, in Chinese characters."""
    return sum(0.5 if sign < "\u2000" else 1.0 for sign in line)


def without(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text without the spans, and for each of its characters the place it had."""
    places: list[int] = []
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        places.extend(range(at, start))
        at = end
    return "".join(text[i] for i in places), places


class Relocation:
    """Puts what was read from the shortened text back onto the text as given."""

    def __init__(self, text: str, places: Sequence[int]) -> None:
        self._text = text
        self._places = places

    def plan(self, plan: ParsedPlan) -> ParsedPlan:
        return replace(
            plan,
            chapters=tuple(self._heading(h) for h in plan.chapters),
            sections=tuple(self._heading(h) for h in plan.sections),
            measures=tuple(self._measure(m) for m in plan.measures),
            targets=tuple(self._target(t) for t in plan.targets),
            qualitative=tuple(self._qualitative(q) for q in plan.qualitative),
            assignments=tuple(self._assignment(a) for a in plan.assignments),
        )

    def _span(self, start: int, end: int) -> tuple[int, int, str]:
        begin, stop = self._places[start], self._places[end - 1] + 1
        return begin, stop, self._text[begin:stop]

    def _heading(self, heading: Heading) -> Heading:
        start, end, text = self._span(heading.start, heading.end)
        return replace(heading, start=start, end=end, text=text)

    def _owners(self, owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
        moved = []
        for owner in owners:
            start, end, _ = self._span(owner.start, owner.end)
            moved.append(replace(owner, start=start, end=end))
        return tuple(moved)

    def _target(self, target: Target) -> Target:
        start, end, text = self._span(target.start, target.end)
        num_start, num_end, _ = self._span(target.num_start, target.num_end)
        owners = self._owners(target.owners)
        return replace(target, start=start, end=end, text=text, num_start=num_start, num_end=num_end, owners=owners)

    def _qualitative(self, goal: QualitativeTarget) -> QualitativeTarget:
        start, end, text = self._span(goal.start, goal.end)
        return replace(goal, start=start, end=end, text=text, owners=self._owners(goal.owners))

    def _measure(self, measure: Measure) -> Measure:
        start, end, text = self._span(measure.start, measure.end)
        return replace(
            measure,
            start=start,
            end=end,
            text=text,
            owners=self._owners(measure.owners),
            targets=tuple(self._target(t) for t in measure.targets),
        )

    def _assignment(self, assignment: Assignment) -> Assignment:
        start, end, _ = self._span(assignment.start, assignment.end)
        return Assignment(start=start, end=end, owners=self._owners(assignment.owners))
