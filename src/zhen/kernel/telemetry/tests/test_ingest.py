"""From an MQTT client through the durable stream into the database: real servers, real client."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import pytest
from django.db import connection
from paho.mqtt.enums import CallbackAPIVersion

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.telemetry.ingest.running import connect, keep
from zhen.kernel.telemetry.ingest.streams import SOURCES, Servers, lay_out
from zhen.kernel.telemetry.models import Device, Latest, Position, Reading, Rejected
from zhen.kernel.telemetry.testing import a_device, a_place

pytestmark = pytest.mark.django_db(transaction=True)
T = int(time.time()) - 600


def until(true: Callable[[], object], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


class Running:
    """An ingest in a thread, which can be stopped and started."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.start()

    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.task = self.loop.create_task(keep(self.servers, 1, 0))
        with suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.task)
        self.loop.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture
def device() -> Device:
    return a_device("S-1", a_place(), a_unit("fire"))


@pytest.fixture
def ingest(device: Device, nats_url: str, mqtt_url: str) -> Iterator[Running]:
    asyncio.run(prepared(nats_url, mqtt_url))
    running = Running(Servers(nats_url=nats_url, mqtt_url=mqtt_url))
    yield running
    running.stop()


async def prepared(nats_url: str, mqtt_url: str) -> None:
    """The streams and consumers, as they are before a device is let in: what other tests published is not there."""
    client = await connect(nats_url, "test")
    await lay_out(client, mqtt_url, 1)
    for source in SOURCES:
        await client.jetstream().purge_stream(source.stream)
    await client.close()


@pytest.fixture
def client(mqtt_url: str) -> Iterator[mqtt.Client]:
    address = urlsplit(mqtt_url)
    made = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="test", protocol=mqtt.MQTTv311)
    made.username_pw_set(address.username, address.password)
    made.connect(str(address.hostname), address.port or 1883)
    made.loop_start()
    yield made
    made.disconnect()
    made.loop_stop()


def say(client: mqtt.Client, topic: str, message: object, qos: int = 1) -> None:
    payload = message if isinstance(message, str) else json.dumps(message)
    client.publish(topic, payload, qos=qos).wait_for_publish(10)


def values() -> list[float]:
    return list(Reading.objects.order_by("at").values_list("value", flat=True))


def test_what_a_device_publishes_is_read_once(ingest: Running, client: mqtt.Client) -> None:
    say(client, "d/S-1/r", {"t": T, "m": {"load": 5, "wet": True}})
    say(client, "d/S-1/r", {"t": T, "m": {"load": 5, "wet": True}})
    say(client, "d/S-1/r/load", "7.5")
    say(client, "d/S-1/r", "nonsense")
    say(client, "q/S-1/r", {"t": T + 1, "m": {"load": 6}}, qos=0)

    until(lambda: Reading.objects.count() == 4 and Rejected.objects.exists())
    assert sorted(values()) == [1, 5, 6, 7.5]
    assert bytes(Rejected.objects.get().raw) == b"nonsense"
    assert Latest.objects.get(metric__code="load").value == 7.5


def test_what_comes_while_nobody_reads_is_read_later_and_nothing_twice(ingest: Running, client: mqtt.Client) -> None:
    say(client, "d/S-1/r", {"t": T, "m": {"load": 0}})
    until(lambda: values() == [0])
    ingest.stop()
    for number in range(1, 300):
        say(client, "d/S-1/r", {"t": T + number, "m": {"load": number}})

    ingest.start()

    until(lambda: len(values()) == 300)
    assert values() == list(range(300))
    assert Position.objects.filter(stream="$MQTT_msgs").count() == 1


def test_a_lane_that_loses_the_database_goes_on(ingest: Running, client: mqtt.Client) -> None:
    say(client, "d/S-1/r", {"t": T, "m": {"load": 0}})
    until(lambda: values() == [0])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    for number in range(1, 20):
        say(client, "d/S-1/r", {"t": T + number, "m": {"load": number}})

    until(lambda: len(values()) == 20, seconds=30)
    assert values() == list(range(20))


def test_what_was_in_the_hands_of_a_dead_reader_comes_first(
    ingest: Running, client: mqtt.Client, nats_url: str
) -> None:
    """A reader that fetched messages and died leaves them to the next, who must not read past them."""
    say(client, "d/S-1/r", {"t": T, "m": {"load": 0}})
    until(lambda: values() == [0])
    ingest.stop()
    for number in range(1, 50):
        say(client, "d/S-1/r", {"t": T + number, "m": {"load": number}})
    assert asyncio.run(fetch_and_die(nats_url)) == 30

    ingest.start()

    until(lambda: len(values()) == 50, seconds=40)
    assert values() == list(range(50))


async def fetch_and_die(nats_url: str) -> int:
    client = await connect(nats_url, "test")
    reader = await client.jetstream().pull_subscribe_bind("ingest-0-of-1", "$MQTT_msgs")
    got = await reader.fetch(30, timeout=5)
    await client.close()
    return len(got)
