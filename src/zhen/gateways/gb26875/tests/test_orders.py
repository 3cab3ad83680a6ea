"""Orders in the table: who may give them, how they go on, and duty checks with their deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhen.gateways.gb26875 import actions, queries, recording
from zhen.gateways.gb26875.codec.application import Type, parse
from zhen.gateways.gb26875.models import Order
from zhen.gateways.gb26875.recording import GATEWAY
from zhen.gateways.gb26875.rules import ORDERS, Aim, State, application_of, check_source, comes_from
from zhen.gateways.gb26875.server.book import Heard
from zhen.gateways.gb26875.server.book import Terminal as Known
from zhen.gateways.gb26875.tests.conftest import NOW, SOURCE, Cast
from zhen.kernel.access.api import Denied
from zhen.kernel.lib.clock import frozen
from zhen.kernel.lib.refusals import Outdated, Refused


@pytest.mark.parametrize("type_", ORDERS)
def test_every_order_makes_a_frame_of_its_type(type_: Type) -> None:
    application = application_of(type_, Aim(component_address="0A 00 02 00"), now=NOW)
    assert parse(application.write()) == application
    assert application.findings == ()


@pytest.mark.parametrize(
    "aim",
    [
        Aim(minutes=0),
        Aim(minutes=61),
    ],
)
def test_a_duty_check_leaves_a_minute_to_an_hour(aim: Aim) -> None:
    with pytest.raises(Refused, match="minutes"):
        application_of(Type.DUTY_CHECK, aim, now=NOW)


def test_a_question_about_a_component_needs_its_address() -> None:
    with pytest.raises(Refused, match="component address"):
        application_of(Type.ASK_ANALOG, Aim(component_address="12"), now=NOW)


@pytest.mark.parametrize(
    ("written", "address"), [("790300000000", SOURCE), ("79 03 00 00 00 00", SOURCE), ("889", SOURCE)]
)
def test_an_address_is_read_as_people_write_it(written: str, address: str) -> None:
    assert check_source(written) == address


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(Refused, match="no address of a transmission device"):
        check_source("79AB")


def test_networks_hold_addresses() -> None:
    assert comes_from("10.1.2.3:5000", "10.0.0.0/8")
    assert comes_from("10.1.2.3:5000", "")
    assert not comes_from("11.1.2.3:5000", "10.0.0.0/8 192.168.0.0/16")


def check(cast: Cast, minutes: int = 10) -> Order:
    with frozen(NOW):
        return actions.order(cast.alice, cast.terminal, Type.DUTY_CHECK, Aim(minutes=minutes))


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_a_duty_check_that_is_answered_in_time_is_done(cast: Cast) -> None:
    order = check(cast)
    (taken,) = recording.take_orders([SOURCE], NOW)
    assert taken == order
    recording.finish(GATEWAY, order.pk, now=NOW, reply=b"ack")
    assert state(order) == State.ASKED
    assert order.deadline == NOW + timedelta(minutes=10)
    recording.answer_duty(GATEWAY, cast.terminal.pk, NOW + timedelta(minutes=10))
    assert state(order) == State.DONE
    assert order.ended_at == NOW + timedelta(minutes=10)


def test_a_duty_check_that_nobody_answers_is_missed(cast: Cast) -> None:
    order = check(cast, minutes=5)
    recording.finish(GATEWAY, order.pk, now=NOW, reply=b"ack")
    assert recording.close_late(GATEWAY, NOW + timedelta(minutes=5)) == 0
    assert recording.close_late(GATEWAY, NOW + timedelta(minutes=5, seconds=1)) == 1
    assert state(order) == State.MISSED
    recording.answer_duty(GATEWAY, cast.terminal.pk, NOW + timedelta(minutes=6))
    assert state(order) == State.MISSED


def test_the_button_can_be_faster_than_the_note_of_the_acknowledgement(cast: Cast) -> None:
    order = check(cast)
    recording.answer_duty(GATEWAY, cast.terminal.pk, NOW)
    assert state(order) == State.WAITING
    recording.take_orders([SOURCE], NOW)
    recording.answer_duty(GATEWAY, cast.terminal.pk, NOW)
    recording.finish(GATEWAY, order.pk, now=NOW, reply=b"ack")
    assert state(order) == State.DONE


def test_an_answer_of_another_device_answers_nothing(cast: Cast) -> None:
    order = check(cast)
    recording.finish(GATEWAY, order.pk, now=NOW, reply=b"ack")
    recording.answer_duty(GATEWAY, cast.other.pk, NOW)
    assert state(order) == State.ASKED


@pytest.mark.parametrize(("reply", "refused", "ends"), [(None, False, State.SILENT), (b"nak", True, State.REFUSED)])
def test_an_order_ends_without_an_answer_or_with_a_refusal(
    cast: Cast, reply: bytes | None, refused: bool, ends: str
) -> None:
    order = check(cast)
    recording.finish(GATEWAY, order.pk, now=NOW, reply=reply, refused=refused)
    assert state(order) == ends


def test_an_order_is_taken_once_and_again_when_its_gateway_died(cast: Cast) -> None:
    check(cast)
    assert len(recording.take_orders([SOURCE], NOW)) == 1
    assert recording.take_orders([SOURCE], NOW + timedelta(seconds=30)) == []
    assert len(recording.take_orders([SOURCE], NOW + timedelta(minutes=3))) == 1


def test_an_order_of_a_device_that_does_not_come_is_silent(cast: Cast) -> None:
    order = check(cast)
    assert recording.take_orders(["AAAAAAAAAAAA"], NOW) == []
    recording.close_late(GATEWAY, NOW + timedelta(minutes=3))
    assert state(order) == State.SILENT


def test_an_order_can_be_taken_back_until_it_is_sent(cast: Cast) -> None:
    order = check(cast)
    actions.cancel(cast.alice, order)
    assert state(order) == State.CANCELLED
    sent = check(cast)
    recording.take_orders([SOURCE], NOW)
    with pytest.raises(Outdated):
        actions.cancel(cast.alice, sent)


def test_strangers_and_other_units_give_no_orders(cast: Cast) -> None:
    for actor in (cast.bob, cast.charlie):
        with pytest.raises(Denied):
            actions.order(actor, cast.terminal, Type.DUTY_CHECK, Aim())
    assert list(queries.terminals(cast.charlie)) == list(queries.terminals(cast.bob)) == []
    assert len(queries.terminals(cast.alice)) == 2


def known(cast: Cast) -> Known:
    return Known(id=cast.terminal.pk, code="HALL-1", source=bytes.fromhex(SOURCE))


@pytest.mark.parametrize(
    ("error", "ordered"),
    [(timedelta(seconds=59), 0), (timedelta(seconds=-61), 1), (timedelta(days=-4000), 1), (None, 1)],
)
def test_a_clock_that_is_off_is_set_and_not_again_at_once(cast: Cast, error: timedelta | None, ordered: int) -> None:
    recording.heard([Heard(terminal=known(cast), peer="10.0.0.1:1", at=NOW, clock_error=error)])
    assert recording.set_clocks(GATEWAY, NOW) == ordered
    assert recording.set_clocks(GATEWAY, NOW + timedelta(minutes=1)) == 0


def test_the_newest_sign_of_life_counts(cast: Cast) -> None:
    later = NOW + timedelta(minutes=1)
    signs = [
        Heard(terminal=known(cast), peer="10.0.0.1:2", at=later, clock_error=timedelta(0)),
        Heard(terminal=known(cast), peer="10.0.0.1:1", at=NOW, clock_error=None),
    ]
    recording.heard(signs)
    cast.terminal.refresh_from_db()
    assert (cast.terminal.heard_at, cast.terminal.peer) == (later, "10.0.0.1:2")
