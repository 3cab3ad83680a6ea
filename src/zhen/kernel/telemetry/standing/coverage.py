"""Coverage: of the town's buildings and parks, how many have a device that works, and which have none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.standing.queries import standings

BUILDINGS = (places.Kind.BUILDING, places.Kind.PARK)

# From the places of devices up to all that they lie in.
_UP = """
WITH RECURSIVE up (id) AS (
    SELECT unnest(%(places)s::bigint[])
    UNION
    SELECT version.parent_id FROM up JOIN places_placeversion version ON version.place_id = up.id
    WHERE version.parent_id IS NOT NULL AND version.valid_from <= %(day)s
        AND (version.valid_to IS NULL OR version.valid_to > %(day)s)
)
SELECT id FROM up
"""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The places of some kinds on a day: all of them, and those with a device in or below them that is heard."""

    day: date
    kinds: tuple[str, ...]
    working: frozenset[int]

    @property
    def all(self) -> QuerySet[places.PlaceVersion]:
        return places.versions_on(self.day, *self.kinds)

    @property
    def covered(self) -> QuerySet[places.PlaceVersion]:
        return self.all.filter(place__in=self.working)

    @property
    def missing(self) -> QuerySet[places.PlaceVersion]:
        """Where nothing is heard: without a device, or with one that is silent."""
        return self.all.exclude(place__in=self.working)


def covered(actor: Actor, kinds: Collection[str] = BUILDINGS, profiles: Collection[str] = ()) -> Coverage:
    """How far devices of some profiles (of all, where none is named) cover the places of some kinds today."""
    day = clock.today()
    heard = standings(actor, profiles).filter(heard__gt=0).values_list("place", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(_UP, {"places": sorted(set(heard)), "day": day})
        working = frozenset(id for (id,) in cursor.fetchall())
    return Coverage(day=day, kinds=tuple(kinds), working=working)
