"""Shapes in and out of GeoJSON (RFC 7946): bounded, checked, repaired by rule, on one grid of coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any

import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

GRID = 1e-7  # degrees, about a centimetre: all coordinates lie on this grid, so shared borders stay shared
DIGITS = 7
MAX_VERTICES = 50_000
_REPAIR_SHARE = 0.01  # a repair may change at most this share of the area

Shape = Polygon | MultiPolygon | Point


class Fault(StrEnum):
    """Why a shape is refused."""

    NOT_A_SHAPE = "not_a_shape"
    KIND = "kind_of_shape"
    COORDINATES = "coordinates"
    OUT_OF_RANGE = "out_of_range"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    BROKEN = "broken"


class ShapeError(ValueError):
    """A GeoJSON geometry that cannot be used; `fault` says why, `detail` shows the value. Remedy: mend the drawing."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail[:200]
        super().__init__(f"{fault}: {self.detail}" if detail else str(fault))


def read_shape(geometry: object) -> tuple[Shape, bool]:
    """A point, polygon or multipolygon from GeoJSON, and whether it had to be repaired.

    Self-intersections are repaired where that keeps 99 % of the area, else refused. Heights are dropped.
    """
    if not isinstance(geometry, Mapping):
        raise ShapeError(Fault.NOT_A_SHAPE, repr(geometry))
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    match kind:
        case "Point":
            return _snap(Point(_position(coordinates))), False
        case "Polygon":
            return _sound([_rings(coordinates, _Budget())])
        case "MultiPolygon":
            budget = _Budget()
            return _sound([_rings(part, budget) for part in _list(coordinates)])
    raise ShapeError(Fault.KIND, repr(kind))


def write_shape(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with right-handed rings and seven decimals."""
    if isinstance(shape, Point):
        return {"type": "Point", "coordinates": _round([(shape.x, shape.y)])[0]}
    parts = [_write_polygon(part) for part in polygons(shape)]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def load_shape(geometry: Mapping[str, Any]) -> Shape:
    """A shape that Zhen itself wrote: not checked again."""
    match geometry["type"]:
        case "Point":
            return Point(geometry["coordinates"])
        case "Polygon":
            return _polygon(geometry["coordinates"])
        case _:
            return MultiPolygon([_polygon(part) for part in geometry["coordinates"]])


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a shape, whatever else it may hold after an overlay."""
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [part for inner in getattr(shape, "geoms", ()) for part in polygons(inner)]


def areal(shape: BaseGeometry) -> Polygon | MultiPolygon:
    """Only the polygons of a shape."""
    parts = polygons(shape)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def union(shapes: Iterable[BaseGeometry]) -> Polygon | MultiPolygon:
    return areal(shapely.union_all(list(shapes), grid_size=GRID))


def difference(shape: BaseGeometry, other: BaseGeometry) -> Polygon | MultiPolygon:
    return areal(shapely.difference(shape, other, grid_size=GRID))


def intersection(shape: BaseGeometry, other: BaseGeometry) -> Polygon | MultiPolygon:
    return areal(shapely.intersection(shape, other, grid_size=GRID))


def inner_point(shape: BaseGeometry) -> tuple[float, float]:
    """A point that stands for the shape and lies in it."""
    point = shape if isinstance(shape, Point) else shape.centroid
    if not isinstance(shape, Point) and not shapely.covers(shape, point):
        point = shape.point_on_surface()
    return round(point.x, DIGITS), round(point.y, DIGITS)


class _Budget:
    """How many positions a shape may still have."""

    def __init__(self) -> None:
        self.left = MAX_VERTICES

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise ShapeError(Fault.TOO_LARGE, f"> {MAX_VERTICES}")


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ShapeError(Fault.COORDINATES, repr(value))
    if len(value) > MAX_VERTICES:
        raise ShapeError(Fault.TOO_LARGE, f"> {MAX_VERTICES}")
    return value


def _position(value: object) -> tuple[float, float]:
    position = _list(value)
    if not 2 <= len(position) <= 4:
        raise ShapeError(Fault.COORDINATES, repr(position))
    for number in position:
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise ShapeError(Fault.COORDINATES, repr(position))
    lon, lat = position[0], position[1]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ShapeError(Fault.OUT_OF_RANGE, f"{lon}, {lat}")
    return float(lon), float(lat)


def _rings(value: object, budget: _Budget) -> list[list[tuple[float, float]]]:
    rings = []
    for ring in _list(value):
        budget.spend(len(_list(ring)))
        positions = [_position(position) for position in ring]
        if len(positions) < 4 or positions[0] != positions[-1]:
            raise ShapeError(Fault.COORDINATES, f"ring of {len(positions)}")
        rings.append(positions)
    if not rings:
        raise ShapeError(Fault.EMPTY)
    return rings


def _sound(parts: list[list[list[tuple[float, float]]]]) -> tuple[Shape, bool]:
    if not parts:
        raise ShapeError(Fault.EMPTY)
    built = [Polygon(part[0], part[1:]) for part in parts]
    drawn: Shape = built[0] if len(built) == 1 else MultiPolygon(built)
    repaired = not drawn.is_valid
    if repaired:
        mended = areal(shapely.make_valid(drawn))
        drawn_area = sum(abs(part.area) for part in built)
        if mended.is_empty or abs(mended.area - drawn_area) > _REPAIR_SHARE * max(mended.area, drawn_area):
            raise ShapeError(Fault.BROKEN, shapely.is_valid_reason(drawn))
        drawn = mended
    snapped = _snap(drawn)
    if snapped.is_empty or snapped.area <= 0:
        raise ShapeError(Fault.EMPTY)
    return snapped, repaired


def _snap(shape: Shape) -> Shape:
    snapped = shapely.set_precision(shape, GRID)
    return snapped if isinstance(snapped, Point) else areal(snapped)


def _polygon(rings: list[Any]) -> Polygon:
    return Polygon(rings[0], rings[1:])


def _round(positions: Iterable[tuple[float, ...]]) -> list[list[float]]:
    return [[round(at[0], DIGITS), round(at[1], DIGITS)] for at in positions]


def _write_polygon(polygon: Polygon) -> list[list[list[float]]]:
    oriented = shapely.geometry.polygon.orient(polygon)
    return [_round(ring.coords) for ring in (oriented.exterior, *oriented.interiors)]
