"""Funding plans, which release a budget by the month, and its adjustments."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import Button, Column, DetailPage, Fact, FormPage, Kind, ListPage, Panel
from zhen.packs.finance import forms, queries, rights
from zhen.packs.finance.actions import budgets as drafting
from zhen.packs.finance.actions import plans as planning
from zhen.packs.finance.control import chain
from zhen.packs.finance.control.models import PaperKind
from zhen.packs.finance.models import BudgetLine, Change, FundingPlan
from zhen.packs.finance.screens.common import AMOUNT, STATE, plain, state_chip, state_filter


def line_url(line: BudgetLine) -> str:
    return f"/desk/finance/execution/{line.pk}/"


PLAN_COLUMNS = (
    Column(id="line", label=_("project"), value="line.name", sort="line__name", width="wide"),
    Column(id="month", label=_("month"), value="month", kind=Kind.NUMBER, sort="month"),
    Column(id="unit", label=_("department"), value="line.unit.name", sort="line__unit__name_key"),
    Column(id="method", label=_("way of payment"), value="get_method_display"),
    AMOUNT,
    STATE,
)


def save_plan(actor: Actor, line: BudgetLine, form: Any) -> str:
    planning.ask_plan(actor, line, **form.cleaned_data)
    return line_url(line)


def save_change(actor: Actor, line: BudgetLine, form: Any) -> str:
    drafting.ask_change(actor, before=line, **form.cleaned_data)
    return line_url(line)


def deciding(action: Any) -> tuple[Button, ...]:
    """Two buttons of a paper that waits: they run `action(actor, id, approve=…)`."""

    def button(id: str, label: Any, confirm: Any, approve: bool, permission: str) -> Button:
        return Button(
            id=id,
            label=label,
            permission=permission,
            run=lambda actor, paper, _data: action(actor, paper.pk, approve=approve),
            confirm=confirm,
            shown=lambda _actor, paper: paper.state == "asked",
        )

    permission = rights.DECIDE_PLAN if action is planning.decide_plan else rights.DECIDE_CHANGE
    return (
        button("approve", _("Approve"), _("The amount can be used from now on."), True, permission),
        button("refuse", _("Refuse"), _("Nothing changes; who asked can ask again."), False, permission),
    )


PAGES = (
    FormPage(
        id="finance.plan_new",
        title=_("Plan funds"),
        permission=rights.ASK_PLAN,
        subject=queries.line_for,
        form=plain(forms.PlanForm),
        save=save_plan,
        submit=_("Hand in the plan"),
    ),
    FormPage(
        id="finance.change_new",
        title=_("Adjustment of the budget"),
        permission=rights.ASK_CHANGE,
        subject=queries.line_for,
        intro=_("Less for this line, more for the other one."),
        form=lambda _actor, line, data, _files: forms.ChangeForm(data, line),
        save=save_change,
        submit=_("Ask for it"),
    ),
    ListPage(
        id="finance.plans",
        title=_("Funding plans"),
        menu=_("Funding plans"),
        icon="calendar-range",
        order=61,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.plans(actor),
        columns=PLAN_COLUMNS,
        filters=(state_filter(FundingPlan.State),),
        search=lambda rows, words: rows.filter(Q(line__name__icontains=words) | Q(line__unit__name__icontains=words)),
        order_by=("-month", "-pk"),
        detail="finance.plan",
        empty=_("No funding plan was made yet."),
    ),
    DetailPage(
        id="finance.plan",
        title=_("funding plan"),
        permission=rights.VIEW,
        subject=queries.plan_for,
        heading=lambda plan: plan.line.name,
        chips=lambda plan: (state_chip(plan),),
        panels=(
            Panel(
                id="facts",
                title=_("Funding plan"),
                form="facts",
                source=lambda _actor, plan: [
                    Fact(label=_("department"), value=plan.line.unit.name),
                    Fact(label=_("month"), value=plan.month, kind=Kind.NUMBER),
                    Fact(label=_("way of payment"), value=plan.get_method_display()),
                    Fact(label=_("amount (yuan)"), value=plan.amount, kind=Kind.MONEY),
                    Fact(label=_("asked for by"), value=plan.asked_by, kind=Kind.PERSON),
                ],
            ),
            *chain.PANELS,
            HISTORY,
        ),
        buttons=(chain.cover_button(PaperKind.PLAN), *deciding(planning.decide_plan)),
    ),
    ListPage(
        id="finance.changes",
        title=_("Adjustments of the budget"),
        menu=_("Adjustments of the budget"),
        icon="arrow-left-right",
        order=62,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.changes(actor),
        columns=(
            Column(id="reason", label=_("reason"), value="reason", width="wide"),
            Column(id="before", label=_("from the line"), value=lambda change: str(change.before or "")),
            Column(id="after", label=_("to the line"), value=lambda change: str(change.after or "")),
            AMOUNT,
            Column(id="asked", label=_("asked for at"), value="asked_at", kind=Kind.TIME, sort="asked_at"),
            STATE,
        ),
        filters=(state_filter(Change.State),),
        search=lambda rows, words: rows.filter(reason__icontains=words),
        order_by=("-asked_at", "-pk"),
        detail="finance.change",
        empty=_("No adjustment was asked for."),
    ),
    DetailPage(
        id="finance.change",
        title=_("adjustment of the budget"),
        permission=rights.VIEW,
        subject=queries.change_for,
        heading=lambda change: change.reason,
        chips=lambda change: (state_chip(change),),
        panels=(
            Panel(
                id="facts",
                title=_("Adjustment"),
                form="facts",
                source=lambda _actor, change: [
                    Fact(label=_("from the line"), value=str(change.before or "")),
                    Fact(label=_("to the line"), value=str(change.after or "")),
                    Fact(label=_("amount (yuan)"), value=change.amount, kind=Kind.MONEY),
                    Fact(label=_("resolution of the congress"), value=change.resolution),
                    Fact(label=_("asked for by"), value=change.asked_by, kind=Kind.PERSON),
                ],
            ),
            *chain.PANELS,
            HISTORY,
        ),
        buttons=(chain.cover_button(PaperKind.CHANGE), *deciding(drafting.decide_change)),
    ),
)
