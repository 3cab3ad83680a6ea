"""Devices that send datagrams: each holds whole frames; the reply goes where it came from."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Any

from zhen.gateways.gb26875.codec.splitter import Splitter
from zhen.gateways.gb26875.server.centre import Centre
from zhen.gateways.gb26875.server.limits import Bucket
from zhen.gateways.gb26875.server.line import Line

log = logging.getLogger(__name__)

WAITING = 1_000
"""Datagrams that wait to be stored; more are dropped, and sent again by their devices."""
ADDRESSES = 10_000
"""Addresses that are remembered for their speed; the one unheard for longest is forgotten first."""
WORKERS = 32
Address = tuple[Any, ...]


class UdpServer(asyncio.DatagramProtocol):
    """async with UdpServer(centre, host, port) as server: …"""

    def __init__(self, centre: Centre, host: str, port: int) -> None:
        self._centre, self._host, self._port = centre, host, port
        self._queue: asyncio.Queue[tuple[bytes, Address]] = asyncio.Queue(WAITING)
        self._lines: OrderedDict[Address, tuple[Line, Bucket]] = OrderedDict()
        self._transport: asyncio.DatagramTransport | None = None
        self._workers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> UdpServer:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._host, self._port))
        self._transport = transport
        self._workers = [asyncio.create_task(self._work()) for _ in range(WORKERS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._transport is not None:
            self._transport.close()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: Address) -> None:
        _line, bucket = self._known(addr)
        if not bucket.take(1, now=time.monotonic()) or self._queue.full():
            self._centre.counts["dropped_datagrams"] += 1
            return
        self._centre.counts["datagrams"] += 1
        self._queue.put_nowait((data, addr))

    def error_received(self, exc: Exception) -> None:
        log.debug("UDP: %s", exc)

    async def _work(self) -> None:
        while True:
            data, address = await self._queue.get()
            try:
                await self._receive(data, address)
            except OSError as error:
                log.debug("UDP: %s", error)
            except Exception:  # whatever a datagram does, the next one is read
                self._centre.counts["failures"] += 1
                log.exception("UDP: a datagram is left")

    async def _receive(self, data: bytes, address: Address) -> None:
        line, _bucket = self._known(address)
        splitter = Splitter()
        for piece in [*splitter.feed(data), *splitter.flush()]:
            reply = await self._centre.receive(piece, line)
            if reply is not None:
                await line.send(reply)

    def _known(self, address: Address) -> tuple[Line, Bucket]:
        known = self._lines.get(address)
        if known is None:
            limits = self._centre.limits

            async def send(raw: bytes) -> None:
                if self._transport is not None and not self._transport.is_closing():
                    self._transport.sendto(raw, address)

            line = Line(peer=f"{address[0]}:{address[1]}", send=send)
            known = line, Bucket(rate=limits.frames_per_second, size=limits.frames_at_once)
            self._lines[address] = known
            if len(self._lines) > ADDRESSES:
                _address, (forgotten, _bucket) = self._lines.popitem(last=False)
                self._centre.closed(forgotten)
        self._lines.move_to_end(address)
        return known
