"""Reading the registers of upkeep, restricted."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.models import Premises, Structure

Row = TypeVar("Row", Premises, Structure)


def premises(actor: Actor) -> QuerySet[Premises]:
    return restrict(actor, rights.REGISTER_VIEW, Premises.objects.select_related("unit", "steward", "place", "area"))


def premises_for(actor: Actor, key: str) -> Premises:
    return _one(premises(actor), key)


def structures(actor: Actor) -> QuerySet[Structure]:
    return restrict(actor, rights.REGISTER_VIEW, Structure.objects.select_related("case__unit", "area"))


def _one(rows: QuerySet[Row], key: str) -> Row:
    found = rows.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(key)
    return found
