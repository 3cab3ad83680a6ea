"""Simulated devices against a real gateway: what they send is stored, what they are told is done."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from zhen.gateways.gb26875 import actions
from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.models import Order
from zhen.gateways.gb26875.rules import Aim, State
from zhen.gateways.gb26875.simulator.device import Device, Log
from zhen.gateways.gb26875.simulator.run import Run, simulate
from zhen.gateways.gb26875.simulator.scripts import SCRIPTS, Detector
from zhen.gateways.gb26875.testing import HOST, Running, running
from zhen.gateways.gb26875.tests.conftest import a_cast
from zhen.kernel.access.api import Actor

SYSTEM = Actor.system("test")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_makes_sound_frames_in_the_order_of_time(name: str) -> None:
    at = datetime(2026, 3, 15, 8, 30, 5)  # noqa: DTZ001  a device's display
    assert all(step.tells(at).findings == () for step in SCRIPTS[name])


def test_detectors_have_addresses_of_their_own() -> None:
    assert len({Detector(number=number).address for number in range(2000)}) == 2000


@pytest.mark.django_db(transaction=True)
def test_a_kitchen_fire_is_told_and_acknowledged_frame_by_frame() -> None:
    terminal = a_cast().terminal

    async def scene() -> tuple[Log, list[Any]]:
        async with running() as gateway:
            source = int.from_bytes(bytes.fromhex(terminal.source), "little")
            run = Run(host=HOST, port=gateway.tcp_port, first=source, scripts=("kitchen-fire",), speed=1000)
            return await simulate(run), await gateway.stored()

    log, stored = asyncio.run(scene())
    assert (log.counts["unanswered"], log.counts["refused"], log.counts["wrong_replies"]) == (0, 0, 0)
    assert log.counts["acked"] == len(SCRIPTS["kitchen-fire"]) + 1  # and a heartbeat
    fires = {code for code, payload in stored if payload["m"].get("fire")}
    assert fires == {"HALL-1-1-1", "HALL-1-1-1-02000100", "HALL-1-1-1-05000100", "HALL-1-1-1-0A000100"}
    last = {code: payload["m"] for code, payload in stored}
    assert all(not metrics.get("fire") for metrics in last.values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("type_", "answers", "ends"),
    [
        (Type.DUTY_CHECK, True, State.DONE),
        (Type.DUTY_CHECK, False, State.ASKED),
        (Type.SET_CLOCK, True, State.DONE),
        (Type.ASK_SYSTEM_STATE, True, State.DONE),
        (Type.ASK_ANALOG, True, State.REFUSED),
    ],
)
def test_an_order_in_the_table_reaches_the_device_and_comes_back(type_: Type, answers: bool, ends: str) -> None:
    cast = a_cast()
    order = actions.order(SYSTEM, cast.terminal, type_, Aim(component_address="0A000200"))

    async def settled(gateway: Running) -> None:
        """Look until the device has pressed its button, where it is to."""
        for _ in range(100):
            if await gateway.store.run(state_of, order.pk) == ends:
                return
            await asyncio.sleep(0.05)

    async def scene() -> None:
        async with running() as gateway:
            device = Device(
                source=bytes.fromhex(cast.terminal.source),
                host=HOST,
                port=gateway.tcp_port,
                log=Log(),
                answers_duty=answers,
            )
            async with device:
                await device.tell(None)
                async with asyncio.TaskGroup() as group:
                    await gateway.orders.take(group)
                await settled(gateway)

    asyncio.run(scene())
    assert state_of(order.pk) == ends


def state_of(pk: int) -> str:
    return Order.objects.get(pk=pk).state
