"""Gateways that are signed in over MQTT 3.1.1 and publish with QoS 1, as any device does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from zhen.project.demo.simulation.book import Book, Hub

KEEP_ALIVE = 120
PATIENCE = 20.0
"""Seconds that a gateway waits to be let in."""


class NotLetIn(Exception):
    """Some gateways were not let in. Remedy: is `zhen up` running, and is this its data home?"""


class Line:
    """The connections of all gateways, by the code of each device that they speak for."""

    def __init__(self, book: Book, mqtt_url: str) -> None:
        address = urlsplit(mqtt_url)
        self._address = (address.hostname or "127.0.0.1", address.port or 1883)
        self._clients: list[mqtt.Client] = []
        self._of: dict[str, mqtt.Client] = {}
        self._counting = threading.Lock()
        self.sent, self.acknowledged = 0, 0
        for hub in book.hubs:
            client = self._client(hub, [one.code for one in hub.members if one.profile in book.told])
            self._clients.append(client)
            self._of[hub.code] = client
            self._of |= {member.code: client for member in hub.members}

    def _client(self, hub: Hub, told: Sequence[str]) -> mqtt.Client:
        """A gateway hears what those behind it are told, and answers for them: they do it."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=hub.code, protocol=mqtt.MQTTv311)
        client.username_pw_set(hub.code, hub.secret)
        client.reconnect_delay_set(min_delay=1, max_delay=30)
        client.on_publish = self._count
        if told:
            topics = [(f"d/{code}/c", 0) for code in told]

            def listen(client: mqtt.Client, *_told: Any) -> None:
                client.subscribe(topics)

            client.on_connect = listen
            client.on_message = self._obey
        return client

    def _obey(self, client: mqtt.Client, _user: Any, message: mqtt.MQTTMessage) -> None:
        """A device of the demo does what it is told, and says so."""
        code = message.topic.split("/")[1]
        said = {"id": json.loads(message.payload)["id"], "ok": True, "say": "已执行"}
        client.publish(f"d/{code}/a", json.dumps(said), qos=1)
        with self._counting:
            self.sent += 1

    def _count(self, *_told: Any) -> None:
        with self._counting:
            self.acknowledged += 1

    def __enter__(self) -> Self:
        for client in self._clients:
            client.connect_async(*self._address, keepalive=KEEP_ALIVE)
            client.loop_start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for client in self._clients:
            client.disconnect()
            client.loop_stop()

    def wait(self) -> None:
        """Until all gateways are let in. Raises NotLetIn."""
        deadline = time.monotonic() + PATIENCE
        while missing := [client for client in self._clients if not client.is_connected()]:
            if time.monotonic() > deadline:
                raise NotLetIn(f"{len(missing)} of {len(self._clients)} gateways were not let in at {self._address}")
            time.sleep(0.1)

    def say(self, code: str, metrics: Mapping[str, float]) -> None:
        """One message of a device. What cannot be sent now waits in the client, and goes when it is connected."""
        message = json.dumps({"t": round(time.time(), 3), "m": dict(metrics)})
        self._of[code].publish(f"d/{code}/r", message, qos=1)
        with self._counting:
            self.sent += 1

    def settle(self) -> None:
        """Until everything that was sent is acknowledged, or patience ends."""
        deadline = time.monotonic() + PATIENCE
        while self.acknowledged < self.sent and time.monotonic() < deadline:
            time.sleep(0.05)
