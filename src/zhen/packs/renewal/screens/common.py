"""What the pages of renewal share: chips, the schedule, pictures, the way to a project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case
from zhen.kernel.files import api as files
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    BeforeAfter,
    Chip,
    Choice,
    Figure,
    Filter,
    Lane,
    Link,
    Mark,
    Schedule,
    Shot,
    Span,
    Tone,
)
from zhen.kernel.rounds.api import Visit
from zhen.packs.renewal import queries
from zhen.packs.renewal.kinds import ACCEPTED, BEGUN, Kind
from zhen.packs.renewal.models import DoorFact, Milestone, Pair, Picture, Project
from zhen.packs.renewal.rules import Stage

STAGE_NAMES = {
    Stage.PREPARED: pgettext_lazy("stage of a project", "being prepared"),
    Stage.READY: pgettext_lazy("stage of a project", "ready to begin"),
    Stage.UNDER_WAY: pgettext_lazy("stage of a project", "under way"),
    Stage.ACCEPTED: pgettext_lazy("stage of a project", "accepted"),
    Stage.DROPPED: pgettext_lazy("stage of a project", "given up"),
}
STAGE_TONES = {Stage.ACCEPTED: Tone.ON_TRACK, Stage.UNDER_WAY: Tone.DUE_SOON}
FACT_TONES = {"done": Tone.ON_TRACK, "entered": Tone.DUE_SOON, "open": Tone.NEUTRAL}


def of(project: Project) -> str:
    return reverse("page:renewal.project", kwargs={"key": project.pk})


def stage_chip(project: Project) -> Chip:
    return Chip(text=STAGE_NAMES[project.stage], tone=STAGE_TONES.get(project.stage, Tone.NEUTRAL))


def standing_chip(project: Project) -> Chip:
    """Whether the project keeps its time: on the plan that holds now, and against the first."""
    today = clock.today()
    if project.stage is Stage.DROPPED:
        return Chip(text=STAGE_NAMES[Stage.DROPPED])
    if queries.late(project, today) is not None:
        return Chip(text=_("overdue"), tone=Tone.OVERDUE)
    end = project.accepted_on or queries.planned_end(project)
    if end > project.first_end:
        days = (end - project.first_end).days
        return Chip(text=_("%(days)s days later than first planned") % {"days": days}, tone=Tone.BEHIND)
    if project.accepted_on is not None:
        return Chip(text=pgettext_lazy("of works", "completed in time"), tone=Tone.ON_TRACK)
    return Chip(text=_("in time"), tone=Tone.ON_TRACK)


def percent(project: Project) -> str:
    return f"{queries.progress_of(project)} %"


def milestone_chip(milestone: Milestone) -> Chip:
    if milestone.done_on is not None:
        late = milestone.done_on > milestone.first_on
        return Chip(text=_("reached later") if late else _("reached"), tone=Tone.BEHIND if late else Tone.ON_TRACK)
    if milestone.due_on < clock.today():
        return Chip(text=_("overdue"), tone=Tone.OVERDUE)
    return (
        Chip(text=_("moved"), tone=Tone.BEHIND)
        if milestone.due_on > milestone.first_on
        else Chip(text=pgettext_lazy("of works", "to come"))
    )


def visit_link(visit: Visit | None) -> Link | str:
    if visit is None:
        return ""
    return Link(text=visit.planned_on.isoformat(), url=reverse("page:rounds.visit", kwargs={"key": visit.key}))


def case_link(case: Case | None) -> Link | str:
    return Link(text=case.number, url=f"/desk/cases/{case.number}/") if case is not None else ""


def lane(project: Project, today: date, url: str) -> Lane:
    """The first plan as a line, the works as a bar, the milestones as marks."""
    milestones = list(project.milestones.all())
    days = {one.step: one.done_on or one.due_on for one in milestones}
    late = queries.late(project, today) is not None
    end = project.accepted_on or days.get(ACCEPTED, project.first_end)
    start = project.started_on or days.get(BEGUN, project.first_start)
    tone = Tone.ON_TRACK if project.accepted_on else Tone.OVERDUE if late else Tone.DUE_SOON
    spans = [Span(first=project.first_start, last=project.first_end, text=_("first plan"), thin=True)]
    if start <= end:
        works = _("works") if project.started_on else _("works, as planned")
        spans.append(Span(first=start, last=end, text=works, tone=tone if project.started_on else Tone.NEUTRAL))
    marks = [
        Mark(
            on=one.done_on or one.due_on,
            text=one.name,
            done=one.done_on is not None,
            tone=Tone.OVERDUE if one.done_on is None and one.due_on < today else Tone.NEUTRAL,
        )
        for one in milestones
    ]
    return Lane(label=project.name, url=url, spans=spans, marks=marks, chip=stage_chip(project))


def schedule(projects: Iterable[Project], address: Any = of) -> Schedule | None:
    """The works of these projects over time. The milestones come with the projects."""
    today = clock.today()
    rows = list(projects)
    if not rows:
        return None
    late = sum(queries.late(one, today) is not None for one in rows)
    says = _("Projects: %(count)s; with an overdue milestone: %(late)s.") % {"count": len(rows), "late": late}
    return Schedule(says=says, lanes=[lane(one, today, address(one)) for one in rows], today=today)


def before_after(actor: Actor, pairs: Iterable[Pair]) -> list[BeforeAfter]:
    """Pairs of pictures, each as it is shown: where parts were blacked out, the copy."""
    rows = list(pairs)
    shown = files.shown_of(picture.file for one in rows for picture in (one.before, one.after))

    def shot(picture: Picture) -> Shot:
        return Shot(url=files.url(actor, shown[picture.file_id], side=files.LARGE), on=picture.taken_on)

    return [BeforeAfter(title=one.title, before=shot(one.before), after=shot(one.after)) for one in rows]


def rate_figures(project: Project) -> list[Figure]:
    """The three of “three at 100 %”, as counts: no door is named."""
    return [
        Figure(
            label=DoorFact.Kind(one.kind).label,
            value=one.percent,
            unit="%",
            period=_("%(done)s of %(doors)s households") % {"done": one.done, "doors": one.doors},
            target="100 %",
            tone=Tone.ON_TRACK if one.done == one.doors else Tone.DUE_SOON,
        )
        for one in queries.rates(project)
    ]


def dots(projects: Iterable[Project], address: Any = of) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one.pk,
                "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
                "properties": {
                    "key": str(one.pk),
                    "name": one.name,
                    "tone": str(Tone.OVERDUE if queries.late(one, clock.today()) else stage_chip(one).tone),
                    "url": address(one),
                },
            }
            for one in projects
            if one.lon is not None and one.lat is not None
        ],
    }


KIND_FILTER = Filter(
    id="kind",
    label=_("kind"),
    apply=lambda rows, value: rows.filter(kind=value),
    choices=tuple(Choice(value=one.value, label=one.label) for one in Kind),
)
STAGE_FILTER = Filter(
    id="stage",
    label=_("where it stands"),
    apply=lambda rows, value: rows.filter(queries.STAGES[Stage(value)]),
    choices=tuple(Choice(value=str(one), label=name) for one, name in STAGE_NAMES.items()),
)
