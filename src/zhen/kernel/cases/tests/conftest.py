"""The cast: two units with a clerk each, a dispatcher over the whole town, and benches to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from zhen.kernel.access.api import Actor, ActorKind, Grant, Reach
from zhen.kernel.cases.api import Case, Category, NewCase, receive
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands as Hands

REPAIR = "dummy_pack.repair"
RIGHTS = frozenset({"dummy_pack.view", "dummy_pack.change"})
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def an_actor(user: User, *, unit: Unit | None = None, rights: frozenset[str] = RIGHTS) -> Actor:
    """Somebody with these rights in a unit, or in the whole town."""
    grant = Grant(
        role="test",
        permissions=rights,
        reach=Reach.UNIT if unit else Reach.TOWN,
        units=frozenset({unit.pk}) if unit else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    carpenters: Unit
    painters: Unit
    alice: Actor
    bob: Actor
    dispatcher: Actor
    bench: Category


@pytest.fixture
def cast(db: None) -> Cast:
    carpenters, painters = a_unit("carpenters"), a_unit("painters")
    bench = Category.objects.create(
        scheme="dummy_pack", code="0101", name="Bench", family="01", valid_from=date(2020, 1, 1), source="test"
    )
    return Cast(
        carpenters,
        painters,
        an_actor(a_user("alice"), unit=carpenters),
        an_actor(a_user("bob"), unit=painters),
        an_actor(a_user("dora")),
        bench,
    )


def a_case(cast: Cast, **given: Any) -> Case:
    new = NewCase(**{"title": "The bench wobbles", "category": cast.bench, **given})
    return receive(cast.dispatcher, REPAIR, new)
