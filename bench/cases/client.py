"""A person at a desk, or a resident, over HTTP: one connection that stays open, cookies, forms."""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

FIELD = re.compile(r'<input[^>]*\bname="([\w-]+)"[^>]*\bvalue="([^"]*)"')
TIMEOUT = 120


class Unexpected(Exception):
    """An answer that a benchmark must not count as work done."""


class Client:
    """Not for several threads at once. `address` is what a proxy would say of the sender."""

    def __init__(self, host: str, port: int, address: str = "") -> None:
        self.host, self.port = host, port
        self.headers = {"Accept-Language": "zh-hans", "Host": f"{host}:{port}"}
        if address:
            self.headers["X-Forwarded-For"] = address
        self.cookies: dict[str, str] = {}
        self.connection = HTTPConnection(host, port, timeout=TIMEOUT)

    def get(self, path: str, expected: int = 200) -> bytes:
        status, _place, body = self._send("GET", path, None)
        if status != expected:
            raise Unexpected(f"GET {path}: {status} instead of {expected}: {body[:300]!r}")
        return body

    def post(self, path: str, fields: dict[str, str], expected: tuple[int, ...] = (302, 303)) -> tuple[int, str, bytes]:
        """Status, Location and body."""
        given = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        status, place, body = self._send("POST", path, urlencode(given).encode())
        if status not in expected:
            raise Unexpected(f"POST {path}: {status} instead of {expected}: {body[:2000].decode()}")
        return status, place, body

    def sign_in(self, login: str, password: str) -> None:
        body = self.get("/accounts/login/").decode()
        hidden = {name: value for name, value in FIELD.findall(body) if name == "csrfmiddlewaretoken"}
        self.post("/accounts/login/", {**hidden, "login": login, "password": password})

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, str, bytes]:
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}:{self.port}",
            }
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (HTTPException, ConnectionError):  # the server closed a connection that had been idle: once more
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        for header in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return answer.status, answer.headers.get("Location", ""), content
