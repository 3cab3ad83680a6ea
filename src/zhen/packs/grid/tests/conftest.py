"""The cast: the centre and two units, each with somebody, a grid worker in a cell, and a resident outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case, Category, Move, NewCase, NewReporter, move, receive
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib import clock

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
SECRET = "a-secret-that-nobody-guesses"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


class Hands:
    """The hands of the clock, in a test's own grip."""

    def __init__(self) -> None:
        self.now = NOW

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    return hands


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
    return step(cast.sam, case, "finish", result="Taken away", outcome="resolved")


def closed(cast: Cast, **given: Any) -> Case:
    return step(cast.dora, finished(cast, **given), "close")
