"""The cast: Alice clerks with the safety office, Bob heads it, Charlie clerks elsewhere; Ken keeps a building."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely import box

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case, Move, move
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands as Hands
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many, scope_ids
from zhen.kernel.telemetry.api import Device
from zhen.kernel.telemetry.testing import TESTER, a_device, follow, read

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
SINCE = date(2020, 1, 1)


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def holding(user: User, role: str, *, unit: Unit | None = None, area: Place | None = None) -> Actor:
    """Somebody with a role, with the reach of a post for this unit and area."""
    grant = Grant.of(
        ROLES[role],
        units=frozenset({unit.pk}) if unit else None,
        areas=scope_ids(area) if area else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    safety: Unit
    other: Unit
    places: dict[str, Place]
    alice: Actor
    """clerks with the safety office"""
    bob: Actor
    """heads it"""
    charlie: Actor
    """clerks elsewhere"""
    ken: Actor
    """keeps the building B1"""

    def device(self, code: str, profile: str, place: str = "B1", **given: Any) -> Device:
        return a_device(code, self.places[place], self.safety, profile=profile, **given)


def a_town() -> dict[str, Place]:
    """A town with a neighbourhood, in it a park of one building and a building of one floor."""

    def new(kind: Kind, code: str, parent: str | None) -> NewPlace:
        shape = None if kind is Kind.FLOOR else box(121.38, 31.24, 121.384, 31.244)
        return NewPlace(kind=kind, code=code, name=code, parent=parent, valid_from=SINCE, shape=shape)

    news = [
        new(Kind.TOWN, "T", None),
        new(Kind.NEIGHBOURHOOD, "N", "T"),
        new(Kind.BUILDING, "B1", "N"),
        new(Kind.FLOOR, "B1-F3", "B1"),
        new(Kind.PARK, "P", "N"),
        new(Kind.BUILDING, "B2", "P"),
    ]
    return {place.code: place for place in create_many(TESTER, news)}


@pytest.fixture
def cast(db: Any) -> Cast:
    safety, other, places = a_unit("safety"), a_unit("other"), a_town()
    return Cast(
        safety,
        other,
        places,
        holding(a_user("alice"), "unit_clerk", unit=safety),
        holding(a_user("bob"), "unit_head", unit=safety),
        holding(a_user("charlie"), "unit_clerk", unit=other),
        holding(a_user("ken"), "fire.keeper", unit=safety, area=places["B1"]),
    )


def a_fire(cast: Cast) -> Case:
    """Smoke on the third floor: the case that it opens."""
    read(cast.device("S-1", "fire.smoke", "B1-F3"), smoke=1)
    follow()
    return Case.objects.get(type="fire.alarm")


def step(actor: Actor, case: Case, id: str, **given: Any) -> Case:
    return move(actor, case.pk, case.revision, id, Move(**given))


def checked(cast: Cast) -> Case:
    return step(cast.alice, a_fire(cast), "check", result="A pan was left on the stove", reason="Nothing to show")
