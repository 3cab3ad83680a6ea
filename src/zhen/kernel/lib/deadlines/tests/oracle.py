"""Deadlines counted the naive way, minute by minute, to hold the engine against.

Nothing of the engine is used: this is the law's text as loops. Inputs lie on whole minutes (hours) or
on whole ten minutes (days), so that no loop can step over one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE, TEN, DAY = timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1)
PERIODS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
FAR = 1_500  # days: no limit of these tests is longer

Worked = Callable[[date], bool]
Pauses = tuple[tuple[datetime, datetime | None], ...]


def stands_still(at: datetime, pauses: Pauses) -> bool:
    return any(paused <= at and (resumed is None or at < resumed) for paused, resumed in pauses)


def in_hours(at: datetime, worked: Worked) -> bool:
    local = at.astimezone(ZONE)
    return worked(local.date()) and any(start <= local.time() < end for start, end in PERIODS)


def end_of(day: date, worked: Worked) -> datetime:
    return datetime.combine(day, time(17, 30) if worked(day) else time(23, 59, 59), ZONE)


def due_in_hours(start: datetime, hours: int, pauses: Pauses, worked: Worked, *, always: bool) -> datetime | None:
    at, left = start, hours * 60
    for _ in range(FAR * 24 * 60):
        if pauses and pauses[-1][1] is None and at >= pauses[-1][0]:
            return None
        if not stands_still(at, pauses) and (always or in_hours(at, worked)):
            left -= 1
        at += MINUTE
        if not left:
            return at.astimezone(UTC)
    raise AssertionError("further than any limit")


def counts(day: date, pauses: Pauses, worked: Worked, *, calendar_days: bool) -> bool:
    if not calendar_days and not worked(day):
        return False
    at, end = datetime.combine(day, time(), ZONE), end_of(day, worked)
    while at < end:
        if stands_still(at, pauses):
            return False
        at += TEN
    return True


def due_in_days(
    start: datetime, days: int, pauses: Pauses, worked: Worked, *, calendar_days: bool, moves: bool = False
) -> datetime | None:
    day, left = start.astimezone(ZONE).date(), days
    for _ in range(FAR):
        day += DAY
        if pauses and pauses[-1][1] is None and datetime.combine(day, time(), ZONE) > pauses[-1][0] + DAY:
            return None
        if left and counts(day, pauses, worked, calendar_days=calendar_days):
            left -= 1
        if not left and (not moves or (worked(day) and counts(day, pauses, worked, calendar_days=True))):
            return end_of(day, worked).astimezone(UTC)
    raise AssertionError("further than any limit")
