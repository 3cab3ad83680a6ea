"""A project: the list, the page, the map, the forms that enter and change it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Case
from zhen.kernel.files import api as files
from zhen.kernel.lib import clock
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
    MapPage,
    Panel,
    Tone,
)
from zhen.kernel.rounds.api import Finding, findings
from zhen.packs.renewal import forms, queries, rights
from zhen.packs.renewal.actions import projects as actions
from zhen.packs.renewal.actions.consent import clear
from zhen.packs.renewal.kinds import KINDS, Evidence, Matter
from zhen.packs.renewal.kinds import Kind as ProjectKind
from zhen.packs.renewal.models import Consultation, Delay, Milestone, Objection, Picture, Project, Quantity
from zhen.packs.renewal.rules import Stage, lacking
from zhen.packs.renewal.screens.common import (
    KIND_FILTER,
    STAGE_FILTER,
    before_after,
    dots,
    milestone_chip,
    of,
    percent,
    rate_figures,
    schedule,
    shown,
    stage_chip,
    standing_chip,
    visit_link,
)
from zhen.packs.renewal.sources import PROJECTS

LACKS = {
    "part_households": _("too few households took part"),
    "part_area": _("too little of the floor area took part"),
    "agree_households": _("too few households agree"),
    "agree_area": _("too little of the floor area agrees"),
}


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


def milestones(_actor: Actor, project: Project) -> QuerySet[Milestone]:
    return Milestone.objects.filter(project=project).select_related("project", "visit").order_by("order")


def to_record(_actor: Actor, project: Project) -> list[Link]:
    """What can be recorded next of the milestones, each with its own form."""
    if project.stage in (Stage.ACCEPTED, Stage.DROPPED):
        return []
    found = []
    for one in project.milestones.all():
        if one.done_on is not None:
            continue
        if one.evidence not in (Evidence.CLEARED, Evidence.ACCEPTANCE):
            url = reverse("page:renewal.milestone_reach", kwargs={"key": one.pk})
            found.append(Link(text=_("Reached: %(name)s") % {"name": one.name}, url=url, icon="circle-check"))
        url = reverse("page:renewal.milestone_delay", kwargs={"key": one.pk})
        found.append(
            Link(text=_("Comes later: %(name)s") % {"name": one.name}, url=url, detail=str(one.due_on), icon="clock")
        )
    return found


def consultations(_actor: Actor, project: Project) -> QuerySet[Consultation]:
    return queries.consultations_of(project)


def share(part: str) -> Any:
    def value(row: Consultation) -> str:
        whole, number = row.asked, getattr(row, part)
        return f"{number}（{number * 100 / whole:.1f} %）"

    return value


def verdict(row: Consultation) -> Chip:
    if row.closed_on is None:
        return Chip(text=_("running"), tone=Tone.DUE_SOON)
    if row.met:
        return Chip(text=_("agreed"), tone=Tone.ON_TRACK)
    lacks = lacking(row.households, row.areas, row.rule.terms)
    return Chip(text=LACKS[lacks[0]] if lacks else _("not agreed"), tone=Tone.OVERDUE)


def hung(row: Consultation) -> str:
    publicity = getattr(row, "publicity", None)
    return f"{publicity} {publicity.where}" if publicity else ""


def to_count(row: Consultation) -> Link | str:
    if row.closed_on is not None:
        return ""
    return Link(text=str(_("Count")), url=reverse("page:renewal.consultation_count", kwargs={"key": row.pk}))


def objections(actor: Actor, project: Project) -> QuerySet[Objection]:
    return queries.objections_of(actor, project).order_by("-pk")


def case_link(case: Case | None) -> Link | str:
    return Link(text=case.number, url=f"/desk/cases/{case.number}/") if case is not None else ""


def case_chip(case: Case) -> Chip:
    state = CASE_TYPES[case.type].state(case.state)
    return Chip(text=state.name, tone=state.tone)


def lines(_actor: Actor, project: Project) -> QuerySet[Quantity]:
    return queries.quantities().filter(project=project)


def line_share(line: Any) -> str:
    return f"{min(100, int((line.done or 0) * 100 / line.planned))} %"


def defects(actor: Actor, project: Project) -> QuerySet[Finding]:
    rows = findings(actor).filter(subject__source=PROJECTS, subject__ref=str(project.pk))
    return rows.order_by("over_at", "-found_at")


def warranty_chip(finding: Finding) -> Chip | str:
    return Chip(text=_("in warranty"), tone=Tone.BEHIND) if getattr(finding, "after", False) else ""


def defects_marked(actor: Actor, project: Project) -> list[Finding]:
    """The defects, each with whether it was found after the acceptance."""
    found = list(defects(actor, project)[:100])
    for one in found:
        day = one.found_at.astimezone(clock.TOWN_ZONE).date()
        one.after = project.accepted_on is not None and day > project.accepted_on  # type: ignore[attr-defined]
    return found


def pictures(actor: Actor, project: Project) -> list[Attached]:
    return [
        Attached(
            name=one.taken_on.isoformat(),
            url=reverse("page:renewal.picture", kwargs={"key": one.pk}),
            preview=files.url(actor, shown(one.file), side=files.SMALL),
            chips=(Chip(text=_("public"), tone=Tone.ON_TRACK),) if one.released_at else (),
        )
        for one in queries.pictures_of(project)[:60]
    ]


def moved(delay: Delay) -> str:
    return f"{delay.was_on} → {delay.new_on}"


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


def show_picture(public: bool) -> Any:
    def run(actor: Actor, picture: Picture, _data: Any) -> None:
        actions.release(actor, picture, public=public)

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
    Panel(
        id="before_after",
        title=_("Before and after"),
        form="before_after",
        source=lambda actor, project: before_after(actor, queries.pairs_of(project)),
        wide=True,
        empty=_("No two pictures of the same spot are set side by side yet."),
    ),
    Panel(
        id="schedule",
        title=_("Schedule"),
        form="schedule",
        source=lambda _actor, project: schedule([project]),
        wide=True,
    ),
    Panel(
        id="milestones",
        title=_("Milestones"),
        form="table",
        source=milestones,
        columns=(
            Column(id="name", label=_("milestone"), value="name", width="wide"),
            Column(id="first", label=_("first plan"), value="first_on", kind=Kind.DATE),
            Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
            Column(id="done", label=_("reached on"), value="done_on", kind=Kind.DATE),
            Column(id="state", label=_("state"), value=milestone_chip, kind=Kind.CHIP),
            Column(id="proof", label=_("proof"), value="proof"),
            Column(id="visit", label=_("visit"), value=lambda row: visit_link(row.visit), kind=Kind.LINK),
        ),
        wide=True,
    ),
    Panel(id="to_record", title=_("To record"), form="links", source=to_record, permission=rights.WORK),
    Panel(
        id="consent",
        title=_("Residents asked"),
        form="table",
        source=consultations,
        columns=(
            Column(id="number", label=_("round"), value="number", kind=Kind.NUMBER),
            Column(id="asked", label=_("households asked"), value="asked", kind=Kind.NUMBER),
            Column(id="agreed", label=_("agreed"), value=share("agreed")),
            Column(id="against", label=_("against"), value=share("against")),
            Column(id="abstained", label=_("abstained"), value=share("abstained")),
            Column(id="unreached", label=_("not reached"), value=share("unreached")),
            Column(id="result", label=_("result"), value=verdict, kind=Kind.CHIP),
            Column(id="hung", label=pgettext_lazy("of a consultation", "publicity"), value=hung),
            Column(id="rule", label=_("rule of consent"), value="rule.source"),
            Column(id="count", label=_("Count"), value=to_count, kind=Kind.LINK),
        ),
        wide=True,
        empty=_("Nobody was asked yet."),
    ),
    Panel(
        id="objections",
        title=_("Objections to works"),
        form="table",
        source=objections,
        columns=(
            Column(id="case", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
            Column(id="title", label=_("objection to works"), value="case.title", width="wide"),
            Column(id="state", label=_("state"), value=lambda row: case_chip(row.case), kind=Kind.CHIP),
        ),
        permission=rights.CASE_VIEW,
        wide=True,
        empty=_("Nobody has objected."),
    ),
    Panel(
        id="doors",
        title=_("Three at 100 %"),
        form="figures",
        source=lambda _actor, project: rate_figures(project),
        empty=_("No households move out for this project."),
    ),
    Panel(
        id="quantities",
        title=_("Quantities"),
        form="table",
        source=lines,
        columns=(
            Column(id="name", label=_("item"), value="name", width="wide"),
            Column(id="unit", label=_("unit of measure"), value="unit"),
            Column(id="planned", label=_("planned"), value="planned", kind=Kind.NUMBER),
            Column(id="done", label=_("done in all"), value="done", kind=Kind.NUMBER),
            Column(id="share", label=_("progress"), value=line_share),
        ),
        wide=True,
        empty=_("The bill of quantities is empty: milestones tell the progress."),
    ),
    Panel(
        id="visits",
        title=_("Visits"),
        form="table",
        source=lambda _actor, project: queries.visits_of(project),
        columns=(
            Column(id="day", label=_("day"), value=visit_link, kind=Kind.LINK),
            Column(id="version", label=_("checklist"), value="version"),
            Column(id="state", label=_("state"), value="get_state_display"),
            Column(id="outcome", label=_("outcome"), value="get_outcome_display"),
            Column(id="one", label=_("inspector"), value="inspector", kind=Kind.PERSON),
            Column(id="two", label=_("second inspector"), value="second", kind=Kind.PERSON),
        ),
        permission="rounds.view",
        wide=True,
        empty=_("Nobody was there yet. Start a campaign over renewal projects."),
    ),
    Panel(
        id="defects",
        title=_("Defects"),
        form="table",
        source=defects_marked,
        columns=(
            Column(id="title", label=_("defect"), value="title", width="wide"),
            Column(id="found", label=_("found at"), value="found_at", kind=Kind.TIME),
            Column(id="when", label=_("when"), value=warranty_chip, kind=Kind.CHIP),
            Column(id="case", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
            Column(id="right", label=_("put right at"), value="rectified_at", kind=Kind.TIME),
        ),
        permission="rounds.view",
        wide=True,
        empty=_("No defect was found."),
    ),
    Panel(
        id="delays",
        title=_("Delays"),
        form="table",
        source=lambda _actor, project: queries.delays_of(project),
        columns=(
            Column(id="milestone", label=_("milestone"), value="milestone"),
            Column(id="days", label=_("days"), value=moved),
            Column(id="reason", label=_("reason"), value="reason.name"),
            Column(id="note", label=_("note"), value="note", width="wide"),
            Column(id="at", label=_("recorded at"), value="at", kind=Kind.TIME),
        ),
        wide=True,
        empty=_("Nothing was put off."),
    ),
    Panel(
        id="pictures",
        title=_("Pictures"),
        form="files",
        source=pictures,
        wide=True,
        empty=_("The photos of visits that show progress come here."),
    ),
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
    DetailPage(
        id="renewal.picture",
        title=_("picture"),
        permission=rights.VIEW,
        subject=queries.picture_for,
        heading=lambda picture: f"{picture.project.name} {picture.taken_on}",
        chips=lambda picture: (Chip(text=_("public"), tone=Tone.ON_TRACK),) if picture.released_at else (),
        panels=(
            Panel(
                id="picture",
                title=_("picture"),
                form="files",
                source=lambda actor, picture: [
                    Attached(
                        name=picture.taken_on.isoformat(),
                        url=files.url(actor, shown(picture.file)),
                        preview=files.url(actor, shown(picture.file), side=files.LARGE),
                    )
                ],
                wide=True,
            ),
            Panel(
                id="of",
                title=_("Where it belongs"),
                form="links",
                source=lambda _actor, picture: [Link(text=picture.project.name, url=of(picture.project))],
            ),
        ),
        buttons=(
            Button(
                id="release",
                label=_("Release for the public"),
                permission=rights.PUBLISH,
                run=show_picture(True),
                confirm=_("You have looked at it: it shows works, and nobody can be recognised."),
                shown=lambda _actor, picture: picture.released_at is None,
            ),
            Button(
                id="withdraw",
                label=_("Withdraw from the public"),
                permission=rights.PUBLISH,
                run=show_picture(False),
                shown=lambda _actor, picture: picture.released_at is not None,
            ),
        ),
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
