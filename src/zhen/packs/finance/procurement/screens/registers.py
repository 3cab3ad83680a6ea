"""The registers beside the procurements: bids, contracts, figures of the rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.lib.numbers import Money
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Attached,
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.groups import PROCUREMENT
from zhen.packs.finance.procurement import forms, queries, rights
from zhen.packs.finance.procurement.actions import contracts
from zhen.packs.finance.procurement.actions import figures as entering
from zhen.packs.finance.procurement.models import Bid, Contract, ContractChange, Figure, Instalment, Member
from zhen.packs.finance.procurement.screens.common import bid_chip, contract_chip, figure_chip, of
from zhen.packs.finance.procurement.screens.file import paid_chip, payment_link

# Bids


def bid_facts(_actor: Actor, bid: Bid) -> list[Fact]:
    return [
        Fact(
            label=_("procurement"),
            value=Link(text=bid.procurement.title, url=of(bid.procurement.pk)),
            kind=Kind.LINK,
        ),
        Fact(label=_("price (yuan)"), value=bid.price, kind=Kind.MONEY),
        Fact(label=_("days to deliver"), value=bid.days),
        Fact(label=_("statement"), value=bid.statement, kind=Kind.PROSE),
        Fact(label=pgettext_lazy("in procurement", "received at"), value=bid.received_at, kind=Kind.TIME),
        Fact(label=pgettext_lazy("in procurement", "opened at"), value=bid.opened_at, kind=Kind.TIME),
        Fact(label=_("digest"), value=bid.digest),
        Fact(label=_("why it is not valid"), value=bid.invalid_reason),
    ]


def bid_files(actor: Actor, bid: Bid) -> list[Attached]:
    return [Attached(name=bid.file.name, url=files.url(actor, bid.file))] if bid.file else []


def evaluates(actor: Actor, bid: Bid) -> bool:
    rows = Member.objects.filter(procurement=bid.procurement, user_id=actor.user_id or 0, recused=False)
    return bid.procurement.state == "opened" and not bid.invalid_reason and rows.exists()


def has_criteria(actor: Actor, bid: Bid) -> bool:
    return evaluates(actor, bid) and bid.procurement.criteria.filter(price=False).exists()


# Contracts


def contract_facts(_actor: Actor, contract: Contract) -> list[Fact]:
    return [
        Fact(
            label=_("procurement"),
            value=Link(text=contract.procurement.title, url=of(contract.procurement_id)),
            kind=Kind.LINK,
        ),
        Fact(label=_("supplier"), value=str(contract.supplier)),
        Fact(label=_("amount (yuan)"), value=contract.amount, kind=Kind.MONEY),
        Fact(label=_("award (yuan)"), value=contract.award_amount, kind=Kind.MONEY),
        Fact(label=_("begins on"), value=contract.starts_on, kind=Kind.DATE),
        Fact(label=_("ends on"), value=contract.ends_on, kind=Kind.DATE),
        Fact(label=_("retention money"), value=contract.retention, kind=Kind.MONEY),
        Fact(label=_("retention term in months"), value=contract.retention_months),
        Fact(label=_("why it is late"), value=contract.late_reason),
    ]


def contract_people(_actor: Actor, contract: Contract) -> list[Fact]:
    return [
        Fact(label=_("drafted by"), value=contract.drafted_by, kind=Kind.PERSON),
        Fact(label=_("legally reviewed by"), value=contract.reviewed_by, kind=Kind.PERSON),
        Fact(label=_("legal opinion"), value=contract.opinion, kind=Kind.PROSE),
        Fact(label=_("signed by"), value=contract.signed_by, kind=Kind.PERSON),
        Fact(label=_("signed on"), value=contract.signed_on, kind=Kind.DATE),
    ]


def parts(_actor: Actor, contract: Contract) -> Any:
    return contract.instalments.select_related("payment")


def signed_and(state: str) -> Any:
    return lambda _actor, contract: contract.state == Contract.State.SIGNED and contract.procurement.state == state


def change_chip(change: ContractChange) -> Chip:
    tones = {"asked": Tone.DUE_SOON, "approved": Tone.ON_TRACK, "refused": Tone.BEHIND}
    return Chip(text=change.get_state_display(), tone=tones[change.state])


def part_facts(_actor: Actor, part: Instalment) -> list[Fact]:
    return [
        Fact(
            label=_("contract"),
            value=Link(text=part.contract.title, url=of(part.contract.procurement_id)),
            kind=Kind.LINK,
        ),
        Fact(label=_("amount (yuan)"), value=part.amount, kind=Kind.MONEY),
        Fact(label=_("due on"), value=part.due_on, kind=Kind.DATE),
        Fact(label=_("payment"), value=payment_link(part), kind=Kind.LINK),
    ]


def payable(_actor: Actor, part: Instalment) -> bool:
    return part.payment is None or part.payment.state in contracts.GONE


def waiting(_actor: Actor, change: ContractChange) -> bool:
    return change.state == ContractChange.State.ASKED


def decide(approve: bool) -> Any:
    return lambda actor, change, _data: of(
        contracts.decide_change(actor, change.pk, approve=approve).contract.procurement_id
    )


# Figures


def how_much(figure: Figure) -> str:
    if figure.unit == Figure.Unit.FEN:
        return str(Money(figure.amount))
    return f"{figure.amount} {figure.get_unit_display()}"


def figure_facts(_actor: Actor, figure: Figure) -> list[Fact]:
    return [
        Fact(
            label=pgettext_lazy("in procurement", "category"),
            value=figure.get_category_display() if figure.category else _("all"),
        ),
        Fact(label=_("level"), value=figure.get_level_display()),
        Fact(label=_("amount"), value=how_much(figure)),
        Fact(label=_("valid from"), value=figure.valid_from, kind=Kind.DATE),
        Fact(label=_("source"), value=figure.source),
        Fact(label=_("entered by"), value=figure.entered_by, kind=Kind.PERSON),
        Fact(label=_("confirmed by"), value=figure.verified_by, kind=Kind.PERSON),
        Fact(label=_("confirmed on"), value=figure.verified_on, kind=Kind.DATE),
    ]


AMOUNT = Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY)
DUE = Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE)

PAGES = (
    DetailPage(
        id="finance.bid",
        title=_("bid"),
        permission=rights.VIEW,
        subject=queries.bid_for,
        heading=lambda bid: str(bid.supplier),
        chips=lambda bid: (bid_chip(bid),),
        panels=(
            Panel(id="facts", title=_("Bid"), form="facts", source=bid_facts),
            Panel(id="files", title=_("Documents"), form="files", source=bid_files, empty=_("It came without a file.")),
        ),
        buttons=(
            Button(
                id="points",
                label=_("Give points"),
                permission=rights.VIEW,
                form="finance.bid_points",
                shown=has_criteria,
            ),
            Button(
                id="invalid",
                label=_("It is not valid"),
                permission=rights.VIEW,
                form="finance.bid_invalid",
                shown=evaluates,
            ),
        ),
    ),
    ListPage(
        id="finance.contracts",
        title=_("Contracts"),
        menu=_("Contracts"),
        group=PROCUREMENT,
        icon="file-signature",
        order=66,
        permission=rights.VIEW,
        intro=_("The register of contracts: with whom, on what, for how much and how long."),
        rows=lambda actor, _params: queries.contracts(actor),
        columns=(
            Column(id="number", label=pgettext_lazy("in procurement", "number"), value=str, sort="pk"),
            Column(id="title", label=_("title"), value="title", width="wide"),
            Column(id="supplier", label=_("supplier"), value="supplier"),
            Column(id="unit", label=_("department"), value="procurement.unit.name"),
            AMOUNT,
            Column(id="signed", label=_("signed on"), value="signed_on", kind=Kind.DATE, sort="signed_on"),
            Column(id="ends", label=_("ends on"), value="ends_on", kind=Kind.DATE, sort="ends_on"),
            Column(id="state", label=_("state"), value=contract_chip, kind=Kind.CHIP, sort="state"),
        ),
        search=lambda rows, words: rows.filter(title__icontains=words),
        order_by=("-pk",),
        detail="finance.contract",
        empty=_("No contract yet. It is drafted on an award."),
    ),
    DetailPage(
        id="finance.contract",
        title=_("contract"),
        permission=rights.VIEW,
        subject=queries.contract_for,
        heading=lambda contract: f"{contract.title}（{contract}）",
        chips=lambda contract: (contract_chip(contract),),
        panels=(
            Panel(id="facts", title=_("Contract"), form="facts", source=contract_facts),
            Panel(id="people", title=_("Review and signature"), form="facts", source=contract_people),
            Panel(
                id="parts",
                title=_("Instalments"),
                form="table",
                source=parts,
                columns=(
                    Column(id="name", label=_("what for"), value="label"),
                    DUE,
                    AMOUNT,
                    Column(id="state", label=_("state"), value=paid_chip, kind=Kind.CHIP),
                ),
                detail="finance.instalment",
            ),
            Panel(
                id="changes",
                title=_("Changes"),
                form="table",
                source=lambda _actor, contract: contract.changes.all(),
                columns=(
                    Column(id="reason", label=_("reason"), value="reason"),
                    AMOUNT,
                    Column(id="state", label=_("state"), value=change_chip, kind=Kind.CHIP),
                ),
                detail="finance.contract_change",
                empty=_("Nothing was changed."),
            ),
        ),
        buttons=(
            Button(
                id="review",
                label=_("Review for the law"),
                permission=rights.LEGAL,
                form="finance.contract_review",
                shown=lambda _actor, contract: contract.state == Contract.State.DRAFT,
            ),
            Button(
                id="sign",
                label=_("Enter the signature"),
                permission=rights.SIGN,
                form="finance.contract_sign",
                shown=lambda _actor, contract: contract.state == Contract.State.REVIEWED,
            ),
            Button(
                id="accept",
                label=_("Accept the delivery"),
                permission=rights.ACCEPT,
                form="finance.contract_accept",
                shown=signed_and("contracted"),
            ),
            Button(
                id="more",
                label=_("Ask for a change"),
                permission=rights.CONTRACT,
                form="finance.contract_more",
                shown=lambda _actor, contract: contract.state == Contract.State.SIGNED,
            ),
        ),
    ),
    DetailPage(
        id="finance.instalment",
        title=_("instalment"),
        permission=money_rights.ASK,
        subject=queries.instalment_for,
        heading=lambda part: part.label,
        chips=lambda part: (paid_chip(part),),
        panels=(Panel(id="facts", title=_("Instalment"), form="facts", source=part_facts),),
        buttons=(
            Button(
                id="pay",
                label=_("Ask for the payment"),
                permission=money_rights.ASK,
                form="finance.instalment_pay",
                shown=payable,
            ),
        ),
    ),
    DetailPage(
        id="finance.contract_change",
        title=_("change of a contract"),
        permission=rights.VIEW,
        subject=queries.change_for,
        heading=lambda change: change.reason,
        chips=lambda change: (change_chip(change),),
        panels=(
            Panel(
                id="facts",
                title=pgettext_lazy("in procurement", "Change"),
                form="facts",
                source=lambda _actor, change: [
                    Fact(
                        label=_("contract"),
                        value=Link(text=change.contract.title, url=of(change.contract.procurement_id)),
                        kind=Kind.LINK,
                    ),
                    Fact(label=_("amount (yuan)"), value=change.amount, kind=Kind.MONEY),
                ],
            ),
        ),
        buttons=(
            Button(
                id="approve",
                label=_("Approve"),
                permission=rights.SIGN,
                run=decide(approve=True),
                confirm=_("It becomes an instalment of its own."),
                shown=waiting,
            ),
            Button(
                id="refuse",
                label=_("Refuse"),
                permission=rights.SIGN,
                run=decide(approve=False),
                confirm=_("The contract stays as it is."),
                shown=waiting,
            ),
        ),
    ),
    ListPage(
        id="finance.figures",
        title=_("Figures of the procurement rules"),
        menu=_("Figures of the procurement rules"),
        group=PROCUREMENT,
        icon="scale",
        order=68,
        permission=rights.VIEW,
        intro=_("Amounts and periods with their source. The town's before the city's before the central one."),
        rows=lambda actor, _params: queries.figures(actor),
        columns=(
            Column(id="code", label=_("what"), value="get_code_display", sort="code", width="wide"),
            Column(
                id="category",
                label=pgettext_lazy("in procurement", "category"),
                value=lambda figure: figure.get_category_display() if figure.category else _("all"),
                sort="category",
            ),
            Column(id="level", label=_("level"), value="get_level_display", sort="level"),
            Column(id="amount", label=_("amount"), value=how_much, sort="amount"),
            Column(id="valid_from", label=_("valid from"), value="valid_from", kind=Kind.DATE, sort="valid_from"),
            Column(id="source", label=_("source"), value="source"),
            Column(id="state", label=_("state"), value=figure_chip, kind=Kind.CHIP),
        ),
        order_by=("code", "category", "level", "-valid_from"),
        detail="finance.procurement_figure",
        buttons=(
            Button(id="new", label=_("Enter a figure"), permission=rights.FIGURES, form="finance.figure_new", key="n"),
        ),
        empty=_("No figure is entered: then everything is an open tender."),
    ),
    DetailPage(
        id="finance.procurement_figure",
        title=_("figure of the rules"),
        permission=rights.VIEW,
        subject=queries.figure_for,
        heading=lambda figure: figure.get_code_display(),
        chips=lambda figure: (figure_chip(figure),),
        panels=(Panel(id="facts", title=_("Figure"), form="facts", source=figure_facts), HISTORY),
        buttons=(
            Button(
                id="confirm",
                label=_("Confirm"),
                permission=rights.CONFIRM,
                run=lambda actor, figure, _data: f"/desk/finance/figures/{entering.confirm(actor, figure.pk).pk}/",
                confirm=_("You have read it in its source, and it stands there so."),
                shown=lambda _actor, figure: figure.verified_by_id is None,
            ),
        ),
    ),
    FormPage(
        id="finance.figure_new",
        title=_("Enter a figure"),
        permission=rights.FIGURES,
        form=lambda _actor, _subject, data, _files: forms.FigureForm(data),
        save=lambda actor, _subject, form: f"/desk/finance/figures/{entering.enter(actor, form.cleaned_data).pk}/",
        submit=_("Enter"),
    ),
)
