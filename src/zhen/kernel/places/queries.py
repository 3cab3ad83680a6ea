"""Reading places. Places are public knowledge, so what other modules ask here needs no actor; pages restrict."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock

from django.db import connection
from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib.once import once
from zhen.kernel.places.models import Edition, Place, PlaceVersion, Succession

_UP = """
WITH RECURSIVE up(id, depth) AS (
    SELECT parent_id, 1 FROM places_placeversion
    WHERE place_id = %(place)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
    UNION ALL
    SELECT version.parent_id, up.depth + 1 FROM up JOIN places_placeversion version ON version.place_id = up.id
    WHERE version.valid_from <= %(day)s AND (version.valid_to IS NULL OR version.valid_to > %(day)s)
)
SELECT id, depth FROM up WHERE id IS NOT NULL
"""

_DOWN = """
WITH RECURSIVE down(id) AS (
    SELECT place_id FROM places_placeversion
    WHERE parent_id = %(place)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
    UNION ALL
    SELECT version.place_id FROM down JOIN places_placeversion version ON version.parent_id = down.id
    WHERE version.valid_from <= %(day)s AND (version.valid_to IS NULL OR version.valid_to > %(day)s)
)
SELECT id FROM down
"""

_EVER_BELOW = """
WITH RECURSIVE down(root, id) AS (
    SELECT id, id FROM unnest(%(places)s::bigint[]) AS id
    UNION
    SELECT down.root, version.place_id FROM down JOIN places_placeversion version ON version.parent_id = down.id
)
SELECT root, id FROM down
"""


@once
def edition() -> int:
    """The number of the present state of all places; it never repeats. Caches compare it."""
    return Edition.objects.values_list("value", flat=True).get()


def valid_on(day: date) -> Q:
    """The condition on versions that are in force on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def versions_on(day: date, *kinds: str) -> QuerySet[PlaceVersion]:
    """All places as they are on a day (of some kinds), with their place."""
    rows = PlaceVersion.objects.filter(valid_on(day)).select_related("place")
    return rows.filter(place__kind__in=kinds) if kinds else rows


def readable(actor: Actor, day: date, *kinds: str) -> QuerySet[PlaceVersion]:
    """All places that an actor may see, as they are on a day."""
    return restrict(actor, "places.view", versions_on(day, *kinds))


def history_of_kind(actor: Actor, *kinds: str) -> QuerySet[PlaceVersion]:
    """All versions of the places that an actor may see (of some kinds), with place and parent."""
    rows = PlaceVersion.objects.select_related("place", "parent")
    return restrict(actor, "places.view", rows.filter(place__kind__in=kinds) if kinds else rows)


def place_at(place: Place | int, day: date) -> PlaceVersion | None:
    """The place as it is on a day; None before it began and after it ended."""
    return versions_on(day).filter(place=place).first()


def places_at(ids: Iterable[int], day: date) -> dict[int, PlaceVersion]:
    """Many places as they are on a day, in one query."""
    return {version.place_id: version for version in versions_on(day).filter(place__in=set(ids))}


def names_at(ids: Iterable[int], day: date) -> dict[int, str]:
    """What many places are called on a day, in one query."""
    rows = PlaceVersion.objects.filter(valid_on(day), place__in=set(ids))
    return dict(rows.values_list("place_id", "name"))


def by_code(codes: Iterable[str]) -> dict[str, Place]:
    return {place.code: place for place in Place.objects.filter(code__in=set(codes))}


def ancestors(place: Place | int, day: date) -> list[PlaceVersion]:
    """What the place lies in on a day, from its parent up to the town."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, {"place": _id(place), "day": day})
        depths = dict(cursor.fetchall())
    found = versions_on(day).filter(place__in=depths)
    return sorted(found, key=lambda version: depths[version.place_id])


def children(place: Place | int, day: date) -> QuerySet[PlaceVersion]:
    """What stands directly below the place on a day."""
    return versions_on(day).filter(parent=place).order_by("place__kind", "place__code")


def descendants(place: Place | int, day: date, *kinds: str) -> QuerySet[PlaceVersion]:
    """Everything below the place on a day (of some kinds), by code."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, {"place": _id(place), "day": day})
        ids = [row[0] for row in cursor.fetchall()]
    return versions_on(day, *kinds).filter(place__in=ids).order_by("place__code")


def history(place: Place | int) -> QuerySet[PlaceVersion]:
    """The versions of a place, latest first."""
    return PlaceVersion.objects.filter(place=place).select_related("place", "parent").order_by("-valid_from")


def successions(place: Place | int) -> QuerySet[Succession]:
    """What became of a place, and what it came from; latest first."""
    return (
        Succession.objects.filter(Q(predecessor=place) | Q(successor=place))
        .select_related("predecessor", "successor")
        .order_by("-on", "id")
    )


def scope_ids(place: Place | int) -> frozenset[int]:
    """The ids of a place and of everything that ever was below it: the reach of a post for that area."""
    return scopes_of([_id(place)])[_id(place)]


def scopes_of(places: Iterable[int]) -> dict[int, frozenset[int]]:
    """`scope_ids` of many places: one query when they are remembered, two otherwise."""
    wanted = set(places)
    if not wanted:
        return {}
    return _SCOPES.get(wanted)


class _Scopes:
    """Remembers scopes of the present edition: at most `LIMIT` ids in all, the least used forgotten first."""

    LIMIT = 500_000

    def __init__(self) -> None:
        self._lock = Lock()
        self._edition = 0
        self._held: OrderedDict[int, frozenset[int]] = OrderedDict()
        self._size = 0

    def get(self, wanted: set[int]) -> dict[int, frozenset[int]]:
        now = edition()
        with self._lock:
            if now != self._edition:
                self._held.clear()
                self._edition, self._size = now, 0
            found = {place: self._held[place] for place in wanted if place in self._held}
            for place in found:
                self._held.move_to_end(place)
        missing = wanted - found.keys()
        if missing:
            found |= self._keep(now, _read_scopes(missing))
        return found

    def _keep(self, edition_read: int, read: dict[int, frozenset[int]]) -> dict[int, frozenset[int]]:
        with self._lock:
            if edition_read == self._edition:
                for place, ids in read.items():
                    if place not in self._held:
                        self._held[place] = ids
                        self._size += len(ids)
                while self._size > self.LIMIT:
                    self._size -= len(self._held.popitem(last=False)[1])
        return read


_SCOPES = _Scopes()


def _read_scopes(places: set[int]) -> dict[int, frozenset[int]]:
    below: dict[int, set[int]] = {place: {place} for place in places}
    with connection.cursor() as cursor:
        cursor.execute(_EVER_BELOW, {"places": list(places)})
        for root, found in cursor.fetchall():
            below[root].add(found)
    return {place: frozenset(ids) for place, ids in below.items()}


def _id(place: Place | int) -> int:
    return place.pk if isinstance(place, Place) else place
