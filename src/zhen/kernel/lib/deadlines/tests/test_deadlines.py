"""Deadlines as people would tell them."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from zhen.kernel.lib.calendar import Workdays, seed
from zhen.kernel.lib.clock import TOWN_ZONE
from zhen.kernel.lib.deadlines.api import (
    MOST,
    AlreadyExtended,
    AlreadyPaused,
    Calendar,
    Clock,
    Due,
    ExtensionOutOfBounds,
    Hours,
    Limit,
    NotPaused,
    Step,
    TimeUnit,
    due_of,
    extend,
    moment_of,
    pause,
    remaining,
    restart,
    resume,
)

CALENDAR = Calendar(seed())
EMERGENCY, HOURS = TimeUnit.EMERGENCY_HOURS, TimeUnit.WORKING_HOURS
WORKING, CALENDAR_DAYS = TimeUnit.WORKING_DAYS, TimeUnit.CALENDAR_DAYS


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOWN_ZONE)


def due(clock: Clock, calendar: Calendar = CALENDAR) -> datetime:
    found = due_of(clock, calendar)
    assert found
    return found.at.astimezone(TOWN_ZONE)


def test_twenty_working_days_from_15_september_2026_are_19_october() -> None:
    clock = Clock(at(9, 15), Limit(20, WORKING))
    assert due_of(clock, CALENDAR) == Due(at(10, 19, 17, 30), provisional=False)


def test_the_day_of_receipt_does_not_count_even_early_in_the_morning() -> None:
    assert due(Clock(at(9, 14, 0), Limit(1, WORKING))) == at(9, 15, 17, 30)
    assert due(Clock(at(9, 14, 23, 59), Limit(1, WORKING))) == at(9, 15, 17, 30)


def test_what_is_received_on_a_day_off_counts_from_the_next_worked_day() -> None:
    assert due(Clock(at(9, 19), Limit(1, WORKING))) == at(9, 20, 17, 30)  # a swapped Sunday
    assert due(Clock(at(10, 3), Limit(1, WORKING))) == at(10, 8, 17, 30)


def test_working_hours_pass_only_in_the_two_periods_of_a_worked_day() -> None:
    assert due(Clock(at(9, 14, 10), Limit(4, HOURS))) == at(9, 14, 15, 30)
    assert due(Clock(at(9, 14, 16, 30), Limit(4, HOURS))) == at(9, 15, 12, 0)
    assert due(Clock(at(9, 30, 16, 30), Limit(4, HOURS))) == at(10, 8, 12, 0)


def test_what_comes_in_at_night_starts_when_business_opens() -> None:
    assert due(Clock(at(9, 14, 22), Limit(1, HOURS))) == at(9, 15, 10, 0)
    assert due(Clock(at(9, 14, 12, 30), Limit(1, HOURS))) == at(9, 14, 14, 30)


def test_a_limit_that_is_used_up_at_noon_is_due_at_noon() -> None:
    assert due(Clock(at(9, 14, 9), Limit(3, HOURS))) == at(9, 14, 12, 0)
    assert due(Clock(at(9, 14, 9), Limit(7, HOURS))) == at(9, 14, 17, 30)


def test_emergency_hours_know_no_holiday() -> None:
    assert due(Clock(at(10, 1, 23), Limit(2, EMERGENCY))) == at(10, 2, 1, 0)


def test_calendar_days_count_every_day_and_end_when_business_closes() -> None:
    assert due(Clock(at(9, 1), Limit(15, CALENDAR_DAYS))) == at(9, 16, 17, 30)


def test_a_last_day_off_stays_the_last_day_unless_the_law_moves_it() -> None:
    assert due(Clock(at(9, 18), Limit(15, CALENDAR_DAYS))) == at(10, 3, 23, 59) + timedelta(seconds=59)
    assert due(Clock(at(9, 18), Limit(15, CALENDAR_DAYS, moves=True))) == at(10, 8, 17, 30)


def test_only_calendar_days_can_move() -> None:
    with pytest.raises(ValueError, match="only calendar days end on a day off"):
        Limit(3, WORKING, moves=True)


def test_a_case_paused_over_the_national_day_week_loses_its_pause_and_nothing_else() -> None:
    clock = pause(Clock(at(9, 25), Limit(5, WORKING)), at(9, 29, 15))
    assert due_of(clock, CALENDAR) is None
    clock = resume(clock, at(10, 8, 9))
    # the 28th counted; the 29th did not run out; the count goes on after the 8th: 9th, 10th (swapped), 12th, 13th
    assert due(clock) == at(10, 13, 17, 30)


def test_working_hours_stand_still_to_the_minute() -> None:
    clock = resume(pause(Clock(at(9, 30, 9), Limit(4, HOURS)), at(9, 30, 10, 15)), at(10, 8, 9, 10))
    assert due(clock) == at(10, 8, 11, 55)


def test_a_pause_outside_business_costs_nothing_in_working_hours() -> None:
    clock = Clock(at(9, 14, 16), Limit(4, HOURS))
    assert due(resume(pause(clock, at(9, 14, 18)), at(9, 15, 8))) == due(clock)


def test_a_day_that_ran_out_before_the_pause_counts() -> None:
    clock = Clock(at(9, 14), Limit(2, WORKING))
    assert due(resume(pause(clock, at(9, 15, 17, 30)), at(9, 16, 10))) == at(9, 17, 17, 30)
    assert due(resume(pause(clock, at(9, 15, 17, 29)), at(9, 16, 10))) == at(9, 18, 17, 30)


def test_a_pause_on_the_last_day_leaves_a_whole_day_after_it() -> None:
    clock = pause(Clock(at(9, 14), Limit(1, WORKING)), at(9, 15, 10))
    assert due(resume(clock, at(9, 17, 10))) == at(9, 18, 17, 30)


def test_what_was_due_before_the_pause_stays_due() -> None:
    clock = pause(Clock(at(9, 14), Limit(1, WORKING)), at(9, 15, 18))
    assert due(clock) == at(9, 15, 17, 30)


def test_a_limit_past_the_horizon_is_provisional_and_right_when_the_calendar_grows() -> None:
    short = Workdays(
        first=date(2026, 1, 1), last=date(2026, 9, 20), holidays=frozenset(), swap_days=frozenset(), source="test"
    )
    clock = Clock(at(9, 15), Limit(20, WORKING))
    assert due_of(clock, Calendar(short)) == Due(at(10, 13, 17, 30), provisional=True)
    assert due_of(clock, CALENDAR) == Due(at(10, 19, 17, 30), provisional=False)


def test_a_limit_in_emergency_hours_is_never_provisional() -> None:
    assert due_of(Clock(at(1, 1, year=2090), Limit(8, EMERGENCY)), CALENDAR) == Due(at(1, 1, 18, year=2090), False)


def test_a_limit_is_extended_once() -> None:
    clock = extend(Clock(at(9, 15), Limit(20, WORKING)), 20)
    assert due(clock) == at(11, 16, 17, 30)
    with pytest.raises(AlreadyExtended):
        extend(clock, 1)


@pytest.mark.parametrize("amount", [0, -3, MOST + 1])
def test_an_extension_is_a_number_of_days_in_bounds(amount: int) -> None:
    with pytest.raises(ExtensionOutOfBounds):
        extend(Clock(at(9, 15), Limit(20, WORKING)), amount)


def test_a_clock_that_restarts_has_its_whole_limit_again() -> None:
    clock = restart(pause(Clock(at(9, 1), Limit(20, WORKING)), at(9, 3)), at(9, 15))
    assert due(clock) == at(10, 19, 17, 30)


def test_a_clock_is_paused_once_and_resumed_once() -> None:
    clock = Clock(at(9, 15), Limit(20, WORKING))
    with pytest.raises(NotPaused):
        resume(clock, at(9, 16))
    with pytest.raises(AlreadyPaused):
        pause(pause(clock, at(9, 16)), at(9, 17))


def test_two_machines_whose_clocks_differ_by_a_moment_do_no_harm() -> None:
    clock = resume(pause(Clock(at(9, 15), Limit(2, HOURS)), at(9, 15, 11)), at(9, 15, 10, 59))
    assert due(clock) == at(9, 15, 12)
    again = pause(clock, at(9, 15, 10, 58))
    assert again.pauses[-1][0] == at(9, 15, 11)


def test_what_remains_is_told_in_the_unit_of_the_limit() -> None:
    clock = Clock(at(9, 30, 16, 30), Limit(4, HOURS))
    assert remaining(clock, CALENDAR, at(10, 5)) == timedelta(hours=3)
    days = Clock(at(9, 15), Limit(20, WORKING))
    assert remaining(days, CALENDAR, at(10, 16, 9)) == timedelta(days=2)
    assert remaining(days, CALENDAR, at(10, 19, 17)) == timedelta(days=1)
    assert remaining(days, CALENDAR, at(10, 19, 17, 30)) == timedelta()
    assert remaining(days, CALENDAR, at(10, 20, 18)) == timedelta(days=-1)


def test_steps_are_told_in_shares_and_in_time_before_and_after() -> None:
    clock = Clock(at(9, 15), Limit(20, WORKING))
    assert moment_of(Step(percent=80), clock, CALENDAR) == at(10, 13, 17, 30)
    assert moment_of(Step(before=Limit(1, WORKING)), clock, CALENDAR) == at(10, 16, 9)
    assert moment_of(Step(before=Limit(4, HOURS)), clock, CALENDAR) == at(10, 19, 12)
    assert moment_of(Step(before=Limit(100, WORKING)), clock, CALENDAR) == at(9, 15)
    assert moment_of(Step(after=Limit(1, WORKING)), clock, CALENDAR) == at(10, 20, 17, 30)
    assert moment_of(Step(percent=50), Clock(at(9, 14), Limit(1, WORKING)), CALENDAR) == at(9, 15, 9)


@pytest.mark.parametrize(
    ("percent", "before", "reason"),
    [(None, None, "give one of them"), (80, Limit(1, HOURS), "give one of them"), (0, None, "a step at 0 %")],
)
def test_a_step_says_one_thing(percent: int | None, before: Limit | None, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Step(percent=percent, before=before)


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="09:00–12:00, 11:00–17:00: each period must end"):
        Hours(((time(9), time(12)), (time(11), time(17))))
    with pytest.raises(ValueError, match="at least one period"):
        Hours(())


@pytest.mark.parametrize("amount", [0, -1, MOST + 1])
def test_a_limit_has_bounds(amount: int) -> None:
    with pytest.raises(ValueError, match=f"a limit of {amount}"):
        Limit(amount, WORKING)


def test_pauses_out_of_order_are_refused() -> None:
    limit = Limit(1, WORKING)
    with pytest.raises(ValueError, match="never ended"):
        Clock(at(9, 1), limit, pauses=((at(9, 2), None), (at(9, 3), None)))
    with pytest.raises(ValueError, match="out of order"):
        Clock(at(9, 1), limit, pauses=((at(9, 2), at(9, 4)), (at(9, 3), at(9, 5))))
    with pytest.raises(ValueError, match="out of order"):
        Clock(at(9, 1), limit, pauses=((at(9, 2), at(9, 1)),))
    with pytest.raises(ValueError, match="aware"):
        Clock(at(9, 1).replace(tzinfo=None), limit)


def test_instants_come_out_in_utc() -> None:
    for unit in TimeUnit:
        found = due_of(Clock(at(9, 15), Limit(3, unit)), CALENDAR)
        assert found
        assert found.at.tzinfo is UTC


def test_counting_takes_microseconds_whatever_the_length() -> None:
    """Measured: 9 to 30 µs with the machine busy; the bound leaves room for a busy machine."""
    for clock in (
        Clock(at(9, 15), Limit(20, WORKING)),
        Clock(at(9, 15), Limit(4, HOURS)),
        Clock(at(9, 15), Limit(9000, WORKING)),
    ):
        due_of(clock, CALENDAR)
        best = min(timeit.repeat(partial(due_of, clock, CALENDAR), number=500, repeat=5)) / 500
        assert best < 200e-6
