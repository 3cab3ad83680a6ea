"""The book in the database. Each call is a short transaction in a thread; the answer comes after its commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, Self, TypeVar

from django.db import Error, close_old_connections, connections

from zhen.gateways.gb26875 import recording
from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.mapping import DEVICE, Part, Report
from zhen.gateways.gb26875.models import Terminal as Row
from zhen.gateways.gb26875.recording import GATEWAY
from zhen.gateways.gb26875.server.book import Heard, Kept, Terminal
from zhen.gateways.gb26875.sink import NotStored

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 2
FRESH = 2.0
"""Seconds that the registry is believed without a look; an unknown address is looked for at once, then as often."""
REMEMBERED = 20_000
"""Unknown addresses and parts that are remembered at most."""


class Store:
    """async with Store() as store: … — implements `book.Book`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gb26875")
        self._terminals: dict[bytes, Terminal] = {}
        self._looked = -FRESH
        self.is_well = True
        self._looking = asyncio.Lock()
        self._parts: dict[int, dict[Part, str]] = {}
        self._heard: dict[int, Heard] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(NotStored):
            await self.write_heard()
        leaving = threading.Barrier(THREADS)
        for _thread in range(THREADS):
            self._pool.submit(_leave, leaving)
        self._pool.shutdown(wait=True)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """A function of the database, in a thread. Raises NotStored."""

        def call() -> R:
            close_old_connections()
            return function(*args, **kwargs)

        try:
            result = await asyncio.get_running_loop().run_in_executor(self._pool, call)
        except (Error, OSError) as error:
            self.is_well = False
            raise NotStored(f"database: {type(error).__name__} {error}".strip()) from error
        self.is_well = True
        return result

    # -- the registry

    async def terminal(self, source: bytes) -> Terminal | None:
        async with self._looking:
            if time.monotonic() - self._looked >= FRESH:
                await self.look()
        return self._terminals.get(source)

    async def look(self) -> None:
        """Read the registry."""
        rows = await self.run(_registered)
        self._terminals = {terminal.source: terminal for terminal in rows}
        self._looked = time.monotonic()

    async def codes(
        self, terminal: Terminal, reports: Sequence[Report], texts: Mapping[Part, str], now: datetime
    ) -> Mapping[Part, str]:
        found = recording.found_of(reports, texts)
        known = self._parts.get(terminal.id, {})
        if any(each.part not in known for each in found):
            known = await self.run(recording.find_parts, GATEWAY, terminal.id, found, now)
            self._remember(terminal.id, known)
        return {DEVICE: terminal.code, **{each.part: known[each.part] for each in found}}

    def _remember(self, terminal_id: int, known: dict[Part, str]) -> None:
        if sum(map(len, self._parts.values())) + len(known) > REMEMBERED:
            self._parts.clear()
        self._parts[terminal_id] = known

    # -- records

    async def keep(self, kept: Kept) -> None:
        await self.run(recording.keep, [kept])

    def heard(self, heard: Heard) -> None:
        self._heard[heard.terminal.id] = heard

    async def write_heard(self) -> None:
        signs, self._heard = self._heard, {}
        if signs:
            await self.run(recording.heard, list(signs.values()))

    async def duty_answered(self, terminal: Terminal, at: datetime) -> None:
        await self.run(recording.answer_duty, GATEWAY, terminal.id, at)


def _registered() -> list[Terminal]:
    rows = Row.objects.select_related("device").filter(device__state="active")
    return [
        Terminal(
            id=row.pk,
            code=row.device.code,
            source=bytes.fromhex(row.source),
            dialect=DIALECTS.get(row.dialect),
            networks=row.networks,
        )
        for row in rows
    ]


def _leave(together: threading.Barrier) -> None:
    """Close this thread's connections; the barrier makes sure that every thread does."""
    connections.close_all()
    with contextlib.suppress(threading.BrokenBarrierError):
        together.wait(timeout=5)
