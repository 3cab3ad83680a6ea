"""Connections spread over the web workers.

The workers accept from one socket, and whoever is first keeps the connection for as long as the client likes: a few
clients that stay, such as a proxy, can all end at one worker while the others idle. So a worker that is busier than
another by two requests or more closes the connection after its answer; the client opens it anew, and it finds the
worker that has time.
"""

from __future__ import annotations

import multiprocessing
import os

from zhen.runtime.asgi import Answer, Application, Message, Receive, Send

UNEVEN = 2
"""With a difference of one, to move a connection would only turn the two about."""


class Shares:
    """How many requests each worker is answering: a row of its own for each, which it alone writes, in memory that
    they share. Made before they start."""

    def __init__(self, workers: int) -> None:
        self._owners = multiprocessing.Array("q", workers)
        self._busy = multiprocessing.Array("q", workers, lock=False)

    def take(self, process: int) -> int:
        """A row for a process: a free one, or that of a worker which is gone. -1: more workers than rows, as for
        a moment while one is replaced; such a worker counts nothing and closes nothing."""
        with self._owners.get_lock():
            for row in range(len(self._owners)):
                owner: int = self._owners[row]
                if not owner or not _lives(owner):
                    self._owners[row] = process
                    self._busy[row] = 0
                    return row
        return -1

    def add(self, row: int, number: int) -> None:
        self._busy[row] += number

    def is_uneven(self, row: int) -> bool:
        """Whether a worker that lives has so much less to do."""
        most = self._busy[row] - UNEVEN
        return any(
            count <= most and other != row and self._owners[other] and _lives(self._owners[other])
            for other, count in enumerate(self._busy)
        )


def spread(application: Application, shares: Shares) -> Answer:
    """The same application, in a worker process; called once in each."""
    row = shares.take(os.getpid())

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and shares.is_uneven(row):
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        shares.add(row, 1)
        try:
            # HTTP/2 has many requests to a connection, and no such header.
            await application(scope, receive, told if scope.get("http_version") == "1.1" else send)
        finally:
            shares.add(row, -1)

    return answer if row >= 0 else application  # type: ignore[return-value]  # either is awaited the same way


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
