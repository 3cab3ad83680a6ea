"""Entering, changing and retiring devices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError

from zhen.kernel.access.api import Denied
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.devices import actions, queries
from zhen.kernel.telemetry.devices.credentials import issue
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.testing import a_device, new_device
from zhen.kernel.telemetry.tests.conftest import Cast


def test_who_runs_devices_enters_one_and_the_journal_says_so(cast: Cast, hands: Hands) -> None:
    device = actions.register(cast.alice, new_device("S-1", cast.building, cast.fire))

    assert (device.registered_at, device.kind_name) == (hands.now, "Weighing bench")
    assert Event.objects.get().kind == "telemetry.device_registered"
    assert queries.device(cast.alice, "S-1") == device


def test_a_stranger_neither_sees_nor_enters_devices(cast: Cast) -> None:
    a_device("S-1", cast.building, cast.fire)

    with pytest.raises(Denied):
        actions.register(cast.charlie, new_device("S-2", cast.building, cast.fire))
    for outsider in (cast.bob, cast.charlie):
        with pytest.raises(Missing):
            queries.device(outsider, "S-1")


def test_nobody_enters_or_moves_devices_for_a_unit_that_he_does_not_reach(cast: Cast) -> None:
    mine = a_device("S-1", cast.building, cast.fire)

    with pytest.raises(Denied):
        actions.register(cast.bob, new_device("S-2", cast.building, cast.fire))
    with pytest.raises(Denied):
        actions.edit(cast.alice, mine, new_device("S-1", cast.building, cast.lifts))
    with pytest.raises(Denied):
        actions.retire(cast.bob, mine, reason="broken")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "S 1"}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "*"}, "code"),
        ({"code": "a.b"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"name": " "}, "name"),
        ({"profile": "fire.nothing"}, "device profile"),
        ({"messages_per_minute": 0}, "messages per minute at most"),
        ({"installed_on": date(2026, 1, 2), "end_of_life": date(2026, 1, 2)}, "to be replaced by"),
        ({"gateway": "S-1"}, "behind the gateway"),
        ({"gateway": "G-9"}, "behind the gateway"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, changes: dict[str, object], field: str) -> None:
    new = replace(new_device("S-1", cast.building, cast.fire), **changes)  # type: ignore[arg-type]

    with pytest.raises(Refused) as refused:
        actions.register(cast.alice, new)

    assert str(refused.value.field) == field
    assert not Device.objects.exists()


def test_a_code_is_given_once_and_stays(cast: Cast) -> None:
    device = a_device("S-1", cast.building, cast.fire)

    with pytest.raises(Refused, match="there is a device with this code"):
        actions.register(cast.alice, new_device("S-1", cast.building, cast.fire))
    with pytest.raises(Refused, match="a code stays"):
        actions.edit(cast.alice, device, new_device("S-2", cast.building, cast.fire))


def test_the_database_refuses_a_code_that_would_be_a_wildcard(cast: Cast) -> None:
    device = a_device("S-1", cast.building, cast.fire)

    with pytest.raises(IntegrityError):
        Device.objects.filter(pk=device.pk).update(code=">")


def test_an_edit_says_what_changed(cast: Cast) -> None:
    device = a_device("S-1", cast.building, cast.fire)

    new = new_device("S-1", cast.building, cast.fire, spot="3rd floor, kitchen", end_of_life=date(2036, 1, 1))
    edited = actions.edit(cast.alice, device, new)

    assert edited.spot == "3rd floor, kitchen"
    assert Event.objects.latest("pk").data == {"code": "S-1", "changed": ["end_of_life", "spot"]}


def test_a_gateway_speaks_for_devices_but_is_behind_none(cast: Cast) -> None:
    gateway = a_device("G-1", cast.building, cast.fire)
    behind = a_device("S-1", cast.building, cast.fire, gateway="G-1")

    assert behind.gateway == gateway
    with pytest.raises(Refused, match="itself behind the gateway G-1"):
        actions.register(cast.alice, new_device("S-2", cast.building, cast.fire, gateway="S-1"))
    a_device("G-2", cast.building, cast.fire)
    with pytest.raises(Refused, match="itself behind the gateway G-1"):
        actions.edit(cast.alice, gateway, new_device("G-1", cast.building, cast.fire, gateway="G-2"))


def test_a_gateway_speaks_for_no_more_devices_than_a_connection_can_carry(cast: Cast, hands: Hands) -> None:
    a_device("G-1", cast.building, cast.fire)
    rows = [new_device(f"S-{number}", cast.building, cast.fire, gateway="G-1") for number in range(501)]

    with pytest.raises(Refused, match="at most 500 devices"):
        actions.write(cast.alice, rows, hands.now)


def test_a_retired_device_loses_its_credential_and_can_come_back(cast: Cast, hands: Hands) -> None:
    device = a_device("S-1", cast.building, cast.fire)
    issue(cast.alice, device)

    actions.retire(cast.alice, device, reason="the house is gone")

    assert not device.credentials.filter(queries.working(hands.now)).exists()
    with pytest.raises(Outdated):
        actions.retire(cast.alice, device, reason="again")
    with pytest.raises(Outdated, match="not in service"):
        issue(cast.alice, device)
    actions.restore(cast.alice, device)
    assert queries.device(cast.alice, "S-1").state == Device.State.ACTIVE


def test_what_has_outlived_its_contract_or_its_life_is_listed(cast: Cast) -> None:
    a_device("S-1", cast.building, cast.fire, maintained_until=date(2026, 9, 14))
    a_device("S-2", cast.building, cast.fire, end_of_life=date(2026, 9, 15))
    a_device("S-3", cast.building, cast.fire, maintained_until=date(2026, 9, 15), end_of_life=date(2026, 9, 16))

    found = queries.needing_care(cast.alice, date(2026, 9, 15))

    assert [device.code for device in found.order_by("code")] == ["S-1", "S-2"]
