"""The pages of alarms as people of the desk see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.models import Alarm, EscalationStep, Incident, Shift, Suppression
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place
from zhen.kernel.telemetry.tests.alarming import read
from zhen.web.tests.conftest import signed_in

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


@pytest.fixture
def dispatcher(hands: Hands, office: Unit) -> Client:
    return signed_in(a_user("dora", "朵拉"), "dispatcher", office)


@pytest.fixture
def alarm(hands: Hands, office: Unit) -> Alarm:
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    hands.go(seconds=1)
    read(a_device("S-1", a_place("B1", "No. 1"), office), load=600)
    return Alarm.objects.get()


def text(client: Client, address: str, **given: Any) -> str:
    answer = client.post(address, given, follow=True) if given else client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_board_shows_an_incident_where_it_stands(dispatcher: Client, alarm: Alarm) -> None:
    incident = Incident.objects.get()
    board = text(dispatcher, "/desk/telemetry/incidents/")
    assert f'href="/desk/telemetry/incidents/{incident.pk}/"' in board
    assert "Too much on the bench · No. 1" in board
    assert 'data-live="telemetry.alarm_' in board
    assert "data-live-follows" in board


def test_an_incident_is_acknowledged_and_closed_with_a_cause(dispatcher: Client, alarm: Alarm) -> None:
    address = f"/desk/telemetry/incidents/{Incident.objects.get().pk}/"
    assert "device S-1" in text(dispatcher, address)
    text(dispatcher, address, action="acknowledge")
    assert Alarm.objects.get().acknowledged_by is not None

    form = f"/desk/telemetry/incident_close/{Incident.objects.get().pk}/"
    assert "device fault" in text(dispatcher, form)
    assert dispatcher.post(form, {"cause": "cooking"}).status_code == 422
    text(dispatcher, form, cause="fault", note="a broken sensor")
    assert (Incident.objects.get().cause, Alarm.objects.get().note) == ("fault", "a broken sensor")


def test_an_alarm_can_be_given_to_somebody_commented_cleared_and_suppressed(dispatcher: Client, alarm: Alarm) -> None:
    address = f"/desk/telemetry/alarms/{alarm.pk}/"
    assert "load 600 kg" in text(dispatcher, address)
    dora = a_user("dora2", "朵拉二")
    assert dispatcher.post(f"/desk/telemetry/alarm_assign/{alarm.pk}/", {"person": dora.pk}).status_code == 422
    text(dispatcher, f"/desk/telemetry/alarm_comment/{alarm.pk}/", text="on my way")
    assert "on my way" in text(dispatcher, address)
    text(
        dispatcher,
        f"/desk/telemetry/suppress/{alarm.pk}/",
        starts_at="2026-09-15T10:00",
        ends_at="2026-09-15T12:00",
        reason="test",
    )
    assert Suppression.objects.get().device == alarm.device
    text(dispatcher, address, action="clear", confirmed="1")
    assert Alarm.objects.get().cleared_by is not None
    assert "in force" in text(dispatcher, "/desk/telemetry/suppressions/")
    key = Suppression.objects.get().pk
    text(dispatcher, f"/desk/telemetry/suppressions/{key}/", action="end", confirmed="1")
    assert "over" in text(dispatcher, f"/desk/telemetry/suppressions/{key}/")


def test_rosters_and_steps_are_made_on_pages(dispatcher: Client, alarm: Alarm, office: Unit) -> None:
    guard = a_user("guard", "门卫")
    given = {"unit": office.pk, "user": guard.pk, "starts_at": "2026-09-15T10:00", "ends_at": "2026-09-15T18:00"}
    assert "门卫" in text(dispatcher, "/desk/telemetry/shift/", **given)
    shift = Shift.objects.get()
    text(dispatcher, "/desk/telemetry/shifts/", action="remove", key=shift.pk, confirmed="1")
    assert not Shift.objects.filter(ends_at__gt=NOW.replace(minute=1)).exists()

    step = {"unit": office.pk, "after_minutes": "1.5", "whom": "person", "person": guard.pk, "severity": 2}
    text(dispatcher, "/desk/telemetry/step/", **step)
    row = EscalationStep.objects.get()
    assert (row.after_seconds, row.person) == (90, guard)
    text(dispatcher, "/desk/telemetry/steps/", action="remove", key=row.pk, confirmed="1")
    assert not EscalationStep.objects.exists()


def test_the_wall_says_what_needs_somebody(dispatcher: Client, alarm: Alarm) -> None:
    wall = text(dispatcher, "/cockpit/telemetry/wall/")
    assert "Too much on the bench · No. 1" in wall
    assert "nobody has acknowledged" in wall


@pytest.mark.parametrize("state", ["open", "active", "unseen", "suppressed", "closed"])
def test_the_list_of_alarms_is_narrowed_by_state(dispatcher: Client, alarm: Alarm, state: str) -> None:
    page = text(dispatcher, f"/desk/telemetry/alarms/?state={state}&severity=2&profile=dummy_pack.seat")
    assert ("device S-1" in page) is (state in ("open", "active", "unseen"))


def test_a_stranger_sees_none_of_it(stranger: Client, alarm: Alarm) -> None:
    for address in ("incidents", "alarms", f"alarms/{alarm.pk}", "shifts", "steps", "suppressions"):
        assert stranger.get(f"/desk/telemetry/{address}/").status_code == 403
    assert stranger.get("/cockpit/telemetry/wall/").status_code == 403


def test_the_board_takes_as_many_queries_for_many_incidents_as_for_few(
    dispatcher: Client, alarm: Alarm, office: Unit, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        read(a_device(f"T-{number}", a_place(f"C{number}"), office), load=600)
    dispatcher.get("/desk/telemetry/incidents/")
    for address in ("/desk/telemetry/incidents/", "/desk/telemetry/alarms/", "/cockpit/telemetry/wall/"):
        with django_assert_max_num_queries(20):
            dispatcher.get(address)
