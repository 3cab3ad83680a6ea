"""`zhen simulate`: the demo's devices, each about every ten minutes. `zhen simulate --day` replays the scripted day."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from zhen.project.demo.simulation import book as books
from zhen.project.demo.simulation.book import Book, Member
from zhen.project.demo.simulation.script import DAY, Step, cast, steps
from zhen.project.demo.simulation.sending import Line, NotLetIn
from zhen.project.demo.simulation.values import usual
from zhen.runtime import settings as runtime
from zhen.runtime.files import read_state

EVERY = 600.0
"""Seconds between two readings of a device; the first round takes a tenth of it."""
SPEED = 60.0
"""The scripted day takes 24 minutes unless told otherwise: every lasting condition lasts long enough."""
LOOK_AGAIN = 30.0
SILENT_SHARE = 0.01
"""So many devices were never heard: the list of what does not work is not empty."""
TOWN = ZoneInfo("Asia/Shanghai")


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    home = runtime.load().home
    try:
        return _day(home, given.speed) if given.day else _always(home)
    except NotLetIn as fault:
        print(f"zhen: {fault}. Is the town running?", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhen simulate", description="The devices of the demo town at work.")
    parser.add_argument("--day", action="store_true", help="replay the scripted day, say what happens, and end")
    parser.add_argument(
        "--speed", type=float, default=SPEED, help=f"how many times faster than life (default: {SPEED:g})"
    )
    return parser


def address(home: Path) -> str:
    """Where devices connect: what the environment says, else what `zhen up` wrote into the data home."""
    return os.environ.get("MQTT_URL") or str(read_state(home / "nats.json").get("mqtt_url", ""))


def _always(home: Path) -> int:
    """Readings for ever. Without a demo in this home there is nothing to do but to look again."""
    while (book := books.read(home)) is None or not address(home):
        time.sleep(LOOK_AGAIN)
    with Line(book, address(home)) as line:
        pause = EVERY / 10
        while True:
            one_round(book, line.say, pause)
            pause = EVERY


def one_round(book: Book, say: Callable[[str, dict[str, float]], None], lasts: float) -> None:
    """Each device once, in an order that mixes the town, evenly over so many seconds."""
    chance = Random(book.seed)  # noqa: S311 a demo, not a secret
    members = [member for _hub, member in book.devices()]
    chance.shuffle(members)
    silent = {one.code for one in members if one.place and chance.random() < SILENT_SHARE}
    played = cast(book).codes
    started = time.monotonic()
    for number, member in enumerate(members):
        if member.code not in silent:
            say(member.code, healthy(book, member, played))
        ahead = started + lasts * (number + 1) / len(members) - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)


def healthy(book: Book, member: Member, played: frozenset[str]) -> dict[str, float]:
    """What a device says when nothing happens. Who plays in the scripted day says here only that it is not faulty, so
    that a replay is not spoken against."""
    metrics = book.profiles[member.profile]
    if member.code in played:
        return {"fault": 0.0}
    now = datetime.now(TOWN)
    return usual(member, metrics, seed=book.seed, seconds=now.hour * 3_600 + now.minute * 60 + now.second)


def _day(home: Path, speed: float) -> int:
    book = books.read(home)
    if book is None:
        print(f"zhen: there is no demo in {home}. Start `zhen up` first.", file=sys.stderr)
        return 1
    with Line(book, address(home)) as line:
        line.wait()
        play(steps(cast(book)), line.say, speed)
        line.settle()
        print(json.dumps({"sent": line.sent, "acknowledged": line.acknowledged}))
        return 0 if line.acknowledged == line.sent else 1


def play(day: Sequence[Step], say: Callable[[str, dict[str, float]], None], speed: float) -> None:
    """Each step at its minute; says on the terminal what happens."""
    started = time.monotonic()
    for step in day:
        ahead = started + step.minute * 60 / speed - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        print(f"{int(step.minute) // 60:02d}:{int(step.minute) % 60:02d} {step.code} {step.what}", flush=True)
        say(step.code, dict(step.metrics))
    left = started + DAY * 60 / speed - time.monotonic()
    if left > 0:
        time.sleep(left)
