"""Floor plans: entered, devices placed on them, and shown where somebody looks after an alarm."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.files.api import Kind, store
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.api import add_plan, set_pins
from zhen.kernel.telemetry.models import Alarm, Device, FloorPlan, PlanPin
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.plans import actions, queries
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place, read
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
def dora(dispatcher: Client) -> Actor:
    return actor_for(User.objects.get(username="dora"), day=NOW.date())


@pytest.fixture
def house(db: None, hands: Hands) -> Place:
    return a_place("B1", "No. 1")


@pytest.fixture
def seat(house: Place, office: Unit) -> Device:
    return a_device("S-1", house, office, spot="1F hall")


def a_plan(place: Place, unit: Unit, name: str = "1F") -> FloorPlan:
    image = store(TESTER, an_upload(an_image(Kind.PNG, (400, 300)), "plan.png"))
    return add_plan(TESTER, place=place, unit=unit, name=name, order=1, image=image)


@pytest.fixture
def plan(house: Place, office: Unit) -> FloorPlan:
    return a_plan(house, office)


def an_alarm(seat: Device, hands: Hands) -> Alarm:
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    hands.go(seconds=1)
    read(seat, load=600)
    return Alarm.objects.get()


def text(client: Client, address: str, status: int = 200, **given: Any) -> str:
    answer = client.post(address, given, follow=True) if given else client.get(address)
    assert answer.status_code == status, address
    return html.unescape(answer.content.decode())


def test_a_plan_is_entered_on_the_page_of_its_building(dispatcher: Client, seat: Device, office: Unit) -> None:
    assert 'href="/desk/telemetry/plan_new/B1/"' in text(dispatcher, "/desk/telemetry/building/B1/")
    given = {"name": "1F", "order": 1, "unit": office.pk}
    picture = an_upload(an_image(Kind.PNG, (400, 300)), "plan.png")
    page = text(dispatcher, "/desk/telemetry/plan_new/B1/", **given, **{"image-new": picture})
    plan = FloorPlan.objects.get()
    assert (plan.name, plan.place.code, plan.image.kind) == ("1F", "B1", Kind.PNG)
    assert "device S-1" in page, "what can be placed is listed at once"
    assert Event.objects.filter(kind="telemetry.plan_added").count() == 1


@pytest.mark.parametrize("content", [b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', b"%PDF-1.4 nothing"])
def test_only_pictures_are_taken(dispatcher: Client, seat: Device, office: Unit, content: bytes) -> None:
    given = {"name": "1F", "order": 1, "unit": office.pk, "image-new": an_upload(content, "plan.png")}
    text(dispatcher, "/desk/telemetry/plan_new/B1/", 422, **given)
    assert not FloorPlan.objects.exists()


def test_devices_are_placed_and_taken_off_with_numbers(dispatcher: Client, seat: Device, plan: FloorPlan) -> None:
    form = f"/desk/telemetry/plan_pins/{plan.pk}/"
    assert f'name="spots-{seat.pk}-x"' in text(dispatcher, form)
    page = text(dispatcher, form, **{"revision": 1, f"spots-{seat.pk}-x": "25", f"spots-{seat.pk}-y": "50.5"})
    pin = PlanPin.objects.get()
    assert (pin.device, pin.plan, pin.x, pin.y) == (seat, plan, 0.25, 0.505)
    assert 'href="/desk/telemetry/devices/S-1/"' in page
    assert 'aria-label="device S-1（1F hall）：never heard"' in page
    text(dispatcher, form, **{"revision": 2, f"spots-{seat.pk}-x": "", f"spots-{seat.pk}-y": ""})
    assert not PlanPin.objects.exists()


@pytest.mark.parametrize(
    ("x", "y"), [("120", "5"), ("-1", "5"), ("left", "5"), ("5", ""), ("nan", "5"), ("1e999", "5")]
)
def test_numbers_outside_the_picture_are_refused_and_kept(
    dispatcher: Client, seat: Device, plan: FloorPlan, x: str, y: str
) -> None:
    given = {"revision": 1, f"spots-{seat.pk}-x": x, f"spots-{seat.pk}-y": y}
    page = text(dispatcher, f"/desk/telemetry/plan_pins/{plan.pk}/", 422, **given)
    assert f"device S-1: “{x}” and “{y}” are no place on the picture" in page
    assert f'value="{x}"' in page
    assert not PlanPin.objects.exists()


def test_who_was_slower_is_told_and_undoes_nothing(dora: Actor, seat: Device, plan: FloorPlan) -> None:
    set_pins(dora, plan.pk, 1, {seat.pk: (0.5, 0.5)})
    with pytest.raises(Outdated):
        set_pins(dora, plan.pk, 1, {})
    assert PlanPin.objects.count() == 1


def test_a_device_is_on_one_plan_and_in_its_place(dora: Actor, seat: Device, plan: FloorPlan, office: Unit) -> None:
    other = a_plan(plan.place, office, "2F")
    set_pins(dora, plan.pk, 1, {seat.pk: (0.5, 0.5)})
    with pytest.raises(Refused, match="another floor plan"):
        set_pins(dora, other.pk, 1, {seat.pk: (0.5, 0.5)})
    stranger = a_device("S-9", a_place("B9"), office)
    with pytest.raises(Refused, match="not in this place"):
        set_pins(dora, plan.pk, 2, {stranger.pk: (0.5, 0.5)})
    with pytest.raises(Refused, match="outside the picture"):
        set_pins(dora, plan.pk, 2, {seat.pk: (0.5, 1.5)})
    for x in (-0.1, 1.1):
        with pytest.raises(IntegrityError, match="telemetry_planpin_on_it"), transaction.atomic():
            PlanPin.objects.filter(device=seat).update(x=x)


def test_who_has_no_right_changes_nothing(hands: Hands, plan: FloorPlan, seat: Device) -> None:
    karl = a_user("karl", "卡尔")
    signed_in(karl, "unit_head", a_unit("others", "别的单位"))
    stranger = actor_for(karl, day=NOW.date())
    for act in (
        lambda: set_pins(stranger, plan.pk, 1, {seat.pk: (0.5, 0.5)}),
        lambda: actions.remove_plan(stranger, plan.pk),
        lambda: actions.change_plan(stranger, plan.pk, 1, name="X", order=1),
    ):
        with pytest.raises(Denied):
            act()
    assert not queries.plans(stranger).exists()


def test_the_alarm_and_its_incident_show_the_floor(
    dispatcher: Client, hands: Hands, seat: Device, plan: FloorPlan, office: Unit
) -> None:
    calm = a_device("S-2", plan.place, office)
    set_pins(TESTER, plan.pk, 1, {seat.pk: (0.5, 0.5), calm.pk: (0.2, 0.2)})
    alarm = an_alarm(seat, hands)
    for address in (f"/desk/telemetry/alarms/{alarm.pk}/", f"/desk/telemetry/incidents/{alarm.incident_id}/"):
        page = text(dispatcher, address)
        assert page.count(" data-strong") == 1, "the alarming one, and no other"
        assert page.index("device S-2：never heard") < page.index("device S-1（1F hall）："), "it is drawn on top"
        assert "data-live-follows" in page
    assert 'class="pin-word"' in text(dispatcher, "/desk/telemetry/building/B1/")


def test_an_alarm_of_a_device_on_no_plan_says_so(dispatcher: Client, hands: Hands, seat: Device) -> None:
    page = text(dispatcher, f"/desk/telemetry/alarms/{an_alarm(seat, hands).pk}/")
    assert "The device is on no floor plan." in page


def test_more_pins_need_no_more_queries(dispatcher: Client, seat: Device, plan: FloorPlan, office: Unit) -> None:
    def queries_of_page() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(dispatcher, "/desk/telemetry/building/B1/")
        return len(seen)

    set_pins(TESTER, plan.pk, 1, {seat.pk: (0.5, 0.5)})
    queries_of_page()
    before = queries_of_page()
    for floor in ("2F", "3F"):
        more = [a_device(f"{floor}-{n}", plan.place, office) for n in range(4)]
        set_pins(TESTER, a_plan(plan.place, office, floor).pk, 1, {one.pk: (0.5, 0.5) for one in more})
    assert queries_of_page() == before


def test_a_plan_is_renamed_and_removed(dispatcher: Client, dora: Actor, plan: FloorPlan, seat: Device) -> None:
    text(dispatcher, f"/desk/telemetry/plan_change/{plan.pk}/", name="Ground", order=0, revision=1)
    assert FloorPlan.objects.get().name == "Ground"
    assert "Ground" in text(dispatcher, "/desk/telemetry/plans/")
    with pytest.raises(Outdated):
        actions.change_plan(dora, plan.pk, 1, name="Upper", order=1)
    text(dispatcher, f"/desk/telemetry/plans/{plan.pk}/", action="remove", confirmed="yes")
    assert not FloorPlan.objects.exists()
    assert Device.objects.filter(pk=seat.pk).exists()


def test_two_plans_of_a_place_have_two_names(dora: Actor, plan: FloorPlan, office: Unit) -> None:
    with pytest.raises(Refused, match="a plan of this name"):
        a_plan(plan.place, office)
