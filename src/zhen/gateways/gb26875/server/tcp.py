"""Devices that keep a connection: each is read in turn, replied to, and kept within its limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable

from zhen.gateways.gb26875.codec.splitter import Garbage, Piece, Splitter
from zhen.gateways.gb26875.server.centre import Centre
from zhen.gateways.gb26875.server.limits import Bucket, Doorkeeper
from zhen.gateways.gb26875.server.line import Line

log = logging.getLogger(__name__)

CHUNK = 4096
WRITE_WITHIN = 10.0


class TcpServer:
    """async with TcpServer(centre, host, port) as server: …"""

    def __init__(self, centre: Centre, host: str, port: int) -> None:
        self._centre, self._host, self._port = centre, host, port
        self._door = Doorkeeper(limits=centre.limits)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> TcpServer:
        self._server = await asyncio.start_server(self._accept, self._host, self._port, limit=CHUNK)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def open(self) -> int:
        return self._door.open.total()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        if not self._door.admit(host):
            self._centre.counts["refused_connections"] += 1
            writer.close()
            return
        self._centre.counts["connections"] += 1
        connection = Connection(self._centre, reader, writer, peer=f"{host}:{port}")
        try:
            await connection.run()
        except (OSError, TimeoutError) as error:
            log.debug("%s:%s left: %s", host, port, type(error).__name__)
        except Exception:  # one device's fault ends its own connection, and no other
            self._centre.counts["failures"] += 1
            log.exception("%s:%s: the connection is closed", host, port)
        finally:
            self._door.leave(host)
            self._centre.closed(connection.line)
            writer.close()


class Connection:
    """One device's connection, from its first byte to its end."""

    def __init__(
        self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, peer: str
    ) -> None:
        limits = centre.limits
        self._centre, self._reader, self._writer = centre, reader, writer
        self._splitter = Splitter()
        self._bytes = Bucket(rate=limits.bytes_per_second, size=limits.bytes_at_once)
        self._frames = Bucket(rate=limits.frames_per_second, size=limits.frames_at_once)
        self._garbage = 0
        self.line = Line(peer=peer, send=self._send)

    async def run(self) -> None:
        """Until the device leaves, is silent for too long, or sends nothing but garbage."""
        limits = self._centre.limits
        while self._garbage <= limits.garbage:
            patience = limits.quiet if self._splitter.waiting else limits.idle
            try:
                async with asyncio.timeout(patience):
                    chunk = await self._reader.read(CHUNK)
            except TimeoutError:
                if not self._splitter.waiting:
                    self._centre.counts["idle_connections"] += 1
                    return
                await self._receive(self._splitter.flush())
                continue
            if not chunk:
                await self._receive(self._splitter.flush())
                return
            await self._slow_down(self._bytes, len(chunk))
            await self._receive(self._splitter.feed(chunk))
        self._centre.counts["garbage_connections"] += 1

    async def _receive(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Garbage):
                self._garbage += len(piece.raw)
            else:
                await self._slow_down(self._frames, 1)
            reply = await self._centre.receive(piece, self.line)
            if reply is not None:
                await self._send(reply)

    async def _slow_down(self, bucket: Bucket, amount: float) -> None:
        pause = bucket.wait_for(amount, now=time.monotonic())
        if pause:
            self._centre.counts["slowed_down"] += 1
            await asyncio.sleep(pause)

    async def _send(self, raw: bytes) -> None:
        self._writer.write(raw)
        async with asyncio.timeout(WRITE_WITHIN):  # a device that does not read shall not hold us
            await self._writer.drain()
