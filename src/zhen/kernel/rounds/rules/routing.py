"""The order of a day's visits: a short way past all of them. Pure, and the same for the same points.

`Router` is the seam: whatever gives an order for a matrix of distances can stand in for `order`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import numpy as np
import numpy.typing as npt

from zhen.kernel.lib.geometry.earth import RADIUS

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Distances = npt.NDArray[np.float64]
Router = Callable[[Distances], list[int]]
"""Gives the indices of all points, the first one first: where the day begins. The way ends at the last."""

KICKS = 200
"""How often the way is disturbed and mended again, for each visit at most so many times in all."""
LONGEST_SEGMENT = 3


def distances(points: Sequence[Point]) -> Distances:
    """Metres between each two points, through a plane that touches the town: good to a metre within it."""
    at = np.radians(np.asarray(points, dtype=np.float64))
    if not len(at):
        return np.zeros((0, 0))
    x = RADIUS * np.cos(at[:, 1].mean()) * at[:, 0]
    y = RADIUS * at[:, 1]
    far: Distances = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return far


def length(way: Sequence[int], far: Distances) -> float:
    return float(sum(far[one, other] for one, other in pairwise(way)))


def order(far: Distances) -> list[int]:
    """Nearest neighbour, then 2-opt and Or-opt, then kicks: a piece is moved at random, mended, and kept if shorter."""
    count = len(far)
    if count < 3:
        return list(range(count))
    rows: list[list[float]] = far.tolist()
    chance = Random(count)  # noqa: S311  the same day has the same order
    best = _mended(_nearest(rows), rows)
    shortest = _length(best, rows)
    for _kick in range(KICKS):
        way = _mended(_kicked(best, chance), rows)
        if (found := _length(way, rows)) < shortest - 1e-9:
            best, shortest = way, found
    return best


def day_order(points: Sequence[Point], router: Router = order) -> list[int]:
    """The order of a day that may begin at any of the points: the way begins nowhere, as far from each."""
    far = distances(points)
    nowhere = np.zeros((len(points) + 1, len(points) + 1))
    nowhere[1:, 1:] = far
    return [number - 1 for number in router(nowhere)[1:]]


def _length(way: list[int], far: list[list[float]]) -> float:
    return sum(far[one][other] for one, other in pairwise(way))


def _nearest(far: list[list[float]]) -> list[int]:
    way, left = [0], set(range(1, len(far)))
    while left:
        row = far[way[-1]]
        following = min(left, key=lambda one: (row[one], one))
        left.discard(following)
        way.append(following)
    return way


def _kicked(way: list[int], chance: Random) -> list[int]:
    """Two neighbouring pieces change places (the double bridge); the beginning stays."""
    if len(way) < 5:
        return way[:]
    one, two, three = sorted(chance.sample(range(1, len(way) + 1), 3))
    return way[:one] + way[two:three] + way[one:two] + way[three:]


def _mended(way: list[int], far: list[list[float]]) -> list[int]:
    """Until neither turning a piece round nor moving a short one makes the way shorter."""
    while (better := _turned(way, far) or _moved(way, far)) is not None:
        way = better
    return way


def _turned(way: list[int], far: list[list[float]]) -> list[int] | None:
    """2-opt on an open way: the first piece that is better turned round; the last one may end it."""
    last = len(way) - 1
    for start in range(1, last):
        before, first = way[start - 1], way[start]
        now = far[before][first]
        for end in range(start + 1, last + 1):
            piece_end = way[end]
            gain = now - far[before][piece_end]
            if end < last:
                following = way[end + 1]
                gain += far[piece_end][following] - far[first][following]
            if gain > 1e-9:
                return way[:start] + way[start : end + 1][::-1] + way[end + 1 :]
    return None


def _moved(way: list[int], far: list[list[float]]) -> list[int] | None:
    """Or-opt: the first piece of up to three that is better somewhere else."""
    for size in range(1, LONGEST_SEGMENT + 1):
        for start in range(1, len(way) - size + 1):
            piece = way[start : start + size]
            rest = way[:start] + way[start + size :]
            before, after = way[start - 1], way[start + size] if start + size < len(way) else None
            saved = far[before][piece[0]]
            if after is not None:
                saved += far[piece[-1]][after] - far[before][after]
            if saved <= 1e-9:
                continue
            for place in range(1, len(rest) + 1):
                if place == start:
                    continue
                one, other = rest[place - 1], rest[place] if place < len(rest) else None
                spent = far[one][piece[0]]
                if other is not None:
                    spent += far[piece[-1]][other] - far[one][other]
                if saved - spent > 1e-9:
                    return rest[:place] + piece + rest[place:]
    return None
