"""The cast: a little town of four squares in two precincts, and the system that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from shapely import box
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places.api import NewPlace, Place, create_many

FOUNDED = date(2000, 1, 1)
TODAY = date(2020, 6, 1)
KEEPER = Actor.system("keeper")
WEST, SOUTH, SIDE = 121.38, 31.24, 0.004


def square(column: int, row: int, width: int = 1, height: int = 1) -> BaseGeometry:
    """A rectangle on a grid of squares of some 400 m, from the town's south-western corner."""
    west, south = WEST + SIDE * column, SOUTH + SIDE * row
    shape: BaseGeometry = box(
        round(west, 7), round(south, 7), round(west + SIDE * width, 7), round(south + SIDE * height, 7)
    )
    return shape


@dataclass(frozen=True)
class Town:
    """T holds precincts P1 (west) and P2 (east); N1, N2 lie in P1 (south, north), N3, N4 in P2.

    N1 and N3 have two cells each, west and east: C1a, C1b, C3a, C3b. B1 stands in C1b but hangs below N1.
    """

    places: dict[str, Place]

    def __getitem__(self, code: str) -> Place:
        return self.places[code]


def new(kind: str, code: str, parent: str | None, shape: BaseGeometry | None, **facts: str) -> NewPlace:
    return NewPlace(kind=kind, code=code, name=facts.pop("name", code), parent=parent, shape=shape, valid_from=FOUNDED)


CAST = (
    new("town", "T", None, square(0, 0, 4, 2), name="长征镇"),
    new("precinct", "P1", "T", square(0, 0, 2, 2), name="新城片区"),
    new("precinct", "P2", "T", square(2, 0, 2, 2), name="金沙片区"),
    new("neighbourhood", "N1", "P1", square(0, 0, 2, 1), name="梅岭北路居委会"),
    new("neighbourhood", "N2", "P1", square(0, 1, 2, 1), name="梅川第二居委会"),
    new("neighbourhood", "N3", "P2", square(2, 0, 2, 1), name="怒江第一居委会"),
    new("neighbourhood", "N4", "P2", square(2, 1, 2, 1), name="怒江第二居委会"),
    new("cell", "C1a", "N1", square(0, 0)),
    new("cell", "C1b", "N1", square(1, 0)),
    new("cell", "C3a", "N3", square(2, 0)),
    new("cell", "C3b", "N3", square(3, 0)),
    new("building", "B1", "N1", box(WEST + 1.4 * SIDE, SOUTH + 0.4 * SIDE, WEST + 1.5 * SIDE, SOUTH + 0.5 * SIDE)),
)


@pytest.fixture
def town(db: None) -> Town:
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        return Town({place.code: place for place in create_many(KEEPER, CAST)})


@pytest.fixture(autouse=True)
def _clock() -> object:
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        yield
