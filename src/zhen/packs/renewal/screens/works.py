"""Panels of a project: its milestones, quantities, visits, defects and delays."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Column, Kind, Link, Panel, Tone
from zhen.kernel.rounds.api import Finding, findings
from zhen.packs.renewal import queries, rights
from zhen.packs.renewal.kinds import Evidence
from zhen.packs.renewal.models import Delay, Milestone, Project, Quantity
from zhen.packs.renewal.rules import Stage
from zhen.packs.renewal.screens.common import case_link, milestone_chip, schedule, visit_link
from zhen.packs.renewal.sources import PROJECTS


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


def moved(delay: Delay) -> str:
    return f"{delay.was_on} → {delay.new_on}"


SCHEDULE = Panel(
    id="schedule",
    title=_("Schedule"),
    form="schedule",
    source=lambda _actor, project: schedule([project]),
    wide=True,
)
MILESTONES = Panel(
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
)
TO_RECORD = Panel(id="to_record", title=_("To record"), form="links", source=to_record, permission=rights.WORK)
QUANTITIES = Panel(
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
)
VISITS = Panel(
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
)
DEFECTS = Panel(
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
)
DELAYS = Panel(
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
)
