"""When a clock is due, and how much of it is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zhen.kernel.lib.deadlines import days, hours
from zhen.kernel.lib.deadlines.values import Calendar, Clock, Due, TimeUnit, span


def due_of(clock: Clock, calendar: Calendar) -> Due | None:
    """When the clock is due; None while it is paused, unless it was due before that."""
    if not clock.limit.unit.in_days:
        at = hours.reached(clock, calendar, clock.total * hours.HOUR)
        return Due(at, provisional=_provisional(clock, calendar, at)) if at is not None else None
    day = days.reached(clock, calendar, clock.total)
    if day is not None and clock.limit.moves:
        day = days.moved(clock, calendar, day)
    if day is None:
        return None
    at = calendar.closing(day).astimezone(UTC)
    return Due(at, provisional=_provisional(clock, calendar, at))


def remaining(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """How much of the limit is left, in its own unit: four working hours may be two days away.

    Days are whole: the day on which it is due is the last one left. Zero from the moment at which it
    is due, negative after that. It does not change while the clock is paused.
    """
    if not clock.limit.unit.in_days:
        return span(clock.total * hours.HOUR - hours.counted(clock, calendar, now))
    due = due_of(clock, calendar)
    # a last day that moves is reached later than its number says
    total = clock.total if due is None else days.counted(clock, calendar, due.at)
    return timedelta(days=total - days.counted(clock, calendar, now))


def _provisional(clock: Clock, calendar: Calendar, at: datetime) -> bool:
    if clock.limit.unit is TimeUnit.EMERGENCY_HOURS:
        return False
    first, last = (moment.astimezone(calendar.zone).toordinal() for moment in (clock.started_at, at))
    return not calendar.counting.covers(first, last)
