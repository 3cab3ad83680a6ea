"""The cast: Alice heads the office, Bob walks the grid, Carol too; Charlie heads another office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely import box

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import lay_limits
from zhen.kernel.files.api import File, store
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands as Hands
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many, scope_ids
from zhen.kernel.rounds.api import lay_checklists
from zhen.packs.upkeep.actions import add_premises
from zhen.packs.upkeep.limits import LIMITS
from zhen.packs.upkeep.models import Premises

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
TODAY = date(2026, 9, 15)
SINCE = date(2020, 1, 1)
POINT = (121.385, 31.245)


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def holding(user: User, role: str, *, unit: Unit | None = None, area: Place | None = None) -> Actor:
    grant = Grant.of(
        ROLES[role],
        units=frozenset({unit.pk}) if unit else None,
        areas=scope_ids(area) if area else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    office: Unit
    other: Unit
    area: Place
    alice: Actor
    bob: Actor
    carol: Actor
    charlie: Actor

    def premises(self, name: str = "聚香园饭店", **given: Any) -> Premises:
        facts = {
            "kind": "restaurant",
            "name": name,
            "unit": self.office,
            "since": SINCE,
            "lon": POINT[0],
            "lat": POINT[1],
        }
        return add_premises(self.alice, {**facts, **given})


@pytest.fixture
def cast(db: Any, hands: Hands) -> Cast:
    office, other = a_unit("office"), a_unit("other")
    shape = box(121.38, 31.24, 121.39, 31.25)
    news = [
        NewPlace(kind=Kind.TOWN, code="T", name="T", valid_from=SINCE, shape=shape),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="N", name="N", parent="T", valid_from=SINCE, shape=shape),
    ]
    area = {place.code: place for place in create_many(Actor.system("test"), news)}["N"]
    lay_checklists()
    lay_limits(Actor.system("test"), LIMITS)
    return Cast(
        office,
        other,
        area,
        holding(a_user("alice"), "unit_head", unit=office),
        holding(a_user("bob"), "grid_worker", area=area),
        holding(a_user("carol"), "grid_worker", area=area),
        holding(a_user("charlie"), "unit_head", unit=other),
    )


def a_photo(actor: Actor, seed: int = 0) -> File:
    return store(actor, an_upload(an_image(seed=seed)))
