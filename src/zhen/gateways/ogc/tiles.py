"""Vector tiles of the town: areas, streets, buildings and sites, by zoom."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from math import atan, degrees, pi, sinh
from threading import Lock
from typing import Any

import mapbox_vector_tile
import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import TextField
from django.db.models.functions import Cast
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.api import Kind, readable

EXTENT = 4096
BUFFER = 80  # units around the tile, so that outlines do not show its edge
MAX_ZOOM = 20
MAX_CACHE = 32 << 20
FROM_ZOOM: dict[Kind, int] = {
    Kind.TOWN: 0,
    Kind.PRECINCT: 9,
    Kind.NEIGHBOURHOOD: 11,
    Kind.CELL: 13,
    Kind.STREET: 12,
    Kind.PARK: 13,
    Kind.ESTATE: 13,
    Kind.BUILDING: 13,
    Kind.SITE: 14,
}
LAYERS: dict[str, tuple[Kind, ...]] = {
    "areas": (Kind.TOWN, Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL),
    "grounds": (Kind.PARK, Kind.ESTATE),
    "streets": (Kind.STREET,),
    "buildings": (Kind.BUILDING,),
    "sites": (Kind.SITE,),
}
TOLERANCE = 2.0
"""Units by which a line may move: less than half a pixel of a 512-pixel tile."""
SHOWN = ("use", "floors", "class")
COLUMNS = ("place_id", "place__kind", "place__code", "name", "street", "lane", "number", "attributes", "drawn")


def first_zoom(layer: str) -> int:
    return min(FROM_ZOOM[kind] for kind in LAYERS[layer])


def tile(actor: Actor, z: int, x: int, y: int, day: date) -> bytes:
    """One tile as it is on a day, in one query; empty where nothing lies."""
    box = _bounds(z, x, y)
    kinds = [kind for kind, zoom in FROM_ZOOM.items() if z >= zoom]
    rows = list(
        readable(actor, day, *kinds)
        .filter(west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south)
        .annotate(drawn=Cast("boundary", TextField()))
        .order_by("place__code")
        .values_list(*COLUMNS)
    )
    if not rows:
        return b""
    shapes = shapely.transform(shapely.from_geojson([row[-1] for row in rows]), lambda at: _to_tile(at, z, x, y))
    layers = []
    for name, members in LAYERS.items():
        features = [
            found
            for kind in members
            for found in _features([row for row in rows if row[1] == kind], shapes[[row[1] == kind for row in rows]])
        ]
        if features:
            layers.append({"name": name, "features": features})
    # Rings are whole numbers, valid and wound already, all of them at once: the library does it one by one.
    options = {"y_coord_down": True, "extents": EXTENT, "check_winding_order": False}
    return bytes(mapbox_vector_tile.encode(layers, default_options=options)) if layers else b""


class TileCache:
    """The tiles made last, at most `MAX_CACHE` bytes of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[object, ...]) -> bytes | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def put(self, key: tuple[object, ...], data: bytes) -> None:
        with self._lock:
            if key not in self._held:
                self._held[key] = data
                self._size += len(data) + 200
            while self._size > MAX_CACHE:
                self._size -= len(self._held.popitem(last=False)[1]) + 200


CACHE = TileCache()


def _features(rows: Sequence[tuple[Any, ...]], shapes: npt.NDArray[np.object_]) -> list[dict[str, Any]]:
    """The features of one kind: simplified together, so that shared borders stay shared, then clipped."""
    found = []
    for row, shape in zip(rows, _drawn(shapes), strict=True):
        if shape is not None:
            place, kind, code, name, street, lane, number, attributes, _ = row
            described = {"kind": kind, "code": code, "name": name, "street": street, "lane": lane, "number": number}
            described |= {key: attributes[key] for key in SHOWN if isinstance(attributes.get(key), str | int | float)}
            properties = {key: value for key, value in described.items() if value != ""}
            found.append({"geometry": shape, "properties": properties, "id": place})
    return found


def _drawn(shapes: npt.NDArray[np.object_]) -> list[BaseGeometry | None]:
    """The shapes as a tile holds them, None for what does not reach it or is smaller than a unit."""
    low, high = -BUFFER, EXTENT + BUFFER
    drawn = shapes.copy()
    surfaces = shapely.get_type_id(drawn) != shapely.GeometryType.POINT
    if surfaces.any():
        simple = shapely.coverage_simplify(drawn[surfaces], TOLERANCE)
        broken = ~shapely.is_valid(simple)
        simple[broken] = shapely.make_valid(simple[broken])
        cut = shapely.set_precision(shapely.clip_by_rect(simple, low, low, high, high), 1)
        drawn[surfaces] = shapely.orient_polygons([geometry.areal(one) for one in cut], exterior_cw=False)
    outside = shapely.is_empty(drawn) | ~shapely.intersects(drawn, shapely.box(low, low, high, high))
    return [None if gone else shape for gone, shape in zip(outside, drawn, strict=True)]


def _bounds(z: int, x: int, y: int) -> geometry.Box:
    """The tile with its buffer, in degrees."""
    count, share = 2**z, BUFFER / EXTENT
    west = max(-180.0, (x - share) / count * 360 - 180)
    east = min(180.0, (x + 1 + share) / count * 360 - 180)
    north, south = _latitude(max(0.0, (y - share) / count)), _latitude(min(1.0, (y + 1 + share) / count))
    return geometry.Box(west, south, east, north)


def _latitude(share: float) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * share))))


def _to_tile(at: npt.NDArray[np.float64], z: int, x: int, y: int) -> npt.NDArray[np.float64]:
    """Degrees to units of the tile, through the web's Mercator projection (EPSG:3857)."""
    count = 2**z
    latitude = np.radians(at[:, 1])
    across = (at[:, 0] + 180) / 360 * count - x
    down = (1 - np.arcsinh(np.tan(latitude)) / pi) / 2 * count - y
    return np.column_stack((across * EXTENT, down * EXTENT))
