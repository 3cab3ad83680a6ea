"""Working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.calendar import BeyondHorizon, Workdays, seed, table

SEED = seed()
DAYS = st.dates(date(2019, 6, 1), date(2021, 6, 30))


def test_national_day_is_free_and_the_swap_day_is_worked() -> None:
    assert not SEED.is_worked(date(2020, 10, 1))
    assert SEED.is_worked(date(2020, 9, 27))
    assert SEED.is_worked(date(2020, 4, 20))
    assert not SEED.is_worked(date(2020, 4, 19))


def test_five_working_days_after_the_last_day_before_the_holiday() -> None:
    assert SEED.add(date(2020, 9, 30), 5) == date(2020, 10, 14)
    assert SEED.add(date(2020, 10, 14), -5) == date(2020, 9, 30)


def test_a_day_beyond_the_horizon_is_refused_by_its_name() -> None:
    with pytest.raises(BeyondHorizon, match="2099-01-02: the calendar covers"):
        SEED.is_worked(date(2099, 1, 2))


def test_a_day_cannot_be_holiday_and_swap_day_at_once() -> None:
    day = date(2020, 5, 1)
    with pytest.raises(ValueError, match="both a holiday and a swap day"):
        table([day], [day], first=date(2020, 1, 1), last=date(2020, 12, 31), source="test")


def test_the_seed_names_its_source() -> None:
    assert "chinese-calendar" in SEED.source


@given(DAYS, st.integers(1, 40))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    end = SEED.add(day, count)
    assert SEED.is_worked(end)
    assert SEED.between(day, end) == count
    assert SEED.between(end, day) == -count


@given(DAYS)
def test_a_plain_table_is_monday_to_friday(day: date) -> None:
    plain = Workdays(
        first=day - timedelta(days=1),
        last=day + timedelta(days=1),
        holidays=frozenset(),
        swap_days=frozenset(),
        source="test",
    )
    assert plain.is_worked(day) is (day.weekday() < 5)
