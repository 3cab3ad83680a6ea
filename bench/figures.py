"""Statistics of cases: three years of tallies, their sums, and how long the figures take.

`fill` makes the tallies straight in the database, as many as so many cases would leave behind; `bench cases` measures
the pages over them. Works in a transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from bench.harness import figures, percentile, timed
from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Period, Question, breakdown, course, hot_spots, rebuild_sums, totals
from zhen.kernel.lib import clock

YEARS, CLASSES, CELLS, UNITS = 3, 60, 110, 14
SMALL, LARGE = 100_000, 1_000_000

_FILL = """
INSERT INTO cases_tally (event, case_id, what, day, type, unit, area, category, source, h3_9, minutes)
SELECT 0, made.n, what, made.day + late, %(type)s, made.unit, made.area, made.category, made.source,
    CASE what WHEN 1 THEN made.h3 ELSE 0 END, CASE WHEN what IN (8, 9) THEN made.minutes ELSE 0 END
FROM (
    SELECT n, %(first)s::date + (random() * %(days)s)::int AS day, 1 + (n %% %(classes)s) AS category,
        1 + (random() * (%(cells)s - 1))::int AS area, 1 + (n %% %(classes)s) %% %(units)s AS unit,
        (ARRAY['portal', 'hotline', 'field', 'staff', 'open311'])[1 + n %% 5] AS source,
        617700000000000000 + (random() * 900)::bigint AS h3, (random() * 30000)::int AS minutes
    FROM generate_series(1, %(cases)s) n
) made, LATERAL (VALUES
    (1, 0), (2, 0), (3, 1), (13 + (made.n %% 7 = 0)::int, 1), (11 + (made.n %% 9 = 0)::int, 15),
    (8 + (made.n %% 6 = 0)::int, 9), (15 + made.n %% 5, 12)
) AS told (what, late)
"""


def fill(cases: int, type_id: str) -> float:
    """Seconds to write the tallies of so many cases of three years, and their sums."""
    start = perf_counter()
    days = 365 * YEARS
    given: dict[str, str | int | date] = {
        "type": type_id,
        "first": clock.today() - timedelta(days=days),
        "days": days - 1,
        "classes": CLASSES,
        "cells": CELLS,
        "units": UNITS,
        "cases": cases,
    }
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_tally")
        cursor.execute("DELETE FROM cases_tallysum")
        cursor.execute(_FILL, given)
        cursor.execute("ANALYZE cases_tally")
    rebuild_sums()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_tallysum")
    return perf_counter() - start


def run(options: Mapping[str, object]) -> dict[str, float]:
    small = bool(options["small"])
    type_id = next(type_.id for type_ in CASE_TYPES)
    found: dict[str, float] = {}
    median: dict[int, float] = {}
    for cases in (SMALL // 10, SMALL) if small else (SMALL, LARGE):
        with transaction.atomic():
            seconds = fill(cases, type_id)
            print(f"{cases} cases filled in {seconds:.1f} s", flush=True)
            for name, spent in _measure(type_id, runs=20 if small else 50).items():
                found |= figures(f"{name}_{cases}", spent)
                print(f"  {name}: p99 {percentile(spent, 0.99) * 1000:.1f} ms", flush=True)
            median[cases] = found[f"three_years_{cases}_p50_ms"]
            transaction.set_rollback(True)
    few, many = median.values()
    return {**found, "ratio_three_years": round(many / few, 2)}


def _measure(type_id: str, runs: int) -> dict[str, list[float]]:
    actor = Actor.system("bench")
    today = clock.today()
    asked = Question(period=Period(today - timedelta(days=365 * YEARS - 1), today), today=today, types=(type_id,))
    month = asked.over(Period(today - timedelta(days=30), today))
    work: dict[str, Callable[[], object]] = {
        "three_years": lambda: (totals(actor, asked), course(actor, asked)),
        "three_years_by_unit": partial(breakdown, actor, asked, "unit"),
        "three_years_by_area": partial(breakdown, actor, asked, "neighbourhood"),
        "three_years_by_class": partial(breakdown, actor, asked, "source"),
        "three_years_of_a_unit": lambda: totals(actor, _of(asked, units=frozenset({3}))),
        "month": partial(totals, actor, month),
        "hot_spots": partial(hot_spots, actor, _of(asked, period=month.period)),
    }
    return {name: timed(one, runs=runs) for name, one in work.items()}


def _of(question: Question, **more: Any) -> Question:
    return replace(question, **more)
