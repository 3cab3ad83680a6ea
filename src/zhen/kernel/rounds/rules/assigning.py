"""Who visits what: by area first, then by load, neighbours together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ORDER = 12
"""Bits of each coordinate along the curve: some ten metres in a town."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something to be visited: where it is, and the areas around it, from the smallest."""

    id: int
    lon: float | None
    lat: float | None
    area: int | None


def curve(lon: float, lat: float, box: tuple[float, float, float, float]) -> int:
    """The place of a point along a Hilbert curve through the box (west, south, east, north): what is near on it is
    near on the ground. Source: Warren, Hacker's Delight, 16."""
    west, south, east, north = box
    side = 1 << ORDER
    x = min(side - 1, int((lon - west) / (east - west or 1) * side))
    y = min(side - 1, int((lat - south) / (north - south or 1) * side))
    along, step = 0, side >> 1
    while step:
        right, up = bool(x & step), bool(y & step)
        along += step * step * ((3 * right) ^ up)
        if not up:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        step >>= 1
    return along


def in_order(targets: Sequence[Target]) -> list[Target]:
    """Neighbours after one another; what has no place comes last."""
    known = [(one.lon, one.lat) for one in targets if one.lon is not None and one.lat is not None]
    if not known:
        return list(targets)
    lons, lats = zip(*known, strict=True)
    box = (min(lons), min(lats), max(lons), max(lats))

    def place(one: Target) -> tuple[bool, int, int]:
        if one.lon is None or one.lat is None:
            return True, 0, one.id
        return False, curve(one.lon, one.lat, box), one.id

    return sorted(targets, key=place)


def assign(
    targets: Sequence[Target], people: Sequence[int], areas: Mapping[int, frozenset[int] | None], per_visit: int = 1
) -> dict[int, tuple[int, ...]]:
    """For each target the people who visit it, the first of them in charge.

    `areas` says what each person's part of the town is; None is all of it. A target goes to those whose part it lies
    in, or to everybody where it lies in nobody's. Each group's targets are dealt in pieces of neighbours, the piece of
    somebody the smaller the more he has from other groups.
    """
    groups: dict[tuple[int, ...], list[Target]] = {}
    for target in in_order(targets):
        groups.setdefault(_eligible(target, people, areas), []).append(target)
    load = dict.fromkeys(people, 0)
    found: dict[int, tuple[int, ...]] = {}
    for group, mine in sorted(groups.items(), key=lambda pair: (len(pair[0]), pair[0])):
        start = 0
        for person, count in zip(group, _shares(len(mine), [load[one] for one in group]), strict=True):
            partners = [one for one in group if one != person]
            for offset, target in enumerate(mine[start : start + count]):
                turn = offset % len(partners) if partners else 0
                found[target.id] = (person, *(partners[turn:] + partners[:turn])[: per_visit - 1])
            start += count
            load[person] += count
    return found


def _eligible(target: Target, people: Sequence[int], areas: Mapping[int, frozenset[int] | None]) -> tuple[int, ...]:
    own = tuple(
        one
        for one in people
        if (part := areas.get(one)) is not None and target.area is not None and target.area in part
    )
    whole = tuple(one for one in people if areas.get(one) is None)
    return own or whole or tuple(people)


def _shares(count: int, loads: Sequence[int]) -> list[int]:
    """Parts of `count` that make the loads as even as they can be. Who has more than that already gets none."""
    filling = sorted(range(len(loads)), key=lambda number: (loads[number], number))
    goal = sum(loads) + count
    while loads[filling[-1]] * len(filling) > goal:
        goal -= loads[filling.pop()]
    each, more = divmod(goal, len(filling))
    shares = [0] * len(loads)
    for place, one in enumerate(filling):
        shares[one] = each + (place < more) - loads[one]
    return shares
