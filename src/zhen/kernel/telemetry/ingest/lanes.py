"""One lane of the ingest: a share of the devices, which nobody else writes.

A lane is held by an advisory lock on the very database connection that writes. Does the connection go, so does the
lane, and with it the power to write: two processes never write for the same devices.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from zlib import crc32

from django.db import connection, transaction
from natsrpy.js import JetStreamMessage

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.ingest.announcing import ROOT
from zhen.kernel.telemetry.ingest.feeds import EPOCH, MICROSECOND, Feed
from zhen.kernel.telemetry.ingest.following import FOLLOWERS
from zhen.kernel.telemetry.ingest.registry import Registry
from zhen.kernel.telemetry.ingest.sorting import Arrived, Quotas, sort
from zhen.kernel.telemetry.models import Position
from zhen.kernel.telemetry.storage.batch import Batch, Reached
from zhen.kernel.telemetry.storage.writing import Writer, Written

log = logging.getLogger(__name__)

LOCK = 0x6C61_6E65  # "lane"


@dataclass
class Tally:
    """What a lane has done since it began."""

    messages: int = 0
    readings: int = 0
    batches: int = 0
    seconds: float = 0.0


@dataclass
class Lane:
    """Everything here runs in the lane's own thread, which owns the connection."""

    lanes: int
    lane: int
    registry: Registry = field(default_factory=Registry)
    writer: Writer = field(default_factory=Writer)
    quotas: Quotas = field(default_factory=Quotas)
    positions: dict[str, int] = field(default_factory=dict)
    newest: dict[tuple[int, str], int] = field(default_factory=dict)
    profiles: dict[int, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def hold(self) -> bool:
        """Take the lane if nobody holds it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, self.lanes * 1_000 + self.lane])
            return bool(cursor.fetchone()[0])

    def let_go(self) -> None:
        """Close the connection: the lock goes with it."""
        connection.close()

    def load(self, feeds: Sequence[Feed]) -> None:
        """Know what the database knows: registry, newest readings, and how far each stream is read."""
        self.registry.edition = -1
        self._refresh()
        self.writer.forget()
        names = {number: code for code, number in self.writer.metrics.items()}
        self.newest = {(device, names[metric]): at for (device, metric), at in self.writer.newest.items()}
        rows = Position.objects.filter(lanes=self.lanes, lane=self.lane)
        born = {feed.source.stream: feed.born for feed in feeds}
        self.positions = {
            row.stream: row.sequence for row in rows if born.get(row.stream) == (row.born - EPOCH) // MICROSECOND
        }

    def take(self, feed: Feed, messages: Sequence[JetStreamMessage]) -> Written:
        """Write messages, and how far the stream is read, in one transaction."""
        start = perf_counter()
        stream = feed.source.stream
        position = self.positions.get(stream, 0)
        fresh = sorted((one for one in messages if one.stream_sequence > position), key=_sequence)
        if not fresh:
            return Written()
        arrived = [self._arrived(feed, message) for message in fresh]
        mine = [one for one in arrived if self._is_mine(one.topic)]
        last = fresh[-1]
        with transaction.atomic():
            self._refresh()
            batch = sort(mine, self.registry, self.quotas)
            batch.reached = Reached(
                stream, feed.born, self.lanes, self.lane, last.stream_sequence, arrived[-1].received
            )
            self._follow(batch, clock.now())
            written = self.writer.write(batch)
        self.positions[stream] = last.stream_sequence
        self.tally.messages += len(mine)
        self.tally.readings += written.new + written.late
        self.tally.batches += 1
        self.tally.seconds += perf_counter() - start
        return written

    def _arrived(self, feed: Feed, message: JetStreamMessage) -> Arrived:
        received = (message.published - EPOCH) // MICROSECOND
        return Arrived(feed.source.topic(message.subject), message.payload, received)

    def _is_mine(self, topic: str) -> bool:
        if self.lanes == 1:
            return True
        return crc32(code_of(topic).encode()) % self.lanes == self.lane

    def _follow(self, batch: Batch, now: datetime) -> None:
        for follow in FOLLOWERS:
            follow(batch.messages, self.profiles, self.newest, now)

    def _refresh(self) -> None:
        if self.registry.refresh():
            self.profiles = {device.id: device.profile for device in self.registry.devices.values()}
            self.writer.metrics = dict(self.registry.metrics)


def code_of(topic: str) -> str:
    """The device of a topic: its second level, or the third where a device announces itself."""
    levels = topic.split("/", 3)
    place = 2 if levels[0] == ROOT else 1
    return levels[place] if len(levels) > place else topic


def _sequence(message: JetStreamMessage) -> int:
    return message.stream_sequence
