"""The SQL that turns tallies into sums. One text serves the consumer, restating and the rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from zhen.kernel.cases.figures.rules import SPANS
from zhen.kernel.cases.models import Tally, TallySum

Grain = TallySum.Grain

COUNTERS: dict[int, str] = {what.value: what.name.lower() for what in Tally.What}
SPAN_COLUMNS = tuple(f"span_{number}" for number in range(1, len(SPANS) + 2))
COLUMNS = (*COUNTERS.values(), "minutes", *SPAN_COLUMNS)
KEY = ("grain", "start", "type", "unit", "area", "category", "source", "h3_9")

KEPT: dict[int, frozenset[str]] = {
    Grain.UNIT_DAY: frozenset({"unit", "category"}),
    Grain.AREA_DAY: frozenset({"area"}),
    Grain.UNIT_MONTH: frozenset({"unit", "category"}),
    Grain.AREA_MONTH: frozenset({"area", "category"}),
    Grain.PLACE_MONTH: frozenset({"unit", "area"}),
    Grain.SOURCE_MONTH: frozenset({"source", "category"}),
    Grain.HEXAGON_MONTH: frozenset({"h3_9"}),
    Grain.AREA_ONLY_MONTH: frozenset({"area"}),
    Grain.SOURCE_DAY: frozenset({"source"}),
}
BY_DAY = frozenset({Grain.UNIT_DAY, Grain.AREA_DAY, Grain.SOURCE_DAY})


def _measures() -> dict[str, str]:
    """How each column is counted from tallies."""
    found = {column: f"count(*) FILTER (WHERE what = {what})" for what, column in COUNTERS.items()}
    ended = f"what IN ({Tally.What.SOLVED}, {Tally.What.EXPLAINED})"
    found["minutes"] = f"sum(minutes) FILTER (WHERE {ended})"
    bounds = (-1, *SPANS, None)
    for column, low, high in zip(SPAN_COLUMNS, bounds, bounds[1:], strict=False):
        most = f" AND minutes <= {high}" if high is not None else ""
        found[column] = f"count(*) FILTER (WHERE {ended} AND minutes > {low}{most})"
    return found


MEASURES = _measures()


def _grain(grain: int, kept: frozenset[str]) -> str:
    start = "day" if grain in BY_DAY else "date_trunc('month', day)::date"
    dims = [f"{name}" if name in kept else ("''" if name == "source" else "0") for name in KEY[3:]]
    sums = ", ".join(f"sum({column})" for column in COLUMNS)
    where = " WHERE received > 0 AND h3_9 <> 0" if grain == Grain.HEXAGON_MONTH else ""
    return f"SELECT {grain}, {start}, type, {', '.join(dims)}, {sums} FROM fine{where} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"  # noqa: S608


def _text(where: str, sign: str) -> str:
    """Add (or take away) the sums of some tallies to the sums of every grain."""
    measures = ", ".join(f"coalesce({text}, 0)::bigint AS {column}" for column, text in MEASURES.items())
    fine = (
        f"SELECT day, type, unit, area, category, source, h3_9, {measures} FROM cases_tally WHERE {where} "  # noqa: S608
        "GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )
    parts = " UNION ALL ".join(_grain(grain, kept) for grain, kept in KEPT.items())
    change = ", ".join(f"{column} = cases_tallysum.{column} {sign} excluded.{column}" for column in COLUMNS)
    return (
        f"WITH fine AS MATERIALIZED ({fine}) INSERT INTO cases_tallysum ({', '.join((*KEY, *COLUMNS))}) {parts} "
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {change}"
    )


def add(where: str, params: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_text(where, "+"), list(params))


def take(where: str, params: Sequence[Any] = ()) -> None:
    """Take sums away that have been added before: their rows are there."""
    with connection.cursor() as cursor:
        cursor.execute(_text(where, "-"), list(params))


def rebuild_sums() -> None:
    """All sums anew from the tallies."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_tallysum")
    add("true")
