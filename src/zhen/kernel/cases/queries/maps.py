"""Cases on a map: clusters counted in the database, points where one can tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Min, Q, QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.queries.inbox import SOON, Queue, Wanted, wanted_rows

POINTS_FROM = 16.0
MOST_POINTS = 1000
MOST_CLUSTERS = 2000
LONGEST = timedelta(days=92)
USUAL = timedelta(days=30)
RESOLUTIONS = ((11.0, 6), (12.5, 7), (14.0, 8), (15.0, 9), (POINTS_FROM, 10))
"""Below which zoom clusters have which resolution of H3."""
FINEST = 11


@dataclass(frozen=True, kw_only=True)
class Box:
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A cluster, or one case (`case` is then its id): where, how many, how many of them late and soon due."""

    lon: float
    lat: float
    count: int
    late: int
    soon: int
    case: int | None
    number: str = ""
    title: str = ""


def spots(actor: Actor, wanted: Wanted, now: datetime, box: Box, zoom: float) -> tuple[Spot, ...]:
    """What lies in a box: one query for clusters, one more for the cases that stand alone."""
    rows = wanted_rows(actor, _bounded(wanted, now), now).filter(
        lon__gte=box.west, lon__lte=box.east, lat__gte=box.south, lat__lte=box.north
    )
    resolution = next((fine for below, fine in RESOLUTIONS if zoom < below), FINEST + 1)
    if resolution > FINEST:
        near = list(_single(rows)[: MOST_POINTS + 1])
        if len(near) <= MOST_POINTS:
            return tuple(_point(row, now) for row in near)
        resolution = FINEST
    found = [
        Spot(lon=row["lon_"], lat=row["lat_"], count=row["n"], late=row["late"], soon=row["soon"], case=row["first"])
        for row in _clusters(rows, resolution, now)
    ]
    alone = [spot.case for spot in found if spot.count == 1 and spot.case is not None]
    named = {row["pk"]: row for row in _single(rows.filter(pk__in=alone))} if alone else {}
    return tuple(_point(named[spot.case], now) if spot.case in named else replace(spot, case=None) for spot in found)


def _bounded(wanted: Wanted, now: datetime) -> Wanted:
    """Closed cases are shown of a period: the last month, or what was asked for, up to a quarter of a year."""
    if wanted.queue is not Queue.ALL:
        return wanted
    until = wanted.until or now
    since = max(wanted.since or until - USUAL, until - LONGEST)
    return replace(wanted, since=since, until=until)


def _clusters(rows: QuerySet[Case], resolution: int, now: datetime) -> Any:
    """Cells of a resolution. H3 keeps three bits a digit, the finest last: setting them names the cell above."""
    column = "h3_9" if resolution <= 9 else "h3_11"
    below = (1 << (3 * (15 - resolution))) - 1
    return (
        rows.annotate(cell=F(column).bitor(below))
        .values("cell")
        .annotate(
            n=Count("pk"),
            lon_=Avg("lon"),
            lat_=Avg("lat"),
            first=Min("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
        )
        .order_by("cell")[:MOST_CLUSTERS]
    )


def _single(rows: QuerySet[Case]) -> Any:
    return rows.order_by("pk").values("pk", "lon", "lat", "due_at", "number", "title")


def _point(row: Mapping[str, Any], now: datetime) -> Spot:
    due = row["due_at"]
    late = due is not None and due < now
    return Spot(
        lon=row["lon"],
        lat=row["lat"],
        count=1,
        late=int(late),
        soon=int(due is not None and not late and due < now + SOON),
        case=row["pk"],
        number=row["number"],
        title=row["title"],
    )
