"""The town's calendar: read from a notice, entered, corrected; a preview says what moves, and then it moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases import sweeping
from zhen.kernel.cases.api import CalendarDay, Clock, YearNotice, enter_year, rulebook
from zhen.kernel.cases.calendar import reading, ruling, trial
from zhen.kernel.cases.calendar.queries import year_of
from zhen.kernel.cases.calendar.rescheduling import reckon_anew
from zhen.kernel.cases.tests.conftest import Cast, Hands, a_case
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.jobs.testing import run_waiting
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import calendar, clock
from zhen.kernel.lib.refusals import Refused

SYSTEM = Actor.system("tests")
NOTICE = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""


def notice(year: int = 2026, **given: Any) -> YearNotice:
    off, worked = reading.read_notice(NOTICE, 2026)
    values: dict[str, Any] = {"holidays": off, "swap_days": worked, "source": "a notice", "approved_by": "Office"}
    return YearNotice(year=year, **{**values, **given})


def due(case: cases.Case, deadline: str = "whole") -> datetime:
    found = Clock.objects.get(case=case, deadline=deadline).due_at
    assert found is not None
    return found


# reading


def test_the_notice_is_the_calendar_that_the_library_knows() -> None:
    seed = calendar.seed()
    off, worked = reading.read_notice(NOTICE, 2026)
    assert {day for day in off if day.weekday() < 5} == {day for day in seed.holidays if day.year == 2026}
    assert set(worked) == {day for day in seed.swap_days if day.year == 2026}


def test_the_days_of_a_notice_are_read_with_the_names_of_their_holidays() -> None:
    off, worked = reading.read_notice(NOTICE, 2026)
    assert len(off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert (off[date(2026, 2, 23)], off[date(2026, 10, 7)]) == ("春节", "国庆节")
    assert sorted(worked) == [date(2026, m, d) for m, d in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def test_a_notice_of_another_year_is_noticed_by_its_days_of_the_week() -> None:
    with pytest.raises(Refused, match="no such day of the week"):
        reading.read_notice(NOTICE, 2027)


@pytest.mark.parametrize(
    "text", ["2026-10-01 ~ 2026-10-07", "国庆节：10月1日至7日", "10-1 到 10-7", "2026.10.1—10.7", "10/1、10/2–10/7"]
)
def test_a_list_may_be_written_as_people_write_it(text: str) -> None:
    assert sorted(reading.read_days(text, 2026)) == [date(2026, 10, day) for day in range(1, 8)]


@pytest.mark.parametrize("text", ["13月1日", "2月30日", "10月7日至1日", "10月1日 8", "二月 3日"])
def test_what_is_no_day_is_refused_and_not_left_out(text: str) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        reading.read_days(text, 2026)


NAMES = st.sampled_from(["", "元旦", "春节"])


@given(days=st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), NAMES, max_size=40))
def test_what_is_written_reads_the_same(days: dict[date, str]) -> None:
    assert reading.read_days(reading.written(days), 2026) == days


@given(text=st.text(alphabet="0123456789年月日至-~/.、，。；：:（）周一春节 \n", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = reading.read_days(text, 2026)
    except Refused:
        return
    assert all(isinstance(day, date) for day in found)


# entering


@pytest.mark.django_db
def test_the_years_of_the_library_stand_in_the_table_from_the_start(cast: Cast) -> None:
    year = year_of(SYSTEM, 2026)
    assert year is not None
    assert date(2026, 10, 10) in year.swap_days
    assert year.worked == sum(year.worked_by_month().values()) == 248


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"holidays": {date(2025, 12, 31): ""}}, "outside the year"),
        ({"swap_days": {date(2026, 10, 1): ""}}, "both a day off and a swap day"),
        ({"swap_days": {date(2026, 10, 12): ""}}, "only a Saturday or a Sunday"),
        ({"source": " "}, "it is missing"),
        ({"approved_by": ""}, "it is missing"),
    ],
)
def test_a_faulty_notice_is_refused_and_nothing_changes(cast: Cast, given: dict[str, Any], reason: str) -> None:
    before = ruling.days_of(2026)
    with pytest.raises(Refused, match=reason):
        enter_year(SYSTEM, notice(**given))
    assert ruling.days_of(2026) == before


@pytest.mark.django_db
def test_who_may_not_change_the_rules_enters_no_year(cast: Cast) -> None:
    with pytest.raises(Denied):
        enter_year(cast.alice, notice())


@pytest.mark.django_db(transaction=True)
def test_a_correction_moves_running_clocks_and_each_move_is_journalled(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    assert due(case).date() == date(2026, 10, 19)
    free = {**notice().holidays, date(2026, 10, 9): "a day of mourning"}
    enter_year(SYSTEM, notice(holidays=free))
    run_waiting()
    assert due(case).date() == date(2026, 10, 20)
    case.refresh_from_db()
    assert case.due_at == due(case, "accept")
    (event,) = Event.objects.filter(kind="cases.rescheduled")
    assert (event.data["was"][:10], event.data["due"][:10], event.data["year"]) == ("2026-10-19", "2026-10-20", 2026)
    corrected = Event.objects.get(kind="cases.year_corrected")
    assert "2026-10-09:holiday" in corrected.data["added"]
    enter_year(SYSTEM, notice())
    run_waiting()
    assert due(case).date() == date(2026, 10, 19)


@pytest.mark.django_db
def test_what_has_run_out_stays_as_it_was_told_and_what_stands_still_is_reckoned_when_it_goes_on(
    cast: Cast, hands: Hands
) -> None:
    late, held = a_case(cast), a_case(cast)
    cases.pause(cast.dispatcher, held.pk, held.revision, "It rains")
    hands.now = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
    sweeping.sweep()
    enter_year(SYSTEM, notice(holidays={**notice().holidays, date(2026, 9, 16): ""}))
    reckon_anew(2026)
    assert Clock.objects.get(case=late, deadline="whole").breached_at == due(late)
    assert due(late).date() == date(2026, 10, 19)
    assert not Event.objects.filter(kind="cases.rescheduled").exists()


@pytest.mark.django_db
def test_a_preview_says_what_then_happens(cast: Cast, hands: Hands) -> None:
    for _ in range(3):
        a_case(cast)
        hands.go(days=3)
    proposed = notice(holidays={**notice().holidays, date(2026, 10, 9): ""})
    tried = trial.try_out(cast.dispatcher, proposed, hands.now)
    assert (tried.later, tried.earlier, tried.overdue) == (3, 0, 0)
    assert trial.try_out(cast.alice, proposed, hands.now).considered == 0
    expected = {one.clock.pk: one.after for one in tried.moved}
    enter_year(SYSTEM, proposed)
    reckon_anew(2026)
    assert dict(Clock.objects.filter(pk__in=expected).values_list("pk", "due_at")) == expected


@pytest.mark.django_db
def test_a_day_that_turns_out_to_be_worked_can_end_a_limit_in_the_past_and_the_preview_warns(
    cast: Cast, hands: Hands
) -> None:
    off = {**notice().holidays, date(2026, 9, 16): ""}
    enter_year(SYSTEM, notice(holidays=off))
    case = a_case(cast)
    assert due(case).date() == date(2026, 10, 20)
    hands.now = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
    assert trial.try_out(cast.dispatcher, notice(), hands.now).overdue == 1
    enter_year(SYSTEM, notice())
    reckon_anew(2026)
    sweeping.sweep()
    row = Clock.objects.get(case=case, deadline="whole")
    assert row.breached_at == row.due_at
    assert due(case).date() == date(2026, 10, 19)


@pytest.mark.django_db
def test_a_preview_takes_the_same_queries_for_more_clocks(
    cast: Cast, hands: Hands, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        a_case(cast)
    rulebook()
    with django_assert_max_num_queries(3):
        assert trial.try_out(cast.dispatcher, notice(), hands.now).considered >= 12


def test_an_address_holds_the_notice_and_cannot_be_forged() -> None:
    assert YearNotice.read(notice().key) == notice()
    with pytest.raises(signing.BadSignature):
        YearNotice.read(notice().key[:-1] + "_")


# pages


@pytest.fixture
def desk(client: Client) -> Client:
    user = a_user("rita")
    a_post(user, "dispatcher", a_unit("operations"))
    client.force_login(user)
    return client


def leader() -> User:
    user = a_user("lea")
    a_post(user, "town_leader", a_unit("office"))
    return user


def stranger() -> User:
    """Somebody of the register who has nothing to do with the rules."""
    user = a_user("charlie")
    a_post(user, "social_worker", a_unit("neighbours"))
    return user


@pytest.mark.django_db
def test_only_a_colleague_of_the_register_has_approved_a_year_and_never_its_editor(hands: Hands) -> None:
    rita = a_user("rita")
    a_post(rita, "dispatcher", a_unit("operations"))
    editor, lea = actor_for(rita, day=clock.today()), leader()
    for wrong in (None, rita.pk, stranger().pk, 10**9):
        with pytest.raises(Refused, match="not yourself"):
            enter_year(editor, notice(approver=wrong))
    enter_year(editor, notice(approver=lea.pk, approved_by="Somebody"))
    event = Event.objects.get(kind="cases.year_corrected")
    assert (event.data["approved_by"], event.data["approver"]) == (lea.name, lea.pk)
    assert not CalendarDay.objects.filter(approved_by="Somebody").exists()


@pytest.mark.django_db
def test_a_year_is_corrected_from_the_desk(desk: Client, cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    assert "2026" in desk.get("/desk/cases/years/").content.decode()
    page = desk.get("/desk/cases/years/2026/").content.decode()
    assert "9:00" in page or "09:00" in page
    given = {
        "notice": "",
        "holidays": reading.written({**notice().holidays, date(2026, 10, 9): "悼念日"}),
        "swap_days": reading.written(dict(notice().swap_days)),
        "source": "国办发明电〔2026〕9号",
        "approved_by": str(User.objects.get(username="rita").pk),
    }
    form = "/desk/cases/year_correct/2026/"
    assert desk.post(form, given).status_code == 422  # nobody approves what he enters
    assert desk.post(form, {**given, "approved_by": str(stranger().pk)}).status_code == 422
    answer = desk.post(form, {**given, "approved_by": str(leader().pk)})
    assert answer.status_code == 302
    preview = desk.get(answer["Location"]).content.decode()
    assert "悼念日" in preview
    assert due(case).date() == date(2026, 10, 19)
    assert desk.post(answer["Location"], {"action": "set", "confirmed": "1"}).status_code == 302
    entered = CalendarDay.objects.get(day=date(2026, 10, 9))
    assert (entered.name, entered.approved_by) == ("悼念日", "Lea")
    assert "悼念日" in desk.get("/desk/cases/years/2026/").content.decode()


@pytest.mark.django_db
def test_the_next_year_is_entered_by_pasting_its_notice(desk: Client, hands: Hands) -> None:
    text = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。"
    given = {"year": 2027, "notice": text, "source": "国办发明电〔2026〕8号", "approved_by": str(leader().pk)}
    answer = desk.post("/desk/cases/year_new/", given)
    assert answer.status_code == 302
    desk.post(answer["Location"], {"action": "set", "confirmed": "1"})
    assert rulebook().calendar.workdays.last == date(2027, 12, 31)
    again = desk.post("/desk/cases/year_new/", {**given, "year": 2030})
    assert again.status_code == 422


@pytest.mark.django_db
def test_a_clerk_of_a_unit_reads_the_calendar_and_changes_nothing(client: Client) -> None:
    user = a_user("uma")
    a_post(user, "unit_clerk", a_unit("roads"))
    client.force_login(user)
    assert client.get("/desk/cases/years/").status_code == 200
    assert client.get("/desk/cases/year_new/").status_code in (403, 404)
