"""Posting vouchers: by hand, by template from a business event, brought forward, reversed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import posting
from zhen.kernel.ledger.declarations import TEMPLATES
from zhen.kernel.ledger.faults import constraint_of
from zhen.kernel.ledger.models import Book, Line, Settlement, Voucher
from zhen.kernel.ledger.posting import Draft, Settling
from zhen.kernel.ledger.rules import Business, Entry, check, entries_of, template_for
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused

POST, OPEN, REVERSE = "ledger.voucher.post", "ledger.book.open", "ledger.voucher.reverse"
BY_BUSINESS = "business"
"""What an action asks for that is a part of another action: that one's permission."""


def posted_once(request: UUID, work: Callable[[], Voucher]) -> Voucher:
    """Do `work`, or give what it made when the same request came before."""
    try:
        return work()
    except IntegrityError as fault:
        if constraint_of(fault) != "ledger_voucher_request_key":
            raise
        return Voucher.objects.get(request=request)


def post_voucher(
    actor: Actor,
    book: Book,
    *,
    on: date,
    summary: str,
    entries: Sequence[Entry],
    request: UUID,
    checked_by: tuple[int | None, str] = (None, ""),
    closing: bool = False,
) -> Voucher:
    """Post a voucher that was written by hand. `checked_by` is another person than the actor."""
    kind = Voucher.Kind.CLOSING if closing else Voucher.Kind.NORMAL
    draft = Draft(date=on, summary=summary, entries=entries, request=request, kind=kind, checked_by=checked_by)
    return posted_once(request, lambda: _post(actor, book, draft))


@action(POST)
def _post(actor: Actor, book: Book, draft: Draft) -> Voucher:
    actionable(actor, POST, Book.objects.filter(pk=book.pk)).get()
    return _written(actor, book, draft)


def bring_forward(actor: Actor, book: Book, entries: Sequence[Entry], *, request: UUID) -> Voucher:
    """Post the balances that a year begins with."""
    draft = Draft(
        date=date(book.year, 1, 1),
        summary=str(_("Balances brought forward")),
        entries=entries,
        request=request,
        kind=Voucher.Kind.OPENING,
    )
    return posted_once(request, lambda: _bring(actor, book, draft))


@action(OPEN)
def _bring(actor: Actor, book: Book, draft: Draft) -> Voucher:
    actionable(actor, OPEN, Book.objects.filter(pk=book.pk)).get()
    return _written(actor, book, draft)


def book_event(actor: Actor, book: Book, business: Business) -> Voucher:
    """Book a business event by its template. A part of the action whose paper it books, with its permission."""
    return posted_once(business.request, lambda: _book(actor, book, business))


@action(None, asks=BY_BUSINESS)
def _book(actor: Actor, book: Book, business: Business) -> Voucher:
    return booked(actor, book, business)


def booked(actor: Actor, book: Book, business: Business) -> Voucher:
    """The voucher of a business event, written within an action."""
    return _written(actor, book, drafted(book, business))


def drafted(book: Book, business: Business) -> Draft:
    """The voucher of a business event before it is posted."""
    template = template_for(
        TEMPLATES,
        business.event,
        chart=book.chart,
        on=business.on,
        level=book.level,
        unit_type=book.unit_type,
    )
    return Draft(
        date=business.on,
        summary=business.summary,
        entries=entries_of(template, business),
        request=business.request,
        kind=Voucher.Kind.CLOSING if business.closing else Voucher.Kind.NORMAL,
        event=template.id,
        source=business.source,
        by_itself=True,
    )


@dataclass(frozen=True, kw_only=True)
class Into:
    """The books of a later year, and the accounts there that take what belonged to the year of the voucher."""

    book: Book
    account: Callable[[str], str]


def reverse(actor: Actor, voucher: Voucher, *, on: date, reason: str, into: Into | None = None) -> Voucher:
    """Reverse a voucher (红字冲销): the same lines, negative. What it had spent of quotas is free again.

    `into`: the year of the voucher is closed, and it is reversed in later books; quotas of its year stay as they are.
    """
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a reversal needs it"), remedy=_("Say what was wrong"))
    request = uuid5(voucher.request, "reversal")
    return _reverse(actor, voucher.pk, on, reason.strip(), request, into)


@action(REVERSE)
def _reverse(actor: Actor, voucher_id: int, on: date, reason: str, request: UUID, into: Into | None) -> Voucher:
    rows = Voucher.objects.select_related("period__book__unit")
    voucher = actionable(actor, REVERSE, rows).get(pk=voucher_id)
    if voucher.kind == Voucher.Kind.REVERSAL:
        raise Refused(
            field=_("voucher"), value=voucher, reason=_("it is a reversal itself"), remedy=_("Post the voucher anew")
        )
    if Voucher.objects.filter(reverses=voucher).exists():
        raise Outdated(
            field=_("voucher"), value=voucher, reason=_("it is reversed already"), remedy=_("Look at the reversal")
        )
    if on < voucher.date:
        raise Refused(field=_("date"), value=on, reason=_("it lies before the voucher"), remedy=_("Give a later day"))
    lines = Line.objects.filter(voucher=voucher).order_by("position").select_related("account")
    code = into.account if into else str
    entries = [
        Entry(
            account=code(line.account.code), debit=line.debit, credit=line.credit, dimensions_id=line.dimensions_id
        ).reversed()
        for line in lines
    ]
    back = [
        Settling(
            reservation_id=paid.reservation_id,
            amount=paid.amount,
            request=uuid5(paid.request, "refund"),
            kind=Settlement.Kind.REFUND,
        )
        for paid in Settlement.objects.filter(voucher=voucher, kind=Settlement.Kind.POST)
        if into is None
    ]
    draft = Draft(
        date=on,
        summary=reason,
        entries=entries,
        request=request,
        kind=Voucher.Kind.REVERSAL,
        event=voucher.event,
        source=(voucher.source_type, voucher.source_id),
        reverses_id=voucher.pk,
    )
    return _written(actor, into.book if into else voucher.period.book, draft, back)


def _written(actor: Actor, book: Book, draft: Draft, settling: Sequence[Settling] = ()) -> Voucher:
    looked = posting.look(book, draft.entries)
    check(draft.entries, looked.accounts)
    return written(actor, book, draft, looked, settling)


def written(
    actor: Actor, book: Book, draft: Draft, looked: posting.Looked, settling: Sequence[Settling] = ()
) -> Voucher:
    """Tell of a voucher that is right, and write it: its month is locked from here to the commit."""
    journal.record(
        "ledger.reversed" if draft.reverses_id else "ledger.posted",
        by=actor,
        subject=("ledger.voucher", looked.id),
        unit=book.unit_id,
        data={"summary": draft.summary[:200]},
    )
    return posting.post(actor, book, draft, looked.accounts, id=looked.id, now=clock.now(), settling=settling)
