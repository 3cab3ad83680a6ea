"""Telling live screens that something happened: `zhen.journal.KIND` on NATS, ids only.

A screen that hears it asks the server for what its reader may see; no content travels here. Each
event goes out at least once: a repeat only makes a screen look again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import TimeoutError as LateError
from typing import TYPE_CHECKING

import nats
from django.conf import settings
from nats.aio.client import Client
from nats.errors import Error as NatsError

from zhen.kernel.journal.declarations import TryAgain

if TYPE_CHECKING:
    from zhen.kernel.journal.models import Event

log = logging.getLogger(__name__)

SECONDS = 5.0


def publish(events: Sequence[Event]) -> None:
    """Publish events and wait until the server has them."""
    messages = [(f"zhen.journal.{event.kind}", message(event)) for event in events]
    try:
        _link.run(messages)
    except (NatsError, OSError, LateError, TimeoutError) as error:
        raise TryAgain(f"NATS: {type(error).__name__} {error}") from error


def message(event: Event) -> bytes:
    return json.dumps(
        {
            "id": event.id,
            "kind": event.kind,
            "subject": [event.subject_type, event.subject_id],
            "area": event.area_id,
            "unit": event.unit_id,
        },
        separators=(",", ":"),
    ).encode()


async def _note(error: Exception) -> None:
    """What the connection meets between two batches; a batch that fails says so itself."""
    log.debug("NATS: %s", error)


class _Link:
    """A connection on an event loop in a thread of its own, made when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None

    def run(self, messages: Sequence[tuple[str, bytes]]) -> None:
        future = asyncio.run_coroutine_threadsafe(self._publish(messages), self._running_loop())
        try:
            future.result(SECONDS * 2)
        except LateError:
            future.cancel()
            raise

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="journal-live", daemon=True).start()
            return self._loop

    async def _publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        client = await self._connected()
        for subject, payload in messages:
            await client.publish(subject, payload)
        await client.flush(int(SECONDS))

    async def _connected(self) -> Client:
        if self._client is not None and self._client.is_connected:
            return self._client
        if not settings.NATS_URL:
            raise OSError("no address is known; set NATS_URL or start `zhen up`")
        self._client = await nats.connect(
            settings.NATS_URL.split(","),
            name="zhen journal",
            connect_timeout=int(SECONDS),
            allow_reconnect=False,  # the next batch connects anew
            max_reconnect_attempts=0,
            reconnect_time_wait=0,
            error_cb=_note,
        )
        return self._client


_link = _Link()
