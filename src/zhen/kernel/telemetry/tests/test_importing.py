"""Devices from a table: looked at first, then taken whole or not at all."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.telemetry.devices import importing
from zhen.kernel.telemetry.models import Device, DeviceFile
from zhen.kernel.telemetry.testing import a_device
from zhen.kernel.telemetry.tests.conftest import Cast

HEAD = "设备编码,设备名称,设备类型,地点编码,单位编码,安装位置,网关编码,安装日期\n"
GOOD = (
    "S-1,一楼烟感,dummy_pack.seat,B1,fire,一楼走廊,G-1,2026-03-01\n"
    "G-1,网关,dummy_pack.seat,B1,fire,弱电间,,2026年3月1日\n"
)


def test_a_table_is_looked_at_before_anything_is_entered(cast: Cast) -> None:
    brought = importing.bring(cast.alice, (HEAD + GOOD).encode("gb18030"), "devices.csv")

    assert (brought.readable, brought.faults) == (2, [])
    assert not Device.objects.exists()
    importing.take(cast.alice, brought.pk)
    found = Device.objects.get(code="S-1")
    assert (found.name, found.spot, str(found.gateway), str(found.installed_on)) == (
        "一楼烟感",
        "一楼走廊",
        "网关",
        "2026-03-01",
    )
    with pytest.raises(Outdated):
        importing.take(cast.alice, brought.pk)


def test_each_row_that_cannot_be_used_says_why(cast: Cast) -> None:
    a_device("S-9", cast.building, cast.fire)
    rows = (
        "S-2,x,dummy_pack.seat,B7,fire,,,\n"
        "S-3,x,nothing,B1,fire,,,\n"
        "S-4,x,dummy_pack.seat,B1,nobody,,,\n"
        "S-5,x,dummy_pack.seat,B1,fire,,,soon\n"
        "S-9,x,dummy_pack.seat,B1,fire,,,\n"
        "S-6,x,dummy_pack.seat,B1,fire,,,\n"
        "S-6,x,dummy_pack.seat,B1,fire,,,\n"
    )

    brought = importing.bring(cast.alice, (HEAD + rows).encode(), "devices.csv")

    assert [row["code"] for row in brought.rows] == ["S-6"]
    assert [(fault["row"], fault["code"]) for fault in brought.faults] == [
        (2, "S-2"),
        (3, "S-3"),
        (4, "S-4"),
        (5, "S-5"),
        (6, "S-9"),
        (8, "S-6"),
    ]
    assert "there is no such place" in brought.faults[0]["reason"]


def test_a_table_with_one_device_out_of_reach_enters_none(cast: Cast) -> None:
    brought = importing.bring(cast.bob, (HEAD + GOOD).encode(), "devices.csv")

    with pytest.raises(Denied):
        importing.take(cast.bob, brought.pk)

    assert not Device.objects.exists()
    assert DeviceFile.objects.get().state == DeviceFile.State.WAITING


@pytest.mark.parametrize("text", ["设备编码,设备名称\nS-1,x\n", HEAD, ""])
def test_what_is_no_table_of_devices_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(Refused):
        importing.bring(cast.alice, text.encode(), "devices.csv")


def test_a_table_can_be_left_and_belongs_to_who_brought_it(cast: Cast) -> None:
    brought = importing.bring(cast.alice, (HEAD + GOOD).encode(), "devices.csv")

    assert list(importing.files(cast.charlie)) == []
    importing.leave(cast.alice, brought.pk)
    with pytest.raises(Outdated):
        importing.take(cast.alice, brought.pk)
