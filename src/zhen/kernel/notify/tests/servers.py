"""Real servers on this machine for tests: one that takes HTTP, one that takes mail."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.handlers import Message as MailHandler


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Call:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """An HTTP server that keeps what it got, and answers with the next of `answers` (200 at the end)."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    size: int = 2


class Mailbox(MailHandler):
    """Keeps the mail it gets; refuses the addresses in `refused`, as a mail server would."""

    def __init__(self) -> None:
        super().__init__()
        self.mail: list[Any] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mail.append(message)
