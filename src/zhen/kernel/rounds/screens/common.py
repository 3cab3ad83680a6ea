"""What the pages of rounds share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import CASE_TYPES, Case
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Column, Kind, Link, Tone
from zhen.kernel.rounds.declarations import SUBJECT_SOURCES, Severity
from zhen.kernel.rounds.models import Campaign, Finding, Subject, Visit

SEVERITIES = {Severity.MINOR: Tone.DUE_SOON, Severity.MAJOR: Tone.BEHIND, Severity.CRITICAL: Tone.OVERDUE}
STATES = {
    Campaign.State.DRAFT: Tone.NEUTRAL,
    Campaign.State.RUNNING: Tone.ON_TRACK,
    Campaign.State.ENDED: Tone.NEUTRAL,
}
OUTCOMES = {
    Visit.Outcome.SEEN: Tone.ON_TRACK,
    Visit.Outcome.NOBODY: Tone.DUE_SOON,
    Visit.Outcome.REFUSED: Tone.BEHIND,
    Visit.Outcome.GONE: Tone.NEUTRAL,
}


def state_of(visit: Visit) -> Chip:
    """Where a visit stands: how it ended, or how late it is."""
    if visit.outcome:
        outcome = Visit.Outcome(visit.outcome)
        return Chip(text=outcome.label, tone=OUTCOMES[outcome])
    if visit.state == Visit.State.PLANNED and visit.due_on < clock.today():
        return Chip(text=_("overdue"), tone=Tone.OVERDUE)
    return Chip(text=Visit.State(visit.state).label)


def found_chip(visit: Visit) -> Chip | str:
    if not visit.findings_count:
        return ""
    return Chip(text=_("findings: %(count)s") % {"count": visit.findings_count}, tone=Tone.BEHIND)


def severity(finding: Finding) -> Chip:
    known = Severity(finding.severity)
    return Chip(text=known.label, tone=SEVERITIES[known])


def standing(finding: Finding) -> Chip:
    """Where a finding stands."""
    if finding.rectified_at is not None:
        return Chip(text=_("put right, and seen"), tone=Tone.ON_TRACK)
    if finding.over_at is not None:
        return Chip(text=_("needs nobody here"))
    late = finding.recheck is not None and finding.recheck.due_on < clock.today()
    return Chip(text=_("re-check overdue"), tone=Tone.OVERDUE) if late else Chip(text=_("open"), tone=Tone.DUE_SOON)


def case_link(case: Case | None) -> Link | str:
    return Link(text=case.number, url=f"/desk/cases/{case.number}/") if case is not None else ""


def case_state(case: Case | None) -> Chip | str:
    if case is None:
        return ""
    state = CASE_TYPES[case.type].state(case.state)
    return Chip(text=state.name, tone=state.tone)


def subject_link(subject: Subject) -> Link | str:
    source = SUBJECT_SOURCES.get(subject.source)
    if source is None or source.url is None:
        return subject.name
    return Link(text=subject.name, url=source.url(subject.ref))


def visit_url(visit: Visit) -> str:
    return reverse("page:rounds.visit", kwargs={"key": visit.key})


def campaign_url(campaign: Campaign) -> str:
    return reverse("page:rounds.campaign", kwargs={"key": campaign.pk})


def dots(visits: Iterable[Visit]) -> dict[str, Any]:
    """Visits on the map, each in the tone of its state."""
    placed = [visit for visit in visits if visit.subject.lon is not None]
    return {"type": "FeatureCollection", "features": [_dot(visit, state_of(visit)) for visit in placed]}


def _dot(visit: Visit, state: Chip) -> dict[str, Any]:
    told = {"name": visit.subject.name, "label": str(state.text), "tone": str(state.tone), "url": visit_url(visit)}
    point = {"type": "Point", "coordinates": [visit.subject.lon, visit.subject.lat]}
    return {"type": "Feature", "geometry": point, "properties": told}


VISIT_COLUMNS = (
    Column(id="subject", label=_("subject of visits"), value="subject.name", sort="subject__name", width="wide"),
    Column(id="day", label=_("day"), value="planned_on", kind=Kind.DATE, sort="planned_on"),
    Column(id="kind", label=_("kind"), value="get_kind_display"),
    Column(id="inspector", label=_("inspector"), value="inspector", kind=Kind.PERSON),
    Column(id="state", label=_("state"), value=state_of, kind=Kind.CHIP),
    Column(
        id="found",
        label=pgettext_lazy("of a visit", "findings"),
        value=found_chip,
        kind=Kind.CHIP,
        sort="findings_count",
    ),
)
FINDING_COLUMNS = (
    Column(id="title", label=pgettext_lazy("of a visit", "finding"), value="title", sort="title", width="wide"),
    Column(id="severity", label=_("severity"), value=severity, kind=Kind.CHIP),
    Column(id="state", label=_("state"), value=standing, kind=Kind.CHIP),
    Column(id="case", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
    Column(id="step", label=_("state of the case"), value=lambda row: case_state(row.case), kind=Kind.CHIP),
    Column(
        id="recheck",
        label=_("re-check"),
        value=lambda row: row.recheck.planned_on if row.recheck and row.over_at is None else None,
        kind=Kind.DATE,
    ),
)
