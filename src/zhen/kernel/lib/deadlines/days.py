"""Limits in days: whole days, by their ordinals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zhen.kernel.lib.deadlines.values import Calendar, Clock, TimeUnit


def reached(clock: Clock, calendar: Calendar, amount: int) -> int | None:
    """The day on which `amount` days of the limit have run; None if it stands still before."""
    day, left = _day(clock.started_at, calendar), amount
    for first, last in _stood(clock, calendar):
        between = _between(clock, calendar, day, first - 1)
        if left <= between:
            break
        left -= between
        if last is None:
            return None
        day = max(day, last)
    return _after(clock, calendar, day, left)


def moved(clock: Clock, calendar: Calendar, day: int) -> int | None:
    """The first worked day from `day` on on which the clock did not stand still; None if it still does."""
    counting = calendar.counting
    day = counting.nth(counting.before(day))
    for first, last in _stood(clock, calendar):
        if first <= day and (last is None or day <= last):
            if last is None:
                return None
            day = counting.nth(counting.before(last + 1))
    return day


def counted(clock: Clock, calendar: Calendar, now: datetime) -> int:
    """How many days of the limit have run out by `now`."""
    today = _day(now, calendar)
    end = today if now >= calendar.closing(today) else today - 1
    day, total = _day(clock.started_at, calendar), 0
    for first, last in _stood(clock, calendar):
        total += _between(clock, calendar, day, min(first - 1, end))
        if last is None:
            return total
        day = max(day, last)
    return total + _between(clock, calendar, day, end)


def _stood(clock: Clock, calendar: Calendar) -> Iterator[tuple[int, int | None]]:
    """The first and the last day of each pause that do not count; no last one while it is open.

    A day does not count if the clock stood still at some moment between midnight and the day's end.
    """
    for paused, resumed in clock.pauses:
        if resumed is not None and resumed <= paused:
            continue
        first = _day(paused, calendar)
        if paused >= calendar.closing(first):
            first += 1
        last = None if resumed is None else _day(resumed - resumed.resolution, calendar)
        if last is None or first <= last:
            yield first, last


def _between(clock: Clock, calendar: Calendar, after: int, end: int) -> int:
    """The days of the limit's kind after one day, up to and with another."""
    if end <= after:
        return 0
    if clock.limit.unit is TimeUnit.CALENDAR_DAYS:
        return end - after
    return calendar.counting.before(end + 1) - calendar.counting.before(after + 1)


def _after(clock: Clock, calendar: Calendar, day: int, count: int) -> int:
    if clock.limit.unit is TimeUnit.CALENDAR_DAYS:
        return day + count
    return calendar.counting.nth(calendar.counting.before(day + 1) + count - 1)


def _day(at: datetime, calendar: Calendar) -> int:
    return at.astimezone(calendar.zone).toordinal()
