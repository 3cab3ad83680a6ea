"""The pack's part of the demo town."""

from __future__ import annotations

from typing import Any

from tests.dummy_pack.actions import put_up
from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit


def build(seed: Any) -> None:
    unit = Unit.objects.order_by("pk").first()
    if unit is not None:
        put_up(Actor.system("demo"), f"bench {seed}", unit)
