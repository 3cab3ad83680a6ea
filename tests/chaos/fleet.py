"""Devices that publish over MQTT with QoS 1 while parts of the town are killed, and keep what was not acknowledged."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

IN_HAND = 20
PAUSE = 0.05
HEAVY = 600


@dataclass
class Sender:
    """One device at one of several servers: when it is cut off, it tries another, and sends again what it has in hand.

    What it measured at each moment is acknowledged once the server has said so.
    """

    code: str
    secret: str
    doors: Sequence[tuple[str, int]]
    dice: random.Random
    acknowledged: list[int] = field(default_factory=list)
    cut_off: int = 0
    _in_hand: dict[int, int] = field(default_factory=dict)
    _moment: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self.code, clean_session=True)
        client.username_pw_set(self.code, self.secret)
        client.max_inflight_messages_set(IN_HAND)
        client.reconnect_delay_set(min_delay=1, max_delay=1)
        client.on_disconnect = self._elsewhere
        client.on_connect_fail = self._elsewhere
        client.on_publish = self._heard
        self.client = client
        self._go_to()
        client.loop_start()

    def _go_to(self) -> None:
        host, port = self.dice.choice(self.doors)
        self.client.connect_async(host, port, keepalive=5)

    def _elsewhere(self, *_told: Any) -> None:
        self.cut_off += 1
        self._go_to()

    def _heard(self, _client: Any, _userdata: Any, mid: int, _reason: Any, _properties: Any) -> None:
        with self._lock:
            self.acknowledged.append(self._in_hand.pop(mid))

    def measure(self, load: int) -> None:
        if len(self._in_hand) >= IN_HAND:
            return
        self._moment = max(self._moment + 1, time.time_ns() // 1_000_000)
        payload = json.dumps({"t": self._moment, "m": {"load": load}})
        with self._lock:  # the answer may be there before the number is known
            self._in_hand[self.client.publish(f"d/{self.code}/r", payload, qos=1).mid] = self._moment

    def is_done(self) -> bool:
        return not self._in_hand

    def end(self) -> None:
        self.client.on_disconnect = None
        self.client.disconnect()
        self.client.loop_stop()


@dataclass
class Fleet:
    """All devices, each in a thread of its client's; what they measure is given by one thread."""

    secrets: dict[str, str]
    doors: Sequence[tuple[str, int]]
    seed: int = 4
    heavy: list[str] = field(default_factory=list)
    senders: dict[str, Sender] = field(default_factory=dict)
    _rest: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        dice = random.Random(self.seed)
        for code, secret in self.secrets.items():
            self.senders[code] = Sender(code, secret, self.doors, random.Random(dice.random()))
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        number = 0
        while not self._rest.wait(PAUSE):
            number += 1
            for code, sender in list(self.senders.items()):
                if code.startswith("R-"):
                    sender.measure(number % 300)
                elif code in self.heavy:
                    sender.measure(HEAVY)

    def alarm(self) -> None:
        """One more device measures too much, and goes on doing so."""
        quiet = [code for code in self.secrets if code.startswith("A-") and code not in self.heavy]
        if quiet:
            self.heavy.append(quiet[0])

    def rest(self, seconds: float, mend: Callable[[], object]) -> None:
        """Nothing more is measured; what is in hand is sent until it is acknowledged. Whoever mends goes on."""
        self._rest.set()
        self._thread.join()
        deadline = time.monotonic() + seconds
        while not all(sender.is_done() for sender in self.senders.values()):
            waiting = sum(len(sender._in_hand) for sender in self.senders.values())
            assert time.monotonic() < deadline, f"{waiting} messages not acknowledged within {seconds} s"
            mend()
            time.sleep(0.1)

    def end(self) -> None:
        self._rest.set()
        for sender in self.senders.values():
            sender.end()

    @property
    def acknowledged(self) -> set[tuple[str, int]]:
        return {(code, at) for code, sender in self.senders.items() for at in sender.acknowledged}
