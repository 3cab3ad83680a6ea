"""From the table of orders to the lines and back; and what must be looked at from time to time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from zhen.gateways.gb26875 import recording
from zhen.gateways.gb26875.codec import application as codec
from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.models import Order
from zhen.gateways.gb26875.recording import GATEWAY
from zhen.gateways.gb26875.rules import ORDERS, Aim, application_of
from zhen.gateways.gb26875.server.centre import Centre, NoAnswer, Unreachable
from zhen.gateways.gb26875.server.store import Store
from zhen.gateways.gb26875.sink import NotStored
from zhen.kernel.lib import clock

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
NOTE_EVERY = 5.0
CLOSE_EVERY = 5.0
CLOCKS_EVERY = 60.0


class Orders:
    """Runs beside the servers: `await Orders(centre, store).run()` until cancelled."""

    def __init__(self, centre: Centre, store: Store) -> None:
        self._centre, self._store = centre, store

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for every, work in (
                (LOOK_EVERY, partial(self.take, group)),
                (NOTE_EVERY, self._store.write_heard),
                (CLOSE_EVERY, self._close),
                (CLOCKS_EVERY, self._clocks),
            ):
                group.create_task(_again(every, work))

    async def take(self, group: asyncio.TaskGroup) -> None:
        """Take what waits for devices on our lines, and send it; each device in a task of its own."""
        sources = [source.hex().upper() for source in self._centre.lines]
        if sources:
            for order in await self._store.run(recording.take_orders, sources, clock.now()):
                group.create_task(self._send(order))

    async def _send(self, order: Order) -> None:
        try:
            await self.send(order)
        except NotStored as error:
            log.warning("an order's outcome is not written: %s", error)

    async def send(self, order: Order) -> None:
        """Send one order, wait for its answer, and write down what came of it."""
        now = clock.now()
        type_ = Type(order.type)
        application = codec.parse(bytes(order.data))
        if type_ == Type.SET_CLOCK:  # the time of sending, not of ordering
            application = application_of(type_, Aim(), now=now.astimezone(clock.TOWN_ZONE))
        reply, refused = None, False
        try:
            answer = await self._centre.order(bytes.fromhex(order.terminal.source), ORDERS[type_].command, application)
            reply, refused, now = answer.raw, answer.refused, answer.at
        except (Unreachable, NoAnswer):
            now = clock.now()
        await self._store.run(recording.finish, GATEWAY, order.pk, now=now, reply=reply, refused=refused)

    async def _close(self) -> None:
        await self._store.run(recording.close_late, GATEWAY, clock.now())

    async def _clocks(self) -> None:
        await self._store.run(recording.set_clocks, GATEWAY, clock.now())


async def _again(every: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await work()
        except NotStored as error:
            log.warning("put off: %s", error)
