"""Reading one stream for one lane, without leaving a message out.

The consumer acknowledges everything up to a message at once. So a message must never be acknowledged while an earlier
one was given out and not written: to a process that was killed, or in an answer that was lost. Every delivery has a
number of the consumer's own, one higher than the one before. A feed begins by taking what is in somebody's hands until
all of it has been given out again, and stops where a number is missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from nats.aio.client import Client
from natsrpy import Nats
from natsrpy.js import JetStreamMessage, PullConsumer

from zhen.kernel.telemetry.ingest.streams import ACK_WAIT, Source, consumer, consumer_name

MOST_MESSAGES = 5_000
MOST_BYTES = 8_000_000
PATIENCE = 2.0
"""Seconds that a feed waits for a first message before it looks up."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Broken(Exception):
    """A delivery is missing. Remedy: none; the lane begins again and gets it once more."""


@dataclass
class Feed:
    """`born`: when the stream was made, in microseconds since 1970."""

    source: Source
    lanes: int
    lane: int
    born: int = 0
    _consumer: PullConsumer | None = None
    _last: int = 0
    _held: list[JetStreamMessage] = field(default_factory=list)

    async def begin(self, admin: Client, fast: Nats) -> None:
        """Find the consumer, and what earlier readers left in their hands. Takes seconds after a kill."""
        info = await consumer(admin, self.source, self.lanes, self.lane)
        stream = await admin.jetstream(timeout=10).stream_info(self.source.stream)
        assert stream.created is not None
        self.born = (stream.created - EPOCH) // MICROSECOND
        found = await (await fast.jetstream()).streams.get(self.source.stream)
        self._consumer = await found.consumers.get_pull(consumer_name(self.lanes, self.lane))
        self._held = []
        if info.num_ack_pending:
            await asyncio.sleep(ACK_WAIT * 1.1)
            await self._collect(info.num_ack_pending)
        else:
            assert info.delivered is not None
            self._last = info.delivered.consumer_seq

    async def _collect(self, wanted: int) -> None:
        """Take until so many old messages were given out again; new ones among them wait behind."""
        found: dict[int, JetStreamMessage] = {}
        old = 0
        deadline = asyncio.get_running_loop().time() + 3 * ACK_WAIT
        while old < wanted:
            if asyncio.get_running_loop().time() > deadline:
                raise Broken(f"{self.source.stream}: {old} of {wanted} messages in hand came again")
            for message in await self._fetch(wait=ACK_WAIT / 5):
                old += message.delivered > 1 and message.stream_sequence not in found
                found[message.stream_sequence] = message
                self._last = max(self._last, message.consumer_sequence)
        self._held = [found[sequence] for sequence in sorted(found)]

    async def next(self) -> Sequence[JetStreamMessage]:
        """The next messages, at once when there are any, else after a while none."""
        if self._held:
            got, self._held = self._held[:MOST_MESSAGES], self._held[MOST_MESSAGES:]
            return got
        got = await self._fetch()
        if not got:
            got = await self._fetch(wait=PATIENCE)
        for message in got:
            if message.consumer_sequence != self._last + 1:
                raise Broken(f"{self.source.stream}: delivery {self._last + 1} is missing")
            self._last += 1
        return got

    async def _fetch(self, wait: float | None = None) -> list[JetStreamMessage]:
        """What is there now; with `wait`, the first that comes within so many seconds."""
        assert self._consumer is not None
        if wait is None:
            return await self._consumer.fetch(max_messages=MOST_MESSAGES, max_bytes=MOST_BYTES)
        return await self._consumer.fetch(max_messages=1, expires=wait)
