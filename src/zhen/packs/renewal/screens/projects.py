"""A project: the list, the page, the map, the forms that enter and change it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import Button, Chip, Column, DetailPage, Fact, FormPage, Kind, ListPage, MapPage, Panel
from zhen.packs.renewal import forms, queries, rights
from zhen.packs.renewal.actions import projects as actions
from zhen.packs.renewal.actions.consent import clear
from zhen.packs.renewal.kinds import KINDS, Matter
from zhen.packs.renewal.kinds import Kind as ProjectKind
from zhen.packs.renewal.models import Project
from zhen.packs.renewal.rules import Stage
from zhen.packs.renewal.screens import consent, works
from zhen.packs.renewal.screens.common import (
    KIND_FILTER,
    STAGE_FILTER,
    dots,
    of,
    percent,
    rate_figures,
    stage_chip,
    standing_chip,
    visit_link,
)
from zhen.packs.renewal.screens.pictures import BEFORE_AFTER, PICTURES


def facts(_actor: Actor, project: Project) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=project.get_kind_display()),
        Fact(label=_("address"), value=project.address, kind=Kind.PLACE),
        Fact(label=_("what is done"), value=project.about, kind=Kind.PROSE),
        Fact(label=_("unit in charge"), value=project.unit.name),
        Fact(label=_("person in charge"), value=project.person, kind=Kind.PERSON),
        Fact(label=_("contractor"), value=project.contractor),
        Fact(label=_("budget"), value=project.budget, kind=Kind.MONEY),
        Fact(label=_("budget line"), value=project.budget_ref),
        Fact(label=_("contract sum"), value=project.contract, kind=Kind.MONEY),
        Fact(label=_("contract number"), value=project.contract_ref),
        Fact(label=_("first plan"), value=f"{project.first_start} – {project.first_end}"),
        Fact(label=_("acceptance planned for"), value=queries.planned_end(project), kind=Kind.DATE),
        Fact(label=_("progress"), value=percent(project)),
        Fact(label=_("what owners decide on"), value=project.get_matter_display()),
        Fact(label=_("cleared for works on"), value=project.cleared_on, kind=Kind.DATE),
        Fact(label=_("works begun on"), value=project.started_on, kind=Kind.DATE),
        Fact(label=_("accepted on"), value=project.accepted_on, kind=Kind.DATE),
        Fact(label=_("acceptance"), value=visit_link(project.acceptance), kind=Kind.LINK),
        Fact(label=_("warranty until"), value=project.warranty_until, kind=Kind.DATE),
        Fact(label=_("why it was given up"), value=project.why_dropped),
    ]


def save_new(actor: Actor, _subject: None, form: forms.ProjectForm) -> str:
    return of(actions.enter(actor, form.cleaned_data))


def save(actor: Actor, project: Project, form: forms.ProjectForm) -> str:
    return of(actions.change(actor, project, form.cleaned_data))


def save_given_up(actor: Actor, project: Project, form: forms.ReasonForm) -> str:
    return of(actions.give_up(actor, project, form.cleaned_data["reason"]))


def is_open(_actor: Actor, project: Project) -> bool:
    return project.stage not in (Stage.ACCEPTED, Stage.DROPPED)


def needs_consent(actor: Actor, project: Project) -> bool:
    return is_open(actor, project) and project.matter != Matter.NONE and project.cleared_on is None


def under_way(_actor: Actor, project: Project) -> bool:
    return project.stage is Stage.UNDER_WAY


def has_doors(actor: Actor, project: Project) -> bool:
    return is_open(actor, project) and KINDS[ProjectKind(project.kind)].doors


def show(public: bool) -> Any:
    def run(actor: Actor, project: Project, _data: Any) -> str:
        return of(actions.publish(actor, project, public=public))

    return run


def _filtered(rows: QuerySet[Project], params: Any) -> QuerySet[Project]:
    for one in (KIND_FILTER, STAGE_FILTER):
        if params.get(one.id):
            rows = one.apply(rows, params[one.id])
    return rows


COLUMNS = (
    Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
    Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
    Column(id="stage", label=_("where it stands"), value=stage_chip, kind=Kind.CHIP),
    Column(id="progress", label=_("progress"), value=percent),
    Column(id="time", label=_("time"), value=standing_chip, kind=Kind.CHIP),
    Column(id="end", label=_("acceptance planned for"), value=queries.planned_end, kind=Kind.DATE),
    Column(id="accepted", label=_("accepted on"), value="accepted_on", kind=Kind.DATE, sort="accepted_on"),
    Column(id="unit", label=_("unit in charge"), value="unit.name"),
)
PANELS = (
    Panel(id="facts", title=_("What it is"), form="facts", source=facts),
    Panel(id="map", title=_("Where"), form="map", source=lambda _actor, project: dots([project])),
    BEFORE_AFTER,
    works.SCHEDULE,
    works.MILESTONES,
    works.TO_RECORD,
    consent.CONSENT,
    consent.OBJECTIONS,
    Panel(
        id="doors",
        title=_("Three at 100 %"),
        form="figures",
        source=lambda _actor, project: rate_figures(project),
        empty=_("No households move out for this project."),
    ),
    works.QUANTITIES,
    works.VISITS,
    works.DEFECTS,
    works.DELAYS,
    PICTURES,
    HISTORY,
)
BUTTONS = (
    Button(id="edit", label=_("Edit"), permission=rights.EDIT, form="renewal.project_edit", key="e", shown=is_open),
    Button(
        id="consult",
        label=_("Ask the owners"),
        permission=rights.CONSENT,
        form="renewal.consultation_new",
        shown=needs_consent,
    ),
    Button(
        id="hang_out",
        label=_("Make the result public"),
        permission=rights.CONSENT,
        form="renewal.publicity_new",
        shown=needs_consent,
    ),
    Button(
        id="clear",
        label=_("Clear for works"),
        permission=rights.CONSENT,
        run=lambda actor, project, _data: of(clear(actor, project)),
        confirm=_("The owners have agreed, the publicity is over and no objection is open: works may begin."),
        shown=needs_consent,
    ),
    Button(id="object", label=_("Enter an objection"), permission=rights.CASE_CREATE, form="renewal.objection_new"),
    Button(
        id="quantity", label=_("Add a quantity"), permission=rights.WORK, form="renewal.quantity_new", shown=is_open
    ),
    Button(id="measure", label=_("Record quantities"), permission=rights.WORK, form="renewal.measure", shown=under_way),
    Button(id="pair", label=_("Before and after"), permission=rights.WORK, form="renewal.pair_new"),
    Button(id="doors", label=_("Enter doors"), permission=rights.DOOR_ENTER, form="renewal.doors_new", shown=has_doors),
    Button(
        id="accept",
        label=pgettext_lazy("works", "Accept"),
        permission=rights.ACCEPT,
        form="renewal.accept",
        shown=under_way,
    ),
    Button(
        id="publish",
        label=_("Publish"),
        permission=rights.PUBLISH,
        run=show(True),
        confirm=_("Everybody can read where, when and how far, and how many households agreed. Names are never shown."),
        shown=lambda _actor, project: project.published_at is None,
    ),
    Button(
        id="withdraw",
        label=_("Withdraw from the public"),
        permission=rights.PUBLISH,
        run=show(False),
        shown=lambda _actor, project: project.published_at is not None,
    ),
    Button(id="give_up", label=_("Give up"), permission=rights.EDIT, form="renewal.project_give_up", shown=is_open),
)
PAGES = (
    ListPage(
        id="renewal.projects",
        title=_("Renewal projects"),
        menu=_("Renewal projects"),
        icon="hammer",
        order=67,
        permission=rights.VIEW,
        intro=_("Works on estates, roads and sites, from the first survey to the end of the warranty."),
        rows=lambda actor, _params: queries.projects(actor),
        columns=COLUMNS,
        filters=(KIND_FILTER, STAGE_FILTER),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(address__icontains=words)),
        order_by=("-first_start", "pk"),
        detail="renewal.project",
        buttons=(Button(id="new", label=_("Enter a project"), permission=rights.EDIT, form="renewal.project_new"),),
        empty=_("No project is entered yet."),
    ),
    DetailPage(
        id="renewal.project",
        title=_("renewal project"),
        permission=rights.VIEW,
        subject=queries.project_for,
        heading=lambda project: project.name,
        chips=lambda project: (
            Chip(text=project.get_kind_display()),
            stage_chip(project),
            standing_chip(project),
            *((Chip(text=_("public")),) if project.published_at else ()),
        ),
        panels=PANELS,
        buttons=BUTTONS,
    ),
    MapPage(
        id="renewal.map",
        title=_("Map of renewal projects"),
        menu=_("Map of renewal projects"),
        icon="map",
        order=68,
        permission=rights.VIEW,
        features=lambda actor, params: dots(_filtered(queries.projects(actor), params)),
        rows=lambda actor, _params: queries.projects(actor).order_by("-first_start", "pk"),
        columns=(COLUMNS[0], COLUMNS[2], COLUMNS[3]),
        detail="renewal.project",
        filters=(KIND_FILTER, STAGE_FILTER),
    ),
    FormPage(
        id="renewal.project_new",
        title=_("Enter a project"),
        intro=_("Its milestones follow from its kind, spread over the first plan; the first plan is never rewritten."),
        permission=rights.EDIT,
        form=lambda _actor, _subject, data, _files: forms.ProjectForm(data),
        save=save_new,
        submit=_("Enter"),
    ),
    FormPage(
        id="renewal.project_edit",
        title=_("Edit the project"),
        permission=rights.EDIT,
        subject=queries.project_for,
        form=lambda _actor, project, data, _files: forms.ProjectForm(data, project),
        save=save,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.project_give_up",
        title=_("Give up the project"),
        permission=rights.EDIT,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.ReasonForm(data),
        save=save_given_up,
        submit=_("Give up"),
    ),
)
