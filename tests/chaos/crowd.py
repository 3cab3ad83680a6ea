"""Writers and a consumer of the journal, killed at random: `python crowd.py WRITERS ROUNDS SEED`.

Writers record events in transactions of random length, take some back, and some die in the middle.
The consumer writes the id of each event it sees into `chaos_applied`, and often dies between that
and its commit. The process ends when everything committed has been read.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence

import django
from django.db import connection, transaction

django.setup()

from zhen.kernel.access.api import Actor  # noqa: E402  models need django.setup()
from zhen.kernel.journal.api import READ, Consumer, Event, Position, Step, record, step  # noqa: E402

ACTOR = Actor.system("chaos")
PATIENCE = 120.0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def write(rounds: int) -> None:
    for _ in range(rounds):
        with transaction.atomic():
            for _ in range(random.randint(1, 4)):
                record(READ, by=ACTOR, subject=("chaos.thing", os.getpid()))
                time.sleep(random.random() * 0.01)
            chance = random.random()
            if chance < 0.02:
                die()
            if chance < 0.15:
                transaction.set_rollback(True)


def apply(events: Sequence[Event]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO chaos_applied (event) VALUES (%s)", [(event.id,) for event in events])
    if random.random() < 0.1:
        die()


CONSUMER = Consumer(id="chaos.crowd", name="Crowd", handle=apply, batch=13)


def read() -> None:
    while True:
        if step(CONSUMER) not in (Step.MOVED, Step.FULL):
            time.sleep(0.005)


def start(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    random.seed(os.getpid())
    try:
        work()
    finally:
        os._exit(0)


def main(writers: int, rounds: int, seed: int) -> None:
    random.seed(seed)
    connection.close()
    readers = {start(read), start(read)}
    writing = {start(lambda: write(rounds)) for _ in range(writers)}
    deaths = 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if random.random() < 0.05:
            os.kill(random.choice(sorted(readers)), signal.SIGKILL)
        gone, _status = os.waitpid(-1, os.WNOHANG)
        if gone in readers:
            deaths += 1
            readers = {*readers - {gone}, start(read)}
        elif gone in writing:
            writing -= {gone}
        elif not gone:
            time.sleep(0.02)
            if not writing and all_read():
                break
    for reader in readers:
        os.kill(reader, signal.SIGKILL)
    print(f"{deaths} deaths of readers")


def all_read() -> bool:
    position = Position.objects.filter(pk=CONSUMER.id).first()
    last = Event.objects.order_by("transaction", "id").last()
    connection.close()  # no child may share it
    return position is not None and last is not None and position.transaction > last.transaction


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
