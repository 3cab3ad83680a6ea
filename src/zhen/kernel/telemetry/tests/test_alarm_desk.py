"""What people do with alarms, who is told, and what is suppressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from zhen.kernel.access.api import Actor, Denied, Reach
from zhen.kernel.cases.api import Move
from zhen.kernel.identity.api import Post, User
from zhen.kernel.identity.testing import a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.notify.api import Message
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.alarms import actions, duty, queries, windows
from zhen.kernel.telemetry.alarms.casing import check_settled
from zhen.kernel.telemetry.alarms.following import follow
from zhen.kernel.telemetry.models import Alarm, EscalationStep, Incident
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.testing import TESTER, a_device
from zhen.kernel.telemetry.tests.alarming import ALARM_RIGHTS, Newest, alarm_of, inside, read
from zhen.kernel.telemetry.tests.conftest import Cast, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(cast: Cast) -> Actor:
    return an_actor(User.objects.get(username="alice"), cast.fire, ALARM_RIGHTS)


@pytest.fixture
def bob(cast: Cast) -> Actor:
    return an_actor(User.objects.get(username="bob"), cast.lifts, ALARM_RIGHTS)


@pytest.fixture
def at_once(cast: Cast, hands: Hands) -> Hands:
    """The rule of the bench needs no time."""
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    hands.go(seconds=1)
    return hands


def an_alarm(cast: Cast, code: str = "S-1") -> Alarm:
    seat = a_device(code, cast.building, cast.fire)
    read(seat, load=600)
    return alarm_of(seat)


def on_post(user: User, role: str, cast: Cast) -> User:
    Post.objects.create(user=user, unit=cast.fire, role=role, valid_from=date(2026, 1, 1))
    return user


def told() -> list[str]:
    return [message.recipient.username for message in Message.objects.select_related("recipient").order_by("pk")]


def test_who_acknowledges_is_kept_and_nobody_else_is_called(cast: Cast, at_once: Hands, alice: Actor) -> None:
    alarm = an_alarm(cast)
    assert alarm.next_step_at == at_once.now
    assert actions.acknowledge(alice, [alarm.pk]) == 1
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_by_id, alarm.acknowledged_at, alarm.next_step_at) == (alice.id, at_once.now, None)
    assert actions.acknowledge(alice, [alarm.pk]) == 0, "it stays the first one's"
    assert Event.objects.filter(kind="telemetry.alarm_acknowledged").count() == 1


def test_alarms_of_another_unit_are_out_of_reach(cast: Cast, at_once: Hands, bob: Actor) -> None:
    alarm = an_alarm(cast)
    assert actions.acknowledge(bob, [alarm.pk]) == 0
    with pytest.raises(Alarm.DoesNotExist):
        actions.close(bob, alarm.pk, cause="test")
    with pytest.raises(Missing):
        queries.alarm(bob, str(alarm.pk))


def test_without_the_right_nothing_is_done(cast: Cast, at_once: Hands) -> None:
    alarm = an_alarm(cast)
    for act in (
        lambda: actions.acknowledge(cast.alice, [alarm.pk]),
        lambda: actions.clear(cast.alice, alarm.pk),
        lambda: actions.close(cast.alice, alarm.pk, cause="test"),
        lambda: actions.comment(cast.alice, alarm.pk, "on my way"),
    ):
        with pytest.raises(Denied):
            act()


def test_closing_needs_a_cause_of_the_profile(cast: Cast, at_once: Hands, alice: Actor) -> None:
    alarm = an_alarm(cast)
    with pytest.raises(Refused, match="no cause of this kind"):
        actions.close(alice, alarm.pk, cause="cooking")
    with pytest.raises(Refused):
        actions.close(alice, alarm.pk, cause="passed")
    actions.close(alice, alarm.pk, cause="test", note="a bag of sand")
    alarm.refresh_from_db()
    assert (alarm.cause, alarm.note, alarm.closed_by_id, alarm.acknowledged_by_id) == (
        "test", "a bag of sand", alice.id, alice.id,
    )  # fmt: skip
    with pytest.raises(Outdated):
        actions.close(alice, alarm.pk, cause="real")


def test_a_closed_alarm_that_goes_on_opens_no_new_one_until_it_is_over(
    cast: Cast, at_once: Hands, alice: Actor
) -> None:
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    read(seat, newest, load=600)
    actions.close(alice, alarm_of(seat).pk, cause="real")
    for load in (600, 700, 300, 600):
        at_once.go(minutes=1)
        read(seat, newest, load=load)
    assert [alarm.closed for alarm in Alarm.objects.order_by("pk")] == [True, False]


def test_a_person_clears_what_the_device_cannot_and_the_next_reading_alarms_anew(
    cast: Cast, at_once: Hands, alice: Actor
) -> None:
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    read(seat, newest, load=600)
    actions.clear(alice, alarm_of(seat).pk)
    assert Alarm.objects.get().cleared_by_id == alice.id
    with pytest.raises(Outdated):
        actions.clear(alice, Alarm.objects.get().pk)
    at_once.go(minutes=1)
    read(seat, newest, load=600)
    assert Alarm.objects.count() == 2


def test_an_incident_is_closed_as_a_whole_and_each_alarm_with_it(cast: Cast, at_once: Hands, alice: Actor) -> None:
    for code in ("S-1", "S-2", "S-3"):
        an_alarm(cast, code)
    incident = Incident.objects.get()
    actions.acknowledge_incident(alice, incident.pk)
    with pytest.raises(Outdated):
        actions.acknowledge_incident(alice, incident.pk)
    actions.close_incident(alice, incident.pk, cause="real")
    incident.refresh_from_db()
    assert (incident.cause, incident.closed_at) == ("real", at_once.now)
    assert set(Alarm.objects.values_list("cause", flat=True)) == {"real"}


def test_an_incident_is_over_with_its_last_alarm(cast: Cast, at_once: Hands, alice: Actor) -> None:
    first, second = an_alarm(cast, "S-1"), an_alarm(cast, "S-2")
    actions.close(alice, first.pk, cause="test")
    assert Incident.objects.get().closed_at is None
    actions.close(alice, second.pk, cause="fault")
    assert Incident.objects.get().closed_at == at_once.now


def test_a_case_ends_when_its_alarms_have_a_cause(cast: Cast, at_once: Hands, alice: Actor) -> None:
    an_alarm(cast)
    follow()
    incident = Incident.objects.get()
    assert incident.case is not None
    with pytest.raises(Refused, match="not closed yet"):
        check_settled(alice, incident.case, Move(), at_once.now)
    actions.close_incident(alice, incident.pk, cause="real")
    check_settled(alice, incident.case, Move(), at_once.now)


def test_who_gets_an_alarm_hears_of_it(cast: Cast, at_once: Hands, alice: Actor) -> None:
    alarm, dora = an_alarm(cast), a_user("dora")
    actions.assign(alice, alarm.pk, dora)
    assert told() == ["dora"]
    assert Alarm.objects.get().assigned_to == dora


def test_a_comment_says_something(cast: Cast, at_once: Hands, alice: Actor) -> None:
    alarm = an_alarm(cast)
    actions.comment(alice, alarm.pk, " on my way ")
    assert alarm.comments.get().text == "on my way"
    with pytest.raises(Refused):
        actions.comment(alice, alarm.pk, "  ")


def test_an_alarm_calls_the_roster_then_the_leader_then_the_centre(cast: Cast, at_once: Hands) -> None:
    guard, head = a_user("guard"), on_post(a_user("head"), "unit_head", cast)
    on_post(a_user("dispatcher"), "dispatcher", cast)
    duty.put_on_duty(TESTER, cast.fire, guard, at_once.now - timedelta(hours=1), at_once.now + timedelta(hours=8))
    an_alarm(cast)
    follow()
    assert told() == ["guard"]
    at_once.go(minutes=2)
    follow()
    assert told() == ["guard"], "three minutes are not over"
    at_once.go(minutes=1)
    follow()
    assert told() == ["guard", head.username]
    at_once.go(minutes=5)
    follow()
    follow()
    assert told() == ["guard", "head", "dispatcher"]
    assert Alarm.objects.get().next_step_at is None


def test_acknowledging_stops_the_steps(cast: Cast, at_once: Hands, alice: Actor) -> None:
    on_post(a_user("head"), "unit_head", cast)
    alarm = an_alarm(cast)
    follow()
    assert told() == ["head"], "nobody is on duty, so the leader is told at once"
    actions.acknowledge(alice, [alarm.pk])
    at_once.go(hours=1)
    follow()
    assert told() == ["head"]


def test_a_unit_has_a_call_tree_of_its_own(cast: Cast, at_once: Hands) -> None:
    people = [a_user(name) for name in ("first", "second", "third")]
    duty.set_steps(
        TESTER,
        cast.fire,
        [duty.NewStep(after_seconds=60 * number, whom="person", person=person) for number, person in enumerate(people)],
    )
    an_alarm(cast)
    for _minute in range(4):
        follow()
        at_once.go(minutes=1)
    assert told() == ["first", "second", "third"]
    assert EscalationStep.objects.count() == 3


def test_a_storm_of_alarms_is_no_storm_of_messages(cast: Cast, at_once: Hands) -> None:
    on_post(a_user("head"), "unit_head", cast)
    for number in range(12):
        an_alarm(cast, f"S-{number}")
        follow()
    assert told() == ["head"]


def test_a_suppressed_alarm_is_recorded_and_troubles_nobody(cast: Cast, at_once: Hands, alice: Actor) -> None:
    on_post(a_user("head"), "unit_head", cast)
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    windows.suppress(
        alice, device=seat, starts_at=at_once.now, ends_at=at_once.now + timedelta(hours=2), reason="yearly test"
    )
    read(seat, newest, load=600)
    follow()
    alarm = alarm_of(seat)
    assert (alarm.suppression is not None, alarm.incident, told()) == (True, None, [])
    assert list(Event.objects.filter(kind__startswith="telemetry.alarm").values_list("kind", flat=True)) == [
        "telemetry.alarm_suppressed"
    ]
    at_once.go(minutes=30)
    read(seat, newest, load=10)
    at_once.go(hours=2)
    follow()
    alarm.refresh_from_db()
    assert (alarm.cause, told()) == ("test", [])


def test_what_is_still_active_after_a_suppression_is_shown(cast: Cast, at_once: Hands, alice: Actor) -> None:
    on_post(a_user("head"), "unit_head", cast)
    seat = a_device("S-1", inside(cast.building, "H1"), cast.fire)
    town = replace(alice, grants=tuple(replace(grant, reach=Reach.TOWN, units=None) for grant in alice.grants))
    row = windows.suppress(
        town,
        place=cast.building,
        unit_id=cast.fire.pk,
        starts_at=at_once.now,
        ends_at=at_once.now + timedelta(hours=2),
        reason="works",
    )
    read(seat, load=600)
    assert alarm_of(seat).suppression == row, "the place covers all that is in it"
    at_once.go(minutes=10)
    windows.end_suppression(town, row.pk)
    follow()
    alarm = alarm_of(seat)
    assert (alarm.suppression, alarm.incident is not None, told()) == (None, True, ["head"])
    with pytest.raises(Outdated):
        windows.end_suppression(town, row.pk)


def test_a_suppression_has_a_reason_an_end_and_a_device_in_reach(
    cast: Cast, at_once: Hands, alice: Actor, bob: Actor
) -> None:
    seat = a_device("S-1", cast.building, cast.fire)
    start, end = at_once.now, at_once.now + timedelta(hours=1)
    with pytest.raises(Refused, match="reason"):
        windows.suppress(alice, device=seat, starts_at=start, ends_at=end, reason=" ")
    for wrong in (start, start + timedelta(days=8)):
        with pytest.raises(Refused, match="until"):
            windows.suppress(alice, device=seat, starts_at=start, ends_at=wrong, reason="works")
    with pytest.raises(Denied):
        windows.suppress(bob, device=seat, starts_at=start, ends_at=end, reason="works")


def test_the_rate_of_false_alarms_counts_neither_tests_nor_what_is_open(
    cast: Cast, at_once: Hands, alice: Actor
) -> None:
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    for cause in ("real", "fault", "fault", "test", ""):
        at_once.go(minutes=20)
        read(seat, newest, load=600)
        if cause:
            actions.close(alice, Alarm.objects.get(closed_at=None).pk, cause=cause)
            read(seat, newest, at=at_once.now + timedelta(seconds=1), load=0)
    first, last = at_once.now - timedelta(days=1), at_once.now + timedelta(days=1)
    by_device = queries.false_alarms(alice, first, last)
    assert [(one.of, one.false, one.counted) for one in by_device] == [(seat.pk, 2, 3)]
    by_building = queries.false_alarms(alice, first, last, by="building")
    assert [(one.of, round(one.rate or 0)) for one in by_building] == [(cast.building.pk, 67)]
    assert queries.false_ones(first, last).count() == 2
