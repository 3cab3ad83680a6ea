"""Readings per second, from 500 devices over MQTT into the database: QoS 1, validation and rules on, indexes on.

Starts a PostgreSQL and a NATS of its own (as `zhen up` does, in a home that is removed), `zhen ingest` and `zhen
gateway mqtt` as processes, and the devices as another; all of it shares the machine. Each message holds two readings.
The limit is the same path with a reader that only decodes and copies: no registry, no ranges, no rules, no newest
values and no position.

Options: --seconds 60, --devices 500, --window 10.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

from zhen.runtime import nats, postgres

CHECKOUT = Path(__file__).resolve().parents[1]
CLI = (sys.executable, "-m", "zhen.project.cli")
METRICS = 2
SAMPLES = 6
PROCESSES = {"ingest": "zhen.project.cli ingest", "gateway": "zhen.project.cli gateway", "nats": "nats-server"}


def run(options: Mapping[str, object]) -> dict[str, object]:
    small = bool(options["small"])
    seconds = float(str(options.get("seconds", 5 if small else 60)))
    devices = int(str(options.get("devices", 50 if small else 500)))
    window = int(str(options.get("window", 10)))
    with ExitStack() as stack:
        town = stack.enter_context(_town())
        town.call("bench.telemetry_limit", "devices", str(devices), str(town.home / "devices.json"))
        with town.running(*CLI, "gateway", "mqtt", wait_for="is ready"):
            with town.running(*CLI, "ingest", wait_for="reading") as ingest:
                print(f"{devices} devices; {seconds:.0f} s with rules and validation", flush=True)
                whole = _measure(town, seconds, window, ingest.pid)
            with town.running("-m", "bench.telemetry_limit", "read", wait_for="reading"):
                print(f"{seconds:.0f} s as plain as can be", flush=True)
                limit = _measure(town, seconds, window, None)
    return {
        **whole,
        "limit_readings_per_s": limit["readings_per_s"],
        "limit_acknowledged_per_s": limit["acknowledged_per_s"],
        "ratio_to_limit": round(float(str(whole["readings_per_s"])) / float(str(limit["readings_per_s"])), 3),
        "connections": devices,
        "readings_per_message": METRICS,
        "seconds": seconds,
    }


class Town:
    """The servers, and the processes that are started on them."""

    def __init__(self, home: Path, environment: dict[str, str], url: str) -> None:
        self.home, self.environment, self.url = home, environment, url

    def call(self, *words: str) -> None:
        command = words if words[0] == sys.executable else (sys.executable, "-m", *words)
        subprocess.run(command, env=self.environment, cwd=CHECKOUT, check=True)

    @contextmanager
    def running(self, *words: str, wait_for: str) -> Iterator[subprocess.Popen[bytes]]:
        command = words if words[0] == sys.executable else (sys.executable, *words)
        log = self.home / f"{words[-1]}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(command, env=self.environment, cwd=CHECKOUT, stdout=file, stderr=file)
        try:
            deadline = time.monotonic() + 60
            while wait_for not in log.read_text(encoding="utf-8"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(20)

    def written(self) -> int:
        """How many messages are committed."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT coalesce(sum(sequence), 0) FROM telemetry_position").fetchone()
            assert row is not None
            return int(row[0])

    def readings(self) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM telemetry_reading").fetchone()
            assert row is not None
            return int(row[0])


@contextmanager
def _town() -> Iterator[Town]:
    with tempfile.TemporaryDirectory(prefix="zhen-bench-") as directory, ExitStack() as stack:
        home = Path(directory)
        home.chmod(0o755)
        messages = stack.enter_context(nats.running(home, sync=os.environ.get("ZHEN_NATS_SYNC", "2m")))
        database = stack.enter_context(postgres.running(home, say=lambda _line: None))
        environment = {
            **os.environ,
            "ZHEN_HOME": str(home),
            "ZHEN_DEMO": "off",
            "DATABASE_URL": database.app_url,
            "NATS_URL": messages.url,
            "MQTT_URL": messages.mqtt_url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",  # the dummy pack has a profile with rules
            "PYTHONUNBUFFERED": "1",
        }
        town = Town(home, environment, database.app_url)
        subprocess.run((*CLI, "prepare"), env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        yield town


def _measure(town: Town, seconds: float, window: int, ingest: int | None) -> dict[str, object]:
    """Let the devices publish, and count what is committed between their beginning and their end, and after."""
    before = town.readings()
    command = (sys.executable, "-m", "bench.mqtt_load", str(town.home / "devices.json"), str(seconds), str(window))
    load = subprocess.Popen(command, env=town.environment, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert load.stdout is not None
    json.loads(load.stdout.readline())
    start, first = time.monotonic(), town.written()
    with _memory(seconds) as memory:
        told = json.loads(load.stdout.readline())
    took, last = time.monotonic() - start, town.written()
    load.wait(10)
    acknowledged = int(told["acknowledged"])
    committed = (last - first) * METRICS
    behind = time.monotonic()
    while (missing := acknowledged * METRICS - (town.readings() - before)) > 0 and time.monotonic() - behind < 120:
        time.sleep(0.2)
    caught_up = time.monotonic() - behind
    # what was acknowledged and had to wait counts with the time that it waited
    sustained = acknowledged * METRICS / (took + caught_up)
    print(
        f"  {sustained:.0f} readings/s, {acknowledged / took:.0f} messages/s acknowledged, {missing} lost", flush=True
    )
    found: dict[str, object] = {
        "readings_per_s": round(sustained),
        "readings_while_publishing_per_s": round(committed / took) if ingest else None,
        "acknowledged_per_s": round(acknowledged / took),
        "caught_up_after_s": round(caught_up, 1),
        "lost": missing,
    }
    if ingest:
        found |= {"memory_mb": memory}
    return found


@contextmanager
def _memory(seconds: float) -> Iterator[dict[str, list[float]]]:
    """What each of our processes holds by itself (USS), `SAMPLES` times while it goes on."""
    found: dict[str, list[float]] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(seconds / SAMPLES):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    words = " ".join(process.cmdline())
                    name = next((name for name, word in PROCESSES.items() if word in words), None)
                    if name:
                        found.setdefault(name, []).append(round(process.memory_full_info().uss / 2**20, 1))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def device_address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), parts.port or 1883
