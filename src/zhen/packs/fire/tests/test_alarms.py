"""An alarm becomes one case, and the case's end says what it was."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Case, case_for
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.api import Alarm, Incident, alarms, close_incident, false_alarms, profile_found
from zhen.kernel.telemetry.testing import follow, read
from zhen.packs.fire.tests.conftest import Cast, Hands, a_fire, checked, holding, step

pytestmark = pytest.mark.django_db


def test_smoke_opens_a_case_that_says_where(cast: Cast, hands: Hands) -> None:
    case = a_fire(cast)
    assert (case.number, case.state, case.place) == ("HJ-2026-000001", "new", cast.places["B1"])
    assert (case.unit, case.area) == (cast.safety, cast.places["N"])


def test_smoke_and_heat_in_one_building_are_one_incident_and_one_case(cast: Cast, hands: Hands) -> None:
    a_fire(cast)
    hands.go(minutes=2)
    read(cast.device("H-1", "fire.heat"), temperature=80)
    follow()
    assert (Alarm.objects.count(), Incident.objects.count(), Case.objects.count()) == (2, 1, 1)


def test_what_a_transmission_device_hears_joins_what_detectors_tell(cast: Cast, hands: Hands) -> None:
    a_fire(cast)
    read(cast.device("HALL-1-1-1-0A000200", profile_found("gb26875.component")), fire=1)
    follow()
    assert (Incident.objects.count(), Case.objects.count()) == (1, 1)


def test_who_takes_up_the_case_takes_up_its_alarms(cast: Cast, hands: Hands) -> None:
    step(cast.alice, a_fire(cast), "acknowledge")
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_by_id, alarm.next_step_at) == (cast.alice.id, None)


def test_the_cause_of_the_case_is_the_cause_of_its_alarms(cast: Cast, hands: Hands) -> None:
    case = step(cast.alice, checked(cast), "close", outcome="cooking")
    alarm, incident = Alarm.objects.get(), Incident.objects.get()
    assert (case.state, alarm.cause, incident.cause) == ("closed", "cooking", "cooking")
    assert alarm.note == "A pan was left on the stove"
    (rate,) = false_alarms(cast.bob, hands.now, hands.now.replace(year=2027), by="building")
    assert (rate.of, rate.rate) == (cast.places["B1"].pk, 100.0)


def test_a_case_does_not_end_without_a_cause(cast: Cast, hands: Hands) -> None:
    with pytest.raises(Refused) as refused:
        step(cast.alice, checked(cast), "close")
    assert "outcome" in str(refused.value)


def test_what_nobody_has_looked_at_cannot_be_called_dust(cast: Cast, hands: Hands) -> None:
    case = a_fire(cast)
    with pytest.raises(Refused, match="nobody has looked on the spot"):
        step(cast.alice, case, "close_unseen", outcome="dust", reason="As always")
    case = step(cast.alice, case, "close_unseen", outcome="test", reason="Drill of the school")
    assert (case.state, Alarm.objects.get().cause) == ("closed", "test")


def test_an_incident_that_the_desk_closed_keeps_its_cause(cast: Cast, hands: Hands) -> None:
    case = checked(cast)
    close_incident(cast.bob, Incident.objects.get().pk, cause="dust")
    with pytest.raises(Refused, match="its alarms were closed as"):
        step(cast.alice, case, "close", outcome="fire")
    assert step(cast.alice, case, "close", outcome="dust").state == "closed"


def test_alarms_of_another_unit_keep_the_case_open(cast: Cast, hands: Hands) -> None:
    case = checked(cast)
    theirs = cast.device("S-9", "fire.smoke")
    theirs.unit = cast.other
    theirs.save()
    read(theirs, smoke=1)
    with pytest.raises(Refused, match="they are not closed yet"):
        step(cast.alice, case, "close", outcome="cooking")


def test_a_battery_that_runs_down_opens_no_case(cast: Cast, hands: Hands) -> None:
    read(cast.device("S-2", "fire.smoke"), battery=9)
    follow()
    assert [alarm.rule for alarm in Alarm.objects.all()] == ["battery_low"]
    assert not Case.objects.exists()


def test_the_keeper_sees_the_alarms_of_his_building_and_no_others(cast: Cast, hands: Hands) -> None:
    a_fire(cast)
    read(cast.device("S-3", "fire.smoke", "B2"), smoke=1)
    assert [alarm.device.code for alarm in alarms(cast.ken)] == ["S-1"]


def test_another_unit_does_not_find_the_case(cast: Cast, hands: Hands) -> None:
    case = a_fire(cast)
    with pytest.raises(Missing):
        case_for(cast.charlie, case.number)
    with pytest.raises((Denied, Case.DoesNotExist)):
        step(cast.charlie, case, "acknowledge")


def test_who_was_on_the_spot_stops_the_calls_without_the_right_to_the_desk(cast: Cast, hands: Hands) -> None:
    walker = holding(a_user("wendy"), "grid_worker", area=cast.places["N"])
    case = step(walker, a_fire(cast), "check", result="A pan was left on the stove", reason="Nothing to show")
    alarm = Alarm.objects.get()
    assert (case.state, alarm.acknowledged_by_id, alarm.next_step_at) == ("checked", walker.id, None)
    assert not walker.may("telemetry.alarm.handle")
