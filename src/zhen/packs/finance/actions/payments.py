"""Payments: asked for and reserved, approved by another, paid by a third; the vouchers follow by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import rights
from zhen.packs.finance.actions.plans import quota_kind
from zhen.packs.finance.duties import apart, no_books
from zhen.packs.finance.kinds import ASSET, KINDS, RETENTION, Method
from zhen.packs.finance.models import BudgetLine, Invoice, Payment

PAYMENTS = UUID("e0f7a3de-2b61-4b0a-9a55-7d0c3f1b9d05")
FIXED_ASSET = "1601"
RETAINED, RETAINED_LONG = "2307.02", "2502"
LONGEST = 365
"""An invoice older than so many days is not paid without being asked about."""


@dataclass(frozen=True, kw_only=True)
class InvoiceIn:
    """An invoice as it is entered; fully digital ones have no code."""

    number: str
    dated: date
    amount: int
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be paid, to whom, and what for."""

    kind: str
    method: str
    purpose: str
    amount: int
    payee: str
    payee_bank: str = ""
    payee_account: str = ""
    invoices: Sequence[InvoiceIn] = ()
    source: tuple[str, object] = ("", "")
    """The paper it belongs to: a kind of `papers`, and the id of one."""
    withheld: int = 0
    """Retention money beside `amount`, in fen, due on `retention_due`."""
    retention_due: date | None = None
    releases_id: int | None = None
    """The payment whose retention money this one releases."""
    asset_account: str = FIXED_ASSET
    """Where an asset is booked: 1601, or 1613 where it is still to be installed."""


@action(rights.ASK)
def ask(actor: Actor, line: BudgetLine, wanted: Wanted) -> Payment:
    """Ask for a payment. Its amount is reserved at once; where so much is not left, it is refused."""
    _check(wanted)
    _check_retention(actor, wanted)
    held = actionable(actor, rights.ASK, BudgetLine.objects.filter(pk=line.pk)).get()
    quota = ledger.Quota.objects.filter(parent_id=held.quota_id, kind=quota_kind(wanted.method)).first()
    if held.quota_id is None or quota is None:
        raise Refused(
            field=_("budget line"),
            value=held,
            reason=_("no payment quota is released for it"),
            remedy=_("Make a funding plan first"),
        )
    reservation = ledger.reserve(actor, quota, wanted.amount, request=uuid4())
    made = Payment.objects.create(
        line=held,
        quota=quota,
        reservation=reservation,
        method=wanted.method,
        kind=wanted.kind,
        purpose=wanted.purpose.strip(),
        amount=wanted.amount,
        source_type=wanted.source[0],
        source_id=str(wanted.source[1]),
        withheld=wanted.withheld,
        retention_due=wanted.retention_due,
        releases_id=wanted.releases_id,
        asset_account=wanted.asset_account if wanted.kind == ASSET.id else "",
        payee=wanted.payee.strip(),
        payee_bank=wanted.payee_bank.strip(),
        payee_account=wanted.payee_account.strip(),
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    _enter(made, wanted.invoices)
    _record("finance.payment_asked", actor, made)
    return made


def ask_release(actor: Actor, payment: Payment, line: BudgetLine, *, method: str, amount: int) -> Payment:
    """Ask for the release of the retention money of a payment, or of a part of it, from a line of this year."""
    wanted = Wanted(
        kind=RETENTION.id,
        method=method,
        purpose=payment.purpose,
        amount=amount,
        payee=payment.payee,
        payee_bank=payment.payee_bank,
        payee_account=payment.payee_account,
        source=(payment.source_type, payment.source_id),
        releases_id=payment.pk,
    )
    return ask(actor, line, wanted)


def _check(wanted: Wanted) -> None:
    kind = KINDS.get(wanted.kind)
    if kind is None:
        raise Refused(
            field=_("kind"), value=wanted.kind, reason=_("there is no such kind of payment"), remedy=_("Choose another")
        )
    if wanted.method not in kind.methods:
        raise Refused(
            field=_("way of payment"),
            value=Method(wanted.method).label,
            reason=_("%(kind)s: it is paid from the zero-balance account") % {"kind": kind.name},
            remedy=_("Choose authorised payment"),
        )
    if kind.to_account and not (wanted.payee_bank.strip() and wanted.payee_account.strip()):
        raise Refused(
            field=_("payee's account"),
            value=wanted.payee,
            reason=_("nothing can be paid without it"),
            remedy=_("Enter the payee's bank and account"),
        )
    total = sum(invoice.amount for invoice in wanted.invoices)
    if wanted.invoices and total != wanted.amount + wanted.withheld:
        raise Refused(
            field=_("amount"),
            value=Money(wanted.amount + wanted.withheld),
            reason=_("the invoices come to %(total)s") % {"total": Money(total)},
            remedy=_("Make the two equal"),
        )
    today = clock.today()
    for invoice in wanted.invoices:
        if not 0 <= (today - invoice.dated).days <= LONGEST:
            raise Refused(
                field=_("date of the invoice"),
                value=invoice.dated,
                reason=_("it lies ahead, or more than a year back"),
                remedy=_("Look at the invoice again"),
            )


def _check_retention(actor: Actor, wanted: Wanted) -> None:
    """Retention money is withheld with its day, and released once, up to what was withheld."""
    if wanted.withheld and (not KINDS[wanted.kind].retained or wanted.withheld < 0 or wanted.retention_due is None):
        raise Refused(
            field=_("retention money"),
            value=Money(wanted.withheld),
            reason=_("it is withheld from an expense or an asset, until a day"),
            remedy=_("Enter the day on which it is due"),
        )
    if (wanted.kind == RETENTION.id) != (wanted.releases_id is not None):
        raise Refused(
            field=_("releases that of"),
            value=wanted.releases_id,
            reason=_("retention money is released of one payment"),
            remedy=_("Begin at the payment that withheld it"),
        )
    if wanted.releases_id is None:
        return
    rows = Payment.objects.select_for_update(of=("self",)).filter(state=Payment.State.PAID)
    before = actionable(actor, rights.ASK, rows).get(pk=wanted.releases_id)
    gone = (Payment.State.REFUSED, Payment.State.WITHDRAWN)
    other = Payment.objects.filter(releases=before).exclude(state__in=gone).first()
    if other is not None:
        raise Outdated(
            field=_("retention money"),
            value=before,
            reason=_("the payment %(payment)s releases it already") % {"payment": other},
            remedy=_("Look at that payment"),
        )
    if wanted.amount > before.withheld:
        raise Refused(
            field=_("amount"),
            value=Money(wanted.amount),
            reason=_("only %(withheld)s were withheld") % {"withheld": Money(before.withheld)},
            remedy=_("Release no more than that"),
        )


def _enter(payment: Payment, invoices: Sequence[InvoiceIn]) -> None:
    known = Invoice.objects.filter(in_force=True, number__in=[invoice.number.strip() for invoice in invoices])
    taken = {(invoice.code, invoice.number): invoice.payment for invoice in known.select_related("payment")}
    for invoice in invoices:
        other = taken.get((invoice.code.strip(), invoice.number.strip()))
        if other is not None:
            raise _duplicate(invoice, other)
    try:
        Invoice.objects.bulk_create(
            Invoice(
                payment=payment,
                code=invoice.code.strip(),
                number=invoice.number.strip(),
                dated=invoice.dated,
                amount=invoice.amount,
            )
            for invoice in invoices
        )
    except IntegrityError as fault:  # entered by somebody else at this very moment, or twice in this request
        raise _duplicate(invoices[0], payment) from fault


def _duplicate(invoice: InvoiceIn, other: Payment) -> Refused:
    return Refused(
        field=_("invoice number"),
        value=invoice.number,
        reason=_("the payment %(payment)s rests on this invoice already") % {"payment": other},
        remedy=_("Look at that payment; an invoice is paid once"),
    )


@action(rights.APPROVE)
def approve(actor: Actor, payment_id: int) -> Payment:
    """Approve a payment. That of an official card is now owed to the bank, and is booked as such."""
    payment = _held(actor, rights.APPROVE, payment_id, Payment.State.ASKED)
    apart(actor, (payment.asked_by_id, _("who asks for a payment does not approve it")))
    payment.state, payment.approved_by_id = Payment.State.APPROVED, actor.user_id
    payment.save(update_fields=["state", "approved_by"])
    claimed = KINDS[payment.kind].approved
    if claimed:
        ledger.book_event(actor, payment.line.budget.book, _business(payment, claimed, clock.today()))
    _record("finance.payment_approved", actor, payment)
    return payment


@action(rights.APPROVE)
def refuse(actor: Actor, payment_id: int, *, reason: str) -> Payment:
    """Refuse a payment: what was reserved is free again, and its invoices may be used for another."""
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a refusal needs it"), remedy=_("Say why"))
    payment = _held(actor, rights.APPROVE, payment_id, Payment.State.ASKED)
    payment.approved_by_id = actor.user_id
    apart(actor, (payment.asked_by_id, _("who asks for a payment does not decide on it")))
    return _ended(actor, payment, Payment.State.REFUSED, reason)


@action(rights.ASK)
def withdraw(actor: Actor, payment_id: int, *, reason: str) -> Payment:
    """Withdraw a request before it is decided on."""
    payment = _held(actor, rights.ASK, payment_id, Payment.State.ASKED)
    return _ended(actor, payment, Payment.State.WITHDRAWN, reason)


def _ended(actor: Actor, payment: Payment, state: str, reason: str) -> Payment:
    payment.state, payment.reason = state, reason.strip()[:300]
    payment.save(update_fields=["state", "reason", "approved_by"])
    payment.invoices.update(in_force=False)
    ledger.let_go(actor, payment.reservation, request=uuid5(PAYMENTS, f"{payment.pk} {state}"))
    _record(f"finance.payment_{state}", actor, payment)
    return payment


@action(rights.PAY)
def pay(actor: Actor, payment_id: int, *, on: date, bank_reference: str) -> Payment:
    """Enter that the bank has paid. The reservation is spent and both sides are booked, once."""
    no_books(actor)
    payment = _held(actor, rights.PAY, payment_id, Payment.State.APPROVED)
    apart(
        actor,
        (payment.asked_by_id, _("who asks for a payment does not make it")),
        (payment.approved_by_id, _("who approves a payment does not make it")),
    )
    if not bank_reference.strip():
        raise Refused(
            field=_("bank reference"),
            value="",
            reason=_("it shows that it was paid"),
            remedy=_("Enter it from the slip"),
        )
    if on > clock.today():
        raise Refused(field=_("paid on"), value=on, reason=_("it lies ahead"), remedy=_("Give the day it was paid"))
    kind = KINDS[payment.kind]
    event = (kind.retained if payment.withheld else kind.paid).format(method=payment.method)
    parts = [(payment.reservation_id, payment.amount)]
    ledger.settle(actor, payment.line.budget.book, parts, _business(payment, event, on))
    payment.state, payment.paid_by_id, payment.paid_on = Payment.State.PAID, actor.user_id, on
    payment.bank_reference = bank_reference.strip()
    payment.save(update_fields=["state", "paid_by", "paid_on", "bank_reference"])
    _record("finance.payment_paid", actor, payment)
    return payment


def _business(payment: Payment, event: str, on: date) -> ledger.Business:
    return ledger.Business(
        event=f"finance.{event}",
        on=on,
        summary=f"{payment.purpose} {payment.payee}",
        source=("finance.payment", payment.pk),
        request=uuid5(PAYMENTS, f"{payment.pk} {event}"),
        amounts={
            "amount": payment.amount,
            "paid": payment.amount,
            "kept": payment.withheld,
            "whole": payment.amount + payment.withheld,
        },
        slots={"asset": payment.asset_account or FIXED_ASSET, "retained": _retained(payment, on)},
        dimensions_id=payment.quota.dimensions_id,
    )


def _retained(payment: Payment, on: date) -> str:
    """Where retention money stands: with what is due within a year of the payment that withholds it, or longer."""
    holder = payment.releases or payment
    since = holder.paid_on or on
    due = holder.retention_due or since
    longer = (due.year, due.month, due.day) > (since.year + 1, since.month, since.day)
    return RETAINED_LONG if longer else RETAINED


def _held(actor: Actor, permission: str, payment_id: int, state: str) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related(
        "line__budget__book", "quota", "reservation", "releases"
    )
    payment = actionable(actor, permission, rows).get(pk=payment_id)
    if payment.state != state:
        raise Outdated(
            field=_("payment"),
            value=payment,
            reason=_("it is %(state)s") % {"state": payment.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return payment


def _record(kind: str, actor: Actor, payment: Payment) -> None:
    journal.record(
        kind,
        by=actor,
        subject=payment,
        unit=payment.line.unit_id,
        data={"payment": str(payment), "amount": str(Money(payment.amount)), "purpose": payment.purpose},
    )
