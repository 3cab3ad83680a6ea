"""Payments: the list, one with its papers and vouchers, and the forms that carry it on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
)
from zhen.packs.finance import forms, queries, rights
from zhen.packs.finance.actions import payments as paying
from zhen.packs.finance.control import chain
from zhen.packs.finance.control.models import PaperKind
from zhen.packs.finance.kinds import KINDS
from zhen.packs.finance.models import BudgetLine, Payment
from zhen.packs.finance.screens.common import AMOUNT, STATE, plain, state_chip, state_filter


def of(payment: Payment) -> str:
    return f"/desk/finance/payments/{payment.pk}/"


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(
            Q(purpose__icontains=word)
            | Q(payee__icontains=word)
            | Q(line__unit__name__icontains=word)
            | Q(invoices__number=word)
        )
    return rows.distinct()


def facts(_actor: Actor, payment: Payment) -> list[Fact]:
    return [
        *(_paper(payment)),
        Fact(label=_("amount (yuan)"), value=payment.amount, kind=Kind.MONEY),
        Fact(label=_("kind"), value=payment.kind_name),
        Fact(label=_("way of payment"), value=payment.get_method_display()),
        Fact(label=_("payee"), value=payment.payee),
        Fact(label=_("payee's bank"), value=payment.payee_bank),
        Fact(label=_("payee's account"), value=payment.payee_account),
        Fact(label=_("department"), value=payment.line.unit.name),
        Fact(
            label=_("budget line"),
            value=Link(text=str(payment.line), url=f"/desk/finance/execution/{payment.line_id}/"),
            kind=Kind.LINK,
        ),
        Fact(label=_("left of the payment quota (yuan)"), value=payment.quota.available, kind=Kind.MONEY),
        *(_retention(payment)),
    ]


def _paper(payment: Payment) -> list[Fact]:
    """The paper that the payment belongs to."""
    url = ledger.address_of((payment.source_type, payment.source_id))
    if not url:
        return []
    source = (payment.source_type, payment.source_id)
    link = Link(text=ledger.names_of([source])[source], url=url)
    return [Fact(label=_("belongs to"), value=link, kind=Kind.LINK)]


def _retention(payment: Payment) -> list[Fact]:
    if payment.releases is not None:
        link = Link(text=str(payment.releases), url=of(payment.releases))
        return [Fact(label=_("releases that of"), value=link, kind=Kind.LINK)]
    if not payment.withheld:
        return []
    return [
        Fact(label=_("retention money (yuan)"), value=payment.withheld, kind=Kind.MONEY),
        Fact(label=_("retention money due on"), value=payment.retention_due, kind=Kind.DATE),
    ]


def signatures(_actor: Actor, payment: Payment) -> list[Fact]:
    return [
        Fact(label=_("asked for by"), value=payment.asked_by, kind=Kind.PERSON),
        Fact(label=_("approved by"), value=payment.approved_by, kind=Kind.PERSON),
        Fact(label=_("paid by"), value=payment.paid_by, kind=Kind.PERSON),
        Fact(label=_("paid on"), value=payment.paid_on, kind=Kind.DATE),
        Fact(label=_("bank reference"), value=payment.bank_reference),
        Fact(label=_("reason"), value=payment.reason),
    ]


def save_new(actor: Actor, line: BudgetLine, form: Any) -> str:
    given = {name: value for name, value in form.cleaned_data.items() if not name.startswith("invoice_")}
    return of(paying.ask(actor, line, paying.Wanted(invoices=form.invoices(), **given)))


def save_paid(actor: Actor, payment: Payment, form: Any) -> str:
    return of(paying.pay(actor, payment.pk, **form.cleaned_data))


def save_release(actor: Actor, payment: Payment, form: Any) -> str:
    return of(paying.ask_release(actor, payment, **form.cleaned_data))


def holds_back(_actor: Any, payment: Any) -> bool:
    return bool(payment.state == Payment.State.PAID and payment.withheld and not payment.is_released)


def to_be_claimed(_actor: Any, payment: Payment) -> bool:
    return payment.state == Payment.State.PAID and bool(KINDS[payment.kind].claimed) and payment.claimed_on is None


def waits_over_year_end(_actor: Any, payment: Payment) -> bool:
    return payment.state == Payment.State.APPROVED and clock.today() >= date(payment.quota.book.year, 12, 31)


def save_carried(actor: Actor, payment: Payment, form: Any) -> str:
    return of(paying.carry_over(actor, payment.pk, form.cleaned_data["line"]))


def save_refusal(actor: Actor, payment: Payment, form: Any) -> str:
    return of(paying.refuse(actor, payment.pk, **form.cleaned_data))


def save_withdrawal(actor: Actor, payment: Payment, form: Any) -> str:
    return of(paying.withdraw(actor, payment.pk, **form.cleaned_data))


def asked(_actor: Any, payment: Any) -> bool:
    return bool(payment.state == Payment.State.ASKED and not KINDS[payment.kind].with_paper)


def follow_up(id: str, title: Any, form: Any, save: Any, permission: str, submit: Any) -> FormPage:
    return FormPage(
        id=f"finance.payment_{id}",
        title=title,
        permission=permission,
        subject=queries.payment_for,
        form=plain(form),
        save=save,
        submit=submit,
    )


PAGES = (
    ListPage(
        id="finance.payments",
        title=_("Payments"),
        menu=_("Payments"),
        icon="banknote",
        order=64,
        permission=rights.VIEW,
        intro=_("Each payment from the request to the bank slip. A new one begins at its budget line."),
        rows=lambda actor, _params: queries.payments(actor),
        columns=(
            Column(id="number", label=_("number"), value=str, sort="pk"),
            Column(id="purpose", label=_("purpose"), value="purpose", width="wide"),
            Column(id="payee", label=_("payee"), value="payee", sort="payee"),
            Column(id="unit", label=_("department"), value="line.unit.name", sort="line__unit__name_key"),
            AMOUNT,
            Column(id="asked", label=_("asked for at"), value="asked_at", kind=Kind.TIME, sort="asked_at"),
            STATE,
        ),
        filters=(
            state_filter(Payment.State),
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=lambda _actor: [Choice(value=kind.id, label=kind.name) for kind in KINDS.values()],
            ),
        ),
        search=find,
        order_by=("-asked_at", "-pk"),
        detail="finance.payment",
        empty=_("Nothing was asked for yet. Begin at the line of the budget that is to pay."),
    ),
    DetailPage(
        id="finance.payment",
        title=_("payment"),
        permission=rights.VIEW,
        subject=queries.payment_for,
        heading=lambda payment: payment.purpose,
        chips=lambda payment: (state_chip(payment),),
        panels=(
            Panel(id="facts", title=_("Payment"), form="facts", source=facts),
            Panel(id="signatures", title=_("Signatures"), form="facts", source=signatures),
            *chain.PANELS,
            Panel(
                id="invoices",
                title=_("Invoices"),
                form="table",
                source=queries.invoices,
                columns=(
                    Column(id="number", label=_("invoice number"), value=str),
                    Column(id="dated", label=_("date of the invoice"), value="dated", kind=Kind.DATE),
                    AMOUNT,
                ),
                empty=_("No invoice was entered."),
            ),
            Panel(
                id="vouchers",
                title=_("Vouchers"),
                form="table",
                source=queries.vouchers_of,
                columns=(
                    Column(id="number", label=_("number"), value=str),
                    Column(id="date", label=_("date"), value="date", kind=Kind.DATE),
                    Column(id="summary", label=_("summary"), value="summary"),
                ),
                detail="finance.voucher",
                permission="ledger.view",
                empty=_("Nothing is booked yet: that follows when it is paid."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="approve",
                label=_("Approve"),
                permission=rights.APPROVE,
                run=lambda actor, payment, _data: paying.approve(actor, payment.pk),
                confirm=_("The cashier can pay it then."),
                key="a",
                shown=asked,
            ),
            chain.cover_button(PaperKind.PAYMENT),
            Button(
                id="refuse", label=_("Refuse"), permission=rights.APPROVE, form="finance.payment_refuse", shown=asked
            ),
            Button(
                id="withdraw", label=_("Withdraw"), permission=rights.ASK, form="finance.payment_withdraw", shown=asked
            ),
            Button(
                id="pay",
                label=_("Enter that it is paid"),
                permission=rights.PAY,
                form="finance.payment_pay",
                key="p",
                shown=lambda _actor, payment: payment.state == Payment.State.APPROVED,
            ),
            Button(
                id="claim",
                label=_("Approve the claim"),
                permission=rights.APPROVE,
                run=lambda actor, payment, _data: of(paying.claim(actor, payment.pk)),
                confirm=_("It is booked as an expense now."),
                shown=to_be_claimed,
            ),
            Button(
                id="carry",
                label=_("Carry into the next year"),
                permission=rights.CLOSE_YEAR,
                form="finance.payment_carry",
                shown=waits_over_year_end,
            ),
            Button(
                id="release",
                label=_("Release the retention money"),
                permission=rights.ASK,
                form="finance.payment_release",
                shown=holds_back,
            ),
        ),
    ),
    FormPage(
        id="finance.payment_new",
        title=_("Ask for a payment"),
        permission=rights.ASK,
        subject=queries.line_for,
        intro=_("The amount is reserved at once. Somebody else approves it, and a third person pays."),
        form=plain(forms.PaymentForm),
        save=save_new,
        submit=_("Ask for the payment"),
    ),
    FormPage(
        id="finance.payment_release",
        title=_("Release the retention money"),
        permission=rights.ASK,
        subject=queries.payment_for,
        intro=_("A payment of its own, from a line of this year. Somebody else approves it, and a third person pays."),
        form=lambda _actor, payment, data, _files: forms.ReleaseForm(data, payment),
        save=save_release,
        submit=_("Ask for the payment"),
    ),
    FormPage(
        id="finance.payment_carry",
        title=_("Carry into the next year"),
        permission=rights.CLOSE_YEAR,
        subject=queries.payment_for,
        intro=_("What was claimed and not repaid before the year-end is repaid from a line of the next year."),
        form=lambda _actor, payment, data, _files: forms.CarryForm(data, payment),
        save=save_carried,
        submit=_("Carry over"),
    ),
    follow_up("pay", _("Enter that it is paid"), forms.PaidForm, save_paid, rights.PAY, _("It is paid")),
    follow_up("refuse", _("Refuse the payment"), forms.ReasonForm, save_refusal, rights.APPROVE, _("Refuse")),
    follow_up("withdraw", _("Withdraw the request"), forms.ReasonForm, save_withdrawal, rights.ASK, _("Withdraw")),
)
