"""Distances and areas on the ground, and boxes."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, pi, radians, sin, sqrt

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

RADIUS = 6371008.8  # the mean radius of the Earth, metres (IUGG)


def distance(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres along the great circle (haversine: good at short distances)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    half = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(half)))


def area(shape: BaseGeometry) -> float:
    """Square metres, through the cylindrical equal-area projection of the sphere."""
    return float(shapely.area(shapely.transform(shape, _equal_area)))


def _equal_area(at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.column_stack((RADIUS * np.radians(at[:, 0]), RADIUS * np.sin(np.radians(at[:, 1]))))


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box in degrees; it never crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90):
            raise ValueError(f"not a box: {self.west},{self.south},{self.east},{self.north}")

    @classmethod
    def of(cls, shape: BaseGeometry) -> Box:
        return cls(*(float(side) for side in shape.bounds))

    @classmethod
    def around(cls, lon: float, lat: float, metres: float) -> Box:
        """The box that holds every point within `metres` of a point."""
        angle = min(metres / RADIUS, pi / 2)
        north, south = lat + degrees(angle), lat - degrees(angle)
        if north >= 90 or south <= -90:
            return cls(-180, max(south, -90), 180, min(north, 90))
        width = degrees(asin(min(1.0, sin(angle) / cos(radians(lat)))))
        return cls(max(lon - width, -180), south, min(lon + width, 180), north)

    def meets(self, other: Box) -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )
