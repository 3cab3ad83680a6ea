"""The budget: its lines against time, its review and approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance import forms, queries, rights
from zhen.packs.finance.actions import budgets as drafting
from zhen.packs.finance.actions import publishing, years
from zhen.packs.finance.models import Budget, BudgetLine, Publication
from zhen.packs.finance.screens.changes import PLAN_COLUMNS, line_url
from zhen.packs.finance.screens.common import AMOUNT, STATE, plain, state_chip

BEHIND_BY = 20.0
"""So many points behind the share of the year that has passed, a line is said to be behind."""


def of(budget: Budget) -> str:
    return f"/desk/finance/budgets/{budget.pk}/"


def execution(line: Any) -> float | None:
    return round(100 * line.spent / line.granted, 1) if line.granted else None


def pace(line: Any) -> Chip:
    """Execution against the year: its own words beside the colour."""
    if line.quota_id is None:
        return Chip(text=_("not approved yet"))
    done = execution(line)
    if done is None:
        return Chip(text=_("nothing granted"))
    passed = 100.0 if line.budget.book.year < clock.today().year else queries.share_of_year(clock.today())
    late = passed - done > BEHIND_BY
    return Chip(text=f"{done}%", tone=Tone.BEHIND if late else Tone.ON_TRACK)


def year_is_over(budget: Any) -> bool:
    """Whether the budget's year can be closed: from its last day on."""
    return bool(budget.state == Budget.State.APPROVED and clock.today() >= date(budget.book.year, 12, 31))


def find_line(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(function__startswith=word)
            | Q(economic__startswith=word)
        )
    return rows


LINE_COLUMNS = (
    Column(id="name", label=_("project"), value="name", sort="name"),
    Column(id="unit", label=_("department"), value="unit.name", sort="unit__name_key"),
    Column(id="classes", label=_("classes"), value=lambda line: f"{line.function} {line.economic}", sort="function"),
    Column(id="granted", label=_("budget (yuan)"), value="granted", kind=Kind.MONEY, sort="granted"),
    Column(id="released", label=_("released (yuan)"), value="released", kind=Kind.MONEY, sort="released"),
    Column(id="reserved", label=_("reserved (yuan)"), value="reserved", kind=Kind.MONEY),
    Column(id="spent", label=_("spent (yuan)"), value="spent", kind=Kind.MONEY, sort="spent"),
    Column(id="pace", label=_("execution"), value=pace, kind=Kind.CHIP),
)


def line_figures(_actor: Actor, line: Any) -> list[Figure]:
    year = str(line.budget.book.year)
    return [
        Figure(label=_("budget"), value=line.granted / 100, unit=_("yuan"), period=year),
        Figure(label=_("released"), value=line.released / 100, unit=_("yuan"), period=year),
        Figure(label=_("reserved"), value=line.reserved / 100, unit=_("yuan"), period=year),
        Figure(label=_("spent"), value=line.spent / 100, unit=_("yuan"), period=year),
        Figure(
            label=_("execution"),
            value=execution(line),
            unit="%",
            period=year,
            why=_("Nothing is granted."),
            target=_("%(share)s%% of the year has passed") % {"share": queries.share_of_year(clock.today())},
        ),
    ]


def line_facts(_actor: Actor, line: BudgetLine) -> list[Fact]:
    return [
        Fact(label=_("department"), value=line.unit.name),
        Fact(label=_("function class"), value=line.function),
        Fact(label=_("economic class"), value=line.economic),
        Fact(label=_("funding source"), value=line.source),
        Fact(label=_("draft (yuan)"), value=line.amount, kind=Kind.MONEY),
        Fact(label=_("drawn from"), value=source_of(line), kind=Kind.LINK),
    ]


def source_of(line: BudgetLine) -> Link | None:
    project = line.project
    return Link(text=project.name, url=f"/desk/finance/projects/{project.pk}/") if project else None


def save_line(actor: Actor, budget: Budget, form: Any) -> str:
    drafting.add_line(actor, budget, form.cleaned_data)
    return of(budget)


def save_approval(actor: Actor, budget: Budget, form: Any) -> str:
    drafting.approve(actor, budget, **form.cleaned_data)
    return of(budget)


def publish_button(kind: Publication.Kind) -> Button:
    accounts = kind is Publication.Kind.ACCOUNTS
    return Button(
        id=f"publish_{kind.value}",
        label=_("Publish the final accounts") if accounts else _("Publish the budget"),
        permission=rights.PUBLISH,
        run=lambda actor, budget, _data: f"/finance/public/{publishing.publish(actor, budget, kind=kind).pk}/",
        confirm=_("Everybody can read it from now on, as it stands now; it cannot be taken back."),
        shown=lambda _actor, budget: (
            budget.state == Budget.State.APPROVED
            and (not accounts or year_is_over(budget))
            and not Publication.objects.filter(budget=budget, kind=kind).exists()
        ),
    )


PAGES = (
    ListPage(
        id="finance.execution",
        title=_("Budget execution"),
        menu=_("Budget execution"),
        icon="landmark",
        order=60,
        permission=rights.VIEW,
        intro=_("Each line of the budget: granted, released, reserved, spent, held against the year that has passed."),
        rows=lambda actor, _params: queries.lines(actor),
        columns=LINE_COLUMNS,
        filters=(
            Filter(
                id="year",
                label=_("year"),
                apply=lambda rows, value: rows.filter(budget__book__year=value) if value.isdecimal() else rows.none(),
                choices=lambda actor: [
                    Choice(value=str(year), label=str(year))
                    for year in queries.budgets(actor).order_by("-book__year").values_list("book__year", flat=True)
                ],
            ),
        ),
        search=find_line,
        order_by=("-budget__book__year", "unit__name_key", "function", "economic", "pk"),
        detail="finance.line",
        empty=_("No budget is drafted yet."),
    ),
    DetailPage(
        id="finance.line",
        title=_("budget line"),
        permission=rights.VIEW,
        subject=queries.line_for,
        heading=lambda line: line.name,
        chips=lambda line: (pace(line),),
        panels=(
            Panel(id="figures", title=_("Execution"), form="figures", source=line_figures, wide=True),
            Panel(id="facts", title=_("Line"), form="facts", source=line_facts),
            Panel(
                id="plans",
                title=_("Funding plans"),
                form="table",
                source=lambda actor, line: queries.plans(actor).filter(line=line).order_by("-month")[:24],
                columns=(PLAN_COLUMNS[1], *PLAN_COLUMNS[3:]),
                detail="finance.plan",
                empty=_("Nothing was planned yet."),
            ),
            Panel(
                id="payments",
                title=_("Payments"),
                form="table",
                source=lambda actor, line: queries.payments(actor).filter(line=line)[:50],
                columns=(
                    Column(id="number", label=_("number"), value=str),
                    Column(id="purpose", label=_("purpose"), value="purpose"),
                    Column(id="payee", label=_("payee"), value="payee"),
                    AMOUNT,
                    STATE,
                ),
                detail="finance.payment",
                wide=True,
                empty=_("Nothing was paid yet."),
            ),
        ),
        buttons=(
            Button(id="plan", label=_("Plan funds"), permission=rights.ASK_PLAN, form="finance.plan_new"),
            Button(id="pay", label=_("Ask for a payment"), permission=rights.ASK, form="finance.payment_new", key="n"),
            Button(
                id="finish",
                label=_("The project is finished"),
                permission=rights.DRAFT,
                run=lambda actor, line, _data: line_url(drafting.finish(actor, line.pk)),
                confirm=_("What is left of it at year-end becomes surplus."),
                shown=lambda _actor, line: line.quota_id is not None and not line.finished,
            ),
            Button(id="payroll", label=_("Enter a payroll"), permission=rights.ASK, form="finance.payroll_new"),
            Button(id="subsidies", label=_("Pay subsidies"), permission=rights.ASK, form="finance.subsidy_new"),
            Button(
                id="change", label=_("Ask for an adjustment"), permission=rights.ASK_CHANGE, form="finance.change_new"
            ),
        ),
    ),
    ListPage(
        id="finance.budgets",
        title=_("Budgets"),
        menu=_("Budgets"),
        icon="scroll-text",
        order=63,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.budgets(actor),
        columns=(
            Column(id="year", label=_("year"), value="book.year", sort="book__year"),
            Column(id="unit", label=_("unit"), value="book.unit.name", width="wide"),
            Column(id="total", label=_("total (yuan)"), value="total", kind=Kind.MONEY, sort="total"),
            Column(id="resolution", label=_("resolution of the congress"), value="resolution"),
            STATE,
        ),
        search=lambda rows, words: rows.filter(Q(book__unit__name__icontains=words) | Q(resolution__icontains=words)),
        order_by=("-book__year", "pk"),
        detail="finance.budget",
        buttons=(
            Button(id="new", label=_("Begin a draft"), permission=rights.DRAFT, form="finance.budget_new", key="n"),
        ),
        empty=_("No budget is drafted yet."),
    ),
    DetailPage(
        id="finance.budget",
        title=_("budget"),
        permission=rights.VIEW,
        subject=queries.budget_for,
        heading=str,
        chips=lambda budget: (state_chip(budget),),
        panels=(
            Panel(
                id="facts",
                title=_("Budget"),
                form="facts",
                source=lambda _actor, budget: [
                    Fact(label=_("total (yuan)"), value=budget.total, kind=Kind.MONEY),
                    Fact(label=_("prepared by"), value=budget.prepared_by, kind=Kind.PERSON),
                    Fact(label=_("reviewed by"), value=budget.reviewed_by, kind=Kind.PERSON),
                    Fact(label=_("resolution of the congress"), value=budget.resolution),
                    Fact(label=_("approved on"), value=budget.approved_on, kind=Kind.DATE),
                ],
            ),
            Panel(
                id="lines",
                title=_("Lines"),
                form="table",
                source=lambda actor, budget: queries.lines(actor).filter(budget=budget)[:200],
                columns=LINE_COLUMNS,
                detail="finance.line",
                wide=True,
                empty=_("It has no line yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="line",
                label=_("Add a line"),
                permission=rights.DRAFT,
                form="finance.line_new",
                key="n",
                shown=lambda _actor, budget: budget.state == Budget.State.DRAFT,
            ),
            Button(
                id="draw",
                label=_("Draw from the project library"),
                permission=rights.DRAFT,
                form="finance.budget_draw",
                shown=lambda _actor, budget: budget.state == Budget.State.DRAFT,
            ),
            *(publish_button(kind) for kind in Publication.Kind),
            Button(
                id="review",
                label=_("Reviewed"),
                permission=rights.REVIEW,
                run=lambda actor, budget, _data: drafting.review(actor, budget),
                confirm=_("The draft goes to the congress as it stands."),
                shown=lambda _actor, budget: budget.state == Budget.State.DRAFT,
            ),
            Button(
                id="reopen",
                label=_("Back to the draft"),
                permission=rights.DRAFT,
                run=lambda actor, budget, _data: drafting.reopen(actor, budget),
                confirm=_("It has to be reviewed again."),
                shown=lambda _actor, budget: budget.state == Budget.State.REVIEWED,
            ),
            Button(
                id="approve",
                label=_("Approved by the congress"),
                permission=rights.CONGRESS,
                form="finance.budget_approve",
                shown=lambda _actor, budget: budget.state == Budget.State.REVIEWED,
            ),
            Button(
                id="close",
                label=_("Close the year"),
                permission=rights.CLOSE_YEAR,
                run=lambda actor, budget, _data: years.close_year(actor, budget.book),
                confirm=_("Quota that is left is cancelled, the accounts of the year are emptied, its months close."),
                shown=lambda _actor, budget: year_is_over(budget),
            ),
            Button(
                id="next",
                label=_("Open the next year"),
                permission=rights.CLOSE_YEAR,
                run=lambda actor, budget, _data: years.open_year(actor, budget.book),
                confirm=_("Balances are brought forward and the quota is restored."),
                shown=lambda _actor, budget: year_is_over(budget),
            ),
        ),
    ),
    FormPage(
        id="finance.budget_new",
        title=_("Draft of a budget"),
        permission=rights.DRAFT,
        intro=_("The books of that year are opened for it, where they are not open yet."),
        form=lambda actor, _subject, data, _files: forms.BudgetForm(queries.last_book(actor), data),
        save=lambda actor, _subject, form: of(drafting.begin_year(actor, **form.cleaned_data)),
        submit=_("Begin a draft"),
    ),
    FormPage(
        id="finance.line_new",
        title=_("Line of the budget"),
        permission=rights.DRAFT,
        subject=queries.budget_for,
        form=plain(forms.LineForm),
        save=save_line,
        submit=_("Add the line"),
    ),
    FormPage(
        id="finance.budget_approve",
        title=_("Approval of the congress"),
        permission=rights.CONGRESS,
        subject=queries.budget_for,
        intro=_("Each line becomes an allotment; what is not in it may not be spent."),
        form=plain(forms.ResolutionForm),
        save=save_approval,
        submit=_("Put the budget in force"),
    ),
)
