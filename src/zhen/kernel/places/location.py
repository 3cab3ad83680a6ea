"""Which area a point lies in on a day: exact, in bulk, from an index of every boundary there ever was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import TextField
from django.db.models.functions import Cast

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import queries
from zhen.kernel.places.kinds import Kind
from zhen.kernel.places.models import PlaceVersion

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_NEVER = date.max.toordinal()
MAX_SHAPES = 500_000


class TooManyShapes(RuntimeError):
    """An index would hold more boundaries than fit in memory. Remedy: ask for a kind with fewer places."""


class AreaIndex:
    """All versions of one kind that have a surface, by code, then day: on a shared border the lower code wins."""

    def __init__(self, rows: Sequence[tuple[int, str, date, date | None]]) -> None:
        self.places: Ints = np.array([row[0] for row in rows], dtype=np.int64)
        self.shapes = np.asarray(shapely.from_geojson([row[1] for row in rows]), dtype=object)
        self.starts: Ints = np.array([row[2].toordinal() for row in rows], dtype=np.int64)
        self.ends: Ints = np.array([row[3].toordinal() if row[3] else _NEVER for row in rows], dtype=np.int64)
        self.tree = shapely.STRtree(self.shapes)
        shapely.prepare(self.shapes)

    @classmethod
    def read(cls, kind: str) -> AreaIndex:
        rows = (
            PlaceVersion.objects.filter(place__kind=kind, boundary__isnull=False)
            .exclude(boundary__type="Point")
            .annotate(drawn=Cast("boundary", TextField()))
            .order_by("place__code", "valid_from")
            .values_list("place_id", "drawn", "valid_from", "valid_to")
        )
        read = list(rows[: MAX_SHAPES + 1])
        if len(read) > MAX_SHAPES:
            raise TooManyShapes(f"{kind}: more than {MAX_SHAPES} boundaries")
        return cls(read)

    def locate(self, lons: Floats, lats: Floats, days: Ints) -> Ints:
        """For each point the id of the place it lies in on its day; 0 where there is none."""
        if not len(self.shapes) or not len(lons):
            return np.zeros(len(lons), dtype=np.int64)
        points, shapes = self.tree.query(shapely.points(lons, lats))
        alive = (self.starts[shapes] <= days[points]) & (days[points] < self.ends[shapes])
        points, shapes = points[alive], shapes[alive]
        hit = shapely.intersects_xy(self.shapes[shapes], lons[points], lats[points])
        best = np.full(len(lons), len(self.shapes), dtype=np.int64)
        np.minimum.at(best, points[hit], shapes[hit])
        return np.append(self.places, 0)[best]


class _Indexes:
    """One index per kind, read again when the edition has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[str, tuple[int, AreaIndex]] = {}

    def get(self, kind: str) -> AreaIndex:
        now = queries.edition()
        held = self._held.get(kind)
        if held is None or held[0] != now:
            with self._lock:
                held = self._held.get(kind)
                if held is None or held[0] != now:
                    held = (now, AreaIndex.read(kind))
                    self._held[kind] = held
        return held[1]


_INDEXES = _Indexes()


def area_of_point(lon: float, lat: float, day: date, kind: str = Kind.NEIGHBOURHOOD) -> int | None:
    """The id of the place of a kind in which a point lies on a day."""
    return areas_of([(lon, lat)], day, kind)[0]


def areas_of(
    points: Sequence[tuple[float, float]], days: date | Sequence[date], kind: str = Kind.NEIGHBOURHOOD
) -> list[int | None]:
    """`area_of_point` for many points, on one day or each on its own: one query, two when an area has changed."""
    at = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if isinstance(days, date):
        when: Ints = np.full(len(at), days.toordinal(), dtype=np.int64)
    else:
        when = np.fromiter((day.toordinal() for day in days), dtype=np.int64, count=len(at))
    found = _INDEXES.get(kind).locate(at[:, 0], at[:, 1], when)
    return [place or None for place in found.tolist()]


@dataclass(frozen=True, slots=True)
class Nearby:
    version: PlaceVersion
    metres: float


def near(lon: float, lat: float, metres: float, day: date, *kinds: str, limit: int = 200) -> list[Nearby]:
    """The places whose point lies within some metres on a day, nearest first.

    Raises TooFar for distances beyond about 20 km.
    """
    disk = geometry.disk(lon, lat, metres)
    rows = queries.versions_on(day, *kinds).filter(**{f"h3_{disk.resolution}__in": disk.cells})
    found = [Nearby(row, geometry.distance(lon, lat, row.lon or 0, row.lat or 0)) for row in rows]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: one.metres)[:limit]
