"""The pages as people meet them: registering, checking who is on duty, placing, looking at what was kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zhen.gateways.gb26875 import recording
from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.codec.tests.frames import FIRE
from zhen.gateways.gb26875.mapping import Part
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Order, Terminal
from zhen.gateways.gb26875.recording import GATEWAY, Found
from zhen.gateways.gb26875.server.book import Kept, Why
from zhen.gateways.gb26875.tests.conftest import NOW, Cast
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.telemetry.testing import a_device


@pytest.fixture
def dispatcher(cast: Cast) -> Client:
    return signed_in(cast, "dispatcher")


def signed_in(cast: Cast, role: str) -> Client:
    user = a_user(f"the_{role}")
    a_post(user, role, cast.terminal.device.unit)
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_a_device_of_the_registry_gets_its_address(dispatcher: Client, cast: Cast) -> None:
    a_device("HALL-3", cast.hall, cast.terminal.device.unit, profile="gb26875.device")
    given = {"device": "HALL-3", "source": "890", "dialect": "", "networks": "10.0.0.0/8"}
    answer = dispatcher.post("/desk/gb26875/new/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/gb26875/terminals/HALL-3/")
    assert Terminal.objects.get(device__code="HALL-3").source == "7A0300000000"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"device": "NONE", "source": "890"}, "there is no such device"),
        ({"device": "HALL-1", "source": "79AB"}, "it is no address of a transmission device"),
        ({"device": "HALL-1", "source": "889"}, "a transmission device has this address"),
    ],
)
def test_a_wrong_entry_is_told_and_kept_in_the_form(dispatcher: Client, given: dict[str, str], told: str) -> None:
    answer = dispatcher.post("/desk/gb26875/new/", given)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_duty_check_is_ordered_with_one_press(dispatcher: Client, cast: Cast) -> None:
    page = dispatcher.get("/desk/gb26875/terminals/HALL-1/").content.decode()
    assert "Check who is on duty" in page
    answer = dispatcher.post("/desk/gb26875/terminals/HALL-1/", {"action": "duty", "confirmed": "yes"})
    assert answer.status_code == 302
    order = Order.objects.get()
    assert (order.type, bytes(order.data), order.terminal) == (Type.DUTY_CHECK, b"\x5b\x01\x0a", cast.terminal)


def test_a_question_about_a_component_is_ordered_with_its_address(dispatcher: Client, cast: Cast) -> None:
    given = {
        "type": int(Type.ASK_COMPONENT_STATE),
        "minutes": 10,
        "system_type": 1,
        "system_address": 1,
        "component_address": "0A000200",
    }
    assert dispatcher.post("/desk/gb26875/order/HALL-1/", given).status_code == 302
    assert bytes(Order.objects.get().data) == bytes.fromhex("3E0101010A000200")
    answer = dispatcher.post("/desk/gb26875/order/HALL-1/", {**given, "component_address": "12"})
    assert answer.status_code == 422


def test_a_found_part_is_listed_until_it_is_placed(dispatcher: Client, cast: Cast) -> None:
    part = Part(system_type=1, system_address=1, address=b"\1\0\1\0")
    recording.find_parts(GATEWAY, cast.terminal.pk, [Found(part=part, component_type=40, text="一层走廊")], NOW)
    listed = "/desk/gb26875/parts/?placed=open"
    assert "一层走廊" in dispatcher.get(listed).content.decode()
    dispatcher.post("/desk/gb26875/parts/HALL-1-1-1-01000100/", {"action": "placed", "confirmed": "yes"})
    assert FoundPart.objects.get().placed_at is not None
    assert "HALL-1-1-1-01000100" not in dispatcher.get(listed).content.decode()


def test_a_kept_frame_shows_its_bytes_and_what_can_be_read_of_it(dispatcher: Client, cast: Cast) -> None:
    recording.keep([Kept(why=Why.SOURCE, raw=FIRE, peer="10.0.0.1:5", at=NOW, source=b"\x79\x03\0\0\0\0")])
    row = KeptFrame.objects.get()
    page = dispatcher.get(f"/desk/gb26875/kept/{row.pk}/").content.decode()
    assert "40 40 01 00" in page
    assert "感烟火灾探测器" in page
    dispatcher.post(f"/desk/gb26875/kept/{row.pk}/", {"action": "settle"})
    row.refresh_from_db()
    assert row.settled_at is not None


@pytest.mark.parametrize("address", ["terminals/", "terminals/HALL-1/", "parts/", "kept/", "new/"])
def test_who_has_no_right_to_it_is_not_let_in(cast: Cast, address: str) -> None:
    assert signed_in(cast, "counter_clerk").get(f"/desk/gb26875/{address}").status_code == 403
    assert Client().get(f"/desk/gb26875/{address}").status_code in {302, 403}


def test_a_grid_worker_sees_devices_and_orders_nothing(cast: Cast) -> None:
    worker: Any = signed_in(cast, "grid_worker")
    assert worker.get("/desk/gb26875/terminals/").status_code == 200
    assert worker.get("/desk/gb26875/order/HALL-1/").status_code == 403
