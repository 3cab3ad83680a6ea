"""What the case of an incident and its alarms ask of each other.

A pack's case type names these functions in its transitions, so that one deed does for both: who takes up the case
acknowledges the alarms, and the outcome of the case is the cause of the alarms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.cases.api import Case, Move, Outcome
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.alarms.actions import acknowledge, close_incident, looked_after
from zhen.kernel.telemetry.alarms.values import CLOSE, HANDLE
from zhen.kernel.telemetry.declarations import CAUSES
from zhen.kernel.telemetry.models import Alarm, Incident


def outcomes_of(causes: Iterable[str]) -> tuple[Outcome, ...]:
    """The outcomes of a case type that alarms open: the causes of their profiles. A cause that was not found solves
    nothing."""
    return tuple(Outcome(id=cause, name=CAUSES[cause], solved=cause != "unknown") for cause in causes)


def take_up(actor: Actor, case: Case, _move: Move) -> None:
    """For `Transition.effect`: nobody else is called for the alarms of the incident, if this actor may say so."""
    waiting = Alarm.objects.filter(incident__case=case, acknowledged_at__isnull=True, closed_at__isnull=True)
    if ours := list(actionable(actor, HANDLE, waiting).values_list("pk", flat=True)):
        acknowledge(actor, ours)


def looked_at(actor: Actor, case: Case, _move: Move) -> None:
    """For `Transition.effect` of whoever was on the spot: his step in the case is what lets him say so."""
    looked_after(actor, Alarm.objects.filter(incident__case=case))


def check_cause(_actor: Actor, case: Case, given: Move, _now: datetime) -> None:
    """For `Transition.check`: an incident that was closed on the alarm board is not closed again as something else."""
    said = Incident.objects.filter(case=case, closed_at__isnull=False).values_list("cause", flat=True).first()
    if said is not None and given.outcome and given.outcome != said:
        raise Refused(
            field=_("outcome"),
            value=CAUSES.get(given.outcome, given.outcome),
            reason=_("its alarms were closed as “%(cause)s”") % {"cause": CAUSES.get(said, said)},
            remedy=_("Choose the same cause, and say in words what else was found"),
        )


def settle(actor: Actor, case: Case, given: Move) -> None:
    """For `Transition.effect` of the end: the outcome is the cause of each alarm that is still open."""
    incident = Incident.objects.filter(case=case).first()
    if incident is None:
        return
    open_ones = Alarm.objects.filter(incident=incident, closed_at__isnull=True)
    if actionable(actor, CLOSE, open_ones).exists():
        close_incident(actor, incident.pk, cause=case.outcome, note=case.result or given.reason)
    check_settled(actor, case, given, case.changed_at)


def check_settled(_actor: Actor, case: Case, _move: Move, _now: datetime) -> None:
    """For `Transition.check`: the case ends when each alarm of its incident is closed with a cause."""
    still = Alarm.objects.filter(incident__case=case, closed_at__isnull=True).count()
    if still:
        raise Refused(
            field=_("alarms"),
            value=still,
            reason=_("they are not closed yet"),
            remedy=_("Close the incident with a cause first"),
        )
