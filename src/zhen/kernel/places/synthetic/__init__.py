"""A town that does not exist: plausible areas, streets and buildings for the demo, from a seed.

Names and codes are given; every line on the ground is invented. All that comes from here is marked
`synthetic`, and says so in its attributes. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from random import Random
from typing import Any

from shapely.geometry.base import BaseGeometry

from zhen.kernel.places.kinds import Kind
from zhen.kernel.places.synthetic.buildings import House, raise_buildings
from zhen.kernel.places.synthetic.ground import Street, lay_ground
from zhen.kernel.places.synthetic.grouping import apportion, group_names
from zhen.kernel.places.values import NewPlace

ORIGIN = "synthetic"


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What is given of the town: (code, name) of it, its precincts and its neighbourhoods."""

    town: tuple[str, str]
    precincts: Sequence[tuple[str, str]]
    neighbourhoods: Sequence[tuple[str, str]]
    valid_from: date
    centre: tuple[float, float] = (121.38, 31.24)
    square_metres: float = 11_000_000
    cells: int = 110
    buildings: int = 1_200


def build_town(outline: Outline, *, seed: int) -> list[NewPlace]:
    """All places of the town, parents first: the areas tile each other exactly, on shared borders.

    Neighbourhoods whose names begin like a precinct's lie in it; the rest is spread evenly.
    """
    random = Random(seed)  # noqa: S311 a picture, not a secret
    ground = lay_ground(random, outline.centre, outline.square_metres, outline.cells)
    groups = group_names([name for _, name in outline.precincts], [name for _, name in outline.neighbourhoods])
    plots = apportion([[1.0] * len(group) for group in groups], ground.blocks)
    town_code, town_name = outline.town
    add = _Places(outline.valid_from)
    cells: list[tuple[str, int]] = []
    below: list[NewPlace] = []
    precincts: list[NewPlace] = []
    for (code, name), group, parts in zip(outline.precincts, groups, plots, strict=True):
        precincts.append(add.area(Kind.PRECINCT, code, name, town_code, ground.union(chain(*parts))))
        for member, blocks in zip(group, parts, strict=True):
            own_code, own_name = outline.neighbourhoods[member]
            below.append(add.area(Kind.NEIGHBOURHOOD, own_code, own_name, code, ground.union(blocks)))
            cells += [(f"{own_code}{number:03d}", block) for number, block in enumerate(ground.in_order(blocks), 1)]
    whole = add.area(Kind.TOWN, town_code, town_name, None, ground.union(range(len(ground.blocks))))
    names = {place.code: place.name for place in below}
    grid = [
        add.area(
            Kind.CELL,
            code,
            f"{names[code[:-3]].removesuffix('居委会')}第{int(code[-3:])}网格",
            code[:-3],
            ground.blocks[block],
        )
        for code, block in cells
    ]
    streets = [add.street(f"{town_code}-S{number:02d}", town_code, one) for number, one in enumerate(ground.streets, 1)]
    houses = raise_buildings(random, ground, [(code, ground.blocks[block]) for code, block in cells], outline.buildings)
    return [whole, *precincts, *below, *grid, *streets, *(add.building(house) for house in houses)]


class _Places:
    """Writes down places of one day, marked as synthetic."""

    def __init__(self, valid_from: date) -> None:
        self.valid_from = valid_from

    def area(self, kind: Kind, code: str, name: str, parent: str | None, shape: BaseGeometry) -> NewPlace:
        return self._place(kind=kind, code=code, name=name, parent=parent, shape=shape, attributes={"origin": ORIGIN})

    def street(self, code: str, town: str, street: Street) -> NewPlace:
        attributes = {"origin": ORIGIN, "class": street.rank}
        return self._place(
            kind=Kind.STREET, code=code, name=street.name, parent=town, shape=street.surface, attributes=attributes
        )

    def building(self, house: House) -> NewPlace:
        return self._place(
            kind=Kind.BUILDING,
            code=house.code,
            name=house.name,
            parent=house.cell,
            shape=house.shape,
            street=house.street,
            lane=house.lane,
            number=house.number,
            attributes={"origin": ORIGIN, "use": house.use, "floors": house.floors},
        )

    def _place(self, **facts: Any) -> NewPlace:
        return NewPlace(valid_from=self.valid_from, synthetic=True, **facts)
