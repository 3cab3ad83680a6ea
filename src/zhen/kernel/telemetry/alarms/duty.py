"""Who is on duty, and who is told when nobody acknowledges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.alarms.values import DUTY
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.models import EscalationStep, Shift

LONGEST_SHIFT = timedelta(hours=48)
MOST_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """A step of escalation; a call tree is a row of steps with a person each."""

    after_seconds: int
    whom: str
    person: User | None = None
    severity: int = Severity.MINOR


@action(DUTY)
def put_on_duty(actor: Actor, unit: Unit, user: User, starts_at: datetime, ends_at: datetime) -> Shift:
    """Put somebody on duty for a unit's alarms."""
    _require_unit(actor, unit)
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        raise Refused(
            field=_("until"),
            value=ends_at,
            reason=_("it is not within two days of the beginning"),
            remedy=_("Give an end after the beginning; enter longer duties shift by shift"),
        )
    if not user.is_active or user.is_machine:
        raise Refused(field=_("person"), value=user, reason=_("he cannot sign in"), remedy=_("Choose somebody who can"))
    shift, made = Shift.objects.get_or_create(unit=unit, user=user, starts_at=starts_at, defaults={"ends_at": ends_at})
    if not made:
        shift.ends_at = ends_at
        shift.save(update_fields=["ends_at"])
    _tell(actor, "telemetry.shift_set", shift)
    return shift


@action(DUTY)
def take_off_duty(actor: Actor, shift: int) -> None:
    """Take back a shift that has not begun, or end one that has."""
    row = actionable(actor, DUTY, Shift.objects.select_for_update(of=("self",)).select_related("user")).get(pk=shift)
    now = clock.now()
    _tell(actor, "telemetry.shift_removed", row)
    if row.starts_at >= now:
        row.delete()
    else:
        row.ends_at = min(row.ends_at, now)
        row.save(update_fields=["ends_at"])


@action(DUTY)
def set_steps(actor: Actor, unit: Unit | None, steps: Sequence[NewStep]) -> None:
    """Replace the steps of a unit, or with no unit those of the town. None at all: the next wider ones hold again."""
    _require_unit(actor, unit)
    if len(steps) > MOST_STEPS:
        raise Refused(
            field=_("steps"),
            value=len(steps),
            reason=_("there are too many"),
            remedy=_("Use at most %(most)s") % {"most": MOST_STEPS},
        )
    for number, step in enumerate(steps, start=1):
        if (step.whom == EscalationStep.Whom.PERSON) != (step.person is not None):
            raise Refused(
                field=_("step"),
                value=number,
                reason=_("a person is named where none belongs, or missing"),
                remedy=_("Name a person for steps of the call tree only"),
            )
    EscalationStep.objects.filter(unit=unit).delete()
    EscalationStep.objects.bulk_create(
        EscalationStep(
            unit=unit,
            order=number,
            after_seconds=step.after_seconds,
            whom=step.whom,
            person=step.person,
            severity=step.severity,
        )
        for number, step in enumerate(steps, start=1)
    )
    journal.record(
        "telemetry.steps_set",
        by=actor,
        subject=(EscalationStep._meta.label_lower, unit.pk if unit else 0),
        unit=unit.pk if unit else None,
        data={"unit": unit.name if unit else "", "steps": len(steps)},
    )


def _require_unit(actor: Actor, unit: Unit | None) -> None:
    """A unit's duties are made by who reaches the unit; the town's by who reaches every unit."""
    wanted = Unit.objects.all() if unit is None else Unit.objects.filter(pk=unit.pk)
    if wanted.exclude(pk__in=actionable(actor, DUTY, Unit.objects.all())).exists():
        raise Denied(DUTY, actor)


def _tell(actor: Actor, kind: str, shift: Shift) -> None:
    zone = clock.TOWN_ZONE
    journal.record(
        kind,
        by=actor,
        subject=shift,
        unit=shift.unit_id,
        data={
            "person": shift.user.name,
            "from": f"{shift.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "until": f"{shift.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
        },
    )
