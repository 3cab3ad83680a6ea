"""A town of 110,000 synthetic persons: recording them, finding them, sealing them anew, deleting them.

Runs with a key ring of its own in one transaction that is rolled back: nothing of it stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.test.utils import override_settings

from bench.harness import figures, timed
from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.crypto import Use
from zhen.kernel.parties import api as parties
from zhen.kernel.parties.synthetic import SyntheticHousehold, Town

PERSONS = 110_000
LIMIT_S = 60.0
SEED = 977
SYSTEM = Actor.system("bench")


def run(options: Mapping[str, object]) -> dict[str, float]:
    count = 2_000 if options["small"] else PERSONS
    with _nothing_stays():
        town = list(Town(SEED, clock.today()).households(count))
        people = [person for household in town for person, _kin in household.members]
        print(f"{len(people)} persons in {len(town)} households", flush=True)
        recording = _seconds(lambda: parties.record_households(SYSTEM, map(_new, town), clock.now()))
        print(f"recorded in {recording:.1f} s", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE parties_person")

        pick = Random(SEED)
        sample = iter(pick.choices(people, k=1000))

        def found(text: str) -> list[parties.Person]:
            return list(parties.search_persons(parties.persons(SYSTEM), text).order_by("name_key")[:20])

        runs = 20 if options["small"] else 200
        by_number = timed(lambda: parties.person_with_number(SYSTEM, next(sample).id_number), runs=runs)
        by_pinyin = timed(lambda: found("zhangw"), runs=runs)
        by_name = timed(lambda: found(next(sample).name), runs=runs)

        parties.rotate_key(SYSTEM, Use.FIELD)
        sealing = _seconds(lambda: parties.reencrypt(SYSTEM, clock.now()))
        print(f"sealed anew in {sealing:.1f} s", flush=True)
        return {
            "persons": len(people),
            "record_per_s": round(len(people) / recording, 1),
            "ratio_record_to_limit": round(recording * PERSONS / len(people) / LIMIT_S, 3),
            "reencrypt_per_s": round(len(people) / sealing, 1),
            **figures("find_by_number", by_number),
            **figures("find_by_pinyin", by_pinyin),
            **figures("find_by_name", by_name),
        }


def _new(household: SyntheticHousehold) -> parties.NewHousehold:
    return parties.NewHousehold(
        id=household.id,
        since=date(2010, 1, 1),
        members=[
            parties.NewPerson(id=person.id, name=person.name, id_number=person.id_number, kin=kin, phone=person.phone)
            for person, kin in household.members
        ],
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def _nothing_stays() -> Iterator[None]:
    with (
        TemporaryDirectory() as folder,
        override_settings(ZHEN_KEY_RING=Path(folder) / "ring.json"),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)
