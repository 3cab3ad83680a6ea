"""What four clients get over HTTP from a town that runs: `python -m bench.cases.serving PORT READS WRITES`.

The last line is one JSON object: for each operation its rate, median and 99th percentile as the clients saw them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count, cycle
from random import Random
from threading import Thread
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django
import psycopg

if __name__ == "__main__":
    django.setup()

from bench.case_search import KINDS
from bench.cases.client import Client, Unexpected
from bench.harness import percentile
from zhen.kernel.cases.tests.writing import tell_anything
from zhen.project.demo.people import PASSWORD
from zhen.runtime import settings as runtime_settings

CLIENTS = 4
WARM = 5
HOST = "127.0.0.1"
DEEP = 0.9
"""The deep page begins after so much of all cases."""
Work = Callable[[Client], object]


def together(clients: Sequence[Client], work: Work, times: int) -> tuple[list[float], float]:
    """All clients at once, until `times` are done: the seconds of each, and of all."""
    seconds: list[float] = []
    faults: list[BaseException] = []
    turns = iter(range(times))

    def run(client: Client) -> None:
        try:
            for _turn in turns:
                start = perf_counter()
                work(client)
                seconds.append(perf_counter() - start)
        except BaseException as fault:  # noqa: BLE001  told by the main thread
            faults.append(fault)

    threads = [Thread(target=run, args=(client,)) for client in clients]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return seconds, perf_counter() - start


class Bench:
    """The people of the bench and what they do."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.random = Random(5)
        self.numbers: list[tuple[str, int]] = []
        self.residents = [Client(HOST, port, f"10.0.0.{number}") for number in range(CLIENTS)]
        self.dispatchers = [Client(HOST, port) for _ in range(CLIENTS)]
        for client in self.dispatchers:
            client.sign_in("dispatcher", PASSWORD)
        with psycopg.connect(runtime_settings.load().known_database_url or "") as db:
            self.addresses = [row[0] for row in db.execute(
                "SELECT DISTINCT v.name FROM places_placeversion v JOIN places_place p ON p.id = v.place_id"
                " WHERE p.kind = 'building' AND v.lon IS NOT NULL ORDER BY 1"
            )]  # fmt: skip
            self.classes = [str(row[0]) for row in db.execute(
                "SELECT DISTINCT category_id FROM cases_case WHERE category_id IS NOT NULL ORDER BY 1"
            )]  # fmt: skip
            at, id_ = db.execute(
                "SELECT received_at, id FROM cases_case ORDER BY received_at DESC, id DESC"
                " OFFSET (SELECT (count(*) * %s)::int FROM cases_case) LIMIT 1", [DEEP]
            ).fetchone() or (None, 0)  # fmt: skip
            self.deep = f"{at.isoformat()}~{id_}"
            self.cases = cycle([row[0] for row in db.execute(
                "SELECT number FROM cases_case WHERE type = 'grid.case' ORDER BY hashint8(id) LIMIT 500"
            )])  # fmt: skip
        kinds = [cycle(texts) for name, texts in KINDS.items() if name != "absent"]
        self.queries = cycle([next(texts) for _round in range(9) for texts in kinds])
        self.sender = count()

    def register(self, client: Client) -> None:
        """The whole way of a resident's report: looked through, compared with what is near, numbered, on its desk."""
        told = tell_anything(self.random)
        number = next(self.sender)
        client.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        fields = {
            "key": str(uuid4()),
            "title": told.title[:60],
            "text": told.text,
            "address": self.random.choice(self.addresses),
            "category": self.random.choice(self.classes),
        }
        body = client.post("/report/", fields, expected=(200,))[2]
        if b'name="confirmed"' in body:  # reports like it are shown first
            body = client.post("/report/", {**fields, "confirmed": "1"}, expected=(200,))[2]
        if b"<b>WG-" not in body:
            raise Unexpected(body.decode()[:3000])

    def transition(self, client: Client) -> None:
        number, category = self.numbers.pop()
        fields = {"revision": "1", "category": str(category)}
        _status, place, _body = client.post(f"/desk/cases/{number}/register/", fields)
        if number not in place:
            raise Unexpected(place)

    def waiting(self) -> None:
        """The cases that nobody has taken up yet."""
        with psycopg.connect(runtime_settings.load().known_database_url or "") as db:
            self.numbers = [tuple(row) for row in db.execute(
                "SELECT number, category_id FROM cases_case WHERE state = 'received' AND revision = 1 AND open"
                " AND source = 'portal' AND number NOT LIKE 'B-%%' ORDER BY id"
            )]  # fmt: skip

    def reads(self) -> Mapping[str, Work]:
        boxes = cycle([(121.37 + n % 7 * 0.006, 31.22 + n // 7 % 5 * 0.006) for n in range(35)])

        def tile(size: float, zoom: int) -> Work:
            def get(client: Client) -> object:
                west, south = next(boxes)
                box = f"{west:.4f},{south:.4f},{west + size:.4f},{south + size:.4f}"
                return client.get(f"/desk/cases/map.geojson?queue=all&bbox={box}&zoom={zoom}")

            return get

        def page(**params: str) -> Work:
            return lambda client: client.get(f"/desk/cases/?{urlencode(params)}")

        def three_years(**params: str) -> Work:
            asked = urlencode({"period": "three_years", **params})
            return lambda client: client.get(f"/desk/cases/figures/?{asked}")

        return {
            "inbox": page(queue="open"),
            "inbox_all": page(queue="all"),
            "inbox_deep": page(queue="all", after=self.deep),
            "inbox_filtered": page(queue="all", category=self.classes[7], state="closed"),
            "search": lambda client: client.get(f"/desk/cases/?{urlencode({'queue': 'all', 'q': next(self.queries)})}"),
            "map_town": tile(0.06, 13),
            "map_street": tile(0.006, 17),
            "case": lambda client: client.get(f"/desk/cases/{next(self.cases)}/"),
            "three_years": three_years(),
            "three_years_units": three_years(by="unit"),
        }


def measure(port: int, reads: int, writes: int) -> dict[str, Any]:
    bench = Bench(port)
    for client in bench.residents:
        client.get("/report/")
    found: dict[str, Any] = {}

    def note(name: str, clients: Sequence[Client], work: Work, times: int) -> None:
        together(clients, work, WARM * CLIENTS)
        seconds, whole = together(clients, work, times)
        found[f"{name}_per_s"] = round(times / whole, 1)
        found[f"{name}_p50_ms"] = round(percentile(seconds, 0.5) * 1000, 1)
        found[f"{name}_p99_ms"] = round(percentile(seconds, 0.99) * 1000, 1)
        print(f"  {name}: {found[f'{name}_per_s']}/s, p50 {found[f'{name}_p50_ms']} ms,"
              f" p99 {found[f'{name}_p99_ms']} ms", flush=True)  # fmt: skip

    for name, work in bench.reads().items():
        note(name, bench.dispatchers, work, reads)
    note("register", bench.residents, bench.register, writes)
    bench.waiting()
    note("transition", bench.dispatchers, bench.transition, min(writes, len(bench.numbers) - WARM * CLIENTS))
    return found


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
