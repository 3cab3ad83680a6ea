"""Connections that stay are spread over the workers, for a client that opens again what is closed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from zhen.runtime.asgi import Message, Receive, Send
from zhen.runtime.spread import Shares, spread


async def nobody() -> Message:
    return {"type": "http.disconnect"}


def closes(shares: Shares) -> bool:
    sent: list[Message] = []

    async def page(_scope: Message, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-page", b"1")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(spread(page, shares)({"type": "http", "http_version": "1.1"}, nobody, send))
    assert [m["type"] for m in sent] == ["http.response.start", "http.response.body"]
    assert (b"x-page", b"1") in sent[0]["headers"]
    return (b"connection", b"close") in sent[0]["headers"]


@pytest.fixture
def two() -> Shares:
    """Of two workers, which live, the first has its row."""
    shares = Shares(2)
    assert shares.take(os.getpid()) == 0
    return shares


def test_two_requests_more_than_another_worker_are_too_many(two: Shares) -> None:
    row = two.take(os.getppid())
    two.add(row, 1)
    assert not two.is_uneven(row)  # to move it would gain nothing
    two.add(row, 1)
    assert two.is_uneven(row)
    two.add(0, 1)
    assert not two.is_uneven(row)


def test_one_alone_stays_where_it_is(two: Shares) -> None:
    assert not closes(two)


def test_many_at_one_worker_are_closed_until_it_is_even() -> None:
    shares = Shares(2)
    shares.take(os.getpid())
    shares._owners[1] = os.getppid()
    held: list[asyncio.Event] = []
    sent: list[list[tuple[bytes, bytes]]] = []

    async def slow(_scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def run(version: str) -> None:
        # As in a worker's first moment: `spread` is called in each worker.
        shares._owners[0] = 0
        answer = spread(slow, shares)
        held[:] = [asyncio.Event() for _ in range(4)]

        async def one(number: int) -> None:
            async def receive() -> Message:
                await held[number].wait()
                return {"type": "http.request"}

            async def send(message: Message) -> None:
                sent.append(message["headers"])

            await answer({"type": "http", "http_version": version}, receive, send)

        waiting = [asyncio.create_task(one(number)) for number in range(4)]
        await asyncio.sleep(0)
        for event, task in zip(held, waiting, strict=True):
            event.set()
            await task

    asyncio.run(run("1.1"))
    assert [bool(headers) for headers in sent] == [True, True, True, False]
    sent.clear()
    asyncio.run(run("2"))
    assert sent == [[], [], [], []]


def test_the_row_of_a_worker_that_died_is_taken_over_and_counts_nothing() -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    shares = Shares(1)
    shares._owners[0] = int(gone.stdout)
    shares._busy[0] = 7
    assert shares.take(os.getpid()) == 0
    assert list(shares._busy) == [0]
    assert Shares(2).take(os.getpid()) == 0


def test_more_workers_than_rows_count_nothing(two: Shares) -> None:
    two.take(os.getppid())

    async def page(_scope: Message, _receive: Receive, _send: Send) -> None:
        return

    assert two.take(os.getppid()) == -1
    assert spread(page, two) is page
