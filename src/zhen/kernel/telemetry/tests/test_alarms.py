"""From readings to alarms, incidents and cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.cases.api import Case
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.alarms.following import follow
from zhen.kernel.telemetry.alarms.sweeping import sweep_due
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.models import Alarm, Incident, RuleState
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.preparing import prepare
from zhen.kernel.telemetry.testing import TESTER, a_device
from zhen.kernel.telemetry.tests.alarming import Newest, alarm_of, inside, read
from zhen.kernel.telemetry.tests.conftest import Cast

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [kind for kind in Event.objects.order_by("pk").values_list("kind", flat=True) if "alarm" in kind]


def test_a_condition_that_lasts_opens_one_alarm_and_its_end_clears_it(cast: Cast, hands: Hands) -> None:
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    began = hands.now
    read(seat, newest, load=600)
    hands.go(minutes=4)
    read(seat, newest, load=700)
    assert not Alarm.objects.exists()

    hands.go(minutes=2)
    sweep_due()
    alarm = alarm_of(seat)
    assert (alarm.opened_at, alarm.received_at) == (began + timedelta(minutes=5), hands.now)
    assert (alarm.severity, alarm.place, alarm.unit) == (Severity.MAJOR, cast.building, cast.fire)

    hands.go(minutes=1)
    read(seat, newest, load=100)
    assert alarm_of(seat).cleared_at == hands.now
    assert kinds() == ["telemetry.alarm_opened", "telemetry.alarm_over"]


def test_a_restart_between_the_two_halves_changes_nothing(cast: Cast, hands: Hands) -> None:
    """Everything that is remembered lies in the database: the second half knows only that."""
    seat = a_device("S-1", cast.building, cast.fire)
    read(seat, load=600)
    stored = RuleState.objects.get(device=seat, rule="too_heavy")
    assert stored.due_at == hands.now + timedelta(minutes=5)
    hands.go(minutes=5)
    assert [one.rule for one in read(seat, load=601)] == ["too_heavy"]


def test_the_database_holds_one_active_alarm_for_a_device_and_rule(cast: Cast, hands: Hands) -> None:
    seat = a_device("S-1", cast.building, cast.fire)
    facts = {
        "device": seat, "rule": "too_heavy", "profile": seat.profile, "place": cast.building, "unit": cast.fire,
        "severity": Severity.MAJOR, "opened_at": hands.now, "received_at": hands.now,
    }  # fmt: skip
    first = Alarm.objects.create(**facts)
    with pytest.raises(IntegrityError, match="telemetry_alarm_one_active"), transaction.atomic():
        Alarm.objects.create(**facts)
    first.cleared_at = hands.now
    first.save()
    Alarm.objects.create(**facts)


def test_a_limit_of_one_device_holds_for_it_alone(cast: Cast, hands: Hands) -> None:
    one, other = a_device("S-1", cast.building, cast.fire), a_device("S-2", cast.building, cast.fire)
    set_parameter(
        TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test", device=one
    )
    read(one, load=600)
    read(other, load=600)
    assert [alarm.device for alarm in Alarm.objects.all()] == [one]


def heavy(cast: Cast, *codes: str) -> list[Alarm]:
    """Devices whose alarm needs no time."""
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    for code in codes:
        read(a_device(code, cast.building, cast.fire), load=600)
    return list(Alarm.objects.order_by("pk"))


def test_a_burst_in_a_building_is_one_incident_and_one_case(cast: Cast, hands: Hands) -> None:
    building = inside(cast.building, "H1")
    rooms = [inside(building, f"H1-{number}", "room") for number in (1, 2)]
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    for number, place in enumerate((*rooms, building)):
        hands.go(minutes=1)
        read(a_device(f"S-{number}", place, cast.fire), load=600)
        follow()
    incident = Incident.objects.get()
    case = Case.objects.get()
    assert (incident.building, incident.alarm_count, incident.case) == (building, 3, case)
    assert (case.type, case.source, case.source_ref, case.place_id) == (
        "dummy_pack.repair", "alarm", str(incident.pk), building.pk,
    )  # fmt: skip
    assert "Too much on the bench" in case.title or "H1" in case.title
    assert set(Alarm.objects.values_list("incident", flat=True)) == {incident.pk}


def test_an_alarm_after_the_burst_is_another_incident(cast: Cast, hands: Hands) -> None:
    heavy(cast, "S-1")
    hands.go(minutes=11)
    read(a_device("S-2", cast.building, cast.fire), load=600)
    assert Incident.objects.count() == 2


def test_a_case_that_is_there_already_is_never_opened_again(cast: Cast, hands: Hands) -> None:
    heavy(cast, "S-1")
    follow()
    follow()
    Incident.objects.update(case=None)  # as after a crash between the two writes, were they two transactions
    follow()
    assert Incident.objects.get().case == Case.objects.get()


def test_a_notice_opens_no_case_and_closes_by_itself(cast: Cast, hands: Hands) -> None:
    seat = a_device("S-1", cast.building, cast.fire)
    sweep_due()
    hands.go(minutes=31)
    sweep_due()
    follow()
    alarm = alarm_of(seat, "silent")
    assert (alarm.severity, Case.objects.exists()) == (Severity.NOTICE, False)
    read(seat, load=1)
    alarm.refresh_from_db()
    assert (alarm.cleared_at, alarm.closed_at, alarm.cause) == (hands.now, hands.now, "passed")


def test_silence_fires_within_an_interval_of_its_time_and_clears(cast: Cast, hands: Hands) -> None:
    """Three intervals of ten minutes after the last reading; looked at every minute."""
    seat, newest = a_device("S-1", cast.building, cast.fire), Newest()
    sweep_due()
    hands.go(minutes=20)
    read(seat, newest, load=1)
    last = hands.now
    for _minute in range(40):
        hands.go(minutes=1)
        sweep_due()
    alarm = alarm_of(seat, "silent")
    assert alarm.opened_at == last + timedelta(minutes=30)
    assert alarm.received_at - alarm.opened_at <= timedelta(minutes=1)


def test_a_town_that_was_away_itself_calls_no_device_silent_before_its_full_time(cast: Cast, hands: Hands) -> None:
    heard, lost = (a_device(f"S-{number}", cast.building, cast.fire) for number in (1, 2))
    newest = Newest()
    sweep_due()
    for seat in (heard, lost):
        read(seat, newest, load=1)
    hands.go(hours=8)  # the town is stopped in the evening, and started in the morning
    prepare()
    sweep_due()
    hands.go(minutes=9)
    read(heard, newest, load=1)
    back = hands.now
    for _minute in range(22):
        hands.go(minutes=1)
        sweep_due()
    (alarm,) = Alarm.objects.all()
    assert alarm.device == lost
    assert alarm.received_at - back <= timedelta(minutes=22)


def test_a_retired_device_is_silent_without_an_alarm(cast: Cast, hands: Hands) -> None:
    seat = a_device("S-1", cast.building, cast.fire)
    sweep_due()
    seat.state = seat.State.RETIRED
    seat.save()
    hands.go(minutes=60)
    sweep_due()
    assert not Alarm.objects.exists()
    assert not RuleState.objects.exists()


def test_when_a_gateway_is_away_only_it_is_called_silent(cast: Cast, hands: Hands) -> None:
    gateway = a_device("G-1", cast.building, cast.fire)
    parts = [a_device(f"S-{number}", cast.building, cast.fire, gateway="G-1") for number in (1, 2)]
    sweep_due()
    newest = Newest()
    for part in parts:
        read(part, newest, load=1)
    for _minute in range(70):
        hands.go(minutes=1)
        sweep_due()
    assert [alarm.device for alarm in Alarm.objects.all()] == [gateway]

    read(parts[0], newest, load=1)
    hands.go(minutes=1)
    sweep_due()
    for _minute in range(70):
        hands.go(minutes=1)
        read(parts[0], newest, load=1)
        sweep_due()
    silent = Alarm.objects.filter(cleared_at=None)
    assert [alarm.device for alarm in silent] == [parts[1]], "its gateway is heard through the other one"
