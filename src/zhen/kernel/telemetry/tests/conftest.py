"""The cast: Alice's unit runs devices, Bob's runs others, Charlie is a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from zhen.kernel.access.api import Actor, ActorKind, Grant, Reach
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.testing import a_place

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
RIGHTS = frozenset(
    {
        "telemetry.device.view",
        "telemetry.device.manage",
        "telemetry.credential.manage",
        "telemetry.rules.view",
        "telemetry.rules.change",
    }
)


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def an_actor(user: User, unit: Unit | None, rights: frozenset[str] = RIGHTS) -> Actor:
    grant = Grant(
        role="test",
        permissions=rights,
        reach=Reach.UNIT if unit else Reach.TOWN,
        units=frozenset({unit.pk}) if unit else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    fire: Unit
    lifts: Unit
    building: Place
    alice: Actor
    bob: Actor
    charlie: Actor


@pytest.fixture
def cast(db: Any) -> Cast:
    fire, lifts = a_unit("fire"), a_unit("lifts")
    return Cast(
        fire,
        lifts,
        a_place("B1", "No. 1"),
        an_actor(a_user("alice"), fire),
        an_actor(a_user("bob"), lifts),
        Actor(kind=ActorKind.USER, id=a_user("charlie").pk, name="Charlie"),
    )
