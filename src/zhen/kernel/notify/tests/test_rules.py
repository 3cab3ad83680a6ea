"""When a reminder is due and when a delivery is tried again; what a text may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.calendar import seed
from zhen.kernel.notify.reminding import worked_days
from zhen.kernel.notify.rules import LATE_AT_MOST, TRIES, is_due, next_try, reminder_day, span_of
from zhen.kernel.notify.texts import faults_of, filled

DAY = timedelta(days=1)
WORKED = worked_days(seed())
days = st.dates(date(2018, 1, 1), date(2030, 12, 31))
offsets = st.integers(-60, 60)


def test_a_week_before_means_a_week_before() -> None:
    assert reminder_day(date(2024, 6, 28), -7) == date(2024, 6, 21)


def test_before_the_date_a_day_off_gives_way_to_the_day_before_it() -> None:
    saturday = date(2024, 6, 22)
    assert reminder_day(saturday + 7 * DAY, -7, is_worked=WORKED) == date(2024, 6, 21)


def test_after_the_date_a_day_off_gives_way_to_the_day_after_it() -> None:
    saturday = date(2024, 6, 22)
    assert reminder_day(saturday - DAY, 1, is_worked=WORKED) == date(2024, 6, 24)


def test_holidays_and_swap_days_count_as_the_state_council_says() -> None:
    assert reminder_day(date(2024, 10, 4), 0, is_worked=WORKED) == date(2024, 10, 8)
    assert reminder_day(date(2024, 10, 12), 0, is_worked=WORKED) == date(2024, 10, 12)


@given(days, offsets)
def test_a_reminder_never_falls_on_a_day_off(due: date, offset: int) -> None:
    assert WORKED(reminder_day(due, offset, is_worked=WORKED))


@given(days, offsets)
def test_a_reminder_before_the_date_is_never_later_than_its_day(due: date, offset: int) -> None:
    day = reminder_day(due, offset, is_worked=WORKED)
    assert day <= due + offset * DAY if offset < 0 else day >= due + offset * DAY


@given(days, offsets, st.booleans())
def test_looking_every_day_finds_each_reminder(due: date, offset: int, working: bool) -> None:
    day = reminder_day(due, offset, is_worked=WORKED if working else None)
    assert is_due(day, day, due=due, offset=offset)
    first, last = span_of(offset, day)
    assert first <= due <= last


@given(days, offsets, st.sets(st.integers(-90, 90), max_size=30))
def test_whenever_the_worker_ran_a_reminder_is_sent_at_most_once_and_never_too_late(
    due: date, offset: int, ran: set[int]
) -> None:
    day = reminder_day(due, offset, is_worked=WORKED)
    sent = [today for today in (due + n * DAY for n in sorted(ran)) if is_due(day, today, due=due, offset=offset)]
    first = sent[:1]  # the unique key stops the others
    assert all(day <= today <= day + LATE_AT_MOST for today in first)
    assert offset >= 0 or all(today <= due for today in first)


@given(days, offsets)
def test_the_days_asked_for_hold_whatever_is_due(due: date, offset: int) -> None:
    day = reminder_day(due, offset, is_worked=WORKED)
    for late in range(LATE_AT_MOST.days + 1):
        today = day + late * DAY
        if is_due(day, today, due=due, offset=offset):
            first, last = span_of(offset, today)
            assert first <= due <= last


def test_tries_grow_apart_and_end() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    waits = [next_try(n, now) for n in range(1, TRIES + 1)]
    assert waits[-1] is None
    gaps = [(at - now).total_seconds() for at in waits if at]
    assert gaps[:3] == [30, 120, 480]
    assert gaps == sorted(gaps)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{nobody}", "{nobody} is no field of this message"),
        ("{who.password}", "{who.password} is no field of this message"),
        ("{who[0]}", "{who[0]} is no field of this message"),
        ("{who!r}", "{who} has a format"),
        ("{who:>10}", "{who} has a format"),
        ("{who", "a brace is not closed"),
        ("{}", "{} is no field of this message"),
    ],
)
def test_a_text_holds_plain_fields_only(text: str, fault: str) -> None:
    assert list(faults_of(text, ("who",))) == [fault]


@given(st.text(max_size=60))
def test_a_text_without_faults_can_be_filled(text: str) -> None:
    if not list(faults_of(text, ("who",))):
        filled(text, {"who": "Alice"})


def test_values_are_not_read_as_texts() -> None:
    assert filled("{who}", {"who": "{secret}"}) == "{secret}"
