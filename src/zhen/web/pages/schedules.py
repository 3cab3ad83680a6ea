"""A schedule laid out: every day as a part of the whole width, so that the page draws it without a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhen.kernel.pages.api import Lane, Mark, Schedule, Span

MOST_TICKS = 9
STEPS = (1, 3, 6, 12, 24, 60, 120, 240)
"""Months between two ticks."""
MARGIN = timedelta(days=10)


def laid_out(content: Schedule) -> dict[str, Any]:
    """What the template needs: positions in per cent of the width, and the rows of the table behind it."""
    days = list(_days(content.lanes)) or [content.today]
    # what is over long ago is not pressed into a corner to show today beside it
    current = max(days) >= content.today
    days = [*days, content.today] if current else days
    first, last = min(days) - MARGIN, max(days) + MARGIN
    whole = (last - first).days

    def at(day: date) -> str:
        return f"{(day - first).days * 100 / whole:.2f}%"

    def wide(span: Span) -> str:
        return f"{max(1, (span.last - span.first).days + 1) * 100 / whole:.2f}%"

    return {
        "says": content.says,
        "today": at(content.today) if current else "",
        "today_on": content.today,
        "ticks": [{"x": at(day), "text": _tick(day, months)} for months, day in ticks(first, last)],
        "lanes": [
            {
                "lane": lane,
                "spans": [{"x": at(span.first), "width": wide(span), "span": span} for span in lane.spans],
                "marks": [{"x": at(mark.on), "mark": mark} for mark in lane.marks],
            }
            for lane in content.lanes
        ],
        "rows": [{"lane": lane, "texts": _texts(lane)} for lane in content.lanes],
    }


def ticks(first: date, last: date) -> list[tuple[int, date]]:
    """The first days of months, quarters or years between two days: not more than fit side by side."""
    for months in STEPS:
        found = [day for day in _months(first, last) if (day.year * 12 + day.month - 1) % months == 0]
        if len(found) <= MOST_TICKS:
            return [(months, day) for day in found]
    return []


def _months(first: date, last: date) -> Iterable[date]:
    year, month = first.year, first.month
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _tick(day: date, months: int) -> str:
    return f"{day:%Y}" if months >= 12 else f"{day:%Y-%m}"


def _days(lanes: Sequence[Lane]) -> Iterable[date]:
    for lane in lanes:
        for span in lane.spans:
            yield span.first
            yield span.last
        for mark in lane.marks:
            yield mark.on


def _texts(lane: Lane) -> list[str]:
    """What the lane draws, in words and in the order of the days."""
    spans = [(span.first, f"{span.text} {span.first:%Y-%m-%d} – {span.last:%Y-%m-%d}") for span in lane.spans]
    marks = [(mark.on, f"{mark.text} {mark.on:%Y-%m-%d}{_state(mark)}") for mark in lane.marks]
    return [text for _day, text in sorted([*spans, *marks], key=lambda one: one[0])]


def _state(mark: Mark) -> str:
    return _(" (reached)") if mark.done else ""
