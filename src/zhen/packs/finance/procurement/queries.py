"""Reading procurements, suppliers, contracts and figures of the rules, restricted."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.procurement import rights
from zhen.packs.finance.procurement.models import (
    Bid,
    Contract,
    ContractChange,
    Figure,
    Instalment,
    Procurement,
    Supplier,
)
from zhen.packs.finance.queries import one

M = TypeVar("M", bound=Model)


def procurements(actor: Actor) -> QuerySet[Procurement]:
    """All that the reader may see as an official; with the number of bids in force."""
    rows = Procurement.objects.select_related(
        "unit", "line__budget__book", "line__unit", "asked_by", "approved_by", "run_by", "awarded_by",
        "winner__supplier__organisation", "contract__supplier__organisation",
    )  # fmt: skip
    return restrict(actor, rights.VIEW, rows).annotate(bid_count=Count("bids", filter=Q(bids__in_force=True)))


def published() -> QuerySet[Procurement]:
    """What everybody may read: what was published."""
    return Procurement.objects.filter(published_at__isnull=False).select_related(
        "unit", "winner__supplier__organisation", "contract__supplier__organisation"
    )


def procurement_for(actor: Actor, key: str) -> Procurement:
    actor.require(rights.VIEW)
    return one(procurements(actor), key)


def published_for(_actor: Actor, key: str) -> Procurement:
    return one(published(), key)


def suppliers(actor: Actor) -> QuerySet[Supplier]:
    rows = Supplier.objects.select_related("organisation")
    return restrict(actor, rights.VIEW, rows).order_by("organisation__name_key", "pk")


def supplier_for(actor: Actor, key: str) -> Supplier:
    return one(suppliers(actor), key)


def contracts(actor: Actor) -> QuerySet[Contract]:
    rows = Contract.objects.select_related("procurement__unit", "supplier__organisation")
    return restrict(actor, rights.VIEW, rows)


def signed_contracts() -> QuerySet[Contract]:
    return Contract.objects.filter(signed_on__isnull=False).select_related(
        "procurement__unit", "supplier__organisation"
    )


def contract_for(actor: Actor, key: str) -> Contract:
    return one(contracts(actor), key)


def change_for(actor: Actor, key: str) -> ContractChange:
    rows = ContractChange.objects.select_related("contract__procurement__unit")
    return one(restrict(actor, rights.VIEW, rows), key)


def instalment_for(actor: Actor, key: str) -> Instalment:
    rows = Instalment.objects.select_related("contract__procurement__unit", "contract__supplier__organisation")
    return one(restrict(actor, money_rights.ASK, rows), key)


def bid_for(actor: Actor, key: str) -> Bid:
    """A bid that is open, for who may read its procurement."""
    try:
        wanted = UUID(key)
    except ValueError as fault:
        raise Missing(key) from fault
    rows = Bid.objects.filter(opened_at__isnull=False, in_force=True).select_related(
        "procurement__unit", "supplier__organisation", "file"
    )
    found = restrict(actor, rights.VIEW, rows).filter(pk=wanted).first()
    if found is None:
        raise Missing(key)
    return found


def receipt_for(_actor: Actor, key: str) -> Bid:
    """The receipt of a bid, by its digest: everybody may compare it."""
    found = Bid.objects.filter(digest=key).select_related("procurement").first() if len(key) == 64 else None
    if found is None:
        raise Missing(key)
    return found


def figures(actor: Actor) -> QuerySet[Figure]:
    return restrict(actor, rights.VIEW, Figure.objects.select_related("verified_by", "entered_by"))


def figure_for(actor: Actor, key: str) -> Figure:
    return one(figures(actor), key)
