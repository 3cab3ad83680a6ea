"""The pages of the project library."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    ListPage,
    Panel,
)
from zhen.packs.finance import queries as money
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.models import Budget
from zhen.packs.finance.projects import actions, forms, queries, rights
from zhen.packs.finance.projects.models import Project
from zhen.packs.finance.screens.common import AMOUNT, STATE, plain, state_chip, state_filter

State = Project.State


def of(project: Project) -> str:
    return f"/desk/finance/projects/{project.pk}/"


def facts(_actor: Actor, project: Any) -> list[Fact]:
    return [
        Fact(label=_("department"), value=project.unit.name),
        Fact(label=_("kind"), value=project.get_kind_display()),
        Fact(label=_("total (yuan)"), value=project.total, kind=Kind.MONEY),
        Fact(label=_("priority"), value=project.priority, kind=Kind.NUMBER),
        Fact(label=_("function class"), value=project.function),
        Fact(label=_("funding source"), value=project.source),
        Fact(label=pgettext_lazy("a project", "basis"), value=project.basis, kind=Kind.PROSE),
        Fact(label=_("objective"), value=project.objective, kind=Kind.PROSE),
        Fact(label=_("asked for by"), value=project.asked_by, kind=Kind.PERSON),
        Fact(label=_("asked for at"), value=project.asked_at, kind=Kind.TIME),
        Fact(label=_("decided by"), value=project.decided_by, kind=Kind.PERSON),
        Fact(label=_("decided at"), value=project.decided_at, kind=Kind.TIME),
        Fact(label=_("reason"), value=project.said, kind=Kind.PROSE),
    ]


def in_state(*states: Project.State) -> Any:
    return lambda _actor, project: project.state in states


def save_new(actor: Actor, _subject: object, form: Any) -> str:
    given = dict(form.cleaned_data)
    return of(actions.propose(actor, given, given.pop("needs")))


def save_change(actor: Actor, project: Project, form: Any) -> str:
    given = dict(form.cleaned_data)
    return of(actions.change(actor, project.pk, given, given.pop("needs")))


def save_reason(action: Any) -> Any:
    return lambda actor, project, form: of(action(actor, project.pk, **form.cleaned_data))


def save_drawn(actor: Actor, budget: Budget, form: Any) -> str:
    actions.draw(actor, budget, form.cleaned_data["projects"])
    return f"/desk/finance/budgets/{budget.pk}/"


def needed_in(rows: Any, year: str) -> Any:
    """Without another join: what a project needs in all stays what it is."""
    sane = year.isascii() and year.isdecimal() and len(year) == len("2027")
    return rows.filter(pk__in=Project.objects.filter(needs__year=year)) if sane else rows.none()


YEARS = Filter(
    id="year",
    label=_("year"),
    apply=needed_in,
    choices=lambda _actor: [Choice(value=str(year), label=str(year)) for year in queries.years()],
)

PAGES = (
    ListPage(
        id="finance.projects",
        title=_("Project library"),
        menu=_("Project library"),
        icon="library-big",
        order=59,
        permission=money_rights.VIEW,
        intro=_("What departments ask for before there is a budget; a year's draft is drawn from what is admitted."),
        rows=lambda actor, _params: queries.projects(actor),
        columns=(
            Column(id="name", label=_("project"), value="name", sort="name", width="wide"),
            Column(id="unit", label=_("department"), value="unit.name", sort="unit__name_key"),
            Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
            Column(id="priority", label=_("priority"), value="priority", kind=Kind.NUMBER, sort="priority"),
            Column(id="total", label=_("total (yuan)"), value="total", kind=Kind.MONEY, sort="total"),
            Column(id="asked", label=_("asked for at"), value="asked_at", kind=Kind.TIME, sort="asked_at"),
            STATE,
        ),
        filters=(
            state_filter(State),
            YEARS,
        ),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(unit__name__icontains=words)),
        order_by=("priority", "-asked_at", "-pk"),
        detail="finance.project",
        buttons=(
            Button(
                id="new", label=_("Propose a project"), permission=rights.PROPOSE, form="finance.project_new", key="n"
            ),
        ),
        empty=_("No project is proposed yet."),
    ),
    DetailPage(
        id="finance.project",
        title=_("project"),
        permission=money_rights.VIEW,
        subject=queries.project_for,
        heading=lambda project: project.name,
        chips=lambda project: (state_chip(project),),
        panels=(
            Panel(id="facts", title=_("Project"), form="facts", source=facts),
            Panel(
                id="needs",
                title=_("What it needs"),
                form="table",
                source=lambda _actor, project: project.needs.all(),
                columns=(
                    Column(id="year", label=_("year"), value=lambda need: str(need.year)),
                    Column(id="economic", label=_("economic class"), value="economic"),
                    AMOUNT,
                ),
            ),
            Panel(
                id="lines",
                title=_("Drawn into budgets"),
                form="table",
                source=lambda actor, project: queries.lines(actor, project)[:50],
                columns=(
                    Column(id="year", label=_("year"), value=lambda line: str(line.budget.book.year)),
                    Column(id="economic", label=_("economic class"), value="economic"),
                    Column(id="granted", label=_("budget (yuan)"), value="granted", kind=Kind.MONEY),
                    Column(id="spent", label=_("spent (yuan)"), value="spent", kind=Kind.MONEY),
                ),
                detail="finance.line",
                empty=_("It is not drawn into a budget yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="change",
                label=pgettext_lazy("a project", "Change"),
                permission=rights.PROPOSE,
                form="finance.project_change",
                shown=in_state(State.ASKED, State.RETURNED),
            ),
            Button(
                id="admit",
                label=_("Admit"),
                permission=rights.ADMIT,
                run=lambda actor, project, _data: of(actions.admit(actor, project.pk)),
                confirm=_("It can be drawn into a budget from now on."),
                shown=in_state(State.ASKED),
            ),
            Button(
                id="return",
                label=_("Send back"),
                permission=rights.ADMIT,
                form="finance.project_return",
                shown=in_state(State.ASKED),
            ),
            Button(
                id="end",
                label=pgettext_lazy("a project", "End it"),
                permission=rights.ADMIT,
                form="finance.project_end",
                shown=in_state(State.ADMITTED),
            ),
        ),
    ),
    FormPage(
        id="finance.project_new",
        title=_("Propose a project"),
        permission=rights.PROPOSE,
        form=lambda actor, _subject, data, _files: forms.ProjectForm(queries.own_units(actor), None, data),
        save=save_new,
        submit=_("Propose the project"),
    ),
    FormPage(
        id="finance.project_change",
        title=_("Change the project"),
        permission=rights.PROPOSE,
        subject=queries.project_for,
        form=lambda actor, project, data, _files: forms.ProjectForm(queries.own_units(actor), project, data),
        save=save_change,
        submit=_("Propose the project"),
    ),
    FormPage(
        id="finance.project_return",
        title=_("Send the project back"),
        permission=rights.ADMIT,
        subject=queries.project_for,
        form=plain(forms.ReasonForm),
        save=save_reason(actions.send_back),
        submit=_("Send back"),
    ),
    FormPage(
        id="finance.project_end",
        title=_("End the project"),
        permission=rights.ADMIT,
        subject=queries.project_for,
        intro=_("Nothing more is drawn from it; lines that were drawn stay."),
        form=plain(forms.ReasonForm),
        save=save_reason(actions.end),
        submit=pgettext_lazy("a project", "End it"),
    ),
    FormPage(
        id="finance.budget_draw",
        title=_("Draw from the project library"),
        permission=money_rights.DRAFT,
        subject=money.budget_for,
        intro=_("Each becomes lines of the draft, one for each economic class that it needs in this year."),
        form=lambda actor, budget, data, _files: forms.DrawForm(queries.drawable(actor, budget), data),
        save=save_drawn,
        submit=_("Draw them"),
    ),
)
