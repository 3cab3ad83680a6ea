"""A limit on what a request may carry, before anything of it is kept: the framework itself writes a body to disk
whole, however long it is, before any view or check of ours sees it."""

from __future__ import annotations

from zhen.runtime.asgi import Answer, Application, Message, Receive, Send

MOST = 128 << 20
"""Bytes: a form with six files of 20 MB, sent without scripts. With them each file is a request of its own."""


def bounded(application: Application, most: int = MOST) -> Answer:
    """The same application, which hears of a body that is too long only that its sender has gone."""

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if _announced(scope) > most:
            await _refuse(send)
            return
        count = 0

        async def counted() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            return {"type": "http.disconnect"} if count > most else message

        await application(scope, counted, send)

    return answer


def _announced(scope: Message) -> int:
    """The length that the headers announce; 0 where they do not, for then the body is counted."""
    value = next((value for name, value in scope["headers"] if bytes(name).lower() == b"content-length"), b"")
    return int(value) if bytes(value).isdigit() else 0


async def _refuse(send: Send) -> None:
    body = "413: this is too large for one request / 一次提交的内容过大".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
