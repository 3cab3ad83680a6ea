"""Parts of the server by themselves: limits, the health page, what the process says of itself."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875.server.health import Health
from zhen.gateways.gb26875.server.limits import Bucket, Doorkeeper, Limits


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 20)), max_size=50))
def test_a_bucket_never_gives_more_than_its_size_and_its_rate(steps: list[tuple[float, float]]) -> None:
    bucket = Bucket(rate=2, size=10)
    now = taken = 0.0
    for pause, amount in steps:
        now += pause
        if bucket.take(amount, now=now):
            taken += amount
        assert taken <= 10 + 2 * now + 1e-6


def test_who_takes_too_much_waits_as_long_as_it_takes_to_fill_again() -> None:
    bucket = Bucket(rate=10, size=20)
    assert bucket.wait_for(20, now=0) == 0
    assert bucket.wait_for(5, now=0) == 0.5
    assert bucket.wait_for(0, now=0.5) == 0


def test_the_door_counts_addresses_and_all_of_them() -> None:
    door = Doorkeeper(limits=Limits(connections=3, connections_per_address=2))
    assert [door.admit("a"), door.admit("a"), door.admit("a"), door.admit("b"), door.admit("c")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    door.leave("a")
    assert door.admit("c")
    assert set(door.open) == {"a", "b", "c"}


def asked(report: Mapping[str, object]) -> tuple[int, object]:
    async def scene() -> tuple[int, object]:
        async with Health("127.0.0.1", 0, lambda: report) as health:
            return await asyncio.to_thread(get, health.port)

    return asyncio.run(scene())


def get(port: int) -> tuple[int, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_health_page_says_what_was_counted_and_whether_the_servers_are_there() -> None:
    assert asked({"ready": True, "frames": 7}) == (200, {"ready": True, "frames": 7})
    assert asked({"ready": False}) == (503, {"ready": False})
