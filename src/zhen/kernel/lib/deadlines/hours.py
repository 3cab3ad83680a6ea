"""Limits in hours: instants as numbers on a line that stands still when the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from zhen.kernel.lib.deadlines.values import Calendar, Clock, TimeUnit, microseconds, span

HOUR = 3_600_000_000
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Line(Protocol):
    def count(self, at: datetime) -> int:
        """Microseconds that have run by `at`, from some fixed start."""

    def moment(self, count: int) -> datetime:
        """The earliest instant by which that many have run."""


class RoundTheClock:
    def count(self, at: datetime) -> int:
        return (at - EPOCH) // MICROSECOND

    def moment(self, count: int) -> datetime:
        return EPOCH + span(count)


class Working:
    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def count(self, at: datetime) -> int:
        local = at.astimezone(self.calendar.zone)
        day, hours = local.toordinal(), self.calendar.hours
        days = self.calendar.counting.before(day)
        if self.calendar.counting.before(day + 1) == days:
            return days * hours.length
        now = microseconds(local.time())
        return days * hours.length + sum(min(now, end) - start for start, end in hours.spans if now > start)

    def moment(self, count: int) -> datetime:
        days, rest = divmod(count - 1, self.calendar.hours.length)
        rest += 1  # the end of a day, not the beginning of the next one: the earliest instant
        for start, end in self.calendar.hours.spans:
            if rest <= end - start:
                day = date.fromordinal(self.calendar.counting.nth(days))
                local = datetime.combine(day, time.min) + span(start + rest)
                return local.replace(tzinfo=self.calendar.zone).astimezone(UTC)
            rest -= end - start
        raise AssertionError(f"{count} lies outside {self.calendar.hours}")


ROUND_THE_CLOCK = RoundTheClock()


def line_of(unit: TimeUnit, calendar: Calendar) -> Line:
    return Working(calendar) if unit is TimeUnit.WORKING_HOURS else ROUND_THE_CLOCK


def reached(clock: Clock, calendar: Calendar, amount: int) -> datetime | None:
    """When `amount` microseconds of the limit have run; None if it stands still before."""
    line = line_of(clock.limit.unit, calendar)
    start = line.count(clock.started_at)
    at = start + amount
    for paused, resumed in clock.pauses:
        begin = max(line.count(paused), start)
        if at <= begin:
            break
        if resumed is None:
            return None
        at += max(line.count(resumed) - begin, 0)
    return line.moment(at)


def counted(clock: Clock, calendar: Calendar, now: datetime) -> int:
    """How many microseconds of the limit have run by `now`."""
    line = line_of(clock.limit.unit, calendar)
    start, end = line.count(clock.started_at), line.count(now)
    if end <= start:
        return 0
    stood = 0
    for paused, resumed in clock.pauses:
        begin = max(line.count(paused), start)
        stop = end if resumed is None else min(line.count(resumed), end)
        stood += max(stop - begin, 0)
    return end - start - stood
