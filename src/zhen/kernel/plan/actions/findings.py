"""Deciding on findings: confirm, change, reject, undo. Two reviewers at once never lose work.

Every decision names the revision of the finding that the reviewer saw. Rows are locked in one order; where any
revision has moved on, nothing is written and `Outdated` says who was faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.actions.promises import sync_promise, units_by_name
from zhen.kernel.plan.models import Decision, DocumentVersion, Finding, Section
from zhen.kernel.plan.models.findings import Comparator, TargetKind

REVIEW = "plan.finding.review"
MOST = 2000
"""How many findings are decided at once at most."""

EDITABLE = (
    "comparator", "value", "value_high", "unit", "target_kind", "verb", "object", "due_on", "owners",
)  # fmt: skip
_STATE = ("state", "decided_by_id", "decided_by_name", "decided_at")

Seen = Mapping[int, int]
"""Finding id → the revision that the reviewer saw."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a reviewer makes of a finding. Owners: {"name", "role": "lead" | "cooperating", "generic"}."""

    comparator: str = ""
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    target_kind: str = ""
    verb: str = ""
    object: str = ""
    due_on: date | None = None
    owners: Sequence[Mapping[str, Any]] = ()


@action(REVIEW, silent=True)
def confirm(actor: Actor, seen: Seen) -> tuple[Finding, ...]:
    """Confirm findings as they stand; those that are confirmed already stay as they are."""
    return _decide(actor, seen, Decision.Kind.CONFIRM)


@action(REVIEW, silent=True)
def reject(actor: Actor, seen: Seen) -> tuple[Finding, ...]:
    """Reject findings; a promise made of one goes, unless somebody has worked on it since."""
    return _decide(actor, seen, Decision.Kind.REJECT)


@action(REVIEW)
def edit(actor: Actor, finding_id: int, revision: int, changes: Edit) -> Finding:
    """Change what a finding says, and confirm it with that."""
    finding = _as_seen(actor, {finding_id: revision})[0]
    _check(finding, changes)
    now, before = clock.now(), _snapshot(finding)
    for name in EDITABLE:
        setattr(finding, name, getattr(changes, name))
    finding.owners = [
        {"name": str(o["name"]), "role": str(o["role"]), "generic": bool(o.get("generic"))} for o in changes.owners
    ]
    _write(actor, finding, Finding.State.EDITED, Decision.Kind.EDIT, before, uuid4(), now, units_by_name())
    return finding


@action(REVIEW)
def add_finding(actor: Actor, version_id: int, *, kind: str, start: int, end: int, changes: Edit) -> Finding:
    """Add what the grammar has missed: a span of the text that a reviewer has selected."""
    version = actionable(actor, REVIEW, DocumentVersion.objects.select_related("document")).get(pk=version_id)
    text = version.text[start:end]
    if not 0 <= start < end <= len(version.text) or not text.strip() or len(text) > 1000:
        raise Refused(
            field=_("selection"),
            value=text or f"{start}–{end}",
            reason=_("it is no stretch of the text of at most 1,000 characters"),
            remedy=_("Select the sentence in the text again"),
        )
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    if Finding.objects.filter(version=version, kind=kind, start=start, end=end).exists():
        raise Refused(
            field=_("selection"),
            value=version.text[start:end],
            reason=_("it is a finding already"),
            remedy=_("Decide on the finding that is there"),
        )
    around = Finding.objects.filter(version=version, kind=Finding.Kind.MEASURE, start__lte=start, end__gte=end)
    finding = Finding(
        version=version,
        kind=kind,
        start=start,
        end=end,
        text=version.text[start:end],
        section=Section.objects.filter(version=version, start__lte=start, end__gt=start).order_by("-order").first(),
        within=None if kind == Finding.Kind.MEASURE else around.order_by("-start").first(),
    )
    _check(finding, changes)
    finding.save()
    before = _snapshot(finding)
    for name in EDITABLE:
        setattr(finding, name, getattr(changes, name))
    finding.owners = [dict(owner) for owner in changes.owners]
    _write(actor, finding, Finding.State.EDITED, Decision.Kind.EDIT, before, uuid4(), clock.now(), units_by_name())
    return finding


@action(REVIEW)
def undo(actor: Actor, version_id: int) -> tuple[Finding, ...]:
    """Take back the reviewer's own last step on a text, all of it: every finding is as it was before."""
    steps = Decision.objects.filter(finding__version=version_id, undone_at__isnull=True)
    steps = steps.filter(by_id=actor.id, by_name=actor.name)
    last = steps.order_by("-id").first()
    if last is None:
        raise Refused(
            field=_("undo"),
            value="",
            reason=_("you have decided on nothing here that could be undone"),
            remedy=_("Decide on the finding again instead"),
        )
    batch = {step.finding_id: step for step in steps.filter(batch=last.batch)}
    now, units = clock.now(), units_by_name()
    findings = _locked(actor, batch)
    later = Decision.objects.filter(
        finding__in=findings, undone_at__isnull=True, id__gt=max(s.pk for s in batch.values())
    )
    newer = later.select_related("finding").first()
    if newer is not None:
        raise _outdated(newer.finding)
    for finding in findings:
        step = batch[finding.pk]
        _restore(finding, step.before)
        finding.revision += 1
        finding.save()
        sync_promise(finding, units=units, now=now)
        step.undone_at = now
        step.save(update_fields=["undone_at"])
        journal.record("plan.finding.undone", by=actor, subject=finding, data={"text": finding.text})
    return findings


def _decide(actor: Actor, seen: Seen, kind: Decision.Kind) -> tuple[Finding, ...]:
    if len(seen) > MOST:
        raise Refused(
            field=_("findings"),
            value=len(seen),
            reason=_("that is too many at once"),
            remedy=_("Decide on one chapter after the other"),
        )
    state = Finding.State.REJECTED if kind is Decision.Kind.REJECT else Finding.State.CONFIRMED
    findings = _as_seen(actor, seen)
    now, units, batch = clock.now(), units_by_name(), uuid4()
    for finding in findings:
        settled = finding.state == state or (kind is Decision.Kind.CONFIRM and finding.state == Finding.State.EDITED)
        if not settled:
            if kind is Decision.Kind.CONFIRM:
                _check(finding, _current(finding))
            _write(actor, finding, state, kind, _snapshot(finding), batch, now, units)
    return findings


def _locked(actor: Actor, ids: Iterable[int]) -> tuple[Finding, ...]:
    """The findings, locked in the order of their ids, measures before what lies within them."""
    wanted = set(ids)
    rows = actionable(actor, REVIEW, Finding.objects.select_related("version__document"))
    found = list(rows.filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(wanted):
        raise Finding.DoesNotExist
    return tuple(sorted(found, key=lambda f: f.kind != Finding.Kind.MEASURE))


def _as_seen(actor: Actor, seen: Seen) -> tuple[Finding, ...]:
    """The findings, locked; `Outdated` where one is no longer what the reviewer saw."""
    findings = _locked(actor, seen)
    for finding in findings:
        if finding.revision != seen[finding.pk]:
            raise _outdated(finding)
    return findings


def _outdated(finding: Finding) -> Outdated:
    return Outdated(
        field=_("finding"),
        value=finding.text,
        reason=_("%(name)s has decided on it meanwhile") % {"name": finding.decided_by_name or "—"},
        remedy=_("Look at it as it stands now, and decide again"),
    )


_EVENT = {
    Decision.Kind.CONFIRM: "plan.finding.confirmed",
    Decision.Kind.EDIT: "plan.finding.edited",
    Decision.Kind.REJECT: "plan.finding.rejected",
}


def _write(
    actor: Actor,
    finding: Finding,
    state: Finding.State,
    kind: Decision.Kind,
    before: dict[str, Any],
    batch: UUID,
    now: datetime,
    units: dict[str, Unit],
) -> None:
    finding.state = state
    finding.decided_at, finding.decided_by_id, finding.decided_by_name = now, actor.id, actor.name
    finding.revision += 1
    finding.save()
    Decision.objects.create(
        batch=batch,
        finding=finding,
        kind=kind,
        before=before,
        revision=finding.revision,
        by_id=actor.id,
        by_name=actor.name,
        at=now,
    )
    sync_promise(finding, units=units, now=now)
    journal.record(
        _EVENT[kind], by=actor, subject=finding, data={"text": finding.text, "document": finding.version.document_id}
    )


def _snapshot(finding: Finding) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(finding, name) for name in (*EDITABLE, *_STATE)}
    for name in ("value", "value_high"):
        values[name] = None if values[name] is None else str(values[name])
    for name in ("due_on", "decided_at"):
        values[name] = values[name].isoformat() if values[name] else None
    return values


def _restore(finding: Finding, before: Mapping[str, Any]) -> None:
    for name, value in before.items():
        if name in ("value", "value_high") and value is not None:
            value = Decimal(value)
        elif name == "due_on" and value is not None:
            value = date.fromisoformat(value)
        elif name == "decided_at" and value is not None:
            value = datetime.fromisoformat(value)
        setattr(finding, name, value)


def _current(finding: Finding) -> Edit:
    return Edit(**{name: getattr(finding, name) for name in EDITABLE})


WITHOUT_NUMBER = (Comparator.QUALITATIVE, Comparator.RELATIVE)


def _check(finding: Finding, edit: Edit) -> None:
    """Whether the edit makes sense for the finding's kind."""
    for owner in edit.owners:
        if not str(owner.get("name", "")).strip() or owner.get("role") not in ("lead", "cooperating"):
            raise Refused(
                field=_("owners"),
                value=owner.get("name", ""),
                reason=_("it names no unit or no role"),
                remedy=_("Write one unit a line"),
            )
    if finding.kind == Finding.Kind.MEASURE:
        return
    if edit.comparator not in Comparator.values:
        raise Refused(
            field=_("comparator"),
            value=edit.comparator,
            reason=_("it is not one of the list"),
            remedy=_("Choose one of the list"),
        )
    if edit.target_kind not in TargetKind.values:
        raise Refused(
            field=_("kind of target"),
            value=edit.target_kind,
            reason=_("it is not one of the list"),
            remedy=_("Choose one of the list"),
        )
    if edit.comparator not in WITHOUT_NUMBER and edit.value is None:
        raise Refused(
            field=_("value"),
            value="",
            reason=_("a target with this comparator needs a number"),
            remedy=_("Give the number, or choose “without a number”"),
        )
    if edit.comparator == Comparator.RANGE and (edit.value_high is None or edit.value_high < (edit.value or 0)):
        raise Refused(
            field=_("upper value"),
            value="" if edit.value_high is None else edit.value_high,
            reason=_("it is missing or below the lower value"),
            remedy=_("Give both ends of the range"),
        )


def edited(finding: Finding, **changes: Any) -> Edit:
    """What the finding says, with changes: for callers that change one thing."""
    return replace(_current(finding), **changes)


def seen(findings: Iterable[Finding]) -> dict[int, int]:
    """The findings as their reader saw them."""
    return {finding.pk: finding.revision for finding in findings}
