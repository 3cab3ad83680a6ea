"""The cast: two neighbourhoods, clerks with different posts, and a family that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from zhen.kernel.access.api import PERMISSIONS, Actor, ActorKind, Grant, Reach
from zhen.kernel.lib import clock
from zhen.kernel.parties import api as parties
from zhen.kernel.parties.models import Person
from zhen.kernel.parties.rules import resident_check
from zhen.kernel.parties.synthetic import COUNTY
from zhen.kernel.places.api import Place

NOW = datetime(2020, 6, 1, 2, 0, tzinfo=UTC)
TODAY = date(2020, 6, 1)
SYSTEM = Actor.system("tests")
EVERYTHING = frozenset(
    f"parties.{name}"
    for name in [
        "person.view",
        "person.view_sensitive",
        "person.edit",
        "person.merge",
        "person.erase",
        "person.disclose",
        "account.link",
        "organisation.view",
        "organisation.edit",
        "request.decide",
        "retention.view",
        "retention.hold",
    ]
)


def number(born_on: date, order: int) -> str:
    """A true identity number of nobody."""
    body = f"{COUNTY}{born_on:%Y%m%d}{order:03d}"
    return body + resident_check(body)


ZHANG = number(date(1950, 3, 8), 11)
LI = number(date(1952, 8, 1), 22)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Path:
    """Each test has a key ring of its own."""
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    return tmp_path / "ring.json"


@pytest.fixture(autouse=True)
def fixed_day() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read the source strings, whether translations are compiled or not."""
    with translation.override("en"):
        yield


@dataclass(frozen=True)
class Cast:
    """Alice keeps N1, Bob keeps N2, Olga protects personal data of the whole town, Zhang lives in N1."""

    n1: Place
    n2: Place
    alice: Actor
    bob: Actor
    olga: Actor
    zhang: Person
    stranger: Actor = field(default_factory=lambda: Actor(kind=ActorKind.USER, id=99, name="Charlie"))

    def after(self, **ago: int) -> datetime:
        return NOW + timedelta(**ago)


def user(id: int, name: str, role: str, permissions: frozenset[str], area: Place | None, unit: str) -> Actor:
    grant = Grant(
        role=role,
        permissions=permissions,
        reach=Reach.AREA if area else Reach.TOWN,
        areas=frozenset({area.pk}) if area else None,
        unit_name=unit,
    )
    return Actor(kind=ActorKind.USER, id=id, name=name, grants=(grant,))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    assert {permission.id for permission in PERMISSIONS} >= EVERYTHING
    n1 = Place.objects.create(kind="neighbourhood", code="N1")
    n2 = Place.objects.create(kind="neighbourhood", code="N2")
    alice = user(1, "Alice", "social_worker", EVERYTHING, n1, "梅岭北路居委会")
    bob = user(2, "Bob", "social_worker", EVERYTHING, n2, "梅川第二居委会")
    olga = user(3, "Olga", "parties.privacy_officer", EVERYTHING, None, "党政办")
    zhang = parties.add_person(alice, name="张三丰", id_number=ZHANG, area=n1, note="独居老人")
    return Cast(n1=n1, n2=n2, alice=alice, bob=bob, olga=olga, zhang=zhang)


Add = Callable[..., Person]


@pytest.fixture
def add(cast: Cast) -> Add:
    """Record somebody in N1 whose number nobody else has."""
    orders = iter(range(100, 999))

    def one(name: str, born_on: date = date(1960, 1, 1), **facts: Any) -> Person:
        return parties.add_person(
            SYSTEM, name=name, id_number=number(born_on, next(orders)), area=facts.pop("area", cast.n1), **facts
        )

    return one
