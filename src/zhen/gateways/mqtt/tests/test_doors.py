"""Who may connect over MQTT, and what he may do there: a real server, a real client."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Event, Thread
from urllib.parse import urlsplit

import nats
import paho.mqtt.client as mqtt
import pytest
from django.db import connections
from django.test import Client
from paho.mqtt.enums import CallbackAPIVersion

from zhen.gateways.mqtt import running
from zhen.gateways.mqtt.connections import Connection, cut
from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.api import Device, Servers
from zhen.kernel.telemetry.devices.actions import retire
from zhen.kernel.telemetry.devices.credentials import issue, make_claim, revoke
from zhen.kernel.telemetry.devices.orders import order
from zhen.kernel.telemetry.ingest.streams import DEVICES, OTHERS, Source
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place
from zhen.runtime.files import read_state

pytestmark = pytest.mark.django_db(transaction=True)
LANES = 2


def until(true: Callable[[], object], *, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def doors(db: None, nats_url: str, mqtt_url: str) -> Iterator[None]:
    """Doors are kept in a thread, and all connections looked at four times a second."""
    state = read_state(Path(os.environ["ZHEN_HOME"]) / "nats.json")
    servers = Servers(nats_url=nats_url, mqtt_url=mqtt_url)
    threads, ready, loop = ThreadPoolExecutor(running.THREADS), Event(), asyncio.new_event_loop()

    async def keep() -> None:
        opened = asyncio.Event()
        address, seed = str(state["system_url"]), str(state["issuer_seed"])
        keeping = loop.create_task(
            running.keep(
                servers,
                system_url=address,
                seed=seed,
                lanes=LANES,
                threads=threads,
                opened=opened,
                look_every=0.25,
            )
        )
        try:
            await opened.wait()
            ready.set()
            await keeping
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            everybody = Barrier(running.THREADS)

            def leave_together() -> None:
                everybody.wait(5)
                connections.close_all()

            for _each in range(running.THREADS):
                threads.submit(leave_together)
            threads.shutdown()

    task = loop.create_task(keep())

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = Thread(target=run)
    thread.start()
    assert ready.wait(15)
    yield
    loop.call_soon_threadsafe(task.cancel)
    thread.join(15)
    assert not thread.is_alive()


class Phone:
    """A client that notes what happens to it."""

    def __init__(self, url: str, user: str, secret: str, client_id: str = "") -> None:
        self.heard: list[str] = []
        self.answers: list[bool] = []
        self.state = ""
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or user, protocol=mqtt.MQTTv311, reconnect_on_failure=False
        )
        self.client.username_pw_set(user, secret)
        self.client.on_connect = lambda _c, _u, _f, code, _p: setattr(
            self, "state", "refused" if code.is_failure else "in"
        )
        self.client.on_disconnect = lambda *_told: setattr(
            self, "state", "refused" if self.state == "refused" else "out"
        )
        self.client.on_message = lambda _c, _u, message: self.heard.append(message.topic)
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self.answers.extend(
            not code.is_failure for code in codes
        )
        address = urlsplit(url)
        self.client.connect(str(address.hostname), address.port or 1883)
        self.client.loop_start()
        until(lambda: self.state)

    def say(self, topic: str) -> None:
        self.client.publish(topic, b'{"m": {"load": 1}}', qos=1).wait_for_publish(5)

    def hang_up(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def device() -> Device:
    return a_device("S-1", a_place(), a_unit("fire"))


@pytest.fixture
def dial(doors: None, mqtt_url: str) -> Iterator[Callable[..., Phone]]:
    made: list[Phone] = []

    def call(user: str, secret: str, client_id: str = "") -> Phone:
        made.append(Phone(mqtt_url, user, secret, client_id))
        return made[-1]

    yield call
    for phone in made:
        phone.hang_up()


def kept(nats_url: str, source: Source = DEVICES, subjects: str = "$MQTT.msgs.d.>") -> set[str]:
    """The topics of what a durable stream holds."""

    async def ask() -> set[str]:
        client = await nats.connect(nats_url)
        info = await client.jetstream().stream_info(source.stream, subjects_filter=subjects)
        await client.close()
        return {source.topic(subject) for subject in info.state.subjects or {}}

    return asyncio.run(ask())


def test_a_device_comes_in_with_its_secret_alone(device: Device, dial: Callable[..., Phone]) -> None:
    secret = issue(TESTER, device).secret

    assert dial("S-1", secret).state == "in"
    assert dial("S-1", secret + "x", "other").state == "refused"
    assert dial("S-2", secret).state == "refused"
    assert dial("zhen", "", "third").state == "refused"


def test_a_device_speaks_as_itself_and_those_behind_it_and_hears_its_own_commands(
    device: Device, dial: Callable[..., Phone], nats_url: str
) -> None:
    a_device("S-2", device.place, device.unit)
    a_device("P-1", device.place, device.unit, gateway="S-1")
    phone = dial("S-1", issue(TESTER, device).secret)

    for topic in ("d/S-1/r", "d/P-1/r", "d/S-2/r", "d/S-1/c/x", "q/S-2/r", "$SYS/x", "zhen/journal/x"):
        phone.say(topic)
    for topic in ("d/S-1/c/#", "d/P-1/c/#", "d/S-2/c/#", "d/#", "#", "d/+/c/#", "d/S-1/r"):
        phone.client.subscribe(topic, 1)
    until(lambda: len(phone.answers) == 7)

    assert {"d/S-1/r", "d/P-1/r"} <= kept(nats_url)
    assert kept(nats_url).isdisjoint({"d/S-2/r", "d/S-1/c/x"})
    assert phone.answers == [True, True, False, False, False, False, False]


def test_a_device_announces_itself_and_those_behind_it_and_nobody_else(
    device: Device, dial: Callable[..., Phone], nats_url: str
) -> None:
    a_device("S-2", device.place, device.unit)
    a_device("P-1", device.place, device.unit, gateway="S-1")
    phone = dial("S-1", issue(TESTER, device).secret)

    for topic in ("sensor/S-1/x/config", "device/P-1/config", "sensor/S-2/x/config", "sensor/x/S-1/config"):
        phone.say(f"homeassistant/{topic}")

    found = kept(nats_url, OTHERS, "homeassistant.>")
    assert found == {"homeassistant/sensor/S-1/x/config", "homeassistant/device/P-1/config"}


def test_a_device_hears_what_it_is_told(device: Device, dial: Callable[..., Phone]) -> None:
    phone = dial("S-1", issue(TESTER, device).secret)
    phone.client.subscribe("d/S-1/c/#", 1)
    until(lambda: phone.answers)

    order(TESTER, device, "dry")

    until(lambda: phone.heard == ["d/S-1/c"])


def test_nobody_takes_the_session_of_another_device(device: Device, dial: Callable[..., Phone]) -> None:
    other = a_device("S-2", device.place, device.unit)

    assert dial("S-1", issue(TESTER, device).secret, client_id="S-2").state == "refused"
    assert dial("S-2", issue(TESTER, other).secret).state == "in"


@pytest.mark.parametrize("deed", [revoke, lambda actor, device: retire(actor, device, reason="gone")])
def test_a_connection_is_cut_when_its_device_may_not_stay(
    deed: Callable[[Actor, Device], None], device: Device, dial: Callable[..., Phone]
) -> None:
    secret = issue(TESTER, device).secret
    phone = dial("S-1", secret)

    deed(TESTER, device)

    until(lambda: phone.state == "out", seconds=10)
    assert dial("S-1", secret, "again").state == "refused"


@pytest.mark.parametrize("account", ["url", "system_url"])
def test_doors_are_opened_anew_when_their_own_connection_is_cut(
    account: str, device: Device, dial: Callable[..., Phone]
) -> None:
    secret = issue(TESTER, device).secret
    assert dial("S-1", secret).state == "in"

    assert asyncio.run(cut_the_doorkeeper(account)) == 1

    until(lambda: dial("S-1", secret).state == "in", seconds=20)
    revoke(TESTER, device)
    until(lambda: dial("S-1", secret).state == "refused", seconds=20)


async def cut_the_doorkeeper(account: str) -> int:
    """Cut his connection of the application's account, or of the system's. Gives how many there were."""
    state = read_state(Path(os.environ["ZHEN_HOME"]) / "nats.json")
    system = await nats.connect(str(state["system_url"]))
    user = urlsplit(str(state[account])).username
    asked = json.dumps({"auth": True}).encode()
    told = json.loads((await system.request("$SYS.REQ.SERVER.PING.CONNZ", asked, timeout=5)).data)
    his = [
        row
        for row in told["data"]["connections"]
        if row.get("name") == "zhen mqtt" and row.get("authorized_user") == user
    ]
    for row in his:
        await cut(system, Connection(server=told["server"]["id"], id=row["cid"], user=""))
    await system.close()
    return len(his)


def test_an_installer_fetches_the_credential_once(device: Device, client: Client) -> None:
    code = make_claim(TESTER, device)

    answer = client.post("/devices/claim", {"code": code})

    told = json.loads(answer.content)
    assert (answer.status_code, told["username"], told["topic"]) == (200, "S-1", "d/S-1/r")
    assert answer["Cache-Control"] == "no-store"
    assert client.post("/devices/claim", {"code": code}).status_code == 422
    with clock.frozen(clock.now()):  # tries are counted by the minute, and one may end meanwhile
        assert {client.post("/devices/claim", {"code": "x"}).status_code for _try in range(12)} == {422, 429}
