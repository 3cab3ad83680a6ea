"""Where readings go: the durable stream. What `put` returned from is stored, and may be acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NoStreamResponseError

STREAM = "READINGS"
"""The stream of readings that our own processes publish: `g.CODE.r`. The ingest makes it, and reads it."""
SECONDS = 5.0
AT_ONCE = 256
"""Messages that are under way together."""


class NotStored(Exception):
    """The stream did not confirm. Remedy: none here; the device is not acknowledged and sends again."""


@dataclass(frozen=True, kw_only=True)
class Message:
    subject: str
    payload: bytes


class Sink(Protocol):
    async def put(self, messages: Sequence[Message]) -> None:
        """Store all of them. Raises `NotStored`; some may be stored then, and are stored again later."""


class JetStreamSink:
    """The stream that captures the subjects, wherever NATS has it.

    async with JetStreamSink(servers) as sink:
        await sink.put([Message(subject="g.HALL-1.r", payload=b"…")])

    The stream keeps a message for those who read it; where nobody does yet, it confirms and forgets. So
    nothing is stored before the ingest has been there.
    """

    def __init__(self, servers: Sequence[str]) -> None:
        self._servers = list(servers)
        self._client: Client | None = None
        self._stream: JetStreamContext | None = None
        self._under_way = asyncio.Semaphore(AT_ONCE)
        self._connecting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None and not self._client.is_closed:
            await self._client.close()

    @property
    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected

    async def connect(self) -> None:
        """Reach the server before there is something to store. Raises NotStored."""
        await self.put([])

    async def put(self, messages: Sequence[Message]) -> None:
        try:
            stream = await self._connected()
            await asyncio.gather(*(self._put(stream, message) for message in messages))
        except NoStreamResponseError as error:
            self._stream = None  # it is gone: look for it again
            raise NotStored(f"there is no stream {STREAM}") from error
        except (NatsError, OSError, TimeoutError) as error:
            raise NotStored(f"NATS: {type(error).__name__} {error}".strip()) from error

    async def _put(self, stream: JetStreamContext, message: Message) -> None:
        async with self._under_way:
            await stream.publish(message.subject, message.payload, timeout=SECONDS, stream=STREAM)

    async def _connected(self) -> JetStreamContext:
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                async with asyncio.timeout(SECONDS):  # it would try for ever
                    self._client = await nats.connect(
                        self._servers,
                        name="zhen gateway gb26875",
                        connect_timeout=int(SECONDS),
                        max_reconnect_attempts=-1,
                        reconnect_time_wait=1,
                        error_cb=_note,
                    )
                self._stream = None
            if not self._client.is_connected:
                raise NotStored("NATS: the connection is lost")
            if self._stream is None:
                stream = self._client.jetstream(timeout=SECONDS)
                if not (await stream.stream_info(STREAM)).state.consumer_count:
                    raise NotStored(f"nobody reads the stream {STREAM} yet; is `zhen ingest` running?")
                self._stream = stream
            return self._stream


async def _note(_error: Exception) -> None:
    """What the connection meets between two messages; a message that fails says so itself."""
