"""Pure rules: when a reminder is due, and when a failed delivery is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LATE_AT_MOST = timedelta(days=7)
ONE_DAY = timedelta(days=1)


def reminder_day(due: date, offset: int, *, is_worked: Callable[[date], bool] | None = None) -> date:
    """The day on which to remind: `offset` days after the due date (before it, where negative).

    With `is_worked`, a day off gives way to the working day before it when reminding before the
    date (so that there is time left), and to the one after it otherwise.
    """
    day = due + timedelta(days=offset)
    if is_worked is None:
        return day
    step = -ONE_DAY if offset < 0 else ONE_DAY
    while not is_worked(day):
        day += step
    return day


def is_due(day: date, today: date, *, due: date, offset: int) -> bool:
    """Whether a reminder of `day` goes out today; each goes out once, which its unique key sees to.

    A worker may have been down on the day itself: up to a week later it is still sent, but "in three
    days" is not said after the date has passed.
    """
    if not day <= today <= day + LATE_AT_MOST:
        return False
    return offset >= 0 or today <= due


def span_of(offset: int, today: date) -> tuple[date, date]:
    """The due dates for which a rule may have to remind today, days off included generously."""
    slack = LATE_AT_MOST + timedelta(days=14)
    centre = today - timedelta(days=offset)
    return centre - slack, centre + slack


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` failures: 30 s, 2 min, 8 min, … about two days in all; `None` gives up."""
    if tries >= TRIES:
        return None
    wait: timedelta = FIRST_WAIT * 4 ** (tries - 1)
    return now + wait
