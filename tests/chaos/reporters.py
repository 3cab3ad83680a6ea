"""People and machines that report over HTTP while parts of the town are killed.

Half of them use the portal's form, which has a key: what was not acknowledged is sent again with the same key. The
others use Open311, which knows no such key: what was not acknowledged is given up, and counted.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

SERVICE = "grid-B0101"
LON, LAT = 121.37, 31.24
PER_ADDRESS = 25
"""Reports from one address: the portal takes 30 an hour, so the crowd has many."""
_NUMBER = re.compile(r"<b>(WG-\d{4}-\d{6})</b>")
_SECRET = re.compile(r"<code>([0-9a-f]{32})</code>")
_SECRET_OF_OPEN311 = re.compile(r"[\w-]{32}", re.ASCII)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TROUBLE = (OSError, http.client.HTTPException, ValueError)


def _secret_in(notice: str) -> str:
    (secret,) = _SECRET_OF_OPEN311.findall(notice)
    return str(secret)


@dataclass(frozen=True)
class Acknowledged:
    """What the town said it has: its number, the words it came with, and the secret that opens it."""

    number: str
    words: str
    secret: str
    way: str


@dataclass
class Crowd:
    """`stop` ends it when so many are acknowledged; what came of every attempt is kept."""

    port: int
    key: str
    wanted: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    sent_again: int = 0
    unanswered: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)
    _given_up: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, people: int) -> None:
        for number in range(people):
            work = self._through_the_portal if number % 2 else self._through_open311
            self._threads.append(threading.Thread(target=self._live, args=(work, random.Random(number)), daemon=True))
            self._threads[-1].start()

    def wait(self, silence: float) -> None:
        """Until everybody has come to the end. How long that takes is the machine's business; that the town takes
        nothing for `silence` seconds is a fault."""
        known, since = -1, time.monotonic()
        try:
            while any(thread.is_alive() for thread in self._threads):
                if len(self.acknowledged) != known:
                    known, since = len(self.acknowledged), time.monotonic()
                assert time.monotonic() - since < silence, f"nothing taken for {silence} s after {known}; {self.faults}"
                time.sleep(0.1)
        finally:
            self._given_up.set()

    def _live(self, work: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            work(chance)
        except Exception as fault:  # noqa: BLE001  the test shows it; the others go on
            self.faults.append(repr(fault))

    @property
    def full(self) -> bool:
        return len(self.acknowledged) >= self.wanted or self._given_up.is_set()

    def _through_open311(self, chance: random.Random) -> None:
        while not self.full:
            words = f"Open311 {next(self._serial)}"
            sent = {"service_code": SERVICE, "description": words, "lat": str(LAT), "long": str(LON)}
            phone = {"phone": "13800000000"} if chance.random() < 0.5 else {}
            try:
                status, text = self._post("/open311/v2/requests.json", {"api_key": self.key, **sent, **phone}, {})
                if status == http.HTTPStatus.OK:
                    (made,) = json.loads(text)
                    self._keep(
                        Acknowledged(made["service_request_id"], words, _secret_in(made["service_notice"]), "open311")
                    )
                    continue
            except TROUBLE:
                status, text = 0, ""
            if 400 <= status < 500:
                raise ValueError(f"{words}: {status} {text}")
            self.unanswered.append(words)
            time.sleep(0.1)

    def _through_the_portal(self, chance: random.Random) -> None:
        form: dict[str, str] = {}
        while not self.full:
            serial = next(self._serial)
            words, key = f"Portal {serial}", str(uuid4())
            address = f"127.0.{1 + serial // PER_ADDRESS // 250}.{1 + serial // PER_ADDRESS % 250}"
            phone = "13900000000" if chance.random() < 0.5 else ""
            given = {"key": key, "title": words, "address": "a street", "phone": phone, "confirmed": "1"}
            while not self._given_up.is_set():
                try:
                    form = form or self._form(address)
                    status, text = self._post("/report/", given, form, source=address)
                    number, secret = _NUMBER.search(text), _SECRET.search(text)
                    if status == http.HTTPStatus.OK and number and secret:
                        self._keep(Acknowledged(number[1], words, secret[1], "portal"))
                        break
                except TROUBLE:
                    status, text = 0, ""
                if 400 <= status < 500:
                    raise ValueError(f"{words}: {status} {text}")
                self.sent_again += 1
                time.sleep(0.1)

    def _keep(self, answer: Acknowledged) -> None:
        self.acknowledged.append(answer)

    def _form(self, source: str) -> dict[str, str]:
        """What the form's page sets: a browser asks for the form before it sends it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(source, 0))
        try:
            connection.request("GET", "/report/")
            answer = connection.getresponse()
            text = answer.read().decode()
            cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
            if answer.status != http.HTTPStatus.OK or not cookie or token is None:
                raise ValueError(answer.status)
            return {"Cookie": cookie, "X-CSRFToken": token[1]}
        finally:
            connection.close()

    def _post(self, path: str, given: dict[str, str], headers: dict[str, str], *, source: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=20, source_address=(source, 0) if source else None
        )
        try:
            connection.request("POST", path, urlencode(given), {**_FORM, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
