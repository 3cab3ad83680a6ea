"""Registering transmission devices, parts that were found, and frames that were kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhen.gateways.gb26875 import actions, queries, recording
from zhen.gateways.gb26875.mapping import Part
from zhen.gateways.gb26875.models import FoundPart, KeptFrame
from zhen.gateways.gb26875.recording import GATEWAY, Found
from zhen.gateways.gb26875.server.book import Kept, Why
from zhen.gateways.gb26875.tests.conftest import NOW, SOURCE, Cast
from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.api import profile_found
from zhen.kernel.telemetry.testing import a_device

SYSTEM = Actor.system("test")
SMOKE = Found(part=Part(system_type=1, system_address=1, address=b"\1\0\1\0"), component_type=40, text="一层走廊")
PUMP = Found(part=Part(system_type=11, system_address=1, address=b"\2\0\1\0"), component_type=91, text="")
HYDRANTS = Found(part=Part(system_type=11, system_address=1), component_type=None, text="")


def test_an_address_belongs_to_one_device_and_a_device_has_one(cast: Cast) -> None:
    third = a_device("HALL-3", cast.hall, cast.terminal.device.unit, profile="gb26875.device")
    with pytest.raises(Refused, match="a transmission device has this address"):
        actions.register(SYSTEM, third, source="889")
    with pytest.raises(Refused, match="it has an address already"):
        actions.register(SYSTEM, cast.terminal.device, source="890")
    assert actions.register(SYSTEM, third, source="890").source == "7A0300000000"


def test_an_address_can_be_corrected(cast: Cast) -> None:
    edited = actions.edit(cast.alice, cast.terminal, source="890", dialect="bcd-clock", networks=" 10.0.0.0/8 ")
    assert (edited.source, edited.dialect, edited.networks) == ("7A0300000000", "bcd-clock", "10.0.0.0/8")
    with pytest.raises(Refused, match="it is no network"):
        actions.edit(cast.alice, cast.terminal, source="890", dialect="", networks="10.0.0.0/40")
    with pytest.raises(Denied):
        actions.edit(cast.bob, cast.terminal, source="891", dialect="", networks="")


def test_another_units_device_cannot_be_given_an_address(cast: Cast) -> None:
    device = a_device("LIFT-1", cast.hall, a_unit("strangers"), profile="gb26875.device")
    with pytest.raises(Denied):
        actions.register(cast.alice, device, source="900")


def test_found_parts_are_registered_once_with_a_name_and_an_event(cast: Cast) -> None:
    first = recording.find_parts(GATEWAY, cast.terminal.pk, [SMOKE, PUMP, HYDRANTS], NOW)
    assert sorted(first.values()) == ["HALL-1-1-1-01000100", "HALL-1-11-1", "HALL-1-11-1-02000100"]
    assert recording.find_parts(GATEWAY, cast.terminal.pk, [SMOKE, PUMP], NOW) == first
    assert sorted(FoundPart.objects.values_list("device__name", flat=True)) == [
        "感烟火灾探测器 一层走廊",
        "消火栓系统",
        "消防水泵",
    ]
    assert Event.objects.filter(kind="gb26875.part_found").count() == 3


def test_a_component_type_can_have_a_profile_of_its_own(cast: Cast) -> None:
    actions.assign_profile(cast.alice, 91, "gb26875.system")
    recording.find_parts(GATEWAY, cast.terminal.pk, [SMOKE, PUMP], NOW)
    found = dict(FoundPart.objects.values_list("component_type", "device__profile"))
    assert found == {40: profile_found("gb26875.component"), 91: "gb26875.system"}
    with pytest.raises(Refused, match="there is no such profile"):
        actions.assign_profile(cast.alice, None, "nothing")


def test_a_person_says_once_that_a_part_is_placed(cast: Cast) -> None:
    recording.find_parts(GATEWAY, cast.terminal.pk, [SMOKE], NOW)
    part = queries.part(cast.alice, "HALL-1-1-1-01000100")
    with pytest.raises(Missing):
        queries.part(cast.bob, "HALL-1-1-1-01000100")
    with pytest.raises(Denied):
        actions.placed(cast.bob, part)
    assert actions.placed(cast.alice, part).placed_at is not None
    with pytest.raises(Outdated):
        actions.placed(cast.alice, part)


def a_kept(raw: bytes = b"noise", why: Why = Why.GARBAGE) -> Kept:
    return Kept(why=why, raw=raw, peer="10.0.0.1:1", at=NOW, source=bytes.fromhex(SOURCE))


def test_the_same_bytes_are_kept_once_and_counted(cast: Cast) -> None:
    recording.keep([a_kept(), a_kept(), a_kept(b"other"), a_kept(why=Why.CHECKSUM)])
    assert sorted(KeptFrame.objects.values_list("count", flat=True)) == [1, 1, 2]


def test_kept_frames_that_were_looked_at_come_up_again_when_they_come_again(cast: Cast) -> None:
    recording.keep([a_kept()])
    row = queries.kept(cast.alice).get()
    assert actions.settle(cast.alice, [row]) == 1
    assert queries.kept(cast.alice).get().settled_at is not None
    recording.keep([a_kept()])
    assert queries.kept(cast.alice).get().settled_at is None
    assert list(queries.kept(cast.charlie)) == []
    with pytest.raises(Denied):
        actions.settle(cast.charlie, [row])


def test_kept_frames_go_after_their_time(cast: Cast) -> None:
    recording.keep([a_kept(), a_kept(b"other")])
    settled = queries.kept(cast.alice).filter(raw=b"noise").get()
    actions.settle(cast.alice, [settled])
    soon = settled.last_at + timedelta(days=89)
    assert recording.tidy(soon) == 0
    KeptFrame.objects.filter(pk=settled.pk).update(settled_at=NOW)
    assert recording.tidy(NOW + timedelta(days=91)) == 1
    assert recording.tidy(NOW + timedelta(days=367)) == 1
