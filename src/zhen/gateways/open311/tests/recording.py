"""A proxy that writes down what a client and the town say to each other, as a page of documentation shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

TOWN = "https://town.example"
_KEPT = ("Content-Type", "Content-Length", "Accept")


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    sent: tuple[tuple[str, str], ...]
    status: int
    got: str


@dataclass
class Recorder:
    """Forwards to the town at `town` and keeps every exchange in order."""

    town: str
    exchanges: list[Exchange] = field(default_factory=list)
    url: str = ""

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        host = urlsplit(self.town)
        connection = HTTPConnection(host.hostname or "", host.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            got = answer.read()
            kind = answer.getheader("Content-Type", "")
        finally:
            connection.close()
        sent = tuple(_fields(headers.get("Content-Type", ""), body))
        self.exchanges.append(Exchange(method, path, sent, answer.status, got.decode()))
        return answer.status, kind, got


@contextmanager
def recording(town: str) -> Iterator[Recorder]:
    recorder = Recorder(town)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._forward()

        def do_POST(self) -> None:
            self._forward()

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: self.headers[name] for name in _KEPT if name in self.headers}
            status, kind, got = recorder.forward(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(got)))
            self.end_headers()
            self.wfile.write(got)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield recorder
        finally:
            server.shutdown()


def _fields(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """What a form sent; of a file, its name and size."""
    if not kind.startswith("multipart/form-data"):
        yield from parse_qsl(body.decode(), keep_blank_values=True)
        return
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", header="Content-Disposition"))
        file = part.get_filename()
        yield name, f"({file}, {len(content)} bytes)" if file else content.decode()


def written(exchange: Exchange, known: dict[str, str]) -> str:
    """Markdown of one exchange. `known` replaces what differs from run to run."""
    lines = ["```http", f"{exchange.method} {unquote(exchange.path)}"]
    lines += [f"{name}: {value}".rstrip() for name, value in exchange.sent]
    form = "xml" if exchange.got.startswith("<") else "json"
    body = exchange.got if form == "xml" else json.dumps(json.loads(exchange.got), ensure_ascii=False, indent=2)
    lines += ["```", "", f"{exchange.status}", "", f"```{form}", *body.splitlines(), "```"]
    text = "\n".join(lines)
    for real, shown in known.items():
        text = text.replace(real, shown)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "2026-09-15T10:00:00+08:00", text)
    return re.sub(r"\b([A-Z]{2})-\d{4}-(\d{6})\b", r"\1-2026-\2", text)
