"""The order of a day's visits: a short way past all of them. Pure, and the same for the same points.

`Router` and `Measure` are the seams: whatever gives an order for a matrix of distances can stand in for `order`, and
whatever gives such a matrix for `distances`. The town's streets are surfaces without lanes and crossings, so distances
are those of the crow (ADR 0089).
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
Measure = Callable[[Sequence[Point]], Distances]
"""Gives the metres between each two points, the same in both directions."""

KICKS, MOST_KICKS = 12, 1_000
"""How often the way is disturbed and mended again: so many times for each visit, and at most so many in all. A count
and no time: the same day has the same order on every machine."""
LONGEST_SEGMENT = 3
LONGEST_PIECE = 30
NEIGHBOURS = 9
"""For each point so many of the nearest are tried beside it."""
LEAST = 1e-7
AT_ONCE = -1e9
"""Metres from the end of the way back to its beginning: no other edge is ever better there."""


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
    """Nearest neighbour, then 2-opt and Or-opt, then kicks: two pieces change places, what is around them is mended,
    and the way is kept if it is shorter (iterated local search; Johnson and McGeoch, 1997).

    The way is searched as a circle: an end that is nowhere joins its last point to the first.
    """
    count = len(far)
    if count < 3:
        return list(range(count))
    circle = np.zeros((count + 1, count + 1))
    circle[:count, :count] = far
    circle[0, count] = circle[count, 0] = AT_ONCE
    search = _Search(circle)
    chance = Random(count)  # noqa: S311  the same day has the same order
    search.mend(list(range(count + 1)))
    best, shortest = search.way, search.length()
    for _kick in range(min(MOST_KICKS, KICKS * count)):
        search.mend(search.kick(chance))
        if (found := search.length()) < shortest - LEAST:
            best, shortest = search.way, found
        else:
            search.take(best)
    return _from_the_beginning(best, count)


def day_order(points: Sequence[Point], router: Router = order, measure: Measure = distances) -> list[int]:
    """The order of a day that may begin at any of the points: the way begins nowhere, as far from each."""
    far = measure(points)
    nowhere = np.zeros((len(points) + 1, len(points) + 1))
    nowhere[1:, 1:] = far
    return [number - 1 for number in router(nowhere)[1:]]


def _from_the_beginning(circle: list[int], end: int) -> list[int]:
    """The circle cut open at its end that is nowhere: point 0 comes first."""
    at = circle.index(end)
    way = circle[at + 1 :] + circle[:at]
    return way if way[0] == 0 else way[::-1]


class _Search:
    """A circle through all points, and the moves that make it shorter."""

    def __init__(self, far: Distances) -> None:
        self.far: list[list[float]] = far.tolist()
        count = len(self.far)
        self.near = [
            sorted((other for other in range(count) if other != one), key=lambda other: (self.far[one][other], other))[
                :NEIGHBOURS
            ]
            for one in range(count)
        ]
        self.take(self._nearest())

    def take(self, way: list[int]) -> None:
        self.way = way
        self.place = [0] * len(way)
        for number, one in enumerate(way):
            self.place[one] = number

    def length(self) -> float:
        far, way = self.far, self.way
        return sum(far[one][other] for one, other in pairwise(way)) + far[way[-1]][way[0]]

    def mend(self, waiting: list[int]) -> None:
        """Until no move at these points, and at those that a move has touched, makes the way shorter."""
        while waiting:
            one = waiting.pop()
            touched = self._turn(one, 1) or self._turn(one, -1) or self._shift(one, 1) or self._shift(one, -1)
            if touched:
                waiting.extend(touched)

    def kick(self, chance: Random) -> list[int]:
        """Two neighbouring pieces change places (the double bridge, near by); gives the points at their ends."""
        count = len(self.way)
        longest = max(1, min(LONGEST_PIECE, count // 3))
        start, one, two = chance.randrange(count), chance.randint(1, longest), chance.randint(1, longest)
        way = self.way[start:] + self.way[:start]
        self.take(way[one : one + two] + way[:one] + way[one + two :])
        return sorted({way[0], way[one - 1], way[one], way[one + two - 1], way[(one + two) % count], way[-1]})

    def _turn(self, one: int, step: int) -> tuple[int, ...]:
        """2-opt: a piece is turned round, so that a point stands beside one that is near."""
        far, way, place = self.far, self.way, self.place
        count = len(way)
        following = way[(place[one] + step) % count]
        now = far[one][following]
        for other in self.near[one]:
            gain = now - far[one][other]
            if gain <= LEAST:
                break
            beyond = way[(place[other] + step) % count]
            if gain + far[other][beyond] - far[following][beyond] > LEAST:
                first, last = (following, other) if step == 1 else (other, following)
                self._reverse(place[first], place[last])
                return one, following, other, beyond
        return ()

    def _reverse(self, first: int, last: int) -> None:
        way = self.way
        if first > last:
            way = way[first:] + way[:first]
            first, last = 0, (last - first) % len(way)
        self.take(way[:first] + way[first : last + 1][::-1] + way[last + 1 :])

    def _shift(self, one: int, step: int) -> tuple[int, ...]:
        """Or-opt: a piece of up to three that begins with a point goes beside one that is near."""
        far, way, place = self.far, self.way, self.place
        count = len(way)
        at = place[one]
        before = way[(at - step) % count]
        for size in range(1, min(LONGEST_SEGMENT, count - 3) + 1):
            piece = [way[(at + step * number) % count] for number in range(size)]
            last, after = piece[-1], way[(at + step * size) % count]
            saved = far[before][one] + far[last][after] - far[before][after]
            for other in self.near[one]:
                if saved - far[one][other] <= LEAST:
                    break
                if other in piece:
                    continue
                ahead = after if other == before else way[(place[other] + step) % count]
                back = before if other == after else way[(place[other] - step) % count]
                if saved - (far[other][one] + far[last][ahead] - far[other][ahead]) > LEAST:
                    self._insert(piece, other, ahead)
                    return one, last, before, after, other, ahead
                if saved - (far[other][one] + far[last][back] - far[other][back]) > LEAST:
                    self._insert(piece[::-1], back, other)
                    return one, last, before, after, other, back
        return ()

    def _insert(self, piece: list[int], left: int, right: int) -> None:
        """Between two points that stand beside each other once the piece is taken out."""
        rest = [one for one in self.way if one not in piece]
        at = rest.index(left)
        if rest[(at + 1) % len(rest)] == right:
            self.take(rest[: at + 1] + piece + rest[at + 1 :])
        else:
            self.take(rest[:at] + piece[::-1] + rest[at:])

    def _nearest(self) -> list[int]:
        """Always on to the nearest; what lies at once behind point 0, the end that is nowhere, comes last."""
        end = len(self.far) - 1
        way, left = [0], set(range(1, end))
        while left:
            row = self.far[way[-1]]
            following = min(left, key=lambda other: (row[other], other))
            left.discard(following)
            way.append(following)
        return [*way, end]
