"""What the actions of assets share."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.assets.models import Asset
from zhen.packs.finance.assets.rules import Begins

ASSETS = UUID("5a0d9a0e-52ce-4a0b-8a0f-0f5f6b1b7a77")


def held(actor: Actor, permission: str, asset_id: int, *states: str) -> Asset:
    """The card, locked, in one of the states."""
    rows = Asset.objects.select_for_update(of=("self",)).select_related("asset_class", "books", "unit")
    found = actionable(actor, permission, rows).get(pk=asset_id)
    if states and found.state not in states:
        raise Outdated(
            field=_("asset"),
            value=found,
            reason=_("it is %(state)s") % {"state": found.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return found


def book_of(asset: Asset, on: date) -> ledger.Book:
    """The books that an event of a day belongs to. Raises Refused where they are not open."""
    found = ledger.Book.objects.filter(unit=asset.books_id, year=on.year).first()
    if found is None:
        raise Refused(
            field=_("date"),
            value=on,
            reason=_("there are no books of that year"),
            remedy=_("Open them, or choose another day"),
        )
    return found


def begins_by(chart: str) -> Begins:
    """When depreciation begins: in the month of acquisition, in village collectives' books in the month after."""
    return Begins.SAME_MONTH if chart == GOVERNMENT else Begins.NEXT_MONTH


def not_ahead(on: date, label: Any) -> None:
    if on > clock.today():
        raise Refused(field=label, value=on, reason=_("it lies ahead"), remedy=_("Give the day it happened"))


def booked(
    actor: Actor, book: ledger.Book, event: str, paper: Any, on: date, summary: str, **amounts: int
) -> ledger.Voucher:
    """Book an event of a paper, once."""
    return ledger.book_event(
        actor,
        book,
        ledger.Business(
            event=f"finance.{event}",
            on=on,
            summary=summary,
            source=(paper._meta.label_lower, paper.pk),
            request=uuid5(ASSETS, f"{paper._meta.label_lower} {paper.pk} {event}"),
            amounts=amounts,
        ),
    )


def tell(kind: str, actor: Actor, asset: Asset, subject: Any = None, **data: object) -> None:
    facts = {"asset": str(asset), "name": asset.name, **data}
    journal.record(f"finance.{kind}", by=actor, subject=subject or asset, unit=asset.unit_id, data=facts)
    if subject is not None:
        journal.record(f"finance.{kind}", by=actor, subject=asset, unit=asset.unit_id, data=facts)
