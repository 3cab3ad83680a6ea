"""Time limits: proposed by one, approved by another, for new cases only; and whom they warn, remind and tell above."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases import sweeping
from zhen.kernel.cases.api import Clock, Move, NewLimit, TimeLimit, approve_limit, end_limit, propose_limit
from zhen.kernel.cases.limits.ruling import withdraw_limit
from zhen.kernel.cases.limits.trial import try_out
from zhen.kernel.cases.tests.conftest import REPAIR, RIGHTS, Cast, Hands, a_case, an_actor
from zhen.kernel.cases.warnings import MOST_REMINDERS, After, Plan
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.notify.api import Message

RULER = RIGHTS | {"cases.rules.view", "cases.rules.change"}


def a_ruler(name: str) -> Actor:
    return an_actor(a_user(name), rights=RULER)


def new(cast: Cast, **given: Any) -> NewLimit:
    values: dict[str, Any] = {
        "case_type": REPAIR,
        "deadline": "whole",
        "category_id": cast.bench.pk,
        "amount": 9,
        "unit": "working_days",
        "valid_from": clock.today(),
        "source": "a meeting",
    }
    return NewLimit(**{**values, **given})


def in_force(cast: Cast, **given: Any) -> TimeLimit:
    return approve_limit(a_ruler(f"two{User()}"), propose_limit(a_ruler(f"one{User()}"), new(cast, **given)).pk)


class User:
    """A number for each new name."""

    count = 0

    def __str__(self) -> str:
        User.count += 1
        return str(User.count)


def amount_of(case: cases.Case) -> int:
    return Clock.objects.get(case=case, deadline="whole").amount


# who rules


@pytest.mark.django_db
def test_a_proposal_holds_for_nothing_until_somebody_else_approves_it(cast: Cast, hands: Hands) -> None:
    rita = a_ruler("rita")
    usual = amount_of(a_case(cast))
    draft = propose_limit(rita, new(cast))
    assert amount_of(a_case(cast)) == usual
    with pytest.raises(Refused, match="proposed it yourself"):
        approve_limit(rita, draft.pk)
    assert amount_of(a_case(cast)) == usual
    approved = approve_limit(a_ruler("rolf"), draft.pk)
    assert (approved.approved_by, approved.draft) == ("Rolf", False)
    assert amount_of(a_case(cast)) == 9
    with pytest.raises(Outdated):
        approve_limit(a_ruler("rosa"), draft.pk)


@pytest.mark.django_db
def test_a_new_version_ends_the_one_before_and_cases_that_are_there_keep_theirs(cast: Cast, hands: Hands) -> None:
    first = in_force(cast)
    old = a_case(cast)
    day = clock.today() + timedelta(days=3)
    second = in_force(cast, amount=4, valid_from=day)
    assert amount_of(a_case(cast)) == 9
    hands.go(days=3)
    assert (amount_of(a_case(cast)), amount_of(old)) == (4, 9)
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (day, None)
    with pytest.raises(Refused, match="begins on"):
        in_force(cast, amount=5, valid_from=day)


@pytest.mark.django_db
def test_a_draft_taken_back_and_a_limit_ended_leave_the_wider_classs_limit(cast: Cast, hands: Hands) -> None:
    in_force(cast, category_id=None, amount=30)
    row = in_force(cast, amount=9)
    draft = propose_limit(a_ruler("rita"), new(cast, amount=1))
    withdraw_limit(a_ruler("rolf"), draft.pk)
    assert not TimeLimit.objects.filter(draft=True).exists()
    assert Event.objects.get(kind="cases.limit_withdrawn").data["amount"] == 1
    hands.go(days=1)
    assert amount_of(a_case(cast)) == 9
    end_limit(a_ruler("rosa"), row.pk)
    assert amount_of(a_case(cast)) == 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"valid_from": date(2026, 9, 14)}, "what has been"),
        ({"deadline": "none"}, "none of this name"),
        ({"case_type": "none"}, "none of this name"),
        ({"category_id": 0}, "cannot have it"),
        ({"source": " "}, "missing"),
        ({"amount": 0}, "out of bounds"),
        ({"moves": True}, "only calendar days"),
    ],
)
def test_a_faulty_proposal_is_refused(cast: Cast, hands: Hands, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        propose_limit(a_ruler("rita"), new(cast, **given))
    assert not TimeLimit.objects.exists()


@pytest.mark.django_db
def test_who_may_not_change_rules_neither_proposes_nor_approves(cast: Cast, hands: Hands) -> None:
    draft = propose_limit(a_ruler("rita"), new(cast))
    with pytest.raises(Denied):
        propose_limit(cast.alice, new(cast))
    with pytest.raises(Denied):
        approve_limit(cast.alice, draft.pk)


@pytest.mark.django_db
def test_a_limit_whose_last_day_moves_ends_on_the_first_worked_day(cast: Cast, hands: Hands) -> None:
    in_force(cast, amount=10, unit="calendar_days", moves=True)
    row = Clock.objects.get(case=a_case(cast), deadline="whole")
    assert row.moves
    assert row.due_at == datetime(2026, 9, 28, 9, 30, tzinfo=UTC)  # the 25th is 中秋节, then a weekend


# trying it


@pytest.mark.django_db
def test_a_trial_says_who_would_have_been_late(cast: Cast, hands: Hands, django_assert_max_num_queries: Any) -> None:
    quick, slow = a_case(cast), a_case(cast)
    hands.go(hours=3)
    cases.move(cast.dispatcher, quick.pk, quick.revision, "void", Move(reason="no", outcome="void"))
    hands.go(days=8)
    draft = propose_limit(a_ruler("rita"), new(cast, amount=2))
    reader = an_actor(a_user("rob"), rights=RULER)
    cases.rulebook()
    with django_assert_max_num_queries(3):
        found = try_out(reader, draft, hands.now)
    assert (len(found.judged), found.late, found.late_then) == (2, 0, 1)
    assert [one.clock.case_id for one in found.turned] == [slow.pk]
    assert try_out(an_actor(a_user("una"), unit=cast.painters, rights=RULER), draft, hands.now).judged == []
    in_force(cast, category_id=None, amount=40)
    wider = propose_limit(a_ruler("rula"), new(cast, category_id=None, amount=1))
    assert try_out(reader, wider, hands.now).late_then == 2 - 1


@pytest.mark.django_db
def test_a_limit_for_a_wider_class_leaves_those_with_their_own_alone(cast: Cast, hands: Hands) -> None:
    in_force(cast, amount=20)
    a_case(cast)
    wider = propose_limit(a_ruler("rula"), new(cast, category_id=None, amount=1))
    assert try_out(a_ruler("rob"), wider, hands.now).judged == []


# who is told


@given(every=st.integers(0, 60), escalate=st.integers(0, 60), percent=st.integers(0, 99))
def test_a_plan_tells_each_step_once_in_order_and_ends(every: int, escalate: int, percent: int) -> None:
    plan = Plan(percent, every, escalate)
    steps: list[After] = []
    while (step := plan.after(len(steps))) is not None:
        steps.append(step)
        assert len(steps) <= MOST_REMINDERS + 1
    days = [step.days for step in steps]
    assert days == sorted(set(days))
    assert [step.days for step in steps if step.escalates] == ([escalate] if escalate else [])
    assert bool(steps) == bool(every or escalate)


@pytest.mark.django_db
def test_reminders_repeat_and_it_is_escalated_to_whom_the_limit_names(cast: Cast, hands: Hands) -> None:
    head, leader = a_user("hedda"), a_user("leo")
    a_post(head, "unit_head", cast.carpenters)
    a_post(leader, "town_leader", a_unit("town"))
    in_force(cast, amount=1, warn_at=0, remind_every=2, escalate_after=3, escalate_to=TimeLimit.Above.TOWN_LEADER)
    case = a_case(cast, unit_id=cast.carpenters.pk)
    row = Clock.objects.get(case=case, deadline="whole")
    assert row.next_step_at == row.due_at  # no warning
    hands.now = datetime(2026, 9, 24, 4, 0, tzinfo=UTC)  # six working days after
    sweeping.sweep()
    sweeping.sweep()
    events = Event.objects.filter(subject_type="cases.case", data__deadline="whole").order_by("id")
    kinds = [event.kind.removeprefix("cases.") for event in events]
    # two, three, four and six working days after it ran out: 09-20 is a swap day
    assert kinds == ["breached", "reminded", "escalated", "reminded", "reminded"]
    told = Message.objects.filter(template="cases.escalated", about_id=str(case.pk))
    assert leader.pk in set(told.values_list("recipient", flat=True))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "void", Move(reason="no", outcome="void"))
    count = Event.objects.count()
    hands.go(days=30)
    sweeping.sweep()
    assert Event.objects.count() == count


# pages


@pytest.mark.django_db
def test_two_people_make_a_limit_on_the_desk(client: Client, cast: Cast, hands: Hands) -> None:
    operations = a_unit("operations")
    users = [a_user("rita"), a_user("rolf")]
    for user in users:
        a_post(user, "dispatcher", operations)
    client.force_login(users[0])
    given = {
        "deadline": f"{REPAIR}/whole",
        "category": cast.bench.pk,
        "amount": 7,
        "unit": "working_days",
        "warn_at": 70,
        "remind_every": 2,
        "escalate_after": 3,
        "escalate_to": "unit_head",
        "valid_from": "2026-09-20",
        "source": "长征镇〔2026〕12号",
    }
    answer = client.post("/desk/cases/limit_new/", given)
    assert answer.status_code == 302
    page = answer["Location"]
    assert 'value="approve"' not in client.get(page).content.decode()
    assert client.post(page, {"action": "approve", "confirmed": "1"}).status_code == 422
    client.force_login(users[1])
    assert 'value="approve"' in client.get(page).content.decode()
    assert client.post(page, {"action": "approve", "confirmed": "1"}).status_code == 302
    row = TimeLimit.objects.get()
    assert (row.amount, row.warn_at, row.escalate_to, row.draft) == (7, 70, "unit_head", False)
    assert 'name="q"' in client.get("/desk/cases/limits/").content.decode()
    for query in ("", "?q=Bench", "?state=draft", "?state=holds", "?deadline=whole"):
        assert client.get(f"/desk/cases/limits/{query}").status_code == 200
    assert client.get(f"/desk/cases/limit_change/{row.pk}/").status_code == 200
