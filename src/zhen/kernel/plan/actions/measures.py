"""Reporting on measures. Supervision will report through the same action when the case engine stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.models import Measure, StateReport

REPORT = "plan.measure.report"
REPORTABLE = (Measure.State.NOT_STARTED, Measure.State.UNDER_WAY, Measure.State.AT_RISK, Measure.State.DONE)


@action(REPORT)
def report_measure(actor: Actor, measure_id: int, revision: int, *, state: str, note: str = "") -> Measure:
    """Report where a measure stands. Who says "at risk" says why."""
    measure = actionable(actor, REPORT, Measure.objects.select_for_update(of=("self",))).get(pk=measure_id)
    if measure.revision != revision:
        raise Outdated(
            field=_("measure"),
            value=measure.text,
            reason=_("%(name)s has reported on it meanwhile") % {"name": measure.reported_by_name},
            remedy=_("Read that report, and report again"),
        )
    if state not in REPORTABLE:
        raise Refused(
            field=_("reported state"),
            value=state,
            reason=_("it is not one of the list"),
            remedy=_("Choose one of the list"),
        )
    note = note.strip()
    if state == Measure.State.AT_RISK and not note:
        raise Refused(
            field=_("note"),
            value="",
            reason=_("a measure at risk needs a reason"),
            remedy=_("Say what stands in the way"),
        )
    now = clock.now()
    StateReport.objects.create(measure=measure, state=state, note=note, at=now, by_id=actor.id, by_name=actor.name)
    measure.state, measure.state_note = state, note
    measure.reported_at, measure.reported_by_name = now, actor.name
    measure.done_on = now.astimezone(clock.TOWN_ZONE).date() if state == Measure.State.DONE else None
    measure.revision += 1
    measure.save()
    journal.record(
        "plan.measure.reported",
        by=actor,
        subject=measure,
        unit=measure.lead_unit_id,
        data={"text": measure.text, "state": state, "document": measure.document_id},
    )
    return measure
