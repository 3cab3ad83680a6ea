"""Reading visits, findings and subjects, restricted. Whoever goes on a visit reaches it, wherever it lies."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.models import Finding, Subject, Visit

NAMED = ("subject", "inspector", "second", "cosigned_by", "recorded_by", "round__campaign", "version", "area")


def own(actor: Actor, rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Those that the actor goes on himself."""
    if not actor.may(rights.VISIT) or actor.user_id is None:
        return rows.none()
    return rows.filter(Q(inspector=actor.user_id) | Q(second=actor.user_id))


def visits(actor: Actor) -> QuerySet[Visit]:
    rows = Visit.objects.select_related(*NAMED)
    return restrict(actor, rights.VIEW, rows) | own(actor, rows)


def visit_for(actor: Actor, key: str) -> Visit:
    """A visit by its id. Raises Missing."""
    try:
        id_ = UUID(key)
    except ValueError as fault:
        raise Missing(f"visit {key}") from fault
    found = visits(actor).filter(pk=id_).first()
    if found is None:
        raise Missing(f"visit {key}")
    return found


def waiting(actor: Actor, day: date) -> QuerySet[Visit]:
    """The actor's own visits of a day and those left over from days before, in the order of the way."""
    rows = own(actor, Visit.objects.filter(state=Visit.State.PLANNED, planned_on__lte=day))
    return rows.select_related("subject", "round__campaign").order_by("planned_on", "place_in_day", "pk")


def to_sign(actor: Actor) -> QuerySet[Visit]:
    """Visits of two inspectors that the actor was on, that the other one recorded, and that he has to sign."""
    rows = Visit.objects.filter(people=2, outcome=Visit.Outcome.SEEN, cosigned_at__isnull=True)
    return own(actor, rows).exclude(recorded_by=actor.user_id).select_related("subject").order_by("-done_at", "pk")


def ahead(actor: Actor, day: date, days: int = 7) -> QuerySet[Visit]:
    """What comes after a day."""
    later = Q(planned_on__gt=day, planned_on__lte=day + timedelta(days=days))
    rows = own(actor, Visit.objects.filter(later, state=Visit.State.PLANNED))
    return rows.select_related("subject").order_by("planned_on", "place_in_day", "pk")


def findings(actor: Actor) -> QuerySet[Finding]:
    return restrict(actor, rights.VIEW, Finding.objects.select_related("case", "subject", "visit", "recheck"))


def findings_of(visit: Visit) -> QuerySet[Finding]:
    """What was found on a visit that has been fetched for its reader, and what it looks at again."""
    rows = Finding.objects.filter(Q(visit=visit) | Q(recheck=visit) | Q(rectified_on=visit))
    return rows.select_related("case", "recheck").order_by("pk")


def visits_to(actor: Actor, subject: Subject) -> QuerySet[Visit]:
    """The visits to a subject, the newest first."""
    return visits(actor).filter(subject=subject).order_by("-planned_on", "-pk")


def subject_of(source: str, ref: str) -> Subject | None:
    return Subject.objects.filter(source=source, ref=ref).first()
