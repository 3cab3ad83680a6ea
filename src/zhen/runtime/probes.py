"""Is it ready? Each probe asks the process itself, within a second or two."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import psycopg

Probe = Callable[[], Awaitable[bool]]

_SECONDS = 2.0


def database(url: str) -> Probe:
    """Whether a PostgreSQL server lets us in and answers."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                async with await psycopg.AsyncConnection.connect(url, connect_timeout=2) as connection:
                    await connection.execute("SELECT 1")
        except (psycopg.Error, OSError, TimeoutError):
            return False
        return True

    return probe


def http(host: str, port: int, path: str) -> Probe:
    """Whether an HTTP server answers GET with a status below 500."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                status = await _status(host, port, path)
        except (OSError, ValueError, IndexError, EOFError, TimeoutError):
            return False
        return 200 <= status < 500

    return probe


def nats(urls: str) -> Probe:
    """Whether a NATS server greets us at one of the addresses."""

    async def probe() -> bool:
        for url in urls.split(","):
            parts = urlsplit(url)
            try:
                async with asyncio.timeout(_SECONDS):
                    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 4222)
                    greeting = await reader.readline()
                    writer.close()
            except (OSError, ValueError, TimeoutError):
                continue
            if greeting.startswith(b"INFO "):
                return True
        return False

    return probe


async def _status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
        await writer.drain()
        line = await reader.readline()
        return int(line.split()[1])
    finally:
        writer.close()
