"""Places: locating points in bulk, reaches, roll-ups and vector tiles, on the demo's invented town.

Works in a transaction that is rolled back: the database is left as it was.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import partial
from importlib.resources import files
from random import Random

from django.db import transaction
from django.test import Client

from bench.harness import figures, percentile, timed
from zhen.gateways.ogc import tiles
from zhen.kernel.access.api import Actor
from zhen.kernel.places.api import (
    Fact,
    Kind,
    Outline,
    areas_of,
    build_town,
    by_code,
    create_many,
    near,
    roll_up,
    scope_ids,
)

PRECINCTS = ("新城", "怒江", "金沙", "梅川", "真光")
TODAY = date(2020, 6, 1)
BOX = (121.357, 121.403, 31.2255, 31.2542)
LOCATED_PER_S = 20_000  # what is asked of a bulk look-up


def run(options: Mapping[str, object]) -> dict[str, float]:
    small = bool(options["small"])
    with transaction.atomic():
        found = _measure(points=5_000 if small else 100_000, runs=3 if small else 20)
        transaction.set_rollback(True)
    return found


def _measure(points: int, runs: int) -> dict[str, float]:
    actor = Actor.system("bench")
    seconds = timed(lambda: build_town(_outline(), seed=1), runs=1, warm=0)
    town = build_town(_outline(), seed=1)
    create_many(actor, town)
    precinct = by_code(["bench-P1"])["bench-P1"]
    print(f"{len(town)} places created; locating {points} points", flush=True)
    random = Random(1)
    at = [(random.uniform(BOX[0], BOX[1]), random.uniform(BOX[2], BOX[3])) for _ in range(points)]
    located = timed(lambda: areas_of(at, TODAY, Kind.NEIGHBOURHOOD), runs=runs)
    facts = [Fact(day=TODAY, point=one) for one in at[: points // 5]]
    rolled = timed(lambda: roll_up(facts, Kind.CELL), runs=runs)
    cold = [timed(partial(tiles.tile, actor, 15, x, y, TODAY), runs=1, warm=0)[0] for x, y in _tiles(15)]
    return {
        "area_of_point_per_s": round(points * len(located) / sum(located), 1),
        "ratio_to_wanted": round(points * len(located) / sum(located) / LOCATED_PER_S, 2),
        "roll_up_facts_per_s": round(len(facts) * len(rolled) / sum(rolled), 1),
        **figures("area_of_one_point", timed(lambda: areas_of(at[:1], TODAY), runs=runs * 10)),
        **figures("near_300m", timed(lambda: near(*at[0], 300, TODAY), runs=runs * 5)),
        **figures("scope_ids", timed(lambda: scope_ids(precinct), runs=runs * 5)),
        **figures("tile_made", cold),
        **figures("tile_served", timed(partial(_serve, *_tiles(15)[4]), runs=runs * 5)),
        "build_town_p50_ms": round(percentile(seconds, 0.5) * 1000, 1),
    }


def _serve(x: int, y: int) -> None:
    response = Client(SERVER_NAME="localhost").get(f"/api/ogc/tiles/15/{x}/{y}")
    assert response.status_code == 200, response.content


def _tiles(z: int) -> list[tuple[int, int]]:
    """The tiles of a zoom around the middle of the town."""
    x, y = int((121.38 + 180) / 360 * 2**z), 13388
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


def _outline() -> Outline:
    text = (files("zhen.project.demo") / "data" / "neighbourhoods.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return Outline(
        town=("bench", "镇"),
        precincts=[
            (f"bench-P{number}", f"{name}片区") for number, name in enumerate(("新城", "怒江", "金沙", "梅川"), 1)
        ],
        neighbourhoods=[(f"b{row['code']}", row["name"]) for row in rows],
        valid_from=date(2010, 1, 1),
    )
