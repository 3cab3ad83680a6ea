"""Real servers on this machine: one that takes mail, one that takes HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from zhen.kernel.identity.api import User
from zhen.kernel.identity.testing import a_user
from zhen.kernel.notify.tests.servers import Call, Mailbox, Receiver, a_free_port


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.calls.append(Call(path=self.path, headers=headers, body=body))
            self.send_response(kept.answers.pop(0) if kept.answers else 200)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", str(kept.size))
            self.end_headers()
            try:
                self.wfile.write(b"x" * kept.size)
            except OSError:  # the caller stopped reading
                return

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    handler = Mailbox()
    port = a_free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.ZHEN_SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


@pytest.fixture
def alice(db: None) -> User:
    return a_user("alice", "Alice", email="alice@town.example", language="en")


@pytest.fixture
def bob(db: None) -> User:
    return a_user("bob", "Bob", email="bob@town.example", phone="13800001234", language="zh-hans")
