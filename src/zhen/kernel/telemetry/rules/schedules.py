"""When a rule looks, as functions of an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from zhen.kernel.lib.deadlines.api import Calendar
from zhen.kernel.telemetry.declarations import Schedule
from zhen.kernel.telemetry.rules.values import instant, micro

FURTHEST = 40
"""So many days ahead a change is looked for: no row of days off is longer."""
KEPT_DAYS = 400

Span = tuple[int, int]


class Looks(Protocol):
    """A schedule, compiled."""

    def active(self, at: int) -> bool: ...
    def next_change(self, at: int) -> int | None:
        """The first moment after `at` at which it becomes active or stops to be so."""


class Timetable:
    """Spans of each day, reckoned once per day. `outside` turns them round."""

    def __init__(self, schedule: Schedule, calendar: Calendar) -> None:
        self._schedule = schedule
        self._calendar = calendar
        self._outside = schedule.working_hours is False
        self._known: dict[date, tuple[Span, ...]] = {}

    def active(self, at: int) -> bool:
        day = instant(at).astimezone(self._calendar.zone).date()
        inside = any(start <= at < end for start, end in self._around(day))
        return inside is not self._outside

    def next_change(self, at: int) -> int | None:
        now, day = self.active(at), instant(at).astimezone(self._calendar.zone).date()
        for ahead in range(FURTHEST):
            spans = self._around(day + timedelta(days=ahead))
            for edge in sorted({edge for span in spans for edge in span}):
                if edge > at and self.active(edge) is not now:
                    return edge
        return None

    def _around(self, day: date) -> tuple[Span, ...]:
        """The spans that begin on a day or on the one before: a night shift ends on the next day."""
        return self._of(day - timedelta(days=1)) + self._of(day)

    def _of(self, day: date) -> tuple[Span, ...]:
        found = self._known.get(day)
        if found is None:
            if len(self._known) > KEPT_DAYS:
                self._known.clear()
            found = self._known[day] = tuple(self._spans(day))
        return found

    def _spans(self, day: date) -> Iterator[Span]:
        if self._schedule.working_hours is not None:
            if self._calendar.counting.is_worked(day.toordinal()):
                for start, end in self._calendar.hours.periods:
                    yield self._at(day, start), self._at(day, end)
            return
        for window in self._schedule.windows:
            if day.weekday() in window.days:
                last = day if window.end > window.start else day + timedelta(days=1)
                yield self._at(day, window.start), self._at(last, window.end)

    def _at(self, day: date, moment: time) -> int:
        return micro(datetime.combine(day, moment, self._calendar.zone).astimezone(UTC))
