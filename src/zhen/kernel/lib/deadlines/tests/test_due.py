"""When clocks are due, held against an oracle that counts minute by minute and day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib import calendar as workdays
from zhen.kernel.lib.clock import TOWN_ZONE
from zhen.kernel.lib.deadlines.api import (
    AlreadyExtended,
    AlreadyPaused,
    Calendar,
    Clock,
    Due,
    Hours,
    Limit,
    NotPaused,
    TimeUnit,
    due_of,
    extend,
    from_json,
    pause,
    restart,
    resume,
    to_json,
)

TOWN = Calendar(workdays.seed())
FIRST = datetime(2026, 8, 20, 0, 0, tzinfo=TOWN_ZONE)
MINUTE = timedelta(minutes=1)
starts = st.integers(0, 60 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)


def at(clock: Clock) -> datetime:
    due = due_of(clock, TOWN)
    assert due is not None
    return due.at.astimezone(TOWN_ZONE)


def worked(day: date) -> bool:
    return TOWN.workdays.is_worked(day)


def counts(moment: datetime, unit: TimeUnit, pauses: tuple[tuple[datetime, datetime | None], ...]) -> bool:
    """Whether the minute that begins here is counted."""
    if any(start <= moment and (end is None or moment < end) for start, end in pauses):
        return False
    if unit is TimeUnit.EMERGENCY_HOURS:
        return True
    return worked(moment.date()) and any(start <= moment.time() < end for start, end in TOWN.hours.periods)


def minute_by_minute(clock: Clock) -> datetime:
    left, moment = clock.total * 60, clock.started_at
    while left:
        left -= counts(moment, clock.limit.unit, clock.pauses)
        moment += MINUTE
    return moment


@given(starts, st.integers(1, 20), st.sampled_from([TimeUnit.EMERGENCY_HOURS, TimeUnit.WORKING_HOURS]))
def test_hours_agree_with_counting_minutes(start: datetime, amount: int, unit: TimeUnit) -> None:
    clock = Clock(start, Limit(amount, unit))
    assert at(clock) == minute_by_minute(clock)


@given(
    starts,
    st.integers(1, 12),
    st.sampled_from([TimeUnit.EMERGENCY_HOURS, TimeUnit.WORKING_HOURS]),
    st.integers(0, 600),
    st.integers(1, 6000),
)
def test_hours_agree_with_counting_minutes_over_a_pause(
    start: datetime, amount: int, unit: TimeUnit, after: int, length: int
) -> None:
    clock = Clock(start, Limit(amount, unit))
    paused_at = start + after * MINUTE
    if paused_at >= minute_by_minute(clock):
        return
    held = pause(clock, paused_at)
    assert due_of(held, TOWN) is None
    going = resume(held, paused_at + length * MINUTE)
    assert at(going) == minute_by_minute(going)


@given(starts, st.integers(1, 40))
def test_working_days_agree_with_counting_days(start: datetime, amount: int) -> None:
    day, left = start.date(), amount
    while left:
        day += timedelta(days=1)
        left -= worked(day)
    due = at(Clock(start, Limit(amount, TimeUnit.WORKING_DAYS)))
    assert due == datetime.combine(day, TOWN.hours.closing, TOWN_ZONE)


@given(starts, st.integers(1, 40), st.booleans())
def test_calendar_days_agree_with_counting_days_and_move_only_where_they_may(
    start: datetime, amount: int, moves: bool
) -> None:
    day = start.date() + timedelta(days=amount)
    while moves and not worked(day):
        day += timedelta(days=1)
    assert at(Clock(start, Limit(amount, TimeUnit.CALENDAR_DAYS, moves))).date() == day


@given(starts, st.integers(1, 40), st.sampled_from(list(TimeUnit)))
def test_a_longer_limit_is_never_due_earlier(start: datetime, amount: int, unit: TimeUnit) -> None:
    assert at(Clock(start, Limit(amount, unit))) <= at(Clock(start, Limit(amount + 1, unit)))


def test_twenty_working_days_from_the_fifteenth_of_september_reach_over_the_national_day_week() -> None:
    start = datetime(2026, 9, 15, 10, 0, tzinfo=TOWN_ZONE)
    assert at(Clock(start, Limit(20, TimeUnit.WORKING_DAYS))).date() == date(2026, 10, 19)


def test_a_date_beyond_the_table_is_provisional() -> None:
    last = TOWN.workdays.last
    start = datetime(last.year, 12, 20, 10, 0, tzinfo=TOWN_ZONE)
    due = due_of(Clock(start, Limit(20, TimeUnit.WORKING_DAYS)), TOWN)
    assert isinstance(due, Due)
    assert due.provisional
    early = due_of(Clock(datetime(last.year, 3, 2, tzinfo=TOWN_ZONE), Limit(5, TimeUnit.WORKING_DAYS)), TOWN)
    assert early is not None
    assert not early.provisional


def test_a_clock_is_extended_once_paused_once_and_resumed_once() -> None:
    start = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
    clock = extend(Clock(start, Limit(5, TimeUnit.WORKING_DAYS)), 5)
    assert at(clock) == at(Clock(start, Limit(10, TimeUnit.WORKING_DAYS)))
    with pytest.raises(AlreadyExtended):
        extend(clock, 1)
    held = pause(clock, start + timedelta(hours=1))
    with pytest.raises(AlreadyPaused):
        pause(held, start + timedelta(hours=2))
    with pytest.raises(NotPaused):
        resume(clock, start)
    again = restart(held, start + timedelta(days=3))
    assert (again.started_at, again.pauses) == (start + timedelta(days=3), ())


@given(starts, st.integers(0, 5000), st.integers(1, 5000))
def test_pauses_come_back_from_their_row_as_they_went(start: datetime, after: int, length: int) -> None:
    clock = resume(
        pause(Clock(start, Limit(200, TimeUnit.WORKING_HOURS)), start + after * MINUTE),
        start + (after + length) * MINUTE,
    )
    assert from_json(to_json(clock.pauses)) == clock.pauses


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        Hours(periods=((TOWN.hours.closing, TOWN.hours.opening),))
