"""Slips of cash and of the own bank account: entered by the cashier, confirmed and booked by the accountant."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties, rights
from zhen.packs.finance.models import BudgetLine, Slip
from zhen.packs.finance.slips import KINDS

SLIPS = UUID("0a7d5c62-66f4-4d0b-9a39-7c2de5b80f08")


@action(rights.PAY)
def enter(
    actor: Actor,
    book: ledger.Book,
    *,
    kind: str,
    on: date,
    amount: int,
    what: str,
    party: str,
    reference: str,
    line: BudgetLine | None = None,
) -> Slip:
    """Enter a slip; nothing is booked before somebody else confirms it."""
    held = actionable(actor, rights.PAY, ledger.Book.objects.filter(pk=book.pk)).get()
    if on > clock.today() or on.year != held.year:
        raise Refused(
            field=_("date"),
            value=on,
            reason=_("it lies ahead, or in another year"),
            remedy=_("Give the day it happened"),
        )
    if KINDS[kind].needs_line != (line is not None) or (line and line.budget.book_id != held.pk):
        raise Refused(
            field=_("budget line"),
            value=line or "",
            reason=_("an expense names a line of these books, anything else none"),
            remedy=_("Choose the line that it belongs to"),
        )
    try:
        with transaction.atomic():
            slip = Slip.objects.create(
                book=held,
                kind=kind,
                on=on,
                line=line,
                amount=amount,
                what=what,
                party=party,
                reference=reference,
                asked_by_id=actor.user_id,
                asked_at=clock.now(),
            )
    except IntegrityError as fault:
        raise Refused(
            field=_("receipt or bank reference"),
            value=reference,
            reason=_("it was entered before, or the amount is not above zero"),
            remedy=_("Look at the slips of these books"),
        ) from fault
    _tell("finance.slip_entered", actor, slip)
    return slip


@action(rights.CONFIRM)
def decide(actor: Actor, slip_id: int, *, approve: bool, reason: str = "") -> Slip:
    """Confirm a slip: it is booked, where so much is there; or refuse it."""
    rows = Slip.objects.select_for_update(of=("self", "book")).select_related("book", "line__quota")
    slip = actionable(actor, rights.CONFIRM, rows).get(pk=slip_id)
    if slip.state != Slip.State.ASKED:
        raise Outdated(
            field=_("cash slip"), value=slip, reason=_("it is decided on"), remedy=_("Look at it as it stands")
        )
    if not approve and not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a refusal needs it"), remedy=_("Say why"))
    duties.check(actor, "slip.confirm", {"slip.enter": slip.asked_by_id})
    slip.state = Slip.State.APPROVED if approve else Slip.State.REFUSED
    slip.decided_by_id, slip.reason = actor.user_id, reason.strip()[:300]
    slip.save(update_fields=["state", "decided_by", "reason"])
    if approve:
        _check_room(slip)
        _book(actor, slip)
    _tell("finance.slip_decided", actor, slip)
    return slip


def _check_room(slip: Slip) -> None:
    """No more leaves cash or an account than stands there. The books are held meanwhile."""
    kind = KINDS[slip.kind]
    if not kind.room:
        return
    standing = sum(amount for _code, _dimensions, amount in ledger.emptied(slip.book, kind.room))
    left = -standing if kind.opposite else standing
    if slip.amount > left:
        raise Refused(
            field=_("amount"),
            value=Money(slip.amount),
            reason=str(kind.what) % {"left": Money(left)},
            remedy=_("Enter no more than that"),
        )


def _book(actor: Actor, slip: Slip) -> None:
    quota = slip.line.quota if slip.line else None
    business = ledger.Business(
        event=f"finance.{slip.kind}",
        on=slip.on,
        summary=f"{slip.what} {slip.party}",
        source=("finance.slip", slip.pk),
        request=uuid5(SLIPS, str(slip.pk)),
        amounts={"amount": slip.amount},
        dimensions_id=quota.dimensions_id if quota else None,
    )
    ledger.book_event(actor, slip.book, business)


def _tell(kind: str, actor: Actor, slip: Slip) -> None:
    data = {"slip": str(slip), "amount": str(Money(slip.amount)), "what": slip.what, "state": slip.state}
    journal.record(kind, by=actor, subject=slip, unit=slip.book.unit_id, data=data)
