"""The cast of public money, with assets: Kim keeps things, Dora heads the other unit and takes them over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_user
from zhen.packs.finance.assets import classes
from zhen.packs.finance.assets.actions.cards import NewAsset, bring_in, register
from zhen.packs.finance.assets.models import Asset, AssetClass
from zhen.packs.finance.kinds import ASSET
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import Cast, cast, hands, holding

__all__ = ["Store", "cast", "hands", "store"]


@dataclass(frozen=True)
class Store:
    """What has assets: the cast, and who keeps and takes over."""

    cast: Cast
    kim: Actor
    dora: Actor

    def new(self, value: int, *, code: str = "A0201", acquired_on: date = date(2026, 9, 15), **more: Any) -> NewAsset:
        facts: dict[str, Any] = {
            "name": "Computer",
            "asset_class": AssetClass.objects.get(code=code),
            "unit_id": self.cast.office.pk,
            "keeper_id": self.kim.user_id,
            "value": value,
            "acquired_on": acquired_on,
        }
        return NewAsset(**facts | more)

    def bought(self, value: int, **given: Any) -> Payment:
        """A payment for an asset that was made."""
        line = self.cast.funded(value)
        return self.cast.paid(self.cast.ask(line, value, kind=ASSET.id, **given))

    def card(self, value: int, **more: Any) -> Asset:
        """The card of a thing that was bought for its value."""
        return register(self.cast.anna, self.bought(value), self.new(value, **more))[0]

    def old(self, value: int, **more: Any) -> Asset:
        """The card of a thing from before the books."""
        new = self.new(value, **{"acquired_on": date(2024, 3, 10), **more})
        return bring_in(self.cast.anna, self.cast.book, [new])[0]


@pytest.fixture
def store(cast: Cast) -> Store:
    classes.lay()
    kim = holding(a_user("kim"), "unit_clerk", cast.office)
    return Store(cast=cast, kim=kim, dora=holding(a_user("dora"), "unit_head", cast.other))
