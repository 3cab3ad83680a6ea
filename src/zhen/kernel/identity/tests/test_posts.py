"""Posts: what they give, when they end, and which are never in one hand."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, Denied, Duty
from zhen.kernel.identity.actions.posts import deputise, end_post, give_post, hand_over
from zhen.kernel.identity.models import Post, Unit, User
from zhen.kernel.identity.queries import actor_for
from zhen.kernel.identity.rules import Span, conflicting_duty
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.models import Event

DAY = timedelta(days=1)


def test_a_post_gives_its_rights_from_its_first_day(
    security_administrator: Actor, charlie: User, office: Unit, today: date
) -> None:
    give_post(security_administrator, user=charlie, role="unit_clerk", unit=office, valid_from=today)
    assert actor_for(charlie, day=today).holds("unit_clerk")
    assert not actor_for(charlie, day=today - DAY).grants
    assert Event.objects.get(kind="identity.post_given").data["role"] == "unit_clerk"


def test_the_actor_of_a_request_takes_two_queries(alice: User, today: date, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        actor = actor_for(alice, day=today)
    assert actor.may("identity.directory.read")


def test_a_head_reaches_the_units_below_his_own(town: Unit, office: Unit, charlie: User, today: date) -> None:
    desk = a_unit("desk", under=office)
    a_post(charlie, "unit_head", office)
    (grant,) = actor_for(charlie, day=today).grants
    assert grant.units == frozenset({office.pk, desk.pk})


def test_a_post_needs_the_right_in_force(shen: User, charlie: User, office: Unit, today: date) -> None:
    with pytest.raises(Denied):
        give_post(actor_for(shen, day=today), user=charlie, role="unit_clerk", unit=office, valid_from=today)


def test_nobody_gives_himself_a_post(security_administrator: Actor, shen: User, office: Unit, today: date) -> None:
    with pytest.raises(Denied):
        give_post(security_administrator, user=shen, role="security_administrator", unit=office, valid_from=today)


def test_a_role_for_an_area_asks_for_the_area(
    security_administrator: Actor, charlie: User, office: Unit, today: date
) -> None:
    with pytest.raises(ValidationError) as error:
        give_post(security_administrator, user=charlie, role="grid_worker", unit=office, valid_from=today)
    assert list(error.value.message_dict) == ["area"]


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "auditor"])
def test_a_clerk_does_not_become_an_administrator_as_well(
    security_administrator: Actor, alice: User, office: Unit, today: date, role: str
) -> None:
    with pytest.raises(ValidationError) as error:
        give_post(security_administrator, user=alice, role=role, unit=office, valid_from=today)
    assert error.value.error_dict["role"][0].code == "separate_duties"


def test_one_administrator_does_not_hold_two_of_the_three_duties(
    security_administrator: Actor, sun: User, office: Unit, today: date
) -> None:
    with pytest.raises(ValidationError, match="separate hands"):
        give_post(security_administrator, user=sun, role="auditor", unit=office, valid_from=today)


def test_a_duty_may_follow_another_one(security_administrator: Actor, sun: User, office: Unit, today: date) -> None:
    end_post(security_administrator, sun.posts.get(), on=today, reason="moves to audit")
    give_post(security_administrator, user=sun, role="auditor", unit=office, valid_from=today)
    assert actor_for(sun, day=today).holds("auditor")


def test_the_database_itself_keeps_duties_apart(alice: User, office: Unit) -> None:
    with pytest.raises(IntegrityError, match="identity_post_separate_duties"), transaction.atomic():
        a_post(alice, "auditor", office)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_cannot_mix_duties(
    security_administrator: Actor, charlie: User, office: Unit, today: date
) -> None:
    barrier = Barrier(2)
    outcomes: list[str] = []

    def give(role: str) -> None:
        barrier.wait()
        try:
            give_post(security_administrator, user=charlie, role=role, unit=office, valid_from=today)
            outcomes.append("given")
        except ValidationError as error:
            outcomes.append(str(error.error_dict["role"][0].code))
        finally:
            connection.close()

    threads = [Thread(target=give, args=(role,)) for role in ("unit_clerk", "auditor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "separate_duties"]


def test_an_ended_post_gives_nothing_from_that_day(security_administrator: Actor, alice: User, today: date) -> None:
    end_post(security_administrator, alice.posts.get(), on=today, reason="leaves")
    assert not actor_for(alice, day=today).grants
    assert actor_for(alice, day=today - DAY).grants


def test_a_post_that_has_not_begun_is_withdrawn(
    security_administrator: Actor, charlie: User, office: Unit, today: date
) -> None:
    post = give_post(security_administrator, user=charlie, role="unit_clerk", unit=office, valid_from=today + DAY)
    end_post(security_administrator, post, on=today, reason="a mistake")
    assert not Post.objects.filter(user=charlie).exists()
    assert Event.objects.filter(kind="identity.post_withdrawn").count() == 1


def test_the_holder_names_a_deputy(bob: User, charlie: User, today: date) -> None:
    deputise(actor_for(bob, day=today), bob.posts.get(), user=charlie, valid_from=today, valid_to=today + 7 * DAY)
    assert actor_for(charlie, day=today).holds("unit_head")
    assert not actor_for(charlie, day=today + 7 * DAY).grants


def test_a_deputy_acts_only_while_the_post_is_held(
    security_administrator: Actor, bob: User, charlie: User, today: date
) -> None:
    post = bob.posts.get()
    deputise(actor_for(bob, day=today), post, user=charlie, valid_from=today - DAY, valid_to=today + 7 * DAY)
    end_post(security_administrator, post, on=today, reason="leaves")
    assert not actor_for(charlie, day=today).grants


def test_a_deputy_names_no_deputy(bob: User, alice: User, charlie: User, today: date) -> None:
    deputy = deputise(actor_for(bob, day=today), bob.posts.get(), user=charlie, valid_from=today, valid_to=today + DAY)
    with pytest.raises(ValidationError, match="deputy cannot name"):
        deputise(actor_for(charlie, day=today), deputy, user=alice, valid_from=today, valid_to=today + DAY)


def test_a_stranger_names_no_deputy(bob: User, alice: User, charlie: User, today: date) -> None:
    with pytest.raises(Denied):
        deputise(actor_for(alice, day=today), bob.posts.get(), user=charlie, valid_from=today, valid_to=today + DAY)


def test_an_administrator_cannot_pass_on_his_post_himself(sun: User, charlie: User, today: date) -> None:
    with pytest.raises(Denied):
        deputise(actor_for(sun, day=today), sun.posts.get(), user=charlie, valid_from=today, valid_to=today + DAY)


def test_handing_over_moves_all_posts_to_the_successor(
    security_administrator: Actor, bob: User, charlie: User, town: Unit, today: date
) -> None:
    a_post(bob, "dispatcher", town)
    hand_over(security_administrator, user=bob, successor=charlie, on=today)
    assert not actor_for(bob, day=today).grants
    assert {grant.role for grant in actor_for(charlie, day=today).grants} == {"unit_head", "dispatcher"}
    assert Event.objects.get(kind="identity.handed_over").data["count"] == 2


def test_a_machine_does_not_administer(security_administrator: Actor, office: Unit, today: date) -> None:
    machine = a_user("meter", is_machine=True)
    with pytest.raises(ValidationError, match="machine"):
        give_post(security_administrator, user=machine, role="auditor", unit=office, valid_from=today)


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
spans = st.tuples(days, days | st.none()).map(
    lambda pair: Span(start=pair[0], end=None if pair[1] is None else max(pair[1], pair[0] + DAY))
)


@given(spans, spans)
def test_two_spans_overlap_where_they_share_a_day(one: Span, other: Span) -> None:
    shared = max(one.start, other.start)
    both = all(span.start <= shared and (span.end is None or shared < span.end) for span in (one, other))
    assert one.overlaps(other) is both
    assert one.overlaps(other) is other.overlaps(one)


@given(st.lists(st.tuples(st.sampled_from(Duty), spans), max_size=8))
def test_what_the_rule_lets_through_never_mixes_duties(wanted: list[tuple[Duty, Span]]) -> None:
    held: list[tuple[Duty, Span]] = []
    for duty, span in wanted:
        if conflicting_duty(held, duty, span) is None:
            held.append((duty, span))
    assert all(a[0] is b[0] or not a[1].overlaps(b[1]) for a in held for b in held)
