"""The approval matrix: its rows, a draft with what it would have asked for, and what waits for a signature."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
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
from zhen.packs.finance import rights as finance
from zhen.packs.finance.control import dated, forms, queries, rights
from zhen.packs.finance.control.models import ApprovalRow, PaperKind
from zhen.packs.finance.control.papers import PAPERS
from zhen.packs.finance.control.screens.common import BY_STATE, FROM, SOURCE, STATE, holds_on, is_draft, period, state
from zhen.packs.finance.control.signing import role_name
from zhen.packs.finance.groups import CONTROL


def of(row: ApprovalRow) -> str:
    return f"/desk/finance/matrix/{row.pk}/"


def steps(row: ApprovalRow | None) -> str:
    return " → ".join(role_name(role) for role in row.steps) if row else str(_("one approval"))


def decision(row: ApprovalRow | None) -> str:
    return str(_("needed")) if row and row.resolution else ""


def facts(_actor: Actor, row: ApprovalRow) -> list[Fact]:
    return [
        Fact(label=_("kind of paper"), value=row.get_kind_display()),
        Fact(label=_("from the amount (yuan)"), value=row.amount_from, kind=Kind.MONEY),
        Fact(label=_("who signs, in this order"), value=steps(row)),
        Fact(label=_("a resolution is needed"), value=_("yes") if row.resolution else _("no")),
        *period(row),
    ]


def save_row(actor: Actor, _subject: Any, form: forms.RowForm) -> str:
    return of(dated.propose_row(actor, **form.given()))


def withdraw(actor: Actor, row: ApprovalRow, _data: Any) -> str:
    dated.withdraw(actor, row)
    return "/desk/finance/matrix/"


def end(actor: Actor, row: ApprovalRow, _data: Any) -> str:
    dated.end(actor, row)
    return "/desk/finance/matrix/"


def paper_link(step: Any) -> Link:
    return Link(text=step.number, url=PAPERS[PaperKind(step.kind)].url(step.paper))


KINDS = tuple(Choice(value=kind.value, label=kind.label) for kind in PaperKind)
AMOUNT = Column(
    id="amount", label=_("from the amount (yuan)"), value="amount_from", kind=Kind.MONEY, sort="amount_from"
)

PAGES = (
    ListPage(
        id="finance.to_sign",
        title=_("To sign"),
        menu=_("To sign"),
        icon="pen-line",
        order=63,
        permission=finance.VIEW,
        intro=_("Papers whose next signature is that of a post of yours."),
        rows=lambda actor, _params: queries.to_sign(actor),
        columns=(
            Column(id="number", label=_("number"), value=paper_link, kind=Kind.LINK),
            Column(id="kind", label=_("kind of paper"), value="get_kind_display"),
            Column(id="title", label=_("what for"), value="title", width="wide"),
            Column(id="unit", label=_("department"), value="unit.name", sort="unit__name_key"),
            Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY, sort="amount"),
            Column(id="asked", label=_("asked for by"), value="asked_by", kind=Kind.PERSON),
            Column(id="step", label=_("step"), value="position", kind=Kind.NUMBER),
            Column(id="role", label=_("post"), value=lambda step: role_name(step.role)),
        ),
        order_by=("paper", "position"),
        empty=_("Nothing waits for your signature."),
    ),
    ListPage(
        id="finance.matrix",
        title=_("Approval matrix"),
        menu=_("Approval matrix"),
        group=CONTROL,
        icon="list-checks",
        order=71,
        permission=rights.VIEW,
        intro=_("Who signs which paper from which amount on. A paper keeps the steps of the day it was asked for."),
        rows=lambda actor, _params: queries.rows(actor),
        columns=(
            Column(id="kind", label=_("kind of paper"), value="get_kind_display", sort="kind"),
            AMOUNT,
            Column(id="steps", label=_("who signs, in this order"), value=steps, width="wide"),
            Column(id="resolution", label=_("resolution"), value=decision),
            FROM,
            SOURCE,
            STATE,
        ),
        filters=(
            Filter(
                id="kind", label=_("kind of paper"), apply=lambda rows, value: rows.filter(kind=value), choices=KINDS
            ),
            BY_STATE,
        ),
        order_by=("kind", "amount_from", "-valid_from"),
        detail="finance.matrix_row",
        buttons=(
            Button(id="new", label=_("Propose a row"), permission=rights.PROPOSE, form="finance.matrix_new", key="n"),
        ),
        empty=_("No row is in force: one approval is enough for every paper. Propose the first row."),
    ),
    DetailPage(
        id="finance.matrix_row",
        title=_("row of the approval matrix"),
        permission=rights.VIEW,
        subject=queries.row,
        heading=str,
        chips=lambda row: (state(row),),
        panels=(
            Panel(id="facts", title=_("Rule"), form="facts", source=facts),
            Panel(
                id="preview",
                title=_("What the payments of the last month would have needed"),
                form="table",
                source=queries.preview,
                columns=(
                    Column(id="number", label=_("number"), value=lambda tried: str(tried.payment)),
                    Column(id="purpose", label=_("purpose"), value="payment.purpose", width="wide"),
                    Column(id="unit", label=_("department"), value="payment.line.unit.name"),
                    Column(id="amount", label=_("amount (yuan)"), value="payment.amount", kind=Kind.MONEY),
                    Column(id="before", label=_("needed"), value=lambda tried: steps(tried.before)),
                    Column(id="after", label=_("by this row"), value=lambda tried: steps(tried.after)),
                    Column(id="resolution", label=_("resolution"), value=lambda tried: decision(tried.after)),
                ),
                detail="finance.payment",
                wide=True,
                empty=_("No payment of the last month would have come under this row."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="approve",
                label=_("Put in force"),
                permission=rights.APPROVE_RULE,
                run=lambda actor, row, _data: dated.approve(actor, row),
                confirm=_("It holds for papers that are asked for from its day on."),
                shown=is_draft,
                key="a",
            ),
            Button(
                id="withdraw",
                label=_("Take back"),
                permission=rights.PROPOSE,
                run=withdraw,
                confirm=_("The draft goes; the journal keeps that it was proposed."),
                shown=is_draft,
            ),
            Button(
                id="end",
                label=_("End today"),
                permission=rights.APPROVE_RULE,
                run=end,
                confirm=_("Papers that are asked for from today on no longer come under it."),
                shown=holds_on,
            ),
        ),
    ),
    FormPage(
        id="finance.matrix_new",
        title=_("Propose a row of the approval matrix"),
        permission=rights.PROPOSE,
        intro=_("It holds for nothing until a second person puts it in force. You see first what it would have asked."),
        form=lambda _actor, _subject, data, _files: forms.RowForm(data),
        save=save_row,
        submit=_("Propose"),
    ),
)
