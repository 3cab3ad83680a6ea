"""GCJ-02, the shifted coordinates of Chinese web maps, to and from WGS-84.

Maps sold in China must carry GCJ-02; devices and the rest of the world use WGS-84. The shift is some
hundreds of metres and depends on the place. Zhen keeps WGS-84 and converts once, at the edge.
The formula is the publicly known polynomial of the shift; the way back is its fixed point.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
G = TypeVar("G", bound=BaseGeometry)

_AXIS = 6378245.0  # Krasovsky 1940, metres
_E2 = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ROUNDS = 12  # each round shrinks the error about a thousandfold; 12 is far beyond a double's precision


class Crs(StrEnum):
    """Where incoming coordinates are measured."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = _shifted(np.array([lon], dtype=np.float64), np.array([lat], dtype=np.float64))
    return float(x[0]), float(y[0])


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    x, y = _unshifted(np.array([lon], dtype=np.float64), np.array([lat], dtype=np.float64))
    return float(x[0]), float(y[0])


def shape_to_wgs84(shape: G, crs: Crs) -> G:
    """A shape measured in `crs`, in WGS-84."""
    if crs is Crs.WGS84:
        return shape
    result: G = shapely.transform(shape, lambda at: np.column_stack(_unshifted(at[:, 0], at[:, 1])))
    return result


def in_china(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """The box inside which the shift applies."""
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _unshifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The fixed point of `w = g - shift(w)`: exact to well below a millimetre."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_ROUNDS):
        gx, gy = _shifted(x, y)
        x, y = x - (gx - lon), y - (gy - lat)
    return x, y


def _shifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    east, north = _shift(lon - 105.0, lat - 35.0)
    radians = np.radians(lat)
    curve = 1 - _E2 * np.sin(radians) ** 2
    dlat = north * 180.0 / (_AXIS * (1 - _E2) / (curve * np.sqrt(curve)) * np.pi)
    dlon = east * 180.0 / (_AXIS / np.sqrt(curve) * np.cos(radians) * np.pi)
    inside = in_china(lon, lat)
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def _shift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The shift in metres east and north."""
    root = np.sqrt(np.abs(x))
    common = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north = north + (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north = north + (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east = east + (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east = east + (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    return east, north
