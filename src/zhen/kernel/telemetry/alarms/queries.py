"""Reading alarms and incidents, and how often alarms are false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.alarms.values import DUTY, NOT_COUNTED, REAL, VIEW
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.models import Alarm, Device, EscalationStep, Incident, Shift, Suppression

OPEN = Q(closed_at__isnull=True)
SHOWN = Q(suppression__isnull=True)
ACTIVE = Q(cleared_at__isnull=True)
UNSEEN = Q(acknowledged_at__isnull=True)
WORK = Q(severity__gt=Severity.NOTICE)
"""What a person has to look after; a notice may pass by itself."""
COUNTED = Q(closed_at__isnull=False) & ~Q(cause__in=NOT_COUNTED)
FALSE = COUNTED & ~Q(cause__in=REAL)


def alarms(actor: Actor) -> QuerySet[Alarm]:
    return restrict(
        actor, VIEW, Alarm.objects.select_related("device", "unit", "acknowledged_by", "assigned_to", "closed_by")
    )


def alarm(actor: Actor, key: str) -> Alarm:
    """Raises Missing."""
    found = alarms(actor).filter(pk=key).first() if _number(key) else None
    if found is None:
        raise Missing(f"alarm {key}")
    return found


def incidents(actor: Actor) -> QuerySet[Incident]:
    return restrict(actor, VIEW, Incident.objects.select_related("building", "unit", "case"))


def incident(actor: Actor, key: str) -> Incident:
    """Raises Missing."""
    found = incidents(actor).filter(pk=key).first() if _number(key) else None
    if found is None:
        raise Missing(f"incident {key}")
    return found


def waiting(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Incidents with an alarm that nobody has acknowledged."""
    return rows.filter(OPEN, Exists(_alarms().filter(acknowledged_at__isnull=True)))


def handled(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """All alarms are acknowledged, and one of them goes on."""
    unseen, active = (
        Exists(_alarms().filter(acknowledged_at__isnull=True)),
        Exists(_alarms().filter(cleared_at__isnull=True)),
    )
    return rows.filter(OPEN, ~unseen, active)


def without_cause(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Everything is acknowledged and over; what it was remains to be said."""
    open_ones, going_on = Exists(_alarms()), Exists(_alarms().filter(_GOES_ON))
    return rows.filter(OPEN, open_ones, ~going_on)


_GOES_ON = Q(acknowledged_at__isnull=True) | Q(cleared_at__isnull=True)


def _alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(OPEN, incident=OuterRef("pk"))


def suppressions(actor: Actor) -> QuerySet[Suppression]:
    return restrict(actor, VIEW, Suppression.objects.select_related("device", "place", "unit", "by"))


def suppression(actor: Actor, key: str) -> Suppression:
    found = suppressions(actor).filter(pk=key).first() if _number(key) else None
    if found is None:
        raise Missing(f"suppression {key}")
    return found


def shifts(actor: Actor) -> QuerySet[Shift]:
    return restrict(actor, DUTY, Shift.objects.select_related("unit", "user"))


def steps(actor: Actor) -> QuerySet[EscalationStep]:
    return restrict(actor, DUTY, EscalationStep.objects.select_related("unit", "person"))


def colleagues(actor: Actor, of: Alarm) -> QuerySet[User]:
    """Whom an alarm can be given to: the unit in charge, and the operations centre."""
    actor.require(VIEW)
    posts = posts_on(clock.today()).filter(Q(unit=of.unit_id) | Q(role="dispatcher"))
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name_key", "pk")


@dataclass(frozen=True, kw_only=True)
class FalseAlarms:
    """How many of the alarms closed in a time were false. `of` is the device or the place."""

    of: int
    counted: int
    false: int

    @property
    def rate(self) -> float | None:
        """In per cent; None where nothing counts."""
        return 100 * self.false / self.counted if self.counted else None


def false_alarms(
    actor: Actor, first: datetime, last: datetime, *, by: str = "device", most: int = 100
) -> Sequence[FalseAlarms]:
    """The false alarms closed from `first` to `last` (exclusive), by "device" or "building": most of them first."""
    column = {"device": "device", "building": "incident__building"}[by]
    rows = (
        restrict(actor, VIEW, Alarm.objects.filter(COUNTED, closed_at__gte=first, closed_at__lt=last))
        .exclude(**{f"{column}__isnull": True})
        .values(column)
        .annotate(counted=Count("pk"), false=Count("pk", filter=FALSE))
        .order_by("-false", "-counted", column)[:most]
    )
    return [FalseAlarms(of=row[column], counted=row["counted"], false=row["false"]) for row in rows]


def counted_alarms(first: datetime, last: datetime) -> QuerySet[Alarm]:
    """Alarms closed in a time whose cause says whether they were true: the denominator of the false-alarm rate."""
    return Alarm.objects.filter(COUNTED, closed_at__gte=first, closed_at__lt=last)


def false_ones(first: datetime, last: datetime) -> QuerySet[Alarm]:
    return counted_alarms(first, last).filter(FALSE)


def of_device(actor: Actor, device: Device) -> QuerySet[Alarm]:
    return alarms(actor).filter(device=device).order_by("-opened_at", "-pk")


def _number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19
