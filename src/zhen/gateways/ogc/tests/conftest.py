"""The demo's invented town in small, and the little town's changes on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, NewPlace, Part, Place, create_many, split
from zhen.kernel.places.synthetic import Outline, build_town

SYSTEM = Actor.system("test")
ON = date(2020, 6, 1)
NAMES = ((1, "怒江第一"), (2, "怒江第二"), (3, "梅川"), (4, "梅岭"))
OUTLINE = Outline(
    town=("310107102", "长征镇"),
    precincts=[("P1", "怒江片区"), ("P2", "梅川片区")],
    neighbourhoods=[
        (f"31010710200{n}", f"{name}居委会") for n, name in enumerate(("怒江第一", "怒江第二", "梅川", "梅岭"), 1)
    ],
    valid_from=date(2010, 1, 1),
    cells=20,
    buildings=150,
)
SPLIT = "310107102001"


def found(news: list[NewPlace]) -> dict[str, Place]:
    """The town, whose first neighbourhood is split today."""
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        places = {place.code: place for place in create_many(SYSTEM, news)}
        member = next(new.code for new in news if new.kind == Kind.CELL and new.parent == SPLIT)
        parts = [
            Part(code="N9", name="怒江第三居委会", members=frozenset({member})),
            Part(code=SPLIT, name="怒江第一居委会"),
        ]
        split(SYSTEM, places[SPLIT], on=ON, parts=parts)
    return places


@pytest.fixture(scope="session")
def plan() -> list[NewPlace]:
    return build_town(OUTLINE, seed=3)


@pytest.fixture
def town(db: None, plan: list[NewPlace]) -> dict[str, Place]:
    return found(plan)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        yield
