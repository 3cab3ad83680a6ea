"""Devices go on publishing while what takes their readings is killed: each acknowledged reading is there once, each
alarm is one alarm and one case.

On one message server (as `zhen up` runs it) and on three that keep everything three times. `full disk`: the disk that
database and message servers write to has no byte left for some seconds.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from zhen.runtime.files import read_state

from .cluster import Cluster, three_servers
from .conftest import Town, environment, new_town
from .fleet import Fleet

BOOKS = Path(__file__).with_name("device_books.py")
ROOT = Path(__file__).parents[2]
READERS = 12
SILENCE = 120.0
"""Seconds in which nothing more arrives: then it will not come."""
FULL_FOR = 4.0
DISK = "size=1500m,mode=755"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}

Kill = Callable[[], bool]


@dataclass
class Scene:
    """A town, its devices, and the ways in which its parts can be killed; each says whether there was one to kill."""

    town: Town
    ways: Mapping[str, Kill]
    doors: list[tuple[str, int]]
    extra: Mapping[str, str]
    mend: Callable[[], object] = lambda: None

    def books(self, *words: str) -> Any:
        address = str(read_state(self.town.home / "postgres.json")["app_url"])
        own = {"ZHEN_HOME": str(self.town.home), "DATABASE_URL": address, **SETTINGS, **self.extra}
        command = (sys.executable, str(BOOKS), *words)
        done = subprocess.run(command, env={**environment(), **own}, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def a_part(town: Town, name: str) -> Kill:
    def kill() -> bool:
        with contextlib.suppress(psutil.Error):
            victim = town.child(name)
            if victim is not None:
                victim.kill()
                return True
        return False

    return kill


def fill(disk: Path) -> bool:
    """Take every byte of it, and give them back after a while."""
    stopper = disk / "full"
    with contextlib.suppress(OSError), stopper.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))
    time.sleep(FULL_FOR)
    stopper.unlink()
    return True


@contextlib.contextmanager
def a_small_disk(home: Path) -> Iterator[bool]:
    """A file system of its own under the town's home, where we may make one."""
    home.mkdir()
    mounted = not subprocess.run(
        ("mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(home)), capture_output=True
    ).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(("umount", "-l", str(home)), check=True)


PARTS = ("ingest", "gateways", "postgres", "worker")


@contextlib.contextmanager
def one_server() -> Iterator[Scene]:
    with new_town(sys.executable, "-m", "zhen.project.cli", "up") as town, a_small_disk(town.home) as has_disk:
        town.extra = {**SETTINGS, "ZHEN_SIMULATE": "off"}
        town.start(seconds=400)
        ways = {name: a_part(town, name) for name in (*PARTS, "nats")}
        if has_disk:
            ways["full disk"] = lambda: fill(town.home)
        door = urlsplit(str(read_state(town.home / "nats.json")["mqtt_url"]))
        yield Scene(town, ways, [(str(door.hostname), door.port or 1883)], {})
        town.stop()


@contextlib.contextmanager
def three() -> Iterator[Scene]:
    with (
        new_town(sys.executable, "-m", "zhen.project.cli", "up") as town,
        a_small_disk(town.home) as has_disk,
        three_servers(town.home / "cluster") as cluster,
    ):
        extra = cluster.environment()
        town.extra = {**SETTINGS, "ZHEN_SIMULATE": "off", **extra}
        town.start(seconds=400)
        ways = {name: a_part(town, name) for name in PARTS}
        ways |= {"a message server": lambda: kill_one(cluster), "the leader": lambda: kill_leader(cluster)}
        if has_disk:
            ways["full disk"] = lambda: fill(town.home)
        yield Scene(town, ways, cluster.doors(), extra, cluster.mend)
        town.stop()


def kill_one(cluster: Cluster) -> bool:
    """Only where all work: of three, one may be missing."""
    if not cluster.all_ready():
        return False
    cluster.kill(random.choice(cluster.alive()))
    return True


def kill_leader(cluster: Cluster) -> bool:
    leader = cluster.leader() if cluster.all_ready() else None
    if leader is None:
        return False
    cluster.kill(leader)
    return True


@pytest.mark.parametrize(
    ("scene", "rounds", "alarms"),
    [
        pytest.param(one_server, 20, 20, id="one server"),
        pytest.param(three, 20, 20, id="three servers"),
    ],
)
@pytest.mark.chaos
def test_whatever_is_killed_each_reading_counts_once(
    scene: Callable[[], contextlib.AbstractContextManager[Scene]], rounds: int, alarms: int
) -> None:
    with scene() as here:
        fleet = Fleet(here.books("open", str(READERS), str(alarms)), here.doors)
        fleet.start()
        try:
            killed = live(here, fleet, rounds, alarms)
            fleet.rest(SILENCE, here.mend)
        finally:
            fleet.end()
        held = settled(here, fleet)
        print(table(fleet, held, killed))
        check(fleet, held)
        assert killed.total() == rounds


def live(here: Scene, fleet: Fleet, rounds: int, alarms: int) -> Counter[str]:
    """In each round one part dies, and a device or more begins to alarm, shortly before or after."""
    dice = random.Random(4)
    killed: Counter[str] = Counter()
    names = list(here.ways)
    order = [name for _time in range(-(-rounds // len(names))) for name in dice.sample(names, len(names))][:rounds]
    for number, name in enumerate(order):
        before = dice.random() < 0.5
        for _alarm in range((number + 1) * alarms // rounds - len(fleet.heavy) if before else 0):
            fleet.alarm()
        time.sleep(dice.uniform(0, 0.3))
        deadline = time.monotonic() + SILENCE
        while not here.ways[name]():
            assert time.monotonic() < deadline, f"{name} did not come back within {SILENCE} s"
            here.mend()
            time.sleep(0.1)
        killed[name] += 1
        time.sleep(dice.uniform(0, 0.3))
        for _alarm in range((number + 1) * alarms // rounds - len(fleet.heavy)):
            fleet.alarm()
        time.sleep(dice.uniform(1, 4))
        here.mend()
    return killed


def settled(here: Scene, fleet: Fleet) -> dict[str, Any]:
    """The books when all that was acknowledged is there, or nothing more comes."""
    since, known = time.monotonic(), (-1, -1)
    while True:
        here.mend()
        try:
            held: dict[str, Any] = here.books("audit")
        except AssertionError:  # the database may be on its way back
            if time.monotonic() - since > SILENCE:
                raise
            time.sleep(1)
            continue
        there = {(code, at) for code, at in held["readings"]}
        if fleet.acknowledged <= there and set(held["with_case"]) >= set(fleet.heavy):
            return held
        if (len(there), len(held["with_case"])) != known:
            since, known = time.monotonic(), (len(there), len(held["with_case"]))
        if time.monotonic() - since > SILENCE:
            return held
        time.sleep(1)


def found(fleet: Fleet, held: dict[str, Any]) -> dict[str, int]:
    there = Counter((code, at) for code, at in held["readings"])
    return {
        "readings lost": len(fleet.acknowledged - set(there)),
        "readings counted twice": there.total() - len(there) + abs(held["summed"] - there.total()),
        "alarms missing": len(set(fleet.heavy) - set(held["alarms"])),
        "alarms doubled": len(held["alarms"]) - len(set(held["alarms"])),
        "cases missing": len(set(fleet.heavy) - set(held["with_case"])),
        "cases doubled": held["cases"] - len(set(held["with_case"])),
    }


def check(fleet: Fleet, held: dict[str, Any]) -> None:
    assert set(held["alarms"]) == set(fleet.heavy)
    assert found(fleet, held) == dict.fromkeys(found(fleet, held), 0)


def table(fleet: Fleet, held: dict[str, Any], killed: Counter[str]) -> str:
    rows: dict[str, object] = {
        "acknowledged": len(fleet.acknowledged),
        "held by the town": len(held["readings"]),
        "kept as refused": held["rejected"],
        "connections cut off": sum(sender.cut_off for sender in fleet.senders.values()),
        "devices that alarmed": len(fleet.heavy),
        **found(fleet, held),
        **{f"killed: {part}": times for part, times in sorted(killed.items())},
    }
    return "\n" + "\n".join(f"{name:<36} {value}" for name, value in rows.items())
