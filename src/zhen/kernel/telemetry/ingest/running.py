"""`zhen ingest`: takes the lanes that are free, and writes what comes in them until told to stop.

Any number of processes may run; each takes the lanes that no other holds, and those of one that dies. Whatever fails, a
lane lets go, waits, and begins again with what the database knows. At most two batches of a stream are in memory: the
one that is written and the one that was fetched meanwhile. What is not fetched waits in the stream.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import nats
import psycopg
from django.db import DatabaseError
from nats.aio.client import Client
from nats.errors import Error as NatsError
from natsrpy import Nats
from natsrpy.exceptions import NatsrpyBaseError
from natsrpy.js import JetStreamMessage

from zhen.kernel.telemetry.ingest.feeds import Broken, Feed
from zhen.kernel.telemetry.ingest.lanes import Lane
from zhen.kernel.telemetry.ingest.streams import SOURCES, Servers, lay_out

log = logging.getLogger(__name__)

R = TypeVar("R")
FAULTS = (NatsError, NatsrpyBaseError, psycopg.Error, DatabaseError, OSError, TimeoutError, Broken)
"""What a lane begins again after: a server that is away or restarting, a connection that is cut."""
PAUSE = 1.0
FREE_EVERY = 2.0


async def connect(url: str, name: str) -> Client:
    """A connection that ends when the server goes: whoever uses it begins again."""
    return await nats.connect(
        url.split(","), name=name, connect_timeout=5, allow_reconnect=False, max_reconnect_attempts=0, error_cb=_note
    )


def run(servers: Servers, *, lanes: int) -> None:
    asyncio.run(_main(servers, lanes))


async def _main(servers: Servers, lanes: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(keep(servers, lanes, lane)) for lane in range(lanes)]
    log.info("ingest %s is ready: %s lanes", os.getpid(), lanes)
    waits = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, waits], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


async def keep(servers: Servers, lanes: int, lane: int) -> None:
    """Hold a lane whenever it is free, and work in it, until cancelled."""
    with ThreadPoolExecutor(1, thread_name_prefix=f"lane-{lane}") as thread:
        while True:
            worker = _Worker(servers, Lane(lanes, lane), thread)
            try:
                await worker.work()
            except* FAULTS as group:
                fault = _first(group)
                log.warning("lane %s: %s; it begins again", lane, str(fault).strip() or type(fault).__name__)
            finally:
                await worker.end()
            await asyncio.sleep(PAUSE)


class _Worker:
    """A lane from the moment that it is held to its end."""

    def __init__(self, servers: Servers, lane: Lane, thread: ThreadPoolExecutor) -> None:
        self.servers, self.lane, self.thread = servers, lane, thread
        self.admin: Client | None = None
        self.fast: Nats | None = None

    async def work(self) -> None:
        while not await self._in_thread(self.lane.hold):  # noqa: ASYNC110 the lock is the database's: it wakes nobody
            await asyncio.sleep(FREE_EVERY)
        self.admin = await connect(self.servers.nats_url, "zhen ingest")
        await lay_out(self.admin, self.servers.mqtt_url, self.lane.lanes, self.servers.replicas)
        self.fast = await _fast(self.servers.nats_url)
        feeds = [Feed(source, self.lane.lanes, self.lane.lane) for source in SOURCES]
        await asyncio.gather(*(feed.begin(self.admin, self.fast) for feed in feeds))
        await self._in_thread(lambda: self.lane.load(feeds))
        log.info("lane %s of %s: reading", self.lane.lane, self.lane.lanes)
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(self._pump(feed))

    async def _pump(self, feed: Feed) -> None:
        """Fetch while the batch before is written; acknowledge what is written."""
        writing: asyncio.Task[None] | None = None
        try:
            while True:
                messages = await feed.next()
                if writing is not None:
                    await writing
                    writing = None
                if messages:
                    writing = asyncio.create_task(self._write(feed, messages))
        finally:
            if writing is not None:
                writing.cancel()
                with suppress(asyncio.CancelledError, *FAULTS):
                    await writing

    async def _write(self, feed: Feed, messages: Sequence[JetStreamMessage]) -> None:
        await self._in_thread(lambda: self.lane.take(feed, messages))
        await max(messages, key=lambda message: message.stream_sequence).ack()

    async def end(self) -> None:
        """Let go of the lane and the servers, whatever state they are in."""
        with suppress(*FAULTS):
            await self._in_thread(self.lane.let_go)
        if self.admin is not None:
            with suppress(*FAULTS):
                await self.admin.close()
        if self.fast is not None:
            with suppress(*FAULTS):
                await asyncio.wait_for(self.fast.shutdown(), 2)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)


async def _fast(url: str) -> Nats:
    """The client that reads: several times as fast as the other (docs/adr/0061)."""
    parts = [urlsplit(one) for one in url.split(",")]
    first = parts[0]
    user = (unquote(first.username), unquote(first.password or "")) if first.username else None
    addresses = [f"{part.scheme}://{part.hostname}:{part.port or 4222}" for part in parts]
    client = Nats(addrs=addresses, user_and_pass=user, max_reconnects=1, connection_timeout=5)
    await client.startup()
    return client


async def _note(fault: Exception) -> None:
    """What a connection meets; whoever uses it meets it too, and says so."""
    log.debug("NATS: %s", fault)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    fault: BaseException = group
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault
