"""From confirmed findings to measures and targets: called by the actions on findings, inside their transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.models import Contribution, Document, Finding, Measure, Responsibility, Target
from zhen.kernel.plan.models.findings import TargetKind

CONFIRMED = (Finding.State.CONFIRMED, Finding.State.EDITED)
_SPACES = str.maketrans("", "", " \u3000")


def units_by_name() -> dict[str, Unit]:
    """The town's units by their name without blanks, for matching names as a text writes them."""
    return {unit.name.translate(_SPACES): unit for unit in Unit.objects.filter(closed_on__isnull=True)}


def sync_promise(finding: Finding, *, units: dict[str, Unit], now: datetime) -> Measure | Target | None:
    """Make the finding's promise say what the finding says; remove it where the finding is not confirmed."""
    promise = promise_of(finding)
    if finding.state not in CONFIRMED:
        if promise is not None:
            _remove(promise)
        return None
    values = _values(finding, now)
    if finding.kind == Finding.Kind.MEASURE:
        measure, _new = Measure.objects.update_or_create(finding=finding, defaults=values)
        Target.objects.filter(finding__within=finding).update(measure=measure)
        _set_responsibilities(finding, units, measure=measure)
        return measure
    target = promise if isinstance(promise, Target) else None
    if target is None:
        values |= {"course": _course(finding), "measure": _measure_around(finding)}
    target, _new = Target.objects.update_or_create(finding=finding, defaults=values | _terms(finding))
    _set_responsibilities(finding, units, target=target)
    return target


def move_promise(old: Finding, new: Finding) -> None:
    """Let a promise live on in a newer text of the plan, at its place there."""
    promise = promise_of(old)
    if promise is None:
        return
    promise.finding, promise.version_id, promise.section_id = new, new.version_id, new.section_id
    promise.start, promise.end, promise.text = new.start, new.end, new.text
    fields = ["finding", "version", "section", "start", "end", "text"]
    if isinstance(promise, Target):
        promise.num_start, promise.num_end = new.num_start, new.num_end
        fields += ["num_start", "num_end"]
    promise.save(update_fields=fields)


def promise_of(finding: Finding) -> Measure | Target | None:
    if finding.kind == Finding.Kind.MEASURE:
        return Measure.objects.filter(finding=finding).first()
    return Target.objects.filter(finding=finding).first()


def _values(finding: Finding, now: datetime) -> dict[str, Any]:
    document: Document = finding.version.document
    starts = date(document.first_year, 1, 1)
    due = finding.due_on or date(document.last_year, 12, 31)
    return {
        "document": document,
        "version_id": finding.version_id,
        "section_id": finding.section_id,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "verb": finding.verb,
        "object": finding.object,
        "starts_on": min(starts, due),
        "due_on": due,
        "confirmed_at": finding.decided_at or now,
        "confirmed_by_name": finding.decided_by_name,
    }


def _terms(finding: Finding) -> dict[str, Any]:
    return {
        "num_start": finding.num_start,
        "num_end": finding.num_end,
        "comparator": finding.comparator,
        "value": finding.value,
        "value_high": finding.value_high,
        "unit": finding.unit,
        "kind": finding.target_kind or TargetKind.COUNT,
    }


def _course(finding: Finding) -> str:
    """Counts and stocks grow towards what was promised; rates and changes must hold all along."""
    level = finding.target_kind in (TargetKind.RATE, TargetKind.CHANGE)
    return Target.Course.LEVEL if level else Target.Course.ACCUMULATES


def _measure_around(finding: Finding) -> Measure | None:
    return None if finding.within_id is None else Measure.objects.filter(finding_id=finding.within_id).first()


def _set_responsibilities(
    finding: Finding, units: dict[str, Unit], *, measure: Measure | None = None, target: Target | None = None
) -> None:
    Responsibility.objects.filter(measure=measure, target=target).delete()
    rows = []
    for order, owner in enumerate(finding.owners):
        rows.append(
            Responsibility(
                measure=measure,
                target=target,
                unit=units.get(str(owner["name"]).translate(_SPACES)),
                written=owner["name"][:100],
                role=owner["role"],
                generic=owner["generic"],
                order=order,
            )
        )
    Responsibility.objects.bulk_create(rows)
    lead = next((row.unit for row in rows if row.role == Responsibility.Role.LEAD and row.unit is not None), None)
    promise = measure or target
    assert promise is not None
    if promise.lead_unit_id != (lead.pk if lead else None):
        promise.lead_unit = lead
        promise.save(update_fields=["lead_unit"])


def _remove(promise: Measure | Target) -> None:
    """Remove a promise on which nobody has worked yet; refuse where something hangs on it."""
    worked = (
        promise.reports.exists() or Contribution.objects.filter(measure=promise).exists()
        if isinstance(promise, Measure)
        else promise.measurements.filter(value__isnull=False).exists()
        or Contribution.objects.filter(goal=promise).exists()
    )
    if worked:
        raise Refused(
            field=_("finding"),
            value=promise.text,
            reason=_("it has been reported on, measured or linked since it was confirmed"),
            remedy=_("Change it instead of rejecting it"),
        )
    promise.delete()
