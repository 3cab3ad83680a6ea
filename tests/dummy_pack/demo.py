"""The rows that the pack ships, and its part of the demo town."""

from __future__ import annotations

from datetime import date

from tests.dummy_pack.actions import put_up
from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Category
from zhen.kernel.identity.api import Unit
from zhen.kernel.packs.api import DemoBuild


def build(town: DemoBuild) -> None:
    unit = Unit.objects.order_by("pk").first()
    if unit is not None:
        put_up(Actor.system("demo"), f"bench {town.seed}", unit)


def lay_classes() -> None:
    """The one class that the pack ships; what the town makes of it stays."""
    Category.objects.get_or_create(
        scheme="dummy_pack",
        code="0199",
        defaults={"name": "Bench", "family": "01", "valid_from": date(2020, 1, 1), "source": "dummy pack"},
    )
