"""Searching cases and suggesting repeats: on made-up reports of its own, or on what `bench cases` has loaded.

`run` works in a transaction that is rolled back. `searches` and `suggestions` measure whatever cases are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from django.db import connection, transaction

from bench.harness import figures, timed
from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Case, NewReport, count_pairs, find, index_many, similar
from zhen.kernel.cases.tests.writing import STREETS, tell_anything
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry

Point = tuple[float, float]

KINDS: Mapping[str, tuple[str, ...]] = {
    "common": ("井盖", "路灯", "垃圾", "小区", "电梯"),
    "words": ("路灯 不亮", "消防通道堵塞", "井盖缺失", "充电桩 坏了", "共享单车 人行道"),
    "traditional": ("井蓋缺失", "電梯", "垃圾 無人清運"),
    "typing_error": ("警盖", "充电庄", "消防道通", "露灯不亮", "电剃停运"),
    "absent": ("飞碟", "恐龙 路灯", "qwerty"),
}


def queries() -> Iterator[str]:
    """What people type, one kind after the other, for ever."""
    longest = max(len(texts) for texts in KINDS.values())
    return cycle(texts[place % len(texts)] for place in range(longest * 5) for texts in KINDS.values())


def searches(actor: Actor, runs: int = 200) -> dict[str, float]:
    """The first page of each kind of query, and of all mixed, on the cases that are there."""
    found: dict[str, float] = {}
    for kind, texts in KINDS.items():
        turn = cycle(texts)
        found |= figures(f"search_{kind}", timed(lambda turn=turn: find(actor, next(turn)), runs=runs, warm=len(texts)))
    turn = queries()
    return found | figures("search", timed(lambda: find(actor, next(turn)), runs=runs * 2, warm=25))


def suggestions(
    actor: Actor, case_type: str, points: Sequence[tuple[float, float]], runs: int = 200
) -> dict[str, float]:
    """What a new report at one of the points may repeat."""
    random = Random(9)
    reports: list[NewReport] = []
    for _ in range(runs):
        told = tell_anything(random)
        reports.append(
            NewReport(
                case_type=case_type, title=told.title, text=told.text, point=random.choice(points), at=clock.now()
            )
        )
    turn = cycle(reports)
    return figures("suggest", timed(lambda: similar(actor, next(turn)), runs=runs))


@contextmanager
def filling_the_index() -> Iterator[Callable[[Sequence[Case]], int]]:
    """Write very many entries: without the index meanwhile, which is then made at once (a million in half a minute)."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX cases_search_keys")
        yield index_many
        cursor.execute("CREATE INDEX cases_search_keys ON cases_searchentry USING gin (keys) WITH (fastupdate = off)")


def run(options: Mapping[str, object]) -> dict[str, float]:
    small = bool(options["small"])
    actor = Actor.system("bench")
    with transaction.atomic():
        points = _load(int(str(options.get("cases") or (2_000 if small else 100_000))))
        seconds = timed(count_pairs, runs=1, warm=0)
        print("searching", flush=True)
        runs = 20 if small else 200
        case_type = next(iter(CASE_TYPES)).id
        found = searches(actor, runs) | suggestions(actor, case_type, points, runs)
        transaction.set_rollback(True)
    return found | {"count_pairs_s": round(seconds[0], 2)}


def _load(count: int) -> list[Point]:
    """Cases of three years, the newest fortieth of them open."""
    random, now, case_type = Random(4), clock.now(), next(iter(CASE_TYPES)).id
    points = [(121.36 + random.random() * 0.05, 31.22 + random.random() * 0.04) for _ in range(5_000)]
    with filling_the_index() as write:
        for start in range(0, count, 10_000):
            rows = [
                _case(random, case_type, points, now, n / count, n) for n in range(start, min(start + 10_000, count))
            ]
            write(Case.objects.bulk_create(rows, batch_size=2_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_searchentry")
    print(f"{count} cases on {len(STREETS)} streets", flush=True)
    return points


def _case(
    random: Random, case_type: str, points: Sequence[tuple[float, float]], now: datetime, share: float, n: int
) -> Case:
    told = tell_anything(random)
    lon, lat = random.choice(points)
    cell = geometry.cell(lon, lat)
    at = now - timedelta(days=1096) * (1 - share)
    open_ = share > 0.975
    return Case(
        number=f"BENCH-{n}", type=case_type, state="bench", title=told.title, text=told.text, address=told.address,
        lon=lon, lat=lat, h3_11=cell, h3_9=geometry.parent(cell, 9), received_at=at, changed_at=at, open=open_,
        closed_at=None if open_ else at + timedelta(days=2), visible=True,
    )  # fmt: skip
