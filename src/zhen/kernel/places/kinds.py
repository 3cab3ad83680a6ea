"""The kinds of places, and which may stand below which. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    TOWN = "town", _("town")
    PRECINCT = "precinct", _("precinct")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    CELL = "cell", _("grid cell")
    ESTATE = "estate", _("estate")
    PARK = "park", _("park")
    STREET = "street", _("street")
    BUILDING = "building", _("building")
    FLOOR = "floor", _("floor")
    ROOM = "room", _("room")
    SITE = "site", _("site")


AREAS = (Kind.TOWN, Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL)
"""The levels of the area tree, from above: each tiles the one above it."""

NESTING: dict[Kind, frozenset[Kind]] = {
    Kind.TOWN: frozenset(),
    Kind.PRECINCT: frozenset({Kind.TOWN}),
    Kind.NEIGHBOURHOOD: frozenset({Kind.TOWN, Kind.PRECINCT}),
    Kind.CELL: frozenset({Kind.NEIGHBOURHOOD}),
    Kind.ESTATE: frozenset({Kind.TOWN, Kind.NEIGHBOURHOOD, Kind.CELL}),
    Kind.PARK: frozenset({Kind.TOWN, Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL}),
    Kind.STREET: frozenset({Kind.TOWN}),
    Kind.SITE: frozenset({*AREAS, Kind.ESTATE, Kind.PARK}),
    Kind.BUILDING: frozenset({*AREAS, Kind.ESTATE, Kind.PARK, Kind.SITE}),
    Kind.FLOOR: frozenset({Kind.BUILDING}),
    Kind.ROOM: frozenset({Kind.BUILDING, Kind.FLOOR}),
}
"""For each kind the kinds its parent may have. It has no circle, so no tree of places can have one.

The database holds the same table (migration 0002); a test compares the two.
"""

HIGHEST = frozenset({Kind.TOWN})
"""The kinds that stand without a parent."""
