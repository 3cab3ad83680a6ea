"""Buildings inside the cells: rows of slabs in estates, towers and halls along the streets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees
from random import Random

import shapely
import shapely.affinity
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.synthetic.ground import TURN, Ground, Street

SETBACK = 18.0  # metres between the middle of a street and the plots beside it, beyond its own half width


@dataclass(frozen=True)
class House:
    """A building before it is a place. `lane` is empty where it stands at the street itself."""

    code: str
    cell: str
    name: str
    street: str
    lane: str
    number: str
    use: str
    floors: int
    shape: BaseGeometry


@dataclass(frozen=True)
class _Pattern:
    """How a cell is built up: the size of a footprint and the distance between footprints, in metres."""

    use: str
    width: float
    depth: float
    gap_along: float
    gap_across: float
    floors: tuple[int, int]
    ring: bool = False  # along the streets only, in their direction


PATTERNS = (
    _Pattern("residential", 54, 12, 16, 20, (5, 7)),
    _Pattern("residential", 42, 13, 18, 24, (6, 7)),
    _Pattern("residential", 28, 18, 34, 44, (14, 26)),
    _Pattern("residential", 66, 11, 12, 17, (4, 6)),
    _Pattern("commercial", 46, 30, 26, 26, (4, 22), ring=True),
    _Pattern("industrial", 72, 36, 24, 22, (1, 5)),
)
WEIGHTS = (5, 4, 4, 4, 4, 1)


def raise_buildings(random: Random, ground: Ground, cells: Sequence[tuple[str, Polygon]], count: int) -> list[House]:
    """So many buildings, spread over the cells by their area; each inside its cell, none upon another."""
    places = [(code, ground.metres(shape)) for code, shape in cells]
    total = sum(shape.area for _, shape in places)
    roads = shapely.union_all([street.line for street in ground.streets]).buffer(SETBACK)
    houses: list[House] = []
    due = 0.0
    for code, shape in places:
        due += count * shape.area / total
        houses += _fill(random, ground, roads, code, shape, round(due) - len(houses))
    return houses


def _fill(
    random: Random, ground: Ground, roads: BaseGeometry, code: str, cell: BaseGeometry, wanted: int
) -> list[House]:
    plot = cell.buffer(-SETBACK).difference(roads)
    street = min(ground.streets, key=lambda one: (one.line.distance(cell.centroid), one.name))
    pattern = random.choices(PATTERNS, WEIGHTS)[0]
    lane = str(2 * random.randint(40, 640))
    spots = list(_spots(random, pattern, plot, street))
    if len(spots) < wanted:
        spots += [spot for spot in _spots(random, PATTERNS[0], plot, street) if _free(spot, spots)]
    start = random.randrange(max(1, len(spots) - wanted + 1)) if not pattern.ring else 0
    chosen = _near_each_other(spots, wanted, start)
    houses = []
    for number, shape in enumerate(chosen, 1):
        at_street = pattern.ring
        near = _nearest(ground, shape) if at_street else street
        houses.append(
            House(
                code=f"{code}-{number:03d}",
                cell=code,
                name=f"{near.name}{int(lane) + 4 * number}号" if at_street else f"{near.name}{lane}弄{number}号",
                street=near.name,
                lane="" if at_street else lane,
                number=str(int(lane) + 4 * number) if at_street else str(number),
                use=pattern.use,
                floors=random.randint(*pattern.floors),
                shape=ground.degrees(shape),
            )
        )
    return houses


def _spots(random: Random, pattern: _Pattern, plot: BaseGeometry, street: Street) -> Iterator[Polygon]:
    """Footprints that lie wholly in the plot, row by row, a few left out as greens."""
    if plot.is_empty:
        return
    if pattern.ring:
        yield from _along(random, pattern, plot)
        return
    angle = degrees(TURN) + random.uniform(-4, 4)
    turned = shapely.affinity.rotate(plot, -angle, origin=plot.centroid)
    west, south, east, north = turned.bounds
    y = south + pattern.depth
    while y < north:
        x = west + random.uniform(0, pattern.width / 2)
        while x < east:
            width = pattern.width * random.uniform(0.85, 1.1)
            flat = shapely.box(x, y, x + width, y + pattern.depth)
            if turned.contains(flat) and random.random() > 0.08:
                yield shapely.affinity.rotate(_footprint(random, flat), angle, origin=plot.centroid)
            x += width + pattern.gap_along
        y += pattern.depth + pattern.gap_across


def _along(random: Random, pattern: _Pattern, plot: BaseGeometry) -> Iterator[Polygon]:
    """Footprints side by side along the edge of the plot, each turned to its stretch of the edge."""
    placed: list[Polygon] = []
    for part in geometry.polygons(plot.buffer(-pattern.depth / 2 - 2)):
        edge = part.exterior
        at = random.uniform(0, 20)
        while at < edge.length:
            here, ahead = edge.interpolate(at), edge.interpolate(min(at + 10, edge.length))
            angle = atan2(ahead.y - here.y, ahead.x - here.x)
            width, depth = pattern.width * random.uniform(0.6, 1.2), pattern.depth * random.uniform(0.8, 1)
            flat = shapely.box(here.x - width / 2, here.y - depth / 2, here.x + width / 2, here.y + depth / 2)
            turned = shapely.affinity.rotate(_footprint(random, flat), angle, origin=here, use_radians=True)
            if plot.contains(turned) and _free(turned, placed):
                placed.append(turned)
                yield turned
            at += width + pattern.gap_along * random.uniform(0.5, 2)


def _footprint(random: Random, flat: Polygon) -> Polygon:
    """A slab, or one with a notch or a wing."""
    if random.random() < 0.55:
        return flat
    west, south, east, north = flat.bounds
    cut = west + (east - west) * random.uniform(0.3, 0.7)
    deep = (north - south) * random.uniform(0.18, 0.3)
    if random.random() < 0.5:
        notch = [(cut, north), (cut, north - deep), (west, north - deep)]
        return Polygon([(west, south), (east, south), (east, north), *notch])
    wing = [(west, south + deep), (cut, south + deep), (cut, south)]
    return Polygon([*wing, (east, south), (east, north), (west, north)])


def _free(spot: BaseGeometry, others: Sequence[BaseGeometry]) -> bool:
    return all(spot.distance(other) > 6 for other in others)


def _near_each_other(spots: list[Polygon], wanted: int, start: int) -> list[Polygon]:
    """The wanted number, nearest to one of them: an estate is a group, and leaves room for its park."""
    if len(spots) <= wanted:
        return spots
    middle = spots[start].centroid
    return sorted(
        sorted(spots, key=lambda spot: spot.distance(middle))[:wanted],
        key=lambda spot: (-round(spot.centroid.y / 40), spot.centroid.x),
    )


def _nearest(ground: Ground, shape: BaseGeometry) -> Street:
    return min(ground.streets, key=lambda one: (one.line.distance(shape), one.name))
