"""Payrolls, batches of subsidies, slips: lists, one with its payments and vouchers, and the forms that carry it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
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
    Page,
    Panel,
)
from zhen.packs.finance import forms, queries, rights
from zhen.packs.finance.actions import papers, slips
from zhen.packs.finance.models import BudgetLine, Payroll, Slip, SubsidyBatch
from zhen.packs.finance.models.papers import Decided
from zhen.packs.finance.screens.common import AMOUNT, STATE, VOUCHERS, plain, state_chip
from zhen.packs.finance.slips import KINDS

PAYMENTS = Panel(
    id="payments",
    title=_("Payments"),
    form="table",
    source=queries.payments_of,
    columns=(
        Column(id="number", label=_("number"), value=str),
        Column(id="kind", label=_("kind"), value="kind_name"),
        Column(id="payee", label=_("payee"), value="payee"),
        AMOUNT,
        STATE,
    ),
    detail="finance.payment",
    empty=_("Nothing is paid for it."),
)
UNIT = Column(id="unit", label=_("department"), value="line.unit.name", sort="line__unit__name_key")
PEOPLE = Column(id="people", label=_("number of people"), value="people", kind=Kind.NUMBER, sort="people")
ASKED = Column(id="asked", label=_("asked for at"), value="asked_at", kind=Kind.TIME, sort="asked_at")


def money(label: Any, amount: int) -> Fact:
    return Fact(label=label, value=amount, kind=Kind.MONEY)


def signatures(_actor: Actor, paper: Decided) -> list[Fact]:
    return [
        Fact(label=_("asked for by"), value=paper.asked_by, kind=Kind.PERSON),
        Fact(label=_("decided by"), value=paper.decided_by, kind=Kind.PERSON),
        Fact(label=_("reason"), value=paper.reason),
    ]


SIGNATURES = Panel(id="signatures", title=_("Signatures"), form="facts", source=signatures)


def line_of(line: BudgetLine) -> Fact:
    link = Link(text=str(line), url=f"/desk/finance/execution/{line.pk}/")
    return Fact(label=_("budget line"), value=link, kind=Kind.LINK)


def payroll_facts(_actor: Actor, payroll: Payroll) -> list[Fact]:
    return [
        Fact(label=_("number of the list"), value=payroll.list_number),
        Fact(label=_("number of people"), value=payroll.people, kind=Kind.NUMBER),
        line_of(payroll.line),
        money(_("gross pay (yuan)"), payroll.pay),
        money(_("income tax withheld (yuan)"), payroll.tax),
        money(_("social insurance withheld (yuan)"), payroll.own_insurance),
        money(_("housing fund withheld (yuan)"), payroll.own_housing),
        money(_("net pay (yuan)"), payroll.net),
        money(_("employer's social insurance (yuan)"), payroll.insurance),
        money(_("employer's housing fund (yuan)"), payroll.housing),
        money(_("in all (yuan)"), payroll.whole),
    ]


def batch_facts(_actor: Actor, batch: SubsidyBatch) -> list[Fact]:
    return [
        Fact(label=_("granted by the rule"), value=batch.basis),
        Fact(label=_("number of people"), value=batch.people, kind=Kind.NUMBER),
        money(_("amount (yuan)"), batch.amount),
        line_of(batch.line),
        Fact(label=_("paid out by"), value=batch.bank),
        Fact(label=_("account that is paid out from"), value=batch.bank_account),
        Fact(label=_("fingerprint of the list"), value=batch.fingerprint),
    ]


def slip_facts(_actor: Actor, slip: Slip) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=KINDS[slip.kind].name),
        Fact(label=_("date"), value=slip.on, kind=Kind.DATE),
        money(_("amount (yuan)"), slip.amount),
        Fact(label=_("from or to"), value=slip.party),
        Fact(label=_("receipt or bank reference"), value=slip.reference),
        Fact(label=_("books"), value=str(slip.book)),
        *([line_of(slip.line)] if slip.line else []),
    ]


def of(paper: Decided) -> str:
    return ledger.address_of((papers.kind_of(paper), paper.pk))


def asked(_actor: Actor, paper: Decided) -> bool:
    return paper.state == Decided.State.ASKED


Decide = Callable[..., Decided]


def decisions(name: str, permission: str, decide: Decide, word: Any, told: Any) -> tuple[Button, Button]:
    """The two buttons of whoever decides."""
    return (
        Button(
            id="approve",
            label=word,
            permission=permission,
            run=lambda actor, paper, _data: str(decide(actor, paper.pk, approve=True) and ""),
            confirm=told,
            key="a",
            shown=asked,
        ),
        Button(id="refuse", label=_("Refuse"), permission=permission, form=f"finance.{name}_refuse", shown=asked),
    )


def refusal(name: str, permission: str, subject: Any, decide: Decide) -> FormPage:
    return FormPage(
        id=f"finance.{name}_refuse",
        title=_("Refuse the paper"),
        permission=permission,
        subject=subject,
        form=plain(forms.ReasonForm),
        save=lambda actor, paper, form: of(decide(actor, paper.pk, approve=False, **form.cleaned_data)),
        submit=_("Refuse"),
    )


def detail(name: str, title: Any, subject: Any, facts: Any, buttons: tuple[Button, ...], *panels: Panel) -> DetailPage:
    return DetailPage(
        id=f"finance.{name}",
        title=title,
        permission=rights.VIEW,
        subject=subject,
        heading=str,
        chips=lambda paper: (state_chip(paper),),
        panels=(Panel(id="facts", title=title, form="facts", source=facts), SIGNATURES, *panels, VOUCHERS, HISTORY),
        buttons=buttons,
    )


STATES = Filter(
    id="state",
    label=_("state"),
    apply=lambda rows, value: rows.filter(state=value),
    choices=tuple(Choice(value=one.value, label=one.label) for one in Decided.State),
)


def save_payroll(actor: Actor, line: BudgetLine, form: Any) -> str:
    return of(papers.ask_payroll(actor, line, form.cleaned_data))


def save_batch(actor: Actor, line: BudgetLine, form: Any) -> str:
    given = {name: value for name, value in form.cleaned_data.items() if name != "list"}
    return of(papers.ask_subsidies(actor, line, form.listed(), given))


def save_slip(actor: Actor, book: ledger.Book, form: Any) -> str:
    return of(slips.enter(actor, book, **form.cleaned_data))


def subsidies_form(_actor: Actor, _line: BudgetLine, data: Any, files: Any) -> forms.SubsidiesForm:
    return forms.SubsidiesForm(data, files)


def slip_form(_actor: Actor, book: ledger.Book, data: Any, _files: Any) -> forms.SlipForm:
    return forms.SlipForm(data, book)


PAGES: tuple[Page, ...] = (
    ListPage(
        id="finance.payrolls",
        title=_("Payrolls"),
        menu=_("Payrolls"),
        icon="users",
        order=70,
        permission=rights.VIEW,
        intro=_("The totals of each payroll list. A new one begins at the budget line that pays it."),
        rows=lambda actor, _params: queries.payrolls(actor),
        columns=(
            Column(id="number", label=_("number"), value=str, sort="pk"),
            Column(id="month", label=_("month"), value="month", kind=Kind.NUMBER, sort="month"),
            UNIT,
            PEOPLE,
            Column(id="net", label=_("net pay (yuan)"), value="net", kind=Kind.MONEY),
            Column(id="whole", label=_("in all (yuan)"), value="whole", kind=Kind.MONEY),
            STATE,
        ),
        filters=(STATES,),
        order_by=("-asked_at", "-pk"),
        detail="finance.payroll",
        empty=_("No payroll was entered yet. Begin at the line of the budget that is to pay."),
    ),
    detail(
        "payroll",
        _("payroll"),
        queries.payroll_for,
        payroll_facts,
        decisions(
            "payroll",
            rights.APPROVE,
            papers.decide_payroll,
            _("Approve"),
            _("Pay and contributions are booked as owed, and the cashier can pay both."),
        ),
        PAYMENTS,
    ),
    refusal("payroll", rights.APPROVE, queries.payroll_for, papers.decide_payroll),
    FormPage(
        id="finance.payroll_new",
        title=_("Enter a payroll"),
        permission=rights.ASK,
        subject=queries.line_for,
        intro=_("Only totals are entered: who gets how much stays in the list of the personnel office."),
        form=plain(forms.PayrollForm),
        save=save_payroll,
        submit=_("Ask for the payment"),
    ),
    ListPage(
        id="finance.subsidies",
        title=_("Subsidies to residents"),
        menu=_("Subsidies to residents"),
        icon="hand-coins",
        order=71,
        permission=rights.VIEW,
        intro=_("Paid in batches by a list that stays with the bank. A new one begins at its budget line."),
        rows=lambda actor, _params: queries.batches(actor),
        columns=(
            Column(id="number", label=_("number"), value=str, sort="pk"),
            Column(id="name", label=_("subsidy"), value="name", width="wide"),
            UNIT,
            PEOPLE,
            AMOUNT,
            ASKED,
            STATE,
        ),
        filters=(STATES,),
        order_by=("-asked_at", "-pk"),
        detail="finance.subsidy",
        empty=_("No batch was asked for yet. Begin at the line of the budget that is to pay."),
    ),
    detail(
        "subsidy",
        _("batch of subsidies"),
        queries.batch_for,
        batch_facts,
        decisions(
            "subsidy",
            rights.APPROVE,
            papers.decide_subsidies,
            _("Grant"),
            _("The batch is booked as owed, and the cashier can pay it."),
        ),
        PAYMENTS,
    ),
    refusal("subsidy", rights.APPROVE, queries.batch_for, papers.decide_subsidies),
    FormPage(
        id="finance.subsidy_new",
        title=_("Ask for a batch of subsidies"),
        permission=rights.ASK,
        subject=queries.line_for,
        intro=_("The list is counted and summed, its fingerprint is kept, and the list itself is not."),
        form=subsidies_form,
        save=save_batch,
        submit=_("Ask for the payment"),
        draft=False,
    ),
    ListPage(
        id="finance.slips",
        title=_("Cash and own account"),
        menu=_("Cash and own account"),
        icon="wallet",
        order=72,
        permission=rights.VIEW,
        intro=_("Money that moves without a payment quota. The cashier enters it, the accountant confirms it."),
        rows=lambda actor, _params: queries.slips(actor),
        columns=(
            Column(id="number", label=_("number"), value=str, sort="pk"),
            Column(id="on", label=_("date"), value="on", kind=Kind.DATE, sort="on"),
            Column(id="kind", label=_("kind"), value=lambda slip: KINDS[slip.kind].name),
            Column(id="what", label=_("summary"), value="what", width="wide"),
            Column(id="party", label=_("from or to"), value="party"),
            AMOUNT,
            STATE,
        ),
        filters=(
            STATES,
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=lambda _actor: [Choice(value=kind.id, label=kind.name) for kind in KINDS.values()],
            ),
        ),
        order_by=("-on", "-pk"),
        detail="finance.slip",
        empty=_("No slip was entered yet. The cashier enters them at the books."),
    ),
    detail(
        "slip",
        _("cash slip"),
        queries.slip_for,
        slip_facts,
        decisions("slip", rights.CONFIRM, slips.decide, _("Confirm"), _("It is booked then.")),
    ),
    refusal("slip", rights.CONFIRM, queries.slip_for, slips.decide),
    FormPage(
        id="finance.slip_new",
        title=_("Enter a slip"),
        permission=rights.PAY,
        subject=queries.book_to_pay,
        intro=_("Nothing is booked before the accountant confirms it."),
        form=slip_form,
        save=save_slip,
        submit=_("Enter a slip"),
    ),
)
