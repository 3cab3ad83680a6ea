"""A request that is too long is turned away before anything of it is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from zhen.project.bodies import bounded

Messages = list[dict[str, Any]]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body as Django does, and answers how long it was."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            await send({"type": "gone", "after": size})
            return
        size += len(message["body"])
        if not message["more_body"]:
            await send({"type": "read", "size": size})
            return


def asked(bodies: list[bytes], *, headers: list[tuple[bytes, bytes]] | None = None) -> Messages:
    said: Messages = []
    waiting = [{"type": "http.request", "body": body, "more_body": n < len(bodies)} for n, body in enumerate(bodies, 1)]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(bounded(echo, most=10)({"type": "http", "headers": headers or []}, receive, send))
    return said


def test_a_body_within_the_limit_comes_through() -> None:
    assert asked([b"12345", b"67890"], headers=[(b"Content-Length", b"10")]) == [{"type": "read", "size": 10}]


def test_one_that_announces_its_length_is_refused_unread() -> None:
    (start, body) = asked([b"x"], headers=[(b"content-length", b"11")])
    assert start["status"] == 413
    assert "过大" in body["body"].decode()


@pytest.mark.parametrize("announced", [[], [(b"content-length", b"1")], [(b"content-length", b"many")]])
def test_one_that_does_not_or_that_lies_is_cut_off(announced: list[tuple[bytes, bytes]]) -> None:
    assert asked([b"12345", b"67890", b"1", b"2"], headers=announced) == [{"type": "gone", "after": 10}]
