"""Binding targets to what measures them, measuring, and linking plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.declarations import INDICATORS
from zhen.kernel.plan.models import Contribution, Measure, Measurement, Series, Target
from zhen.kernel.plan.queries.evaluation import evaluate_target

BIND = "plan.target.bind"
LINK = "plan.finding.review"
_PLACES = Decimal("0.000001")


@action(BIND)
def bind_target(
    actor: Actor,
    target_id: int,
    revision: int,
    *,
    indicator: str = "",
    series: Series | None = None,
    reading: str = Target.Reading.VALUE,
    course: str | None = None,
    baseline: Decimal | None = None,
) -> Target:
    """Say what measures a target: a declared indicator, or a series; neither unbinds it. It is measured at once."""
    target = actionable(actor, BIND, Target.objects.select_for_update(of=("self",))).get(pk=target_id)
    if target.revision != revision:
        raise Outdated(
            field=_("target"),
            value=target.text,
            reason=_("somebody has changed its binding meanwhile"),
            remedy=_("Look at it as it stands now, and decide again"),
        )
    if indicator and indicator not in INDICATORS:
        raise Refused(
            field=_("indicator"),
            value=indicator,
            reason=_("it is not one of the list"),
            remedy=_("Choose one of the list"),
        )
    if indicator and series is not None:
        raise Refused(
            field=_("indicator"),
            value=indicator,
            reason=_("a target has one source"),
            remedy=_("Choose either an indicator or a series"),
        )
    if reading == Target.Reading.GROWTH and (series is None or series.kind == Series.Kind.RATE):
        raise Refused(
            field=_("read from the series"),
            value=series or "",
            reason=_("growth is read from a series that is no rate"),
            remedy=_("Choose such a series, or read the value itself"),
        )
    target.indicator, target.series, target.reading = indicator, series, reading
    target.course, target.baseline = course or target.course, baseline
    target.revision += 1
    target.save()
    source = str(INDICATORS[indicator].name) if indicator else series.name if series else "—"
    journal.record("plan.target.bound", by=actor, subject=target, data={"text": target.text, "source": source})
    _measure(target, clock.today())
    return target


@action(BIND, silent=True)
def measure_targets(
    actor: Actor, *, document: int | None = None, on: date | None = None, missing_only: bool = False
) -> tuple[Measurement, ...]:
    """Ask the source of every target that has one. A day's second measurement replaces nothing: all are kept.

    `missing_only` leaves out the targets that have a measurement of the day.
    """
    day = on or clock.today()
    rows = actionable(actor, BIND, Target.objects.select_related("series")).exclude(indicator="", series=None)
    if document is not None:
        rows = rows.filter(document=document)
    if missing_only:
        rows = rows.exclude(measurements__on=day)
    found = tuple(_measure(target, day) for target in rows.order_by("pk"))
    if found:
        journal.record(
            "plan.targets.measured",
            by=actor,
            subject=("plan.document", document or 0),
            data={"targets": len(found), "on": day.isoformat()},
        )
    return found


def _measure(target: Target, on: date) -> Measurement:
    found = evaluate_target(target, on)
    return Measurement.objects.create(
        target=target,
        at=clock.now(),
        on=on,
        start=found.period.start,
        end=found.period.end,
        value=_rounded(found.value),
        numerator=_rounded(found.numerator),
        denominator=_rounded(found.denominator),
        reason=found.reason,
        source=found.source,
        source_version=found.version,
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PLACES)


@action(LINK)
def link_measure(actor: Actor, goal_id: int, measure_id: int) -> Contribution:
    """Say that a measure of one plan carries out a target of another."""
    goal = actionable(actor, LINK, Target.objects.all()).get(pk=goal_id)
    measure = actionable(actor, LINK, Measure.objects.all()).get(pk=measure_id)
    if goal.document_id == measure.document_id:
        raise Refused(
            field=_("measure"),
            value=measure.text,
            reason=_("it stands in the same plan as the target"),
            remedy=_("Choose a measure of a plan that carries this one out"),
        )
    link, _new = Contribution.objects.get_or_create(
        goal=goal, measure=measure, defaults={"at": clock.now(), "by_name": actor.name}
    )
    journal.record("plan.target.linked", by=actor, subject=goal, data={"text": goal.text, "measure": measure.text})
    return link


@action(LINK)
def unlink_measure(actor: Actor, goal_id: int, measure_id: int) -> None:
    """Take a link back."""
    link = Contribution.objects.select_related("goal", "measure").get(goal=goal_id, measure=measure_id)
    journal.record(
        "plan.target.unlinked",
        by=actor,
        subject=link.goal,
        data={"text": link.goal.text, "measure": link.measure.text},
    )
    link.delete()
