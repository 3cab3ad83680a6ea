"""The ground of the town: its outline, its streets, and the blocks between them, in degrees on one grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, pi, radians, sin
from random import Random

import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity
import shapely.ops
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.earth import RADIUS

STREET_NAMES = tuple(
    f"{name}路"
    for name in (
        *(
            "青枫",
            "云溪",
            "望河",
            "和畅",
            "松鹤",
            "白榆",
            "听泉",
            "锦屏",
            "澄江",
            "春晖",
            "芦荻",
            "文澜",
            "永宁",
            "石泉塘",
        ),
        *(
            "丹桂",
            "清远",
            "双桥",
            "莲浦",
            "东溪",
            "嘉禾",
            "银杏",
            "怀远",
            "临水",
            "桃溪塘",
            "丰乐",
            "南塘",
            "雅风",
            "竹园",
        ),
        *("百川", "星湖"),
    )
)
TURN = radians(-11)


@dataclass(frozen=True)
class Street:
    name: str
    rank: str
    line: LineString  # metres
    surface: BaseGeometry  # degrees


@dataclass(frozen=True)
class Ground:
    """Blocks (degrees, tiling the town), streets, and the way between metres and degrees."""

    blocks: list[Polygon]
    streets: list[Street]
    centre: tuple[float, float]

    def union(self, blocks: Iterable[int]) -> Polygon | MultiPolygon:
        return geometry.union(self.blocks[block] for block in blocks)

    def in_order(self, blocks: Iterable[int]) -> list[int]:
        """From north to south, in rows of 300 m, from west to east: as people number cells."""
        return sorted(blocks, key=lambda block: _row(self.blocks[block]))

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        result: BaseGeometry = shapely.transform(shape, lambda at: _to_metres(at, self.centre))
        return result

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        result: BaseGeometry = shapely.set_precision(
            shapely.transform(shape, lambda at: _to_degrees(at, self.centre)), geometry.GRID
        )
        return result


def lay_ground(random: Random, centre: tuple[float, float], square_metres: float, cells: int) -> Ground:
    warp = _Warp(random)
    outline = _outline(random, square_metres)
    lines = _street_lines(random, warp, outline)
    blocks = _blocks([line for _, line in lines], outline)
    blocks = _to_number(blocks, cells, square_metres / cells)
    ground = Ground(_on_the_grid(blocks, centre), [], centre)
    limit = ground.union(range(len(ground.blocks)))
    for name, (rank, line) in zip(STREET_NAMES, sorted(lines, key=lambda one: one[0]), strict=False):
        width = {"arterial": 14.0, "street": 8.0}[rank]
        surface = geometry.intersection(ground.degrees(line.buffer(width, cap_style="flat", quad_segs=2)), limit)
        if not surface.is_empty:
            ground.streets.append(Street(name, rank, line, surface))
    return ground


class _Warp:
    """Bends a regular lattice into something that has grown."""

    def __init__(self, random: Random) -> None:
        self._waves = [
            (random.uniform(35, 75), 2 * pi / random.uniform(1500, 3600), random.uniform(0, 2 * pi), random.random())
            for _ in range(6)
        ]

    def __call__(self, u: float, v: float) -> tuple[float, float]:
        x, y = u, v
        for number, (size, pace, phase, slant) in enumerate(self._waves):
            push = size * sin(pace * (v * slant + u * (1 - slant)) + phase)
            x, y = (x + push, y) if number % 2 else (x, y + push)
        return x * cos(TURN) - y * sin(TURN), x * sin(TURN) + y * cos(TURN)


def _outline(random: Random, square_metres: float) -> Polygon:
    """A rounded, slightly dented quadrilateral, longer than high, of the wanted area."""
    phases = [random.uniform(0, 2 * pi) for _ in range(4)]
    corners = []
    for step in range(44):
        angle = 2 * pi * (step + random.uniform(-0.3, 0.3)) / 44
        flat = (abs(cos(angle)) ** 3.4 + abs(sin(angle) * 1.42) ** 3.4) ** (-1 / 3.4)
        dent = 1 + sum(0.045 / (wave + 1) * sin((wave + 2) * angle + phase) for wave, phase in enumerate(phases))
        dent += random.uniform(-0.012, 0.012)
        x, y = flat * dent * cos(angle), flat * dent * sin(angle)
        corners.append((x * cos(TURN) - y * sin(TURN), x * sin(TURN) + y * cos(TURN)))
    plain = Polygon(corners)
    scale = (square_metres / plain.area) ** 0.5
    return shapely.affinity.scale(plain, scale, scale, origin=(0, 0))


def _street_lines(random: Random, warp: _Warp, outline: Polygon) -> list[tuple[str, LineString]]:
    """Streets across and along, each third one an arterial, and one old road aslant."""
    reach = 3600
    lines: list[tuple[str, LineString]] = []
    for across in (True, False):
        at = -reach + random.uniform(0, 200)
        number = 0
        while at < reach:
            rank = "arterial" if number % 3 == 0 else "street"
            path = [warp(at, along) if across else warp(along, at) for along in range(-reach, reach + 1, 60)]
            lines.append((rank, LineString(path)))
            at += random.uniform(260, 400)
            number += 1
    slope = random.uniform(0.35, 0.5)
    road = [warp(along, slope * along + 120 * sin(along / 900)) for along in range(-reach, reach + 1, 60)]
    lines.append(("arterial", LineString(road)))
    return [(rank, line) for rank, line in lines if line.intersection(outline).length > 300]


def _blocks(lines: list[LineString], outline: Polygon) -> list[Polygon]:
    noded = shapely.union_all([*lines, outline.exterior])
    return [
        block
        for block in geometry.polygons(shapely.polygonize([noded]))
        if outline.contains(block.representative_point())
    ]


def _to_number(blocks: list[Polygon], cells: int, usual: float) -> list[Polygon]:
    """Join the smallest blocks to a neighbour, or cut the largest ones, until there are so many."""
    blocks = list(blocks)
    while len(blocks) > cells or min(block.area for block in blocks) < 0.3 * usual:
        small = min(range(len(blocks)), key=lambda one: blocks[one].area)
        block = blocks.pop(small)
        neighbour = max(
            range(len(blocks)),
            key=lambda one: block.boundary.intersection(blocks[one].boundary).length / (1 + blocks[one].area / usual),
        )
        (blocks[neighbour],) = geometry.polygons(blocks[neighbour].union(block))
    while len(blocks) < cells:
        large = max(range(len(blocks)), key=lambda one: blocks[one].area)
        halves = _halves(blocks.pop(large))
        blocks += halves
    return blocks


def _halves(block: Polygon) -> list[Polygon]:
    """The two parts of a block on both sides of a line through its middle, across its longer side."""
    corners = list(geometry.polygons(block.minimum_rotated_rectangle)[0].exterior.coords)
    sides = [(corners[i], corners[i + 1]) for i in range(2)]
    (x1, y1), (x2, y2) = max(sides, key=lambda side: hypot(side[1][0] - side[0][0], side[1][1] - side[0][1]))
    dx, dy = -(y2 - y1), x2 - x1
    length = hypot(dx, dy)
    middle = block.centroid
    far = 5000 / length
    cut = LineString(
        [(middle.x - far * dx, middle.y - far * dy), (middle.x, middle.y), (middle.x + far * dx, middle.y + far * dy)]
    )
    parts = [part for part in shapely.ops.split(block, cut).geoms if isinstance(part, Polygon)]
    parts.sort(key=lambda part: part.area)
    return [*geometry.polygons(shapely.union_all(parts[:-1])), parts[-1]]


def _on_the_grid(blocks: list[Polygon], centre: tuple[float, float]) -> list[Polygon]:
    """The blocks in degrees, with every corner of a neighbour on their border a corner of theirs too."""
    borders = [
        shapely.set_precision(shapely.transform(block.boundary, lambda at: _to_degrees(at, centre)), geometry.GRID)
        for block in blocks
    ]
    faces = geometry.polygons(shapely.polygonize([shapely.union_all(borders, grid_size=geometry.GRID)]))
    inner = [shapely.transform(block.representative_point(), lambda at: _to_degrees(at, centre)) for block in blocks]
    tree = shapely.STRtree(faces)
    found = [int(tree.query(point, predicate="within")[0]) for point in inner]
    return [faces[face] for face in found]


def _row(block: Polygon) -> tuple[int, float]:
    return -int(block.centroid.y / 0.0027), block.centroid.x


def _to_degrees(at: npt.NDArray[np.float64], centre: tuple[float, float]) -> npt.NDArray[np.float64]:
    per_degree = RADIUS * pi / 180
    return np.column_stack(
        (centre[0] + at[:, 0] / (per_degree * cos(radians(centre[1]))), centre[1] + at[:, 1] / per_degree)
    )


def _to_metres(at: npt.NDArray[np.float64], centre: tuple[float, float]) -> npt.NDArray[np.float64]:
    per_degree = RADIUS * pi / 180
    return np.column_stack(
        ((at[:, 0] - centre[0]) * per_degree * cos(radians(centre[1])), (at[:, 1] - centre[1]) * per_degree)
    )
