"""The moments before and after a deadline at which somebody is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from zhen.kernel.lib.deadlines import days, hours
from zhen.kernel.lib.deadlines.due import due_of
from zhen.kernel.lib.deadlines.values import Calendar, Clock, Limit, TimeUnit

MOST_PERCENT = 1000


@dataclass(frozen=True)
class Step:
    """One of: when `percent` of the limit has run; `before` it is due; `after` it was.

    Of days, only those that have run out are counted: 80 % of five days is the end of the fourth. A
    step in days `before` is the opening of that day. A step never lies before the start of its clock.
    """

    percent: int | None = None
    before: Limit | None = None
    after: Limit | None = None

    def __post_init__(self) -> None:
        if sum(given is not None for given in (self.percent, self.before, self.after)) != 1:
            raise ValueError("a step is either a percentage, or before, or after the deadline: give one of them")
        if self.percent is not None and not 1 <= self.percent <= MOST_PERCENT:
            raise ValueError(f"a step at {self.percent} %: give 1 to {MOST_PERCENT}")


def moment_of(step: Step, clock: Clock, calendar: Calendar) -> datetime | None:
    """When a step of a clock is reached; None while the clock is paused, unless it was reached before that."""
    if step.percent is not None:
        return _at_percent(step.percent, clock, calendar)
    due = due_of(clock, calendar)
    if due is None:
        return None
    if step.after is not None:
        later = due_of(Clock(due.at, step.after, pauses=clock.pauses), calendar)
        return later.at if later is not None else None
    assert step.before is not None
    return max(_before(step.before, due.at, calendar), clock.started_at.astimezone(UTC))


def _at_percent(percent: int, clock: Clock, calendar: Calendar) -> datetime | None:
    if not clock.limit.unit.in_days:
        return hours.reached(clock, calendar, clock.total * hours.HOUR * percent // 100)
    count = clock.total * percent // 100
    day = days.reached(clock, calendar, max(count, 1))
    if day is None:
        return None
    return (calendar.closing(day) if count else calendar.opening(day)).astimezone(UTC)


def _before(limit: Limit, at: datetime, calendar: Calendar) -> datetime:
    if not limit.unit.in_days:
        line = hours.line_of(limit.unit, calendar)
        return line.moment(line.count(at) - limit.amount * hours.HOUR)
    day, counting = at.astimezone(calendar.zone).toordinal(), calendar.counting
    if limit.unit is TimeUnit.CALENDAR_DAYS:
        return calendar.opening(day - limit.amount).astimezone(UTC)
    return calendar.opening(counting.nth(counting.before(day) - limit.amount)).astimezone(UTC)
