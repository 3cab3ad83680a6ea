"""`zhen gateway mqtt`: says to the message server who may connect, and cuts connections that may not stay.

The server asks for each connection (auth callout). Any number of these processes may run; each question goes to one.
Nobody is let in before the streams stand that keep what is published.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar

import nats
from django.db import DatabaseError, connection
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, NoRespondersError
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NoAnswer

from zhen.gateways.mqtt.connections import connections, cut
from zhen.gateways.mqtt.rights import answer, claims
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.api import Admission, Servers, Telling, admit, admitted, lay_out, take_unsent
from zhen.runtime.nkeys import Issuer, claims_of

log = logging.getLogger(__name__)

R = TypeVar("R")
QUESTIONS = "$SYS.REQ.USER.AUTH"
CHANGES = "zhen.journal.telemetry.>"
CUTTING = frozenset({"telemetry.credential_revoked", "telemetry.device_retired"})
ORDERED = "telemetry.ordered"
THREADS = 4
FAULTS = (NatsError, DatabaseError, OSError, TimeoutError)
PAUSE = 1.0
ROUND_TRIP = 5
CONNECT_WITHIN = 30.0
LOOK_EVERY = 20.0
"""Seconds between two looks at all connections: what an event did not cut, because nobody heard it, is cut then."""


class Doorkeeper:
    """`system` is a connection of the system account, which sees and cuts connections. `lost` is set when one ends."""

    def __init__(
        self, issuer: Issuer, client: Client, system: Client, threads: ThreadPoolExecutor, lost: asyncio.Event
    ) -> None:
        self.issuer, self.client, self.system, self.threads, self.lost = issuer, client, system, threads, lost

    async def start(self) -> None:
        await self.client.subscribe(QUESTIONS, queue="zhen", cb=self.asked)
        await self.client.subscribe(CHANGES, cb=self.heard)
        await self.client.flush()

    async def asked(self, message: Msg) -> None:
        """Answer one question; whatever goes wrong, the answer is no."""
        try:
            request = claims_of(message.data.decode())["nats"]
            told = await self._answer(request)
        except (ValueError, KeyError, TypeError) as fault:
            log.warning("a question of the message server is not understood: %s", fault)
            return
        await message.respond(self.issuer.sign(told).encode())

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        options, who = request["connect_opts"], request["client_info"]
        code, secret = str(options.get("user", "")), str(options.get("pass", ""))
        if who.get("type") != "mqtt" or not code or not secret:
            return answer(request, error="devices connect over MQTT, with their code and their secret")
        try:
            found = await self._in_thread(lambda: _admit(code, secret, str(who.get("mqtt_id", ""))))
        except DatabaseError as fault:
            log.warning("the database is away: %s", str(fault).strip() or type(fault).__name__)
            return answer(request, error="try again")
        if found is None:
            return answer(request, error="unknown device or secret")
        return answer(request, user=self.issuer.sign(claims(found, request["user_nkey"])))

    async def heard(self, message: Msg) -> None:
        """Something happened to a device: if it may not stay, it is cut; if it is told something, that is sent."""
        kind = json.loads(message.data)["kind"]
        if kind in CUTTING:
            await self.look()
        elif kind == ORDERED:
            await self.send_orders()

    async def send_orders(self) -> None:
        """Send devices what they were told and have not answered."""
        for telling in await self._in_thread(_unsent):
            await self.client.publish(telling.subject, telling.payload)
        await self.client.flush()

    async def look(self) -> None:
        """Cut every connection whose device is not let in any more."""
        found = await connections(self.system)
        users = {one.user for one in found if one.user}
        if not users:
            return
        may_stay = await self._in_thread(lambda: _admitted(users))
        for one in found:
            if one.user in users - may_stay and one.user != self.app_user:
                log.info("connection of %s cut", one.user)
                with suppress(NoAnswer, NoRespondersError):  # its server has gone, or comes to it at the next look
                    await cut(self.system, one)

    @property
    def app_user(self) -> str:
        """The application's own connections, if it makes any over MQTT, stay."""
        return str(self.client.options.get("user") or "zhen")

    async def keep_looking(self, every: float) -> None:
        """Until a connection is lost; raises one of FAULTS. All connections are looked at every `every` seconds."""
        while not self.lost.is_set():
            await self.client.flush(ROUND_TRIP)
            await self.system.flush(ROUND_TRIP)
            try:
                await self.look()
                await self.send_orders()
            except DatabaseError as fault:
                log.warning("connections cannot be looked at: %s", str(fault).strip() or type(fault).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.lost.wait(), every)
        raise ConnectionClosedError from self.client.last_error or self.system.last_error

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)


def _admit(code: str, secret: str, client_id: str) -> Admission | None:
    return _with_database(lambda: admit(code, secret, client_id, clock.now()))


def _admitted(codes: set[str]) -> set[str]:
    return _with_database(lambda: admitted(codes, clock.now()))


def _unsent() -> list[Telling]:
    return _with_database(lambda: take_unsent(clock.now()))


def _with_database(work: Callable[[], R]) -> R:
    """A connection that the server closed meanwhile is opened anew, once."""
    try:
        return work()
    except DatabaseError:
        connection.close()
        return work()


@asynccontextmanager
async def doors(
    servers: Servers, *, system_url: str, seed: str, lanes: int, threads: ThreadPoolExecutor
) -> AsyncIterator[Doorkeeper]:
    """Make the streams, then answer for the length of the block who may come in.

    Raises FAULTS when a server is away. A connection that is lost is never mended: the client of NATS gives up for
    good on any error that a server states (as one does that is shutting down), so whoever holds the block looks at
    `lost` and opens another.
    """
    lost = asyncio.Event()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_connection(servers.nats_url, lost))
        system = await stack.enter_async_context(_connection(system_url, lost))
        await lay_out(client, servers.mqtt_url, lanes, servers.replicas)
        doorkeeper = Doorkeeper(Issuer(seed), client, system, threads, lost)
        await doorkeeper.start()
        yield doorkeeper


@asynccontextmanager
async def _connection(url: str, lost: asyncio.Event) -> AsyncIterator[Client]:
    async def closed() -> None:
        lost.set()

    async with asyncio.timeout(CONNECT_WITHIN):  # with servers that refuse, it would try for ever
        client = await nats.connect(
            url.split(","), name="zhen mqtt", connect_timeout=5, allow_reconnect=False, closed_cb=closed, error_cb=_note
        )
    try:
        yield client
    finally:
        with suppress(*FAULTS):
            await client.close()


async def keep(
    servers: Servers,
    *,
    system_url: str,
    seed: str,
    lanes: int,
    threads: ThreadPoolExecutor,
    opened: asyncio.Event,
    look_every: float = LOOK_EVERY,
) -> None:
    """Keep doors until cancelled: whatever fails, others are opened. `opened` is set when the first stand open."""
    while True:
        try:
            async with doors(servers, system_url=system_url, seed=seed, lanes=lanes, threads=threads) as doorkeeper:
                log.info("gateway mqtt %s is ready", os.getpid())
                opened.set()
                await doorkeeper.keep_looking(look_every)
        except FAULTS as fault:
            log.warning("%s; the doors are opened anew", str(fault).strip() or type(fault).__name__)
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def serving(servers: Servers, *, system_url: str, seed: str, lanes: int) -> AsyncIterator[asyncio.Task[None]]:
    """Doors are kept for the length of the block. Gives what goes on meanwhile: it ends only with a fault."""
    opened = asyncio.Event()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="doorkeeper") as threads:
        keeping = asyncio.create_task(
            keep(servers, system_url=system_url, seed=seed, lanes=lanes, threads=threads, opened=opened)
        )
        waiting = asyncio.create_task(opened.wait())
        try:
            await asyncio.wait({keeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
            yield keeping
        finally:
            waiting.cancel()
            keeping.cancel()
            await asyncio.gather(keeping, waiting, return_exceptions=True)


async def _note(fault: Exception) -> None:
    """What a connection meets: whoever keeps the doors meets it, too, and says so."""
    log.debug("NATS: %s", fault)
