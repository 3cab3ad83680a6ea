"""Rules of places: addresses, dates, what lies inside what. Pure: no clock, no database."""

from __future__ import annotations

from datetime import date

import shapely
from django.utils.translation import gettext_lazy as _
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.kinds import AREAS, HIGHEST, NESTING, Kind

SLACK = 1e-4
"""The share of an area that may differ through rounding of coordinates (0.01 %)."""


def address_line(street: str, lane: str = "", number: str = "") -> str:
    """The address as it stands on the door: 怒江路 with lane 690 and number 12 gives 怒江路690弄12号."""
    line = street
    if lane:
        line += f"{lane}弄"
    if number:
        line += f"{number}号"
    return line


def check_nesting(kind: str, parent: str | None) -> None:
    """Whether a place of a kind may stand below a place of another, or below none."""
    if parent is None:
        if kind not in HIGHEST:
            raise Refused(
                "parent",
                "no_parent",
                _("A %(kind)s needs a parent. Name the place it lies in."),
                kind=Kind(kind).label,
            )
    elif Kind(parent) not in NESTING[Kind(kind)]:
        raise Refused(
            "parent",
            "nesting",
            _("A %(kind)s cannot stand below a %(parent)s. Choose one of: %(allowed)s."),
            kind=Kind(kind).label,
            parent=Kind(parent).label,
            allowed="、".join(str(one.label) for one in Kind if one in NESTING[Kind(kind)]) or "—",
        )


def check_shape(kind: str, shape: BaseGeometry | None) -> None:
    """An area of the tree has a surface."""
    if kind in AREAS and not isinstance(shape, Polygon | MultiPolygon):
        raise Refused("boundary", "surface", _("A %(kind)s needs a polygon as its boundary."), kind=Kind(kind).label)


def check_decision(on: date, today: date, decision: str) -> None:
    """A change that took effect before it was entered cites the decision that made it."""
    if on < today and not decision.strip():
        raise Refused(
            "decision",
            "decision",
            _("The change takes effect on %(on)s, before today. Give the reference of the decision."),
            on=on.isoformat(),
        )


def inside(kind: str, shape: BaseGeometry, outer: BaseGeometry) -> bool:
    """Whether a shape lies in another: areas with their whole surface, everything else with its point."""
    if isinstance(outer, Point):
        return True
    if kind in AREAS and not isinstance(shape, Point):
        return geometry.difference(shape, outer).area <= SLACK * shape.area
    return bool(shapely.intersects(outer, Point(geometry.inner_point(shape))))


def check_inside(kind: str, code: str, shape: BaseGeometry, parent: str, outer: BaseGeometry) -> None:
    if not inside(kind, shape, outer):
        raise Refused(
            "boundary",
            "outside_parent",
            _("%(code)s does not lie in its parent %(parent)s. Draw it inside, or name another parent."),
            code=code,
            parent=parent,
        )


def check_apart(code: str, shape: BaseGeometry, other_code: str, other: BaseGeometry) -> None:
    """Two areas of one parent share no more than a border."""
    if shape.intersects(other) and overlapping(shape, other):
        raise Refused(
            "boundary",
            "overlap_sibling",
            _("%(code)s overlaps its neighbour %(other)s. Draw them with one common border."),
            code=code,
            other=other_code,
        )


def overlapping(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two areas share more than a border."""
    return geometry.intersection(one, other).area > SLACK * min(one.area, other.area)


def check_tiling(whole: BaseGeometry, parts: dict[str, BaseGeometry]) -> None:
    """The parts of an area fill it exactly and do not overlap."""
    names = sorted(parts)
    for position, name in enumerate(names):
        for other in names[position + 1 :]:
            if overlapping(parts[name], parts[other]):
                raise Refused(
                    "parts",
                    "overlap",
                    _("The parts %(one)s and %(other)s overlap. Draw them with one common border."),
                    one=name,
                    other=other,
                )
    joined = geometry.union(parts.values())
    missing = geometry.difference(whole, joined).area
    beyond = geometry.difference(joined, whole).area
    if max(missing, beyond) > SLACK * whole.area:
        raise Refused(
            "parts",
            "tiling",
            _("The parts do not fill the area exactly: %(missing)s %% is left out, %(beyond)s %% lies beyond it."),
            missing=round(100 * missing / whole.area, 2),
            beyond=round(100 * beyond / whole.area, 2),
        )


def shares(shape: BaseGeometry, parts: dict[str, BaseGeometry]) -> dict[str, float]:
    """Which share of a shape's surface lies in each part."""
    return {name: geometry.intersection(shape, part).area / shape.area for name, part in parts.items()}


def part_of_point(shape: BaseGeometry, parts: dict[str, BaseGeometry]) -> str:
    """The part in which the point of a shape lies; the nearest one where rounding puts it outside all."""
    point = Point(geometry.inner_point(shape))
    return min(sorted(parts), key=lambda name: shapely.distance(parts[name], point))
