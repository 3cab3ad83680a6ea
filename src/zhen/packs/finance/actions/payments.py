"""Payments: asked for and reserved, approved by another, paid by a third; the vouchers follow by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from zhen.packs.finance import duties, rights
from zhen.packs.finance.actions.plans import carried_kind, payment_quota
from zhen.packs.finance.control import signing
from zhen.packs.finance.kinds import ASSET, EXPENSE, KINDS, REMITTANCE, RETENTION, Method
from zhen.packs.finance.models import BudgetLine, Invoice, Payment, Payroll

PAYMENTS = UUID("e0f7a3de-2b61-4b0a-9a55-7d0c3f1b9d05")
FIXED_ASSET = "1601"
RETAINED, RETAINED_LONG = "2307.02", "2502"
LONGEST = 365
"""An invoice older than so many days is not paid without being asked about."""
DONE_BEFORE: list[Callable[[Payment], Mapping[str, duties.Who]]] = []
"""Who did what to the papers behind a payment, by the act."""


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
    held = actionable(actor, rights.ASK, BudgetLine.objects.select_related("budget__book", "quota")).get(pk=line.pk)
    quota = payment_quota(held, wanted.method)
    if quota is None:
        raise Refused(
            field=_("budget line"),
            value=held,
            reason=_("no payment quota is released for it"),
            remedy=_("Make a funding plan first"),
        )
    if quota.kind == carried_kind(Method.DIRECT) and wanted.kind != EXPENSE.id:
        raise Refused(
            field=_("kind"),
            value=KINDS[wanted.kind].name,
            reason=_("last year's direct quota pays expenses"),
            remedy=_("Use a line of this year"),
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
    if not KINDS[made.kind].with_paper:
        signing.lay_down(made)
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
def approve(actor: Actor, payment_id: int, *, with_paper: bool = False) -> Payment:
    """Approve a payment. That of an official card is now owed to the bank, and is booked as such.

    `with_paper`: the paper that asked for it is being approved.
    """
    payment = _held(actor, rights.APPROVE, payment_id, Payment.State.ASKED)
    _by_its_paper(payment, with_paper)
    duties.check(actor, "payment.approve", {"payment.ask": payment.asked_by_id})
    if not with_paper and not signing.sign(actor, payment):
        return payment
    payment.state, payment.approved_by_id = Payment.State.APPROVED, actor.user_id
    payment.save(update_fields=["state", "approved_by"])
    claimed = KINDS[payment.kind].approved
    if claimed:
        ledger.book_event(actor, payment.quota.book, _business(payment, claimed, clock.today()))
    _record("finance.payment_approved", actor, payment)
    return payment


@action(rights.APPROVE)
def refuse(actor: Actor, payment_id: int, *, reason: str, with_paper: bool = False) -> Payment:
    """Refuse a payment: what was reserved is free again, and its invoices may be used for another."""
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a refusal needs it"), remedy=_("Say why"))
    payment = _held(actor, rights.APPROVE, payment_id, Payment.State.ASKED)
    _by_its_paper(payment, with_paper)
    payment.approved_by_id = actor.user_id
    duties.check(actor, "payment.approve", {"payment.ask": payment.asked_by_id})
    return _ended(actor, payment, Payment.State.REFUSED, reason)


@action(rights.ASK)
def withdraw(actor: Actor, payment_id: int, *, reason: str) -> Payment:
    """Withdraw a request before it is decided on."""
    payment = _held(actor, rights.ASK, payment_id, Payment.State.ASKED)
    _by_its_paper(payment, False)
    return _ended(actor, payment, Payment.State.WITHDRAWN, reason)


def _by_its_paper(payment: Payment, with_paper: bool) -> None:
    if KINDS[payment.kind].with_paper != with_paper:
        raise Refused(
            field=_("payment"),
            value=payment,
            reason=_("it is decided on together with the paper that asked for it"),
            remedy=_("Open that paper"),
        )


def _ended(actor: Actor, payment: Payment, state: str, reason: str) -> Payment:
    payment.state, payment.reason = state, reason.strip()[:300]
    payment.save(update_fields=["state", "reason", "approved_by"])
    payment.invoices.update(in_force=False)
    signing.drop(payment)
    ledger.let_go(actor, payment.reservation, request=uuid5(PAYMENTS, f"{payment.pk} {state}"))
    _record(f"finance.payment_{state}", actor, payment)
    return payment


@action(rights.PAY)
def pay(actor: Actor, payment_id: int, *, on: date, bank_reference: str) -> Payment:
    """Enter that the bank has paid. The reservation is spent and both sides are booked, once."""
    payment = _held(actor, rights.PAY, payment_id, Payment.State.APPROVED)
    for done in (_done, *DONE_BEFORE):
        duties.check(actor, "payment.pay", done(payment))
    if not bank_reference.strip():
        raise Refused(
            field=_("bank reference"),
            value="",
            reason=_("it shows that it was paid"),
            remedy=_("Enter it from the slip"),
        )
    if on > clock.today():
        raise Refused(field=_("paid on"), value=on, reason=_("it lies ahead"), remedy=_("Give the day it was paid"))
    parts = [(payment.reservation_id, payment.amount)]
    ledger.settle(actor, payment.quota.book, parts, _business(payment, event_of(payment), on))
    payment.state, payment.paid_by_id, payment.paid_on = Payment.State.PAID, actor.user_id, on
    payment.bank_reference = bank_reference.strip()
    payment.save(update_fields=["state", "paid_by", "paid_on", "bank_reference"])
    _record("finance.payment_paid", actor, payment)
    return payment


def event_of(payment: Payment) -> str:
    """What is booked when a payment is made."""
    if payment.quota.kind == carried_kind(Method.DIRECT):
        return "last_years_direct"
    kind = KINDS[payment.kind]
    return (kind.retained if payment.withheld else kind.paid).format(method=payment.method)


@action(rights.APPROVE)
def claim(actor: Actor, payment_id: int) -> Payment:
    """Approve the claim of what an official card was repaid for before: now it is an expense, whatever the year."""
    payment = _held(actor, rights.APPROVE, payment_id, Payment.State.PAID)
    event, today = KINDS[payment.kind].claimed, clock.today()
    if not event or payment.claimed_on is not None:
        raise Outdated(
            field=_("payment"),
            value=payment,
            reason=_("nothing of it is left to be claimed"),
            remedy=_("Look at it as it stands"),
        )
    duties.check(actor, "payment.approve", {"payment.ask": payment.asked_by_id})
    ledger.book_event(actor, book_of_day(payment.quota.book, today), _business(payment, event, today))
    payment.claimed_on = today
    payment.save(update_fields=["claimed_on"])
    _record("finance.payment_claimed", actor, payment)
    return payment


def book_of_day(book: ledger.Book, day: date) -> ledger.Book:
    """The books of the same unit for the year of a day. Raises Refused where they are not open yet."""
    if book.year == day.year:
        return book
    found = ledger.Book.objects.filter(unit=book.unit_id, year=day.year).first()
    if found is None:
        raise Refused(
            field=_("books"), value=day.year, reason=_("they are not open yet"), remedy=_("Open the year first")
        )
    return found


@action(rights.CLOSE_YEAR)
def carry_over(actor: Actor, payment_id: int, line: BudgetLine) -> Payment:
    """Move an approved payment to a line of the next year: an official card that was claimed and not yet repaid."""
    payment = _held(actor, rights.CLOSE_YEAR, payment_id, Payment.State.APPROVED)
    rows = BudgetLine.objects.select_related("budget__book", "quota")
    new = actionable(actor, rights.CLOSE_YEAR, rows).get(pk=line.pk)
    quota = payment_quota(new, payment.method)
    if quota is None or new.budget.book.year != payment.quota.book.year + 1:
        raise Refused(
            field=_("budget line"),
            value=new,
            reason=_("no payment quota of the next year is released for it"),
            remedy=_("Make a funding plan first"),
        )
    ledger.let_go(actor, payment.reservation, request=uuid5(PAYMENTS, f"{payment.pk} carried from {payment.line_id}"))
    payment.reservation = ledger.reserve(
        actor, quota, payment.amount, request=uuid5(PAYMENTS, f"{payment.pk} carried to {new.pk}")
    )
    payment.line, payment.quota = new, quota
    payment.save(update_fields=["line", "quota", "reservation"])
    _record("finance.payment_carried", actor, payment)
    return payment


def _done(payment: Payment) -> dict[str, duties.Who]:
    """Who did what on the way to this payment, as the table of duties asks for it."""
    budget = payment.line.budget
    return {
        "payment.ask": payment.asked_by_id,
        "payment.approve": (payment.approved_by_id, *signing.signers(payment)),
        "budget.prepare": budget.prepared_by_id,
        "budget.review": budget.reviewed_by_id,
    }


def _business(payment: Payment, event: str, on: date) -> ledger.Business:
    return ledger.Business(
        event=f"finance.{event}",
        on=on,
        summary=f"{payment.purpose} {payment.payee}",
        source=("finance.payment", payment.pk),
        request=uuid5(PAYMENTS, f"{payment.pk} {event}"),
        amounts=_amounts(payment),
        slots={"asset": payment.asset_account or FIXED_ASSET, "retained": _retained(payment, on)},
        dimensions_id=payment.quota.dimensions_id,
    )


def _amounts(payment: Payment) -> dict[str, int]:
    """What the entries ask for by name; a remittance is divided as its payroll says."""
    whole = payment.amount + payment.withheld
    amounts = {"amount": payment.amount, "paid": payment.amount, "kept": payment.withheld, "whole": whole}
    if payment.kind == REMITTANCE.id:
        payroll = Payroll.objects.get(pk=payment.source_id)
        amounts |= {
            "tax": payroll.tax,
            "insurance": payroll.insurance + payroll.own_insurance,
            "housing": payroll.housing + payroll.own_housing,
        }
    return amounts


def _retained(payment: Payment, on: date) -> str:
    """Where retention money stands: with what is due within a year of the payment that withholds it, or longer."""
    holder = payment.releases or payment
    since = holder.paid_on or on
    due = holder.retention_due or since
    longer = (due.year, due.month, due.day) > (since.year + 1, since.month, since.day)
    return RETAINED_LONG if longer else RETAINED


def _held(actor: Actor, permission: str, payment_id: int, state: str) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related(
        "line__budget__book", "quota__book", "reservation", "releases"
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
