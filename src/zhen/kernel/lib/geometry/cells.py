"""H3 cells as integers: what "near" means in an ordinary index."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import h3.api.basic_int as h3

from zhen.kernel.lib.geometry.earth import distance

POINT = 11  # the resolution kept on points: cells of about 50 m
RESOLUTIONS = (11, 9, 7)
_MAX_RINGS = 12


def cell(lon: float, lat: float, resolution: int = POINT) -> int:
    return int(h3.latlng_to_cell(lat, lon, resolution))


def parent(of: int, resolution: int) -> int:
    return int(h3.cell_to_parent(of, resolution))


def centre(of: int) -> tuple[float, float]:
    """Longitude and latitude of the middle of a cell."""
    lat, lon = h3.cell_to_latlng(of)
    return lon, lat


def outline(of: int) -> dict[str, object]:
    """A cell as a GeoJSON polygon."""
    ring = [[round(lon, 6), round(lat, 6)] for lat, lon in h3.cell_to_boundary(of)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@dataclass(frozen=True, slots=True)
class Disk:
    """Cells of one resolution that together hold every point within a distance."""

    resolution: int
    cells: tuple[int, ...]


class TooFar(ValueError):
    """The distance is larger than "near" can be. Remedy: ask for less, or by area."""


def disk(lon: float, lat: float, metres: float) -> Disk:
    """The finest disk of at most 12 rings (469 cells) that holds every point within `metres`.

    Raises TooFar beyond what the coarsest resolution covers (about 20 km).
    """
    for resolution in RESOLUTIONS:
        middle = h3.latlng_to_cell(lat, lon, resolution)
        rings = _rings(middle, metres)
        if rings <= _MAX_RINGS:
            return Disk(resolution, tuple(int(found) for found in h3.grid_disk(middle, rings)))
    raise TooFar(f"{metres:.0f} m")


def _rings(middle: int, metres: float) -> int:
    """k rings of hexagons with edge e reach at least 1.5·e·k − e from any point of the middle one.

    The shortest edge stands for e, less a tenth for the neighbours' being smaller still.
    """
    corners = h3.cell_to_boundary(middle)
    edges = (
        distance(lon1, lat1, lon2, lat2)
        for (lat1, lon1), (lat2, lon2) in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    edge = 0.9 * min(edges)
    return ceil((metres + 2 * edge) / (1.5 * edge))
