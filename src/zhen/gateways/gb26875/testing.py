"""A running gateway on free ports, against the servers of the tests. Not part of what runs."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import nats
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from zhen.gateways.gb26875.codec.frames import Frame
from zhen.gateways.gb26875.codec.splitter import Splitter
from zhen.gateways.gb26875.server.centre import Centre
from zhen.gateways.gb26875.server.limits import Limits
from zhen.gateways.gb26875.server.orders import Orders
from zhen.gateways.gb26875.server.store import Store
from zhen.gateways.gb26875.server.tcp import TcpServer
from zhen.gateways.gb26875.server.udp import UdpServer
from zhen.gateways.gb26875.sink import STREAM, JetStreamSink

HOST = "127.0.0.1"
CAPTURING = StreamConfig(name=STREAM, subjects=["g.>"], storage=StorageType.MEMORY)


@dataclass(frozen=True, kw_only=True)
class Running:
    centre: Centre
    store: Store
    orders: Orders
    stream: JetStreamContext
    tcp_port: int
    udp_port: int

    async def stored(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything in the stream: device code and payload."""
        state = (await self.stream.stream_info(STREAM)).state
        found = []
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            message = await self.stream.get_msg(STREAM, sequence)
            found.append(((message.subject or "").split(".")[1], json.loads(message.data or b"{}")))
        return found


async def capture(stream: JetStreamContext) -> None:
    """A stream that keeps everything, and somebody who reads it; in the place of the one that an ingest made."""
    with suppress(NotFoundError):
        await stream.delete_stream(STREAM)
    await stream.add_stream(CAPTURING)
    await stream.add_consumer(STREAM, ConsumerConfig(durable_name="reader", ack_policy=AckPolicy.EXPLICIT))


@asynccontextmanager
async def running(limits: Limits | None = None) -> AsyncIterator[Running]:
    servers = [os.environ["NATS_URL"]]
    client = await nats.connect(servers)
    stream = client.jetstream()
    try:
        await capture(stream)
        async with Store() as store, JetStreamSink(servers) as sink:
            centre = Centre(book=store, sink=sink, limits=limits or Limits())
            async with TcpServer(centre, HOST, 0) as tcp, UdpServer(centre, HOST, 0) as udp:
                yield Running(
                    centre=centre,
                    store=store,
                    orders=Orders(centre, store),
                    stream=stream,
                    tcp_port=tcp.port,
                    udp_port=udp.port,
                )
        await stream.delete_stream(STREAM)
    finally:
        await client.close()


class Line:
    """A plain connection: bytes out, frames in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._splitter = Splitter()
        self._frames: list[Frame] = []

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def frame(self, within: float = 5.0) -> Frame | None:
        """The next frame; None: none came in time, or the line was closed."""
        try:
            async with asyncio.timeout(within):
                while not self._frames:
                    chunk = await self.reader.read(4096)
                    if not chunk:
                        return None
                    self._frames += [piece for piece in self._splitter.feed(chunk) if isinstance(piece, Frame)]
        except TimeoutError:
            return None
        return self._frames.pop(0)

    async def is_closed(self, within: float = 5.0) -> bool:
        async with asyncio.timeout(within):
            return await self.reader.read(1) == b""


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()
