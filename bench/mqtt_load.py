"""Devices that publish as fast as they are answered: `python -m bench.mqtt_load FILE SECONDS WINDOW`.

FILE holds {"host", "port", "devices": [[code, secret], …]}. Each device keeps WINDOW messages of QoS 1 under way, of
two readings each. Prints a line of JSON when all are connected, and one at the end: how many were acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

AT_ONCE = 50


class Device(asyncio.Protocol):
    """One connection: a burst of messages, and the next one when all are acknowledged."""

    def __init__(self, crowd: Crowd, code: str, secret: str) -> None:
        self.crowd, self.code, self.secret = crowd, code, secret
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.number, self.under_way, self.rest = 0, 0, 0
        self.moment = 0
        self.acknowledged = 0
        self.topic = _text(f"d/{code}/r")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        body = _text("MQTT") + b"\x04\xc2\x00\x3c" + _text(self.code) + _text(self.code) + _text(self.secret)
        transport.write(b"\x10" + _length(len(body)) + body)

    def data_received(self, data: bytes) -> None:
        if not self.connected.done():
            if data[:1] != b"\x20" or data[3]:
                self.connected.set_exception(ConnectionError(f"{self.code} is not let in: {data!r}"))
                return
            self.connected.set_result(None)
            data = data[4:]
        answered, self.rest = divmod(self.rest + len(data), 4)  # a PUBACK has four bytes
        self.under_way -= answered
        self.acknowledged += answered
        if answered and not self.under_way:
            if time.perf_counter() < self.crowd.until:
                self.burst()
            else:
                self.done.set_result(None)

    def connection_lost(self, fault: Exception | None) -> None:
        for future in (self.connected, self.done):
            if not future.done():
                future.set_exception(fault or ConnectionError(f"{self.code} was cut off"))

    def burst(self) -> None:
        self.under_way = self.crowd.window
        self.transport.write(b"".join([self._message() for _number in range(self.crowd.window)]))

    def _message(self) -> bytes:
        self.number = self.number % 65_535 + 1
        self.moment = max(self.moment + 1, time.time_ns() // 1_000)  # no two at one moment
        payload = b'{"t":%.6f,"m":{"load":%d,"wet":%d}}' % (self.moment / 1e6, self.number % 450, self.number & 1)
        body = self.topic + self.number.to_bytes(2, "big") + payload
        return b"\x32" + _length(len(body)) + body


class Crowd:
    def __init__(self, window: int) -> None:
        self.window, self.until = window, float("inf")


async def main(given: dict[str, Any], seconds: float, window: int) -> None:
    crowd = Crowd(window)
    loop = asyncio.get_running_loop()
    devices = []
    for start in range(0, len(given["devices"]), AT_ONCE):
        group = [Device(crowd, code, secret) for code, secret in given["devices"][start : start + AT_ONCE]]
        for device in group:
            await loop.create_connection(lambda device=device: device, given["host"], given["port"])
        await asyncio.gather(*(device.connected for device in group))
        devices += group
    print(json.dumps({"connected": len(devices)}), flush=True)
    crowd.until = time.perf_counter() + seconds
    for device in devices:
        device.burst()
    await asyncio.gather(*(device.done for device in devices))
    print(json.dumps({"acknowledged": sum(device.acknowledged for device in devices)}), flush=True)


def _text(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def _length(number: int) -> bytes:
    found = bytearray()
    while True:
        number, bits = divmod(number, 128)
        found.append(bits | (0x80 if number else 0))
        if not number:
            return bytes(found)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), float(sys.argv[2]), int(sys.argv[3])))
