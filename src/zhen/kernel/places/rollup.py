"""Rolling figures up the area tree, each fact by the boundaries of its own day.

That is what makes a re-drawn neighbourhood leave the past alone: a fact of last year belongs to the
area it happened in last year, whatever the map looks like now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from zhen.kernel.places import location
from zhen.kernel.places.models import Succession

_HISTORY = """
WITH RECURSIVE up(id) AS (
    SELECT id FROM unnest(%(places)s::bigint[]) AS id
    UNION
    SELECT version.parent_id FROM up JOIN places_placeversion version ON version.place_id = up.id
    WHERE version.parent_id IS NOT NULL
)
SELECT version.place_id, place.kind, version.parent_id, version.valid_from, version.valid_to
FROM up JOIN places_placeversion version ON version.place_id = up.id JOIN places_place place ON place.id = up.id
ORDER BY version.place_id, version.valid_from
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that counts: on a day, at a place or at a point (longitude, latitude)."""

    day: date
    place: int | None = None
    point: tuple[float, float] | None = None
    amount: float = 1


def roll_up(facts: Iterable[Fact], level: str) -> dict[int | None, float]:
    """The sum of the amounts in each area of a level; under None what lies in none (elsewhere, or above it)."""
    facts = list(facts)
    sums: dict[int | None, float] = defaultdict(int)
    for fact, area in zip(facts, areas_of_facts(facts, level), strict=True):
        sums[area] += fact.amount
    return dict(sums)


def areas_of_facts(facts: Sequence[Fact], level: str) -> list[int | None]:
    """For each fact the area of a level to which it belongs on its day, in at most four queries."""
    areas: list[int | None] = [None] * len(facts)
    points = [(position, fact) for position, fact in enumerate(facts) if fact.place is None and fact.point is not None]
    if points:
        found = location.areas_of(
            [fact.point for _, fact in points if fact.point], [fact.day for _, fact in points], level
        )
        for (position, _), area in zip(points, found, strict=True):
            areas[position] = area
    placed = {fact.place for fact in facts if fact.place is not None}
    if placed:
        tree = History.of(placed)
        for position, fact in enumerate(facts):
            if fact.place is not None:
                areas[position] = tree.area(fact.place, fact.day, level)
    return areas


class History:
    """Kinds and parents of some places and of everything ever above them."""

    def __init__(self) -> None:
        self._kinds: dict[int, str] = {}
        self._starts: dict[int, list[date]] = defaultdict(list)
        self._spans: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
        self._heirs: dict[int, int] = {}
        self._known: dict[tuple[int, date, str], int | None] = {}

    @classmethod
    def of(cls, places: set[int]) -> History:
        tree = cls()
        heirs = _heirs(places)
        tree._heirs = heirs
        with connection.cursor() as cursor:
            cursor.execute(_HISTORY, {"places": [*places, *heirs.values()]})
            for place, kind, parent, start, end in cursor.fetchall():
                tree._kinds[place] = kind
                tree._starts[place].append(start)
                tree._spans[place].append((end or date.max, parent))
        return tree

    def area(self, place: int, day: date, level: str) -> int | None:
        """The area of a level in which a place lay on a day, or the place itself; None where there is none.

        A place that was merged into another counts there from that day on.
        """
        key = (place, day, level)
        if key not in self._known:
            self._known[key] = self._climb(place, day, level)
        return self._known[key]

    def _climb(self, place: int, day: date, level: str) -> int | None:
        at: int | None = place
        while at is not None:
            span = self._span(at, day)
            if span is None:
                at = self._heirs.get(at) if self._ended(at, day) else None
                continue
            if self._kinds[at] == level:
                return at
            at = span[1]
        return None

    def _span(self, place: int, day: date) -> tuple[date, int | None] | None:
        position = bisect_right(self._starts[place], day) - 1
        if position < 0:
            return None
        span = self._spans[place][position]
        return span if day < span[0] else None

    def _ended(self, place: int, day: date) -> bool:
        return bool(self._starts[place]) and day >= self._spans[place][-1][0]


_HEIRS = """
WITH RECURSIVE heirs(id, successor) AS (
    SELECT predecessor_id, successor_id FROM places_succession
    WHERE kind = %(merge)s AND predecessor_id <> successor_id AND predecessor_id = ANY(%(places)s::bigint[])
    UNION
    SELECT after.predecessor_id, after.successor_id FROM heirs JOIN places_succession after
        ON after.predecessor_id = heirs.successor
    WHERE after.kind = %(merge)s AND after.predecessor_id <> after.successor_id
)
SELECT id, successor FROM heirs
"""


def _heirs(places: set[int]) -> dict[int, int]:
    """For each place that was merged into another, that other; and so on."""
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, {"merge": Succession.Kind.MERGE, "places": list(places)})
        return dict(cursor.fetchall())
