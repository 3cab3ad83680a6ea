"""Which deadline stands over a stretch of text: its own words, its sentence, its part's period."""

from __future__ import annotations

import re
from bisect import bisect_right

from .deadlines import due_in
from .model import Deadline
from .text import Line, clause_around, sentence_around

_PERIOD_PART = re.compile(
    r"“?十([二三四五六七])五”?(?:时期|期间)?[^。\n]{0,60}?(?:目标|任务|纲要|规划|指标|发展)|(?:今后|未来)五年"
)
_YEAR_PART = re.compile(r"今年|新的一年|本年度")


class Horizon:
    """Deadlines of spans of one document. Words nearer to the span win."""

    def __init__(self, norm: str, lines: tuple[Line, ...], plan_year: int | None) -> None:
        self._norm = norm
        self._year = plan_year
        self._line_starts = [line.start for line in lines]
        self._line_due = self._spread(norm, lines)
        self._lines = lines
        self._limits: dict[int, Deadline | None] = {}

    def _spread(self, norm: str, lines: tuple[Line, ...]) -> list[Deadline | None]:
        """The period each line stands under: a part on the 十五五 period keeps it until a year is named."""
        result: list[Deadline | None] = []
        current: Deadline | None = None
        for line in lines:
            head = norm[line.start : min(line.end, line.start + 120)]
            numbered = line.level is not None and line.level <= 3
            if self._year is not None and (f"{self._year}年" in head[:20] or _YEAR_PART.search(head[:12])):
                current = None
            elif numbered or _opens_period(head):
                period = _PERIOD_PART.search(head)
                if period:
                    due = due_in(period[0], self._year)
                    current = due if due and due.year != self._year else None
                elif numbered and line.level is not None and line.level <= 3:
                    current = None
            result.append(current)
        return result

    def __call__(self, start: int, end: int) -> Deadline | None:
        left, right = clause_around(self._norm, start, end)
        own = due_in(self._norm[left:right], self._year)
        if own is not None:
            return own
        sentence, _ = sentence_around(self._norm, start, end)
        told = due_in(self._norm[sentence:left], self._year) if left > sentence else None
        if told is not None:
            return told
        at = bisect_right(self._line_starts, start) - 1
        limit = self._limit_of(at) if at >= 0 else None
        if limit is not None:
            return limit
        period = self._line_due[at] if at >= 0 else None
        if period is not None:
            return period
        return Deadline(year=self._year) if self._year is not None else None

    def _limit_of(self, at: int) -> Deadline | None:
        """The time limit of the item a line belongs to, from its label 完成时限 or its cell in a table."""
        if at not in self._limits:
            self._limits[at] = self._read_limit(at)
        return self._limits[at]

    def _read_limit(self, at: int) -> Deadline | None:
        line = self._lines[at]
        for n, below in enumerate(self._lines[at : at + 9]):
            if (
                n
                and below.level is not None
                and not _LIMIT.search(self._norm, below.start, min(below.end, below.start + 20))
            ):
                break
            found = _LIMIT.search(self._norm, below.start, below.end)
            if found:
                return due_in(found["when"], self._year) or due_in(found["when"] + "前", self._year)
        cell = _LIMIT_CELL.search(self._norm, line.start, line.end)
        return due_in(cell["when"] + "前", self._year) if cell else None


_LIMIT = re.compile(
    r"(?:完成|办结|整改|落实|推进)?(?:时限|时间|期限|节点)(?:要求|节点)?\s?：\s*(?P<when>[^\n；。）]{2,20})"
)
_LIMIT_CELL = re.compile(
    r"[\t|]\s*(?P<when>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底)?|\d{4}年底?|年底)(?:前|之前)?\s*(?=[\t|]|$)"
)


def _opens_period(head: str) -> bool:
    return re.match(r"“?十[二三四五六七]五”?|(?:今后|未来)五年|《?(?:规划)?纲要|围绕|根据|展望", head) is not None
