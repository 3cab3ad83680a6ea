"""Clocks that run out: warned, told at the true minute, escalated; and dates beyond the known calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases import rulebook, sweeping
from zhen.kernel.cases.api import CalendarDay, Clock, Move, YearNotice, enter_year
from zhen.kernel.cases.calendar.rescheduling import reckon_anew
from zhen.kernel.cases.tests.conftest import Cast, Hands, a_case
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import calendar
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.notify.api import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("id"))


def a_notice(year: int, **given: Any) -> YearNotice:
    values: dict[str, Any] = {
        "holidays": {},
        "swap_days": {},
        "source": "Notice of the State Council",
        "approved_by": "Office",
    }
    return YearNotice(year=year, **{**values, **given})


@pytest.fixture
def dispatcher(db: None) -> Any:
    user = a_user("centre")
    a_post(user, "dispatcher", a_unit("operations"))
    return user


def test_a_case_is_warned_of_then_overdue_then_escalated_each_once(cast: Cast, hands: Hands, dispatcher: Any) -> None:
    case = a_case(cast)  # four working hours: due 15:30
    hands.now = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)
    sweeping.sweep()
    sweeping.sweep()
    assert len(events("cases.warned")) == 1
    hands.now = datetime(2026, 9, 15, 7, 31, tzinfo=UTC)
    sweeping.sweep()
    sweeping.sweep()
    (breach,) = events("cases.breached")
    assert breach.data["due"] == "2026-09-15T07:30:00+00:00"
    case.refresh_from_db()
    assert case.overdue_at == datetime(2026, 9, 15, 7, 30, tzinfo=UTC)
    hands.now = datetime(2026, 9, 17, 1, 0, tzinfo=UTC)
    sweeping.sweep()
    sweeping.sweep()
    assert len(events("cases.escalated")) == 1
    assert {message.template for message in Message.objects.filter(recipient=dispatcher)} >= {
        "cases.overdue",
        "cases.escalated",
    }


def test_a_worker_that_was_down_stamps_breaches_at_their_true_minute(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    hands.now = datetime(2026, 9, 15, 8, 30, tzinfo=UTC)  # an hour late
    sweeping.sweep()
    row = Clock.objects.get(case=case, deadline="accept")
    assert row.breached_at == datetime(2026, 9, 15, 7, 30, tzinfo=UTC)
    (breach,) = events("cases.breached")
    assert breach.data["due"] == "2026-09-15T07:30:00+00:00"


def test_a_case_that_is_done_in_time_is_never_overdue(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    cases.move(cast.dispatcher, case.pk, case.revision, "void", Move(reason="no", outcome="void"))
    hands.go(days=40)
    sweeping.sweep()
    assert events("cases.breached") == []


def test_a_case_that_stands_still_is_not_overdue(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    cases.pause(cast.dispatcher, case.pk, case.revision, "It rains")
    hands.go(days=40)
    sweeping.sweep()
    assert events("cases.breached") == []


def test_what_was_late_when_it_was_done_stays_late(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    hands.go(days=2)
    case = cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))
    row = Clock.objects.get(case=case, deadline="accept")
    assert row.breached_at == datetime(2026, 9, 15, 7, 30, tzinfo=UTC)


def test_the_sweep_takes_no_more_queries_for_more_cases(
    cast: Cast, hands: Hands, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        a_case(cast)
    hands.now = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)
    with django_assert_max_num_queries(20 + 8):  # one event each; nobody is to be told
        assert sweeping.take_steps(SYSTEM, hands.now) == 8


def test_over_the_national_day_week_a_paused_case_loses_nothing(cast: Cast, hands: Hands) -> None:
    hands.now = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
    case = a_case(cast)
    before = Clock.objects.get(case=case, deadline="whole").due_at
    case = cases.pause(cast.dispatcher, case.pk, case.revision, "Until after the holidays")
    hands.now = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    cases.resume(cast.dispatcher, case.pk, case.revision)
    after = Clock.objects.get(case=case, deadline="whole").due_at
    assert before is not None
    assert after is not None
    assert timedelta(0) <= after - before <= timedelta(days=2)


def test_a_date_beyond_the_horizon_is_provisional_until_the_calendar_grows(cast: Cast, hands: Hands) -> None:
    last = calendar.seed().last
    hands.now = datetime(last.year, 12, 20, 2, 0, tzinfo=UTC)
    case = a_case(cast)
    row = Clock.objects.get(case=case, deadline="whole")
    assert row.provisional
    case.refresh_from_db()
    year = last.year + 1
    days = [date(year, 1, day) for day in range(1, 8)]
    enter_year(SYSTEM, a_notice(year, holidays=dict.fromkeys((day for day in days if day.weekday() < 5), "")))
    assert rulebook.rulebook().calendar.workdays.last.year == year
    before = row.due_at
    reckon_anew()
    row = Clock.objects.get(pk=row.pk)
    assert not row.provisional
    assert before is not None
    assert row.due_at is not None
    assert row.due_at > before
    assert "whole" in {event.data["deadline"] for event in events("cases.rescheduled")}


def test_a_year_that_leaves_a_gap_is_refused(cast: Cast) -> None:
    year = calendar.seed().last.year + 2
    with pytest.raises(Refused, match="follow one another"):
        enter_year(SYSTEM, a_notice(year))
    with pytest.raises(Refused, match="source"):
        enter_year(SYSTEM, a_notice(year - 1, source=" "))
    assert not CalendarDay.objects.filter(day__year=year).exists()
