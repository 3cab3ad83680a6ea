"""Which blocks make up which area: compact, connected, of even size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import shapely
from shapely import Polygon


def group_names(precincts: Sequence[str], names: Sequence[str]) -> list[list[int]]:
    """For each precinct the positions of its neighbourhoods' names, of even number.

    A name that begins like a precinct's lies there; names that begin alike stay together.
    """
    families: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        families[name[:2]].append(position)
    groups: list[list[int]] = [families.pop(precinct[:2], []) for precinct in precincts]
    for family in sorted(families.values(), key=lambda members: (-len(members), members[0])):
        min(groups, key=len).extend(family)
    while max(map(len, groups)) - min(map(len, groups)) > 1:
        min(groups, key=len).append(max(groups, key=len).pop())
    return groups


def apportion(weights: Sequence[Sequence[float]], blocks: Sequence[Polygon]) -> list[list[list[int]]]:
    """Blocks for every member of every group, by area in proportion to the weights."""
    touching = _touching(blocks)
    outer = _cut(list(range(len(blocks))), [sum(group) for group in weights], blocks)
    outer = _connected(outer, touching)
    return [_connected(_cut(own, list(group), blocks), touching) for own, group in zip(outer, weights, strict=True)]


def _cut(own: list[int], weights: Sequence[float], blocks: Sequence[Polygon]) -> list[list[int]]:
    """Halve the weights, and the blocks in that proportion across their longer side; and so on."""
    if len(weights) == 1:
        return [own]
    half = len(weights) // 2
    left, right = weights[:half], weights[half:]
    at = {block: blocks[block].centroid for block in own}
    width = max(point.x for point in at.values()) - min(point.x for point in at.values())
    height = max(point.y for point in at.values()) - min(point.y for point in at.values())
    ordered = sorted(own, key=lambda block: at[block].x * 0.855 if width * 0.855 > height else -at[block].y)
    wanted = sum(blocks[block].area for block in own) * sum(left) / sum(weights)
    taken, count = 0.0, 0
    while count < len(ordered) - len(right) and (count < len(left) or taken + blocks[ordered[count]].area / 2 < wanted):
        taken += blocks[ordered[count]].area
        count += 1
    return [*_cut(ordered[:count], left, blocks), *_cut(ordered[count:], right, blocks)]


def _touching(blocks: Sequence[Polygon]) -> dict[int, dict[int, float]]:
    """For each block its neighbours, with the length of the common border."""
    tree = shapely.STRtree(blocks)
    touching: dict[int, dict[int, float]] = defaultdict(dict)
    for one, block in enumerate(blocks):
        for other in tree.query(block, predicate="intersects"):
            length = block.boundary.intersection(blocks[other].boundary).length
            if other != one and length > 1e-6:
                touching[one][int(other)] = length
    return touching


def _connected(parts: list[list[int]], touching: dict[int, dict[int, float]]) -> list[list[int]]:
    """Give blocks that are cut off from their part to the neighbouring part with the longest border."""
    parts = [list(part) for part in parts]
    for _ in range(len(parts) * 4):
        owner = {block: number for number, part in enumerate(parts) for block in part}
        stray = next((piece for part in parts for piece in _pieces(part, touching)[1:]), None)
        if stray is None:
            return parts
        home = owner[stray[0]]
        borders: dict[int, float] = defaultdict(float)
        for block in stray:
            for other, length in touching[block].items():
                if owner.get(other, home) != home:
                    borders[owner[other]] += length
        if not borders:
            return parts
        target = max(borders, key=lambda number: borders[number])
        parts[home] = [block for block in parts[home] if block not in stray]
        parts[target] += stray
    return parts


def _pieces(part: list[int], touching: dict[int, dict[int, float]]) -> list[list[int]]:
    """The connected pieces of a part, the largest first."""
    left, pieces = set(part), []
    while left:
        edge = [min(left)]
        piece: list[int] = []
        while edge:
            block = edge.pop()
            if block in left:
                left.discard(block)
                piece.append(block)
                edge += touching[block]
        pieces.append(piece)
    return sorted(pieces, key=len, reverse=True)
