"""The cast: the centre and two units, each with somebody, a grid worker in a cell, and a resident outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from shapely import box

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case, Category, Move, NewCase, NewReporter, move, receive
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands as Hands
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
UNSHOWN = "It was dark"
"""Why there is no photo."""
SECRET = "a-secret-that-nobody-guesses"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def holding(user: User, role: str, *, units: set[int] | None = None, areas: set[int] | None = None) -> Actor:
    """Somebody with a role of the town, with the reach of a post for these units and areas."""
    grant = Grant.of(
        ROLES[role],
        units=frozenset(units) if units is not None else None,
        areas=frozenset(areas) if areas is not None else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    centre: Unit
    sweepers: Unit
    gardeners: Unit
    dora: Actor
    """dispatches"""
    sam: Actor
    """clerks with the sweepers"""
    sue: Actor
    """heads the sweepers"""
    gus: Actor
    """clerks with the gardeners"""
    rubbish: Category


@pytest.fixture
def cast(db: None) -> Cast:
    centre, sweepers, gardeners = a_unit("operations"), a_unit("sweepers"), a_unit("gardeners")
    rubbish = Category.objects.create(
        scheme="grid", code="E0101", name="Rubbish", family="E", valid_from=date(2020, 1, 1), source="test"
    )
    return Cast(
        centre,
        sweepers,
        gardeners,
        holding(a_user("dora"), "dispatcher", units={centre.pk}),
        holding(a_user("sam"), "unit_clerk", units={sweepers.pk}),
        holding(a_user("sue"), "unit_head", units={sweepers.pk}),
        holding(a_user("gus"), "unit_clerk", units={gardeners.pk}),
        rubbish,
    )


def a_case(cast: Cast, **given: Any) -> Case:
    new: dict[str, Any] = {
        "title": "Rubbish at the gate",
        "category": cast.rubbish,
        "reporter": NewReporter(secret=SECRET, phone="13800000000"),
    }
    return receive(cast.dora, "grid.case", NewCase(**{**new, **given}))


def step(actor: Actor, case: Case, id: str, **given: Any) -> Case:
    return move(actor, case.pk, case.revision, id, Move(**given))


def at_sweepers(cast: Cast, **given: Any) -> Case:
    return step(cast.dora, a_case(cast, **given), "dispatch", unit_id=cast.sweepers.pk)


def finished(cast: Cast, **given: Any) -> Case:
    case = step(cast.sam, at_sweepers(cast, **given), "accept")
    return step(cast.sam, case, "finish", result="Taken away", outcome="resolved", reason=UNSHOWN)


def closed(cast: Cast, **given: Any) -> Case:
    return step(cast.dora, finished(cast, **given), "close")


def a_town() -> dict[str, Place]:
    """A neighbourhood of four cells side by side, by code: the cells end in 1 to 4."""
    since, west, south = date(2020, 1, 1), 121.38, 31.24

    def new(kind: Kind, code: str, name: str, parent: str | None, left: int, right: int) -> NewPlace:
        shape = box(west + left / 250, south, west + right / 250, south + 0.004)
        return NewPlace(kind=kind, code=code, name=name, parent=parent, valid_from=since, shape=shape)

    town, neighbourhood = "310107102000", "310107102001"
    news = [
        new(Kind.TOWN, town, "镇", None, 0, 4),
        new(Kind.NEIGHBOURHOOD, neighbourhood, "甲", town, 0, 4),
        *(new(Kind.CELL, f"{neighbourhood}00{n}", f"甲{n}", neighbourhood, n - 1, n) for n in range(1, 5)),
    ]
    return {place.code: place for place in create_many(Actor.system("tests"), news)}
