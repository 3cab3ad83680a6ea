"""The engine and the naive count agree, whatever the calendar, the limit and the pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhen.kernel.lib.calendar import Workdays
from zhen.kernel.lib.deadlines.api import (
    Calendar,
    Clock,
    Hours,
    Limit,
    Pauses,
    Step,
    TimeUnit,
    due_of,
    from_json,
    moment_of,
    remaining,
    resume,
    to_json,
)
from zhen.kernel.lib.deadlines.tests import oracle

FIRST = date(2026, 1, 1)
MIDNIGHT = datetime(2025, 12, 31, 16, tzinfo=UTC)
LAST_WEEKDAY = 4


@st.composite
def tables(draw: st.DrawFn) -> Workdays:
    """Tables that are closed for days on end, worked at weekends, and end somewhere under the limits."""
    days = [FIRST + timedelta(days=number) for number in range(60)]
    kinds = draw(st.lists(st.sampled_from(["", "", "", "holiday", "swap"]), min_size=60, max_size=60))
    return Workdays(
        first=FIRST,
        last=draw(st.sampled_from(days)),
        holidays=frozenset(day for day, kind in zip(days, kinds, strict=True) if kind == "holiday"),
        swap_days=frozenset(day for day, kind in zip(days, kinds, strict=True) if kind == "swap"),
        source="test",
    )


def worked_in(table: Workdays) -> oracle.Worked:
    def worked(day: date) -> bool:
        if table.first <= day <= table.last:
            if day in table.holidays:
                return False
            if day in table.swap_days:
                return True
        return day.weekday() <= LAST_WEEKDAY

    return worked


@st.composite
def runs(draw: st.DrawFn, grain: int) -> tuple[datetime, Pauses]:
    """A start and up to four pauses after it, on whole grains (in minutes); the last one may be open."""
    gaps = draw(st.lists(st.integers(0, 4 * 24 * 60 // grain), min_size=1, max_size=9))
    moments = [MIDNIGHT + timedelta(minutes=grain * gap) for gap in accumulate(gaps)]
    start, rest = moments[0], moments[1:]
    pairs = [(rest[number], rest[number + 1]) for number in range(0, len(rest) - 1, 2)]
    pauses: Pauses = tuple(pairs)
    if len(rest) % 2:
        pauses = (*pauses, (rest[-1], None))
    return start, pauses


@settings(max_examples=150)
@given(tables(), runs(grain=1), st.integers(1, 30), st.booleans())
def test_hours(table: Workdays, run: tuple[datetime, Pauses], amount: int, always: bool) -> None:
    start, pauses = run
    unit = TimeUnit.EMERGENCY_HOURS if always else TimeUnit.WORKING_HOURS
    due = due_of(Clock(start, Limit(amount, unit), pauses=pauses), Calendar(table))
    assert (due and due.at) == oracle.due_in_hours(start, amount, pauses, worked_in(table), always=always)


@settings(max_examples=300)
@given(tables(), runs(grain=10), st.integers(1, 40), st.sampled_from(["working", "calendar", "moving"]))
def test_days(table: Workdays, run: tuple[datetime, Pauses], amount: int, kind: str) -> None:
    start, pauses = run
    calendar_days = kind != "working"
    unit = TimeUnit.CALENDAR_DAYS if calendar_days else TimeUnit.WORKING_DAYS
    clock = Clock(start, Limit(amount, unit, moves=kind == "moving"), pauses=pauses)
    due = due_of(clock, Calendar(table))
    assert (due and due.at) == oracle.due_in_days(
        start, amount, pauses, worked_in(table), calendar_days=calendar_days, moves=kind == "moving"
    )


UNITS = st.sampled_from(list(TimeUnit))


@given(tables(), runs(grain=10), st.integers(1, 40), UNITS)
def test_what_is_provisional_is_what_a_longer_table_could_change(
    table: Workdays, run: tuple[datetime, Pauses], amount: int, unit: TimeUnit
) -> None:
    clock = Clock(run[0], Limit(amount, unit), pauses=run[1])
    due = due_of(clock, Calendar(table))
    days = [table.last + timedelta(days=number) for number in range(1, 400)]
    closed = Workdays(
        first=table.first,
        last=days[-1],
        holidays=table.holidays | {day for day in days if day.weekday() <= LAST_WEEKDAY},
        swap_days=frozenset(day for day in table.swap_days if day <= table.last),
        source="test",
    )
    if due and not due.provisional:
        assert due_of(clock, Calendar(closed)) == due
    elif due and unit is not TimeUnit.CALENDAR_DAYS:
        later = due_of(clock, Calendar(closed))
        assert later is None or later.at > due.at


@given(tables(), runs(grain=1), st.integers(1, 40), UNITS, st.integers(0, 60 * 24 * 40))
def test_nothing_remains_exactly_from_the_moment_it_is_due(
    table: Workdays, run: tuple[datetime, Pauses], amount: int, unit: TimeUnit, minutes: int
) -> None:
    clock, calendar = Clock(run[0], Limit(amount, unit), pauses=run[1]), Calendar(table)
    due, now = due_of(clock, calendar), run[0] + timedelta(minutes=minutes)
    left = remaining(clock, calendar, now)
    assert (left <= timedelta()) is (due is not None and now >= due.at)
    assert left <= timedelta(days=amount) if unit.in_days else left <= timedelta(hours=amount)
    assert remaining(clock, calendar, now + timedelta(minutes=7)) <= left


@given(tables(), runs(grain=10), st.integers(1, 30), UNITS, st.integers(0, 30), st.integers(0, 3000))
def test_more_time_and_more_pauses_never_make_it_due_earlier(
    table: Workdays, run: tuple[datetime, Pauses], amount: int, unit: TimeUnit, extension: int, minutes: int
) -> None:
    clock, calendar = Clock(run[0], Limit(amount, unit), pauses=run[1]), Calendar(table)
    if clock.paused:
        clock = resume(clock, clock.pauses[-1][0] + timedelta(minutes=minutes))
    due = due_of(clock, calendar)
    assert due is not None
    longer = due_of(Clock(run[0], clock.limit, extension, clock.pauses), calendar)
    plain = due_of(Clock(run[0], clock.limit), calendar)
    assert longer
    assert plain
    assert plain.at <= due.at <= longer.at


@given(tables(), runs(grain=10), st.integers(1, 30), UNITS, st.integers(1, 100), st.integers(1, 100))
def test_the_share_of_a_limit_is_reached_in_order_and_never_after_the_end(
    table: Workdays, run: tuple[datetime, Pauses], amount: int, unit: TimeUnit, one: int, other: int
) -> None:
    clock, calendar = Clock(run[0], Limit(amount, unit), pauses=run[1]), Calendar(table)
    few, many = (moment_of(Step(percent=percent), clock, calendar) for percent in sorted((one, other)))
    due = due_of(clock, calendar)
    assert many is None or (few is not None and few <= many)
    assert due is None or (many is not None and many <= due.at)
    assert moment_of(Step(percent=100), clock, calendar) == (due and due.at)


@given(tables(), runs(grain=10), st.integers(1, 30), UNITS, st.integers(1, 20), UNITS)
def test_a_step_before_lies_between_start_and_end_and_a_step_after_behind_it(
    table: Workdays, run: tuple[datetime, Pauses], amount: int, unit: TimeUnit, count: int, other: TimeUnit
) -> None:
    clock, calendar = Clock(run[0], Limit(amount, unit), pauses=run[1]), Calendar(table)
    due = due_of(clock, calendar)
    before = moment_of(Step(before=Limit(count, other)), clock, calendar)
    after = moment_of(Step(after=Limit(count, other)), clock, calendar)
    if due is None:
        assert before is after is None
        return
    assert before
    assert run[0] <= before <= due.at
    assert after is None if after is None else after > due.at
    assert after is not None or clock.paused


@given(runs(grain=1))
def test_pauses_come_back_from_their_row(run: tuple[datetime, Pauses]) -> None:
    assert from_json(to_json(run[1])) == run[1]


@pytest.mark.parametrize("value", [[[None, None]], [["yesterday", None]], [[]]])
def test_a_row_of_pauses_that_nobody_wrote_is_refused(value: list[list[str | None]]) -> None:
    with pytest.raises(ValueError):
        from_json(value)


def test_the_oracle_knows_the_same_hours() -> None:
    assert Hours().periods == oracle.PERIODS
