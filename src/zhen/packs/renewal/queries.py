"""Reading renewal, restricted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Count, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, actionable, restrict
from zhen.kernel.notify.api import Due
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds.api import Visit
from zhen.packs.renewal import rights
from zhen.packs.renewal.models import (
    Consultation,
    Delay,
    Door,
    DoorFact,
    Measured,
    Milestone,
    Objection,
    Pair,
    Picture,
    Project,
    Publicity,
    Quantity,
)
from zhen.packs.renewal.rules import Amount, Stage, progress
from zhen.packs.renewal.sources import PROJECTS

Row = TypeVar("Row", bound=Model)
WARRANTY_ENDS = _("end of the warranty")
NAMED = ("unit", "person", "contractor", "area", "place")

STAGES: dict[Stage, Q] = {
    Stage.PREPARED: Q(dropped_on=None, accepted_on=None, started_on=None, cleared_on=None) & ~Q(matter="none"),
    Stage.READY: Q(dropped_on=None, accepted_on=None, started_on=None)
    & (Q(cleared_on__isnull=False) | Q(matter="none")),
    Stage.UNDER_WAY: Q(dropped_on=None, accepted_on=None, started_on__isnull=False),
    Stage.ACCEPTED: Q(accepted_on__isnull=False),
    Stage.DROPPED: Q(dropped_on__isnull=False),
}


def last_measured() -> Subquery:
    """The amount of a quantity that was measured last."""
    return Subquery(Measured.objects.filter(quantity=OuterRef("pk")).order_by("-on", "-pk").values("amount")[:1])


def quantities() -> QuerySet[Quantity]:
    return Quantity.objects.annotate(done=last_measured()).order_by("project", "pk")


def _whole(rows: QuerySet[Project]) -> QuerySet[Project]:
    """With all that the schedule and the progress are drawn from: two more queries, whatever their number."""
    return rows.select_related(*NAMED).prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("order")), Prefetch("quantities", quantities())
    )


def projects(actor: Actor) -> QuerySet[Project]:
    """Those of the actor's own reach: what is merely published is read on the portal, without its money."""
    return actionable(actor, rights.VIEW, _whole(Project.objects.all()))


def project_for(actor: Actor, key: str) -> Project:
    return one_of(projects(actor), key)


def published() -> QuerySet[Project]:
    """What everybody may read."""
    return _whole(Project.objects.filter(published_at__isnull=False))


def published_for(_actor: Actor, key: str) -> Project:
    return one_of(published(), key)


def one_of(rows: QuerySet[Row], key: str) -> Row:
    found = rows.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(key)
    return found


def progress_of(project: Project) -> int:
    """How far the works are, in per cent; from rows that were fetched with the project."""
    if project.accepted_on:
        return 100
    lines = [
        Amount(planned=line.planned, measured=getattr(line, "done", None) or Decimal(0), weight=line.weight)
        for line in project.quantities.all()
    ]
    return progress(lines, [(one.weight, one.done_on is not None) for one in project.milestones.all()])


def planned_end(project: Project) -> date:
    """When the project is to be accepted, by the plan that holds now."""
    return max((one.due_on for one in project.milestones.all()), default=project.first_end)


def late(project: Project, today: date) -> Milestone | None:
    """The first milestone that is overdue."""
    if project.stage in (Stage.ACCEPTED, Stage.DROPPED):
        return None
    return next((one for one in project.milestones.all() if one.done_on is None and one.due_on < today), None)


def milestone_for(actor: Actor, key: str) -> Milestone:
    return one_of(restrict(actor, rights.VIEW, Milestone.objects.select_related("project")), key)


def delays_of(project: Project) -> QuerySet[Delay]:
    return Delay.objects.filter(milestone__project=project).select_related("milestone__project", "reason")


def consultation_for(actor: Actor, key: str) -> Consultation:
    return one_of(restrict(actor, rights.VIEW, Consultation.objects.select_related("project", "rule")), key)


def consultations_of(project: Project) -> QuerySet[Consultation]:
    return Consultation.objects.filter(project=project).select_related("project", "rule", "publicity")


def publicities_of(project: Project) -> QuerySet[Publicity]:
    return Publicity.objects.filter(project=project).order_by("-starts_on")


def objections_of(actor: Actor, project: Project) -> QuerySet[Objection]:
    return restrict(actor, rights.CASE_VIEW, Objection.objects.filter(project=project).select_related("case"))


def visits_of(project: Project) -> QuerySet[Visit]:
    rows = Visit.objects.filter(subject__source=PROJECTS, subject__ref=str(project.pk))
    return rows.select_related("subject", "inspector", "second").order_by("-planned_on", "-pk")


def shown_visits(project: Project) -> QuerySet[Visit]:
    """The visits that saw the project, the newest first: what milestones, quantities and acceptance rest on."""
    return visits_of(project).filter(outcome=Visit.Outcome.SEEN).order_by("-done_at")


def pictures_of(project: Project) -> QuerySet[Picture]:
    rows = Picture.objects.filter(project=project).select_related("file", "visit")
    return rows.order_by("-taken_on", "-pk")


def picture_for(actor: Actor, key: str) -> Picture:
    return one_of(restrict(actor, rights.VIEW, Picture.objects.select_related("file", "project", "visit")), key)


def pairs_of(project: Project) -> QuerySet[Pair]:
    return Pair.objects.filter(project=project).select_related("before__file", "after__file")


def released_pairs(project: Project) -> QuerySet[Pair]:
    return pairs_of(project).filter(before__released_at__isnull=False, after__released_at__isnull=False)


def doors(actor: Actor) -> QuerySet[Door]:
    return restrict(actor, rights.DOOR_VIEW, Door.objects.select_related("project")).prefetch_related("facts")


def door_for(actor: Actor, key: str) -> Door:
    return one_of(doors(actor), key)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How many doors of a site have a confirmed fact. Counts only."""

    kind: DoorFact.Kind
    done: int
    doors: int

    @property
    def percent(self) -> float | None:
        return round(self.done * 100 / self.doors, 1) if self.doors else None


def rates(project: Project) -> Sequence[Rate]:
    """The three of “three at 100 %”; nothing where the site has no doors."""
    found = {
        row["kind"]: row
        for row in DoorFact.objects.filter(door__project=project)
        .order_by()
        .values("kind")
        .annotate(doors=Count("pk"), done=Count("pk", filter=Q(confirmed_at__isnull=False)))
    }
    return [
        Rate(kind=kind, done=found[kind]["done"], doors=found[kind]["doors"]) for kind in DoorFact.Kind if kind in found
    ]


def due_dates(first: date, last: date) -> Iterable[Due]:
    """Milestones that are not reached, and warranties that end. Without an actor: for reminders."""
    open_ones = Milestone.objects.filter(
        due_on__range=(first, last), done_on__isnull=True, project__dropped_on__isnull=True
    )
    for milestone in open_ones.select_related("project"):
        yield _due(milestone.project, milestone.due_on, milestone, str(milestone))
    for project in Project.objects.filter(warranty_until__range=(first, last)):
        assert project.warranty_until is not None
        yield _due(project, project.warranty_until, project, str(WARRANTY_ENDS))


def _due(project: Project, on: date, subject: Milestone | Project, what: str) -> Due:
    return Due(
        subject=(subject._meta.label_lower, str(subject.pk)),
        due=on,
        people=frozenset({project.person_id} if project.person_id else ()),
        units=frozenset({project.unit_id}),
        values={"what": what, "project": project.name, "due": on.isoformat()},
        url=reverse("page:renewal.project", kwargs={"key": project.pk}),
    )
