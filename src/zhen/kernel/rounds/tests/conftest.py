"""The cast: Alice plans the rounds of the office, Bob and Carol go on them, Charlie works elsewhere; twelve benches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from shapely import box
from tests.dummy_pack.models import Bench

from zhen.kernel.access.api import Actor, ActorKind, Grant, Reach
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib.testing import Hands as Hands
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many, scope_ids
from zhen.kernel.rounds.actions.campaigns import make, start
from zhen.kernel.rounds.actions.planning import plan_round
from zhen.kernel.rounds.laying import lay_checklists
from zhen.kernel.rounds.models import Campaign, Round
from zhen.kernel.rounds.values import NewCampaign

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
TODAY = date(2026, 9, 15)
SYSTEM = Actor.system("test")
PLAN = frozenset(
    {"rounds.view", "rounds.plan", "rounds.visit", "rounds.checklist", "dummy_pack.view", "dummy_pack.change"}
)
GO = frozenset({"rounds.view", "rounds.visit"})


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def an_actor(user: User, rights: frozenset[str], *, unit: Unit | None = None, area: Place | None = None) -> Actor:
    reach = Reach.UNIT if unit else Reach.AREA if area else Reach.TOWN
    grant = Grant(
        role="test",
        permissions=rights,
        reach=reach,
        units=frozenset({unit.pk}) if unit else None,
        areas=scope_ids(area) if area else None,
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


@dataclass(frozen=True)
class Cast:
    office: Unit
    other: Unit
    places: dict[str, Place]
    alice: Actor
    bob: Actor
    carol: Actor
    charlie: Actor

    def new(self, **given: Any) -> NewCampaign:
        assert self.bob.id is not None
        assert self.carol.id is not None
        facts: dict[str, Any] = {
            "title": "Benches in autumn",
            "checklist": "dummy_pack.bench",
            "source": "dummy_pack.benches",
            "unit_id": self.office.pk,
            "starts_on": TODAY,
            "ends_on": date(2026, 9, 25),
            "inspectors": {self.bob.id: None, self.carol.id: None},
        }
        return NewCampaign(**{**facts, **given})

    def running(self, **given: Any) -> Campaign:
        return start(self.alice, make(self.alice, self.new(**given)))

    def planned(self, **given: Any) -> Round:
        round_ = plan_round(SYSTEM, self.running(**given), TODAY)
        assert round_ is not None
        return round_


def a_town() -> dict[str, Place]:
    """A town of two neighbourhoods, each with six buildings."""
    news = [
        NewPlace(
            kind=Kind.TOWN, code="T", name="T", valid_from=date(2020, 1, 1), shape=box(121.38, 31.24, 121.42, 31.26)
        )
    ]
    for half, code in enumerate(("N1", "N2")):
        west = 121.38 + half * 0.02
        shape = box(west, 31.24, west + 0.02, 31.26)
        news.append(
            NewPlace(
                kind=Kind.NEIGHBOURHOOD, code=code, name=code, parent="T", valid_from=date(2020, 1, 1), shape=shape
            )
        )
        for number in range(6):
            at = west + 0.003 * number
            shape = box(at, 31.241, at + 0.001, 31.242)
            name = f"{code}-B{number}"
            news.append(
                NewPlace(
                    kind=Kind.BUILDING, code=name, name=name, parent=code, valid_from=date(2020, 1, 1), shape=shape
                )
            )
    return {place.code: place for place in create_many(SYSTEM, news)}


@pytest.fixture
def cast(db: Any, hands: Hands) -> Cast:
    office, other, places = a_unit("office"), a_unit("other"), a_town()
    for code, place in places.items():
        if "-B" in code:
            Bench._default_manager.create(name=f"bench {code}", unit=office, place=place)
    lay_checklists()
    return Cast(
        office,
        other,
        places,
        an_actor(a_user("alice"), PLAN, unit=office),
        an_actor(a_user("bob"), GO, area=places["N1"]),
        an_actor(a_user("carol"), GO, area=places["N2"]),
        an_actor(a_user("charlie"), PLAN, unit=other),
    )
