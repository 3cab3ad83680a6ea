"""Reading tasks, reports and slips, restricted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases.api import Case, Clock, Link, case_for, readable
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.api import Measure, Period
from zhen.packs.supervision import rights
from zhen.packs.supervision.actions import TASK
from zhen.packs.supervision.effects import MEASURE
from zhen.packs.supervision.models import Milestone, Report, Slip


def tasks(actor: Actor) -> QuerySet[Case]:
    """Each with the tone of its last slip that is not answered, as `slip`."""
    last = Slip.objects.filter(case=OuterRef("pk"), answered_at__isnull=True).order_by("-issued_on", "-pk")
    rows = readable(actor, [TASK]).select_related("unit", "person")
    return rows.annotate(slip=Subquery(last.values("tone")[:1]))


def task(actor: Actor, key: str) -> Case:
    found = case_for(actor, key)
    if found.type != TASK:
        raise Missing(key)
    return found


def without_task(actor: Actor) -> QuerySet[Measure]:
    """Measures of published plans that nobody supervises yet."""
    taken = Link.objects.filter(subject_type=MEASURE, kind=Link.Kind.CAUSED).exclude(case__state="withdrawn")
    ids = [int(id) for id in taken.values_list("subject_id", flat=True) if id.isdigit()]
    rows = restrict(actor, "plan.view", Measure.objects.filter(document__published_at__isnull=False))
    return rows.exclude(pk__in=ids).select_related("document", "lead_unit")


def reports(actor: Actor) -> QuerySet[Report]:
    return restrict(actor, rights.VIEW, Report.objects.select_related("case__unit"))


def waiting(actor: Actor) -> QuerySet[Report]:
    return reports(actor).filter(decision=Report.Decision.WAITING)


def report_for(actor: Actor, key: str) -> Report:
    found = reports(actor).filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(key)
    return found


def slips(actor: Actor) -> QuerySet[Slip]:
    return restrict(actor, rights.VIEW, Slip.objects.select_related("case__unit"))


def slip_for(actor: Actor, key: str) -> Slip:
    found = slips(actor).filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(key)
    return found


def milestone_for(actor: Actor, key: str) -> Milestone:
    rows = restrict(actor, rights.VIEW, Milestone.objects.select_related("case"))
    found = rows.filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(key)
    return found


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """How a unit stands with its tasks."""

    unit: str
    unit_id: int
    tasks: int
    signed_off: int
    on_time: int
    overdue: int
    yellow: int
    red: int
    refused: int

    @property
    def key(self) -> str:
        return str(self.unit_id)


def appraisals(actor: Actor) -> Sequence[Appraisal]:
    """All units with tasks, the most overdue first: three queries."""
    rows = readable(actor, [TASK]).filter(unit__isnull=False)
    late = Q(clocks__deadline="whole", clocks__breached_at__isnull=False)
    by_unit = (
        rows.order_by()
        .values("unit_id", "unit__name")
        .annotate(
            tasks=Count("pk", distinct=True),
            done=Count("pk", filter=Q(state="signed_off"), distinct=True),
            done_late=Count("pk", filter=Q(state="signed_off") & late, distinct=True),
            late=Count("pk", filter=Q(open=True) & late, distinct=True),
        )
    )
    given = {
        (row["case__unit_id"], row["tone"]): row["count"]
        for row in slips(actor).order_by().values("case__unit_id", "tone").annotate(count=Count("pk"))
    }
    turned = {
        row["case__unit_id"]: row["count"]
        for row in reports(actor)
        .filter(decision=Report.Decision.REFUSED)
        .order_by()
        .values("case__unit_id")
        .annotate(count=Count("pk"))
    }
    found = [
        Appraisal(
            unit=row["unit__name"],
            unit_id=row["unit_id"],
            tasks=row["tasks"],
            signed_off=row["done"],
            on_time=row["done"] - row["done_late"],
            overdue=row["late"],
            yellow=given.get((row["unit_id"], Slip.Tone.YELLOW), 0),
            red=given.get((row["unit_id"], Slip.Tone.RED), 0),
            refused=turned.get(row["unit_id"], 0),
        )
        for row in by_unit
    ]
    return sorted(found, key=lambda one: (-one.overdue, -one.red, one.unit))


def _late() -> QuerySet[Clock]:
    return Clock.objects.filter(case=OuterRef("pk"), deadline="whole", breached_at__isnull=False)


def due_in(period: Period) -> QuerySet[Case]:
    """Tasks that were due in a period."""
    start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
    due = Clock.objects.filter(case=OuterRef("pk"), deadline="whole", due_at__gte=start, due_at__lt=end)
    return Case.objects.filter(Exists(due), type=TASK).exclude(state="withdrawn")


def signed_off_in_time(period: Period) -> QuerySet[Case]:
    return due_in(period).filter(state="signed_off").exclude(Exists(_late()))


def milestones(actor: Actor) -> QuerySet[Milestone]:
    return restrict(actor, rights.VIEW, Milestone.objects.select_related("case"))
