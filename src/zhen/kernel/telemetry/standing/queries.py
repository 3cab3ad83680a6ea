"""Reading how devices stand: by area, by kind, and the places that need somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.devices.values import VIEW
from zhen.kernel.telemetry.models import Standing

COUNTS = ("devices", "heard", "silent", "never", "alarming")


@dataclass(frozen=True, kw_only=True)
class Count:
    """How some devices stand together."""

    devices: int = 0
    heard: int = 0
    silent: int = 0
    never: int = 0
    alarming: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(**{name: getattr(self, name) + getattr(other, name) for name in COUNTS})

    @property
    def share(self) -> float | None:
        """Of the devices, how many are heard, in per cent; None where there is none."""
        return round(100 * self.heard / self.devices, 1) if self.devices else None


def standings(actor: Actor, profiles: Iterable[str] = ()) -> QuerySet[Standing]:
    """The standings that the actor may see, of some profiles or of all."""
    rows = restrict(actor, VIEW, Standing.objects.all())
    wanted = list(profiles)
    return rows.filter(profile__in=wanted) if wanted else rows


def whole(rows: QuerySet[Standing]) -> Count:
    """All of them together: one query."""
    return Count(**{name: value or 0 for name, value in rows.aggregate(**_SUMS).items()})


def by_profile(rows: QuerySet[Standing]) -> dict[str, Count]:
    summed = rows.values("profile").annotate(**_SUMS).order_by("profile")
    return {row["profile"]: count_of(row) for row in summed}


def count_of(row: Mapping[str, Any]) -> Count:
    """The count that a summed row tells."""
    return Count(**{name: row[name] for name in COUNTS})


def by_place(rows: QuerySet[Standing]) -> QuerySet[Any, Any]:
    """One row a place, with its name and where it lies: those in alarm first, then those that are silent."""
    version = places.versions_on(clock.today()).filter(place=OuterRef("place"))
    return (
        rows.values("place")
        .annotate(
            **_SUMS,
            code=F("place__code"),
            name=Subquery(version.values("name")[:1]),
            lon=Subquery(version.values("lon")[:1], output_field=FloatField()),
            lat=Subquery(version.values("lat")[:1], output_field=FloatField()),
        )
        .order_by("-alarming", (F("silent") + F("never")).desc(), "place")
    )


def needing(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """Those where something is in alarm, silent or was never heard."""
    return rows.filter(Q(alarming__gt=0) | Q(silent__gt=0) | Q(never__gt=0))


def by_area(rows: QuerySet[Standing], kind: str) -> Mapping[int | None, Count]:
    """By the area of a kind that holds each place today; under None what lies in none."""
    day = clock.today()
    areas = {version.place_id for version in places.versions_on(day, kind)}
    inside = {place: area for area, below in places.scopes_of(areas).items() for place in below}
    found: dict[int | None, Count] = {}
    for row in rows.values("place").annotate(**_SUMS).order_by("place"):
        area = inside.get(row["place"])
        found[area] = found.get(area, Count()) + count_of(row)
    return found


_SUMS: Mapping[str, Sum] = {name: Sum(name) for name in COUNTS}
