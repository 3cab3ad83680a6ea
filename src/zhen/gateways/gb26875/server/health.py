"""One small page for probes: whether frames can be stored, and what was counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping

PATIENCE = 5.0


class Health:
    """`async with Health(host, port, report):` answers every GET with the report as JSON; 503 while not ready."""

    def __init__(self, host: str, port: int, report: Callable[[], Mapping[str, object]]) -> None:
        self._host, self._port, self._report = host, port, report
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Health:
        self._server = await asyncio.start_server(self._answer, self._host, self._port, limit=4096)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await reader.readuntil(b"\r\n\r\n")
                report = self._report()
                body = json.dumps(report).encode()
                status = "200 OK" if report["ready"] else "503 Service Unavailable"
                head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()
