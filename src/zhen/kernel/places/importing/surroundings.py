"""What an import meets: the areas that exist, and those accepted before. Checked by shape, in memory."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.api import Box
from zhen.kernel.places import queries, rules
from zhen.kernel.places.kinds import AREAS, NESTING, Kind
from zhen.kernel.places.values import NewPlace


class Surroundings:
    """Kinds, shapes and parents by code. Children are found by testing the few areas of each level."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._shapes: dict[str, BaseGeometry] = {}
        self._below: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._levels: dict[str, list[str]] = defaultdict(list)

    @classmethod
    def on(cls, day: date) -> Surroundings:
        around = cls()
        for version in queries.versions_on(day, *AREAS).select_related("parent").order_by("place__code"):
            parent = version.parent.code if version.parent else None
            around._put(version.place.kind, version.place.code, parent, version.shape)
        alive = queries.versions_on(day).exclude(place__kind__in=AREAS).values_list("place__code", "place__kind")
        around._kinds.update(dict(alive))
        return around

    @property
    def box(self) -> Box | None:
        """The box of the town; None while there is none."""
        towns = [self._shapes[code] for code in self._levels[Kind.TOWN] if code in self._shapes]
        return Box.of(shapely.union_all(towns)) if towns else None

    def kind_of(self, code: str | None) -> str | None:
        return self._kinds.get(code or "")

    def add(self, new: NewPlace) -> None:
        self._put(new.kind, new.code, new.parent, new.shape)

    def holds(self, shape: BaseGeometry) -> bool:
        """Whether a shape's point lies in the town, or there is no town yet to lie outside of."""
        towns = [self._shapes[code] for code in self._levels[Kind.TOWN] if code in self._shapes]
        return not towns or self._first(self._levels[Kind.TOWN], shape) is not None

    def parent_of(self, new: NewPlace) -> str | None:
        """The smallest area in which the place's point lies, of the kinds that may be its parent."""
        if new.shape is None:
            return None
        for kind in reversed(AREAS):
            if kind in NESTING[Kind(new.kind)]:
                found = self._first(self._levels[kind], new.shape)
                if found is not None:
                    return found
        return None

    def check(self, new: NewPlace) -> None:
        """The place lies in its parent. Raises Refused."""
        outer = self._shapes.get(new.parent or "")
        if outer is not None and new.shape is not None:
            rules.check_inside(new.kind, new.code, new.shape, new.parent or "", outer)

    def check_neighbours(self, new: NewPlace) -> None:
        """The area overlaps no sibling. Raises Refused."""
        for code in self._below[(new.parent or "", new.kind)]:
            if new.shape is not None:
                rules.check_apart(new.code, new.shape, code, self._shapes[code])

    def _put(self, kind: str, code: str, parent: str | None, shape: BaseGeometry | None) -> None:
        self._kinds[code] = kind
        if kind in AREAS and shape is not None:
            shapely.prepare(shape)
            self._shapes[code] = shape
            self._levels[kind].append(code)
            self._below[(parent or "", kind)].append(code)

    def _first(self, codes: list[str], shape: BaseGeometry) -> str | None:
        point = Point(geometry.inner_point(shape))
        return next((code for code in codes if self._shapes[code].intersects(point)), None)
