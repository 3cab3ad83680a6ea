"""How long an alarm takes: from the publishing device to the row, to the screen, to the case, with readings beside it.

Runs a town of its own in a temporary home: message server, database, web, worker, ingest, as in production. Devices
are the weighing benches of the tests' dummy pack; the limit needs no time, so the first reading above it alarms. Each
alarm is published over MQTT with QoS 1 in a building of its own, so each becomes a case. The background goes straight
into the stream, since the figure is about alarms and not about the load generator.

    zhen bench alarms [--alarms 300] [--background 5000]
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import nats
import paho.mqtt.client as mqtt
from django.conf import settings
from django.db import connection
from paho.mqtt.enums import CallbackAPIVersion

from bench.harness import percentile

CHECKOUT = Path(__file__).resolve().parents[1]
PACK = "tests.dummy_pack"
RULE = "too_heavy"
STARTS_WITHIN = 300
SETTLES_WITHIN = 60


def run(options: Mapping[str, object]) -> dict[str, object]:
    small = bool(options.get("small"))
    alarms = int(str(options.get("alarms", 20 if small else 300)))
    background = int(str(options.get("background", 500 if small else 5000)))
    if PACK in settings.ZHEN_PACKS:
        return _Measure(alarms, background, str(options["url"])).run()
    with _town() as (url, environment):
        words = ["alarms", "--alarms", str(alarms), "--background", str(background), "--url", url]
        command = [sys.executable, "-m", "zhen.project.cli", "bench", *words]
        done = subprocess.run(command, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {name: value for name, value in found.items() if name not in ("bench", "machine")}


@contextmanager
def _town() -> Iterator[tuple[str, dict[str, str]]]:
    """A town with the dummy pack, and the environment in which commands find it."""
    with tempfile.TemporaryDirectory(prefix="zhen-bench-") as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": str(CHECKOUT),
            "ZHEN_HOME": home,
            "ZHEN_PORT": str(port),
            "ZHEN_DEMO": "off",
        }
        for name in ("DATABASE_URL", "NATS_URL", "MQTT_URL"):
            environment.pop(name, None)
        with (Path(home) / "up.log").open("w") as log:
            up = subprocess.Popen(
                [sys.executable, "-m", "zhen.project.cli", "up"], env=environment, cwd=CHECKOUT, stdout=log, stderr=log
            )
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for(url, up)
                yield url, environment
            finally:
                up.terminate()
                up.wait(60)


def _wait_for(url: str, up: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if up.poll() is not None:
            raise RuntimeError(f"the town ended with {up.returncode}")
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"the town was not ready within {STARTS_WITHIN} s")


class _Measure:
    """One run in a town that is up. Times are of this process' clock; all keyed by the device's code."""

    def __init__(self, alarms: int, background: int, url: str) -> None:
        self.alarms, self.background, self.url = alarms, background, url
        self.published: dict[str, float] = {}
        self.rows: dict[str, float] = {}
        self.cases: dict[str, float] = {}
        self.heard: dict[int, float] = {}
        self.sent = 0
        self.stop = Flag()

    def run(self) -> dict[str, object]:
        cookie = self._prepare()
        threads = [Thread(target=work) for work in (lambda: self._listen(cookie), self._watch, self._flood)]
        for thread in threads:
            thread.start()
        time.sleep(3)
        began, sent = time.monotonic(), self.sent
        self._publish()
        seconds, rate = time.monotonic() - began, self.sent - sent
        deadline = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < deadline and min(len(self.cases), len(self.heard)) < self.alarms:
            time.sleep(0.2)
        self.stop.set()
        for thread in threads:
            thread.join(30)
        screens = self._screens()
        return {
            "alarms": self.alarms,
            "alarms_doubled": self._count("telemetry_alarm") - len(self.rows),
            "cases_doubled": self._count("cases_case") - len(self.cases),
            "background_readings_per_s": round(rate / seconds),
            **self._times("row", self.rows),
            **self._times("screen", screens),
            **self._times("case", self.cases),
        }

    def _prepare(self) -> str:
        """Devices, a limit that needs no time, and a signed-in dispatcher; gives his cookie."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from zhen.kernel.identity.testing import a_post, a_unit, a_user
        from zhen.kernel.telemetry.parameters import set_parameter
        from zhen.kernel.telemetry.testing import TESTER, a_device, a_place

        unit, user = a_unit("bench"), a_user("bench")
        a_post(user, "dispatcher", unit)
        set_parameter(TESTER, profile="dummy_pack.seat", rule=RULE, parameter="lasting", value=0, source="bench")
        for number in range(self.alarms):
            a_device(f"A-{number}", a_place(f"A{number}"), unit)
        crowd = a_place("crowd")
        for number in range(500):
            a_device(f"B-{number}", crowd, unit, messages_per_minute=60_000)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def _publish(self) -> None:
        """An alarm every 100 ms, over MQTT."""
        address = urlsplit(settings.MQTT_URL)
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench")
        client.username_pw_set(address.username, address.password)
        client.connect(address.hostname or "127.0.0.1", address.port or 1883)
        client.loop_start()
        for number in range(self.alarms):
            code = f"A-{number}"
            self.published[code] = time.time()
            client.publish(f"d/{code}/r", json.dumps({"m": {"load": 600}}), qos=1).wait_for_publish(20)
            time.sleep(0.1)
        client.loop_stop()
        client.disconnect()

    def _flood(self) -> None:
        asyncio.run(self._background())

    async def _background(self) -> None:
        """Two readings a message, in steps of 20 ms."""
        client = await nats.connect(settings.NATS_URL.split(","))
        step = 0.02
        due = time.monotonic()
        number = 0
        while not self.stop.is_set():
            for _message in range(round(self.background * step / 2)):
                number += 1
                payload = json.dumps({"t": time.time(), "m": {"load": number % 300, "wet": number % 2}})
                await client.publish(f"d.B-{number % 500}.r", payload.encode())
                self.sent += 2
            await client.flush()
            due += step
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await client.close()

    def _listen(self, cookie: str) -> None:
        """The screen: when each event of the journal arrives."""
        address = f"{self.url}/live/?topics=telemetry.alarm_opened"
        with httpx.stream("GET", address, headers={"Cookie": cookie}, timeout=httpx.Timeout(10, read=30)) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    self.heard.setdefault(int(line[4:]), time.time())
                if self.stop.is_set() or len(self.heard) >= self.alarms:
                    return

    def _watch(self) -> None:
        """When rows can be seen, looked at every few milliseconds."""
        rows = """
        SELECT alarm.id, device.code, incident.case_id IS NOT NULL FROM telemetry_alarm alarm
        JOIN telemetry_device device ON device.id = alarm.device_id
        JOIN telemetry_incident incident ON incident.id = alarm.incident_id WHERE alarm.id > %s ORDER BY alarm.id
        """
        settled = 0
        while not self.stop.is_set():
            with connection.cursor() as cursor:
                cursor.execute(rows, [settled])
                found, now = cursor.fetchall(), time.time()
            waiting = False
            for pk, code, has_case in found:
                self.rows.setdefault(code, now)
                if has_case:
                    self.cases.setdefault(code, now)
                    settled = pk if not waiting else settled
                else:
                    waiting = True
            time.sleep(0.005)
        connection.close()

    def _screens(self) -> dict[str, float]:
        from zhen.kernel.journal.api import Event

        told = Event.objects.filter(pk__in=self.heard).values_list("pk", "data")
        return {data["device"]: self.heard[pk] for pk, data in told}

    def _times(self, name: str, reached: Mapping[str, float]) -> dict[str, object]:
        seconds = [at - self.published[code] for code, at in reached.items() if code in self.published]
        found: dict[str, Any] = {f"{name}_missing": self.alarms - len(seconds)}
        if seconds:
            found[f"publish_to_{name}_p50_ms"] = round(percentile(seconds, 0.50) * 1000, 1)
            found[f"publish_to_{name}_p99_ms"] = round(percentile(seconds, 0.99) * 1000, 1)
        return found

    def _count(self, table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # the names stand above
            return int(cursor.fetchone()[0])
