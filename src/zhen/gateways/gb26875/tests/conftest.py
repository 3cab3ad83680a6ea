"""The cast: Alice's unit runs the fire alarm system of a hall, Bob's runs others, Charlie is a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from zhen.gateways.gb26875 import actions
from zhen.gateways.gb26875.models import Terminal
from zhen.kernel.access.api import Actor, ActorKind, Grant, Reach
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.testing import a_device, a_place

SOURCE = "790300000000"
"""Where the published frames come from."""
OTHER = "010203040506"
"""Where the tests' own frames come from."""
NOW = datetime(2026, 3, 15, 0, 30, 9, tzinfo=UTC)
RIGHTS = frozenset({"gb26875.view", "gb26875.manage", "gb26875.order", "gb26875.kept"})


def an_actor(user: User, unit: Unit) -> Actor:
    grant = Grant(role="test", permissions=RIGHTS, reach=Reach.UNIT, units=frozenset({unit.pk}))
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    hall: Place
    terminal: Terminal
    other: Terminal
    alice: Actor
    bob: Actor
    charlie: Actor


def a_cast() -> Cast:
    fire, lifts = a_unit("fire"), a_unit("lifts")
    hall = a_place("HALL", "文化活动中心")
    system = Actor.system("test")
    device = a_device("HALL-1", hall, fire, name="活动中心用户信息传输装置", profile="gb26875.device")
    second = a_device("HALL-2", hall, fire, name="二号装置", profile="gb26875.device")
    return Cast(
        hall=hall,
        terminal=actions.register(system, device, source=SOURCE),
        other=actions.register(system, second, source=OTHER),
        alice=an_actor(a_user("alice"), fire),
        bob=an_actor(a_user("bob"), lifts),
        charlie=Actor(kind=ActorKind.USER, id=a_user("charlie").pk, name="charlie"),
    )


@pytest.fixture
def cast(db: Any) -> Cast:
    return a_cast()


@pytest.fixture
def committed(transactional_db: Any) -> Cast:
    """The cast, visible to other connections."""
    return a_cast()
