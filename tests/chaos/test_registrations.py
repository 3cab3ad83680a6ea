"""Two thousand registrations while worker, web and database are killed: what was acknowledged is there, once."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from zhen.runtime.files import read_state

from .conftest import Town, environment, eventually, new_town
from .reporters import Crowd

BOOKS = Path(__file__).with_name("books.py")
PEOPLE = 8
SILENCE = 180.0
"""Seconds in which the town takes no report: each death of the web costs its start, and build machines are shared."""
PARTS = ("worker", "web", "one web worker", "database", "one database session")


class Outside(http.server.ThreadingHTTPServer):
    """The system that the webhook tells: it keeps the ids of the events it was told of."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.told: Counter[int] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Outside)
        self.server.told[int(json.loads(body)["id"])] += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the test's output is for the table."""


@pytest.fixture
def outside() -> Iterator[Outside]:
    with Outside() as server:
        yield server
        server.shutdown()


@pytest.fixture
def real_town() -> Iterator[Town]:
    with new_town(sys.executable, "-m", "zhen.project.cli", "up") as town:
        town.extra = {"ZHEN_PRIVATE_WEBHOOKS": "on", "ZHEN_WEB_WORKERS": "2"}
        town.start(seconds=400)
        yield town


def books(town: Town, *words: str) -> str:
    address = str(read_state(town.home / "postgres.json")["app_url"])
    own = {"ZHEN_HOME": str(town.home), "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "zhen.project.settings"}
    own["ZHEN_PRIVATE_WEBHOOKS"] = "on"
    done = subprocess.run(
        (sys.executable, str(BOOKS), *words), env={**environment(), **own}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Killer:
    """Kills a part of the town at a time, in rounds in which each part dies once.

    A death comes after so many reports are taken, chosen by chance below `wanted`: each finds the town at work, and
    all come before the crowd has finished.
    """

    def __init__(self, town: Town, crowd: Crowd, *, parts: Sequence[str], deaths: int, seed: int) -> None:
        self.town, self.crowd, self.dice = town, crowd, random.Random(seed)
        self.deaths: Counter[str] = Counter()
        self._victims = [part for _ in range(-(-deaths // len(parts))) for part in self.dice.sample(parts, len(parts))]
        self._moments = sorted(self.dice.sample(range(1, crowd.wanted), deaths))
        self._rest = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def rest(self) -> None:
        self._rest.set()
        self._thread.join()

    def _run(self) -> None:
        for moment, part in zip(self._moments, self._victims, strict=False):
            while len(self.crowd.acknowledged) < moment or not self._kill(part):
                if self._rest.wait(0.02):
                    return

    def _kill(self, part: str) -> bool:
        """Whether it was there to be killed: what died a moment ago may not be back yet."""
        with contextlib.suppress(psutil.Error):
            victim = self._find(part)
            if victim is not None:
                victim.kill()
                self.deaths[part] += 1
                return True
        return False

    def _find(self, part: str) -> psutil.Process | None:
        parent = {"one web worker": "web", "database": "postgres", "one database session": "postgres"}.get(part, part)
        process = self.town.child(parent)
        if process is None or not part.startswith("one "):
            return process
        of = [child for child in process.children() if parent == "web" or "127.0.0.1" in " ".join(child.cmdline())]
        return self.dice.choice(of) if of else None


FEW, MANY = (24, 4), (2000, 40)
"""Registrations and deaths. The web server's master dies among many only: each time costs a start."""


@pytest.mark.parametrize(
    ("wanted", "deaths", "parts"),
    [
        pytest.param(*FEW, [part for part in PARTS if part != "web"], id="few"),
        pytest.param(*MANY, PARTS, id="many", marks=pytest.mark.chaos),
    ],
)
def test_whatever_is_killed_every_acknowledged_case_is_there_once(
    real_town: Town, outside: Outside, wanted: int, deaths: int, parts: Sequence[str]
) -> None:
    key = books(real_town, "open", f"http://127.0.0.1:{outside.server_port}/in")
    began = time.monotonic()
    crowd = Crowd(port=real_town.port, key=key, wanted=wanted)
    crowd.start(PEOPLE)
    killer = Killer(real_town, crowd, parts=parts, deaths=deaths, seed=6)
    try:
        crowd.wait(SILENCE)
    finally:
        killer.rest()
        print(f"\n{len(crowd.acknowledged)} acknowledged in {time.monotonic() - began:.0f} s; {dict(killer.deaths)}")
    took = time.monotonic() - began
    held: dict[str, Any] = {}

    def settled() -> bool:
        held.update(json.loads(books(real_town, "audit")))
        told = [event for event, state in held["calls"] if state == "sent"]
        return len(told) == len(held["events"]) and len(held["counted"]) == len(held["events"])

    with_everybody = eventually(settled, 180)
    check(crowd, held, outside)
    assert killer.deaths.total() == deaths
    print(table(crowd, held, killer, outside, took, with_everybody))


def check(crowd: Crowd, held: dict[str, Any], outside: Outside) -> None:
    assert crowd.faults == []
    words = {number: title for number, title, _pk in held["cases"]}
    # every acknowledged case is there, once, with the words and the secret it came with
    assert len(words) == len(held["cases"])
    assert [one for one in crowd.acknowledged if words.get(one.number) != one.words] == []
    assert max(Counter(words.values()).values()) == 1
    assert len({one.number for one in crowd.acknowledged}) == len(crowd.acknowledged)
    hashes = {one.number: hashlib.sha256(one.secret.encode()).hexdigest() for one in crowd.acknowledged}
    assert {number: held["secrets"].get(number) for number in hashes} == hashes
    # what is there beyond that was sent, and its answer was lost
    lost = set(words.values()) - {one.words for one in crowd.acknowledged}
    assert lost <= set(crowd.unanswered)
    # numbers have no gap
    assert sorted(int(number.rsplit("-", 1)[1]) for number in words) == list(range(1, len(words) + 1))
    assert held["last"] == [len(words)]
    # each has its dates, its clocks, its way to the unit and its event, once
    assert held["without_date"] == []
    clocks = Counter((number, deadline) for number, deadline, _due in held["clocks"])
    assert set(clocks.values()) == {1}
    assert all(due for _number, _deadline, due in held["clocks"])
    for deadline in ("register", "whole"):
        assert {number for number, name in clocks if name == deadline} == set(words)
    assert Counter(held["units"]) == Counter(list(words))
    assert Counter(held["received"]) == Counter(list(words))
    # what follows from the events is there, once for each
    assert Counter(held["counted"]) == Counter(held["events"])
    assert Counter(event for event, _state in held["calls"]) == Counter(held["events"])
    assert set(outside.told) == set(held["events"])
    assert held["journal"] == []


def table(crowd: Crowd, held: dict[str, Any], killer: Killer, outside: Outside, took: float, settling: float) -> str:
    by_way = Counter(one.way for one in crowd.acknowledged)
    lost = {title for _number, title, _pk in held["cases"]} & set(crowd.unanswered)
    rows = {
        "acknowledged": f"{len(crowd.acknowledged)} ({by_way['portal']} portal, {by_way['open311']} Open311)",
        "held by the town": len(held["cases"]),
        "sent again by the portal's form": crowd.sent_again,
        "Open311 without an answer": f"{len(crowd.unanswered)}, of which {len(lost)} were received",
        "webhook calls, told twice": f"{len(held['calls'])}, {sum(n > 1 for n in outside.told.values())}",
        "seconds, then until all were told": f"{took:.0f} s ({len(crowd.acknowledged) / took:.0f}/s), {settling:.0f} s",
        **{f"killed: {part}": times for part, times in sorted(killer.deaths.items())},
    }
    return "\n" + "\n".join(f"{name:<36} {value}" for name, value in rows.items())
