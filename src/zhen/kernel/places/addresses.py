"""What people mean by an address: places found by what somebody types, and a point said in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, Value, When

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.text import fold
from zhen.kernel.places import queries
from zhen.kernel.places.kinds import Kind
from zhen.kernel.places.location import areas_of, near
from zhen.kernel.places.models import PlaceVersion

ADDRESSED = (Kind.BUILDING, Kind.SITE, Kind.ESTATE, Kind.PARK)
"""Kinds of places that people name when they say where something is."""
BESIDE = 80.0  # metres within which a point is said to be near a place
MOST_WORDS = 6
ADDRESS = re.compile(r"(?P<street>\D*)(?:(?P<lane>\d+)弄)?(?:(?P<number>\d+)号?)?")


def matching(word: str) -> Q:
    found = Q(name__icontains=word) | Q(place__code__istartswith=word) | Q(street__icontains=word)
    if word.isascii() and word.isalpha():
        found |= Q(name_initials__startswith=word) | Q(name_spelling__startswith=word)
    address = ADDRESS.fullmatch(word)
    if address and (address["lane"] or address["number"]):
        parts = {"street__endswith": address["street"], "lane": address["lane"], "number": address["number"]}
        found |= Q(**{name: value for name, value in parts.items() if value})
    return found


def found(actor: Actor, words: str, day: date, *, skip: int = 0, most: int = 8) -> tuple[list[PlaceVersion], bool]:
    """The places with a point that somebody may mean, and whether there are more. One query; none without a word."""
    terms = fold(words).split()[:MOST_WORDS]
    if not terms:
        return [], False
    rows = queries.readable(actor, day, *ADDRESSED).filter(lon__isnull=False)
    for term in terms:
        rows = rows.filter(matching(term))
    whole = "".join(terms)
    nearness = Case(
        When(name__iexact=whole, then=Value(0)), When(name__istartswith=terms[0], then=Value(1)), default=Value(2)
    )
    shown = list(rows.order_by(nearness, "name_key", "pk")[skip : skip + most + 1])
    return shown[:most], len(shown) > most


def named(actor: Actor, words: str, day: date) -> PlaceVersion | None:
    """The one place of exactly this name or address; None where there is none, or where it could be several."""
    text = "".join(fold(words).split())
    if not text:
        return None
    exact = Q(name__iexact=text)
    address = ADDRESS.fullmatch(text)
    if address and address["street"] and (address["lane"] or address["number"]):
        parts = {name: value or "" for name, value in address.groupdict().items()}
        exact |= Q(**parts)
    rows = list(queries.readable(actor, day, *ADDRESSED).filter(exact).order_by("pk")[:2])
    return rows[0] if len(rows) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """A point as people say it. `areas` are the names from the neighbourhood up to the precinct."""

    place: PlaceVersion | None
    metres: float | None
    areas: Sequence[PlaceVersion]
    in_town: bool


def whereabouts(lon: float, lat: float, day: date) -> Whereabouts:
    """The nearest place that has a name, and the areas around the point. The queries are the same everywhere.

    A town that has drawn no boundary has every point in it.
    """
    beside = near(lon, lat, BESIDE, day, *ADDRESSED, limit=1)
    inside = [areas_of([(lon, lat)], day, kind)[0] for kind in (Kind.NEIGHBOURHOOD, Kind.PRECINCT, Kind.TOWN)]
    versions = queries.places_at([place for place in inside if place is not None], day)
    in_town = inside[2] is not None or not queries.versions_on(day, Kind.TOWN).filter(boundary__isnull=False).exists()
    return Whereabouts(
        place=beside[0].version if beside else None,
        metres=beside[0].metres if beside else None,
        areas=[versions[place] for place in inside[:2] if place is not None and place in versions],
        in_town=in_town,
    )
