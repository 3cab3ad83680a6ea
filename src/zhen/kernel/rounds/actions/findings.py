"""Findings: each opens a case and is looked at again until it is right. Called in the action that records a visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Clock, Move, NewCase, move, receive
from zhen.kernel.files.api import File
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.rounds.finding_table import RECTIFY
from zhen.kernel.rounds.models import Finding, Visit
from zhen.kernel.rounds.rules.answers import Found, findings
from zhen.kernel.rounds.values import Recheck

SYSTEM = Actor.system(gettext_noop("rounds program"))
RECHECK_DAYS = 3
"""A re-check is planned for the day after the limit, and due so many days later."""


def open_findings(actor: Actor, visit: Visit, photos: Mapping[str, Sequence[File]], mended: frozenset[str]) -> int:
    """The findings of a visit's answers, each with its case, and the re-check of all that were not mended at once."""
    assert visit.version is not None
    assert visit.done_at is not None
    made, limits = [], []
    for found in findings(visit.version.items, visit.answers):
        finding = Finding(
            visit=visit, subject_id=visit.subject_id, round_id=visit.round_id, path=found.path,
            title=found.rule.title[:200], law=found.rule.law[:300], severity=found.rule.severity,
            found_at=visit.done_at,
        )  # fmt: skip
        if found.path in mended:
            finding.rectified_at = finding.over_at = visit.done_at
            finding.rectified_on = visit
        else:
            finding.case = _case(visit, found, tuple(photos.get(found.path, ())))
            limits.append(_limit_of(finding.case))
        made.append(finding)
    if limits:
        recheck = _plan_recheck(visit, min(limits))
        for finding in made:
            finding.recheck = recheck if finding.over_at is None else None
    Finding.objects.bulk_create(made)
    return len(made)


def look_again(actor: Actor, visit: Visit, seen: Mapping[int, Recheck]) -> None:
    """What a re-check saw of each finding: those that are right are over, the others are looked at again."""
    waiting = list(visit.to_recheck.select_for_update(of=("self",)).filter(over_at__isnull=True).select_related("case"))
    if visit.outcome == Visit.Outcome.NOBODY:
        return
    if visit.outcome == Visit.Outcome.SEEN and (missing := [one for one in waiting if one.pk not in seen]):
        raise Refused(
            field=missing[0].title,
            value="",
            reason=_("it was not looked at again"),
            remedy=_("Say whether it is right"),
        )
    assert visit.done_at is not None
    wrong, limits = [], []
    for finding in waiting:
        told = seen.get(finding.pk, Recheck(right=False, note=visit.note))
        gone = visit.outcome == Visit.Outcome.GONE
        case = finding.case
        assert case is not None, "what is looked at again has a case"
        if told.right or gone:
            finding.rectified_at = finding.over_at = visit.done_at
            finding.rectified_on = visit
            _move(case, "right", told.note)
        else:
            wrong.append(finding)
            limits.append(_limit_of(_move(case, "still_wrong", told.note)))
    if wrong:
        recheck = _plan_recheck(visit, min(limits))
        for finding in wrong:
            finding.recheck = recheck
    Finding.objects.bulk_update(waiting, ["rectified_at", "over_at", "rectified_on", "recheck"])
    visit.findings_count = len(wrong)
    visit.save(update_fields=["findings_count"])


def _case(visit: Visit, found: Found, files: tuple[File, ...]) -> Case:
    subject, rule = visit.subject, found.rule
    return receive(
        SYSTEM,
        rule.case_type,
        NewCase(
            title=f"{subject.name}：{rule.title}"[:200],
            text="\n".join(part for part in (found.item.text, rule.law, visit.note) if part),
            point=(subject.lon, subject.lat) if subject.lon is not None and subject.lat is not None else None,
            area_id=subject.area_id,
            place_id=subject.place_id,
            address=subject.address,
            source="round",
            source_ref=f"{visit.pk}/{found.path}"[:100],
            urgent=rule.severity == "critical",
            files=files,
            unit_id=visit.unit_id,
            limits={RECTIFY: rule.limit},
        ),
    )


def _move(case: Case, step: str, note: str) -> Case:
    """A case that somebody has closed from the desk meanwhile stays closed."""
    case.refresh_from_db()
    return move(SYSTEM, case.pk, case.revision, step, Move(reason=note, result=note)) if case.open else case


def _limit_of(case: Case) -> date:
    """The last day to put it right."""
    running = Clock.objects.filter(case=case, deadline=RECTIFY, stopped_at__isnull=True)
    due = running.values_list("due_at", flat=True).first() or clock.now()
    return due.astimezone(clock.TOWN_ZONE).date()


def _plan_recheck(visit: Visit, limit: date) -> Visit:
    day = max(limit, clock.today()) + timedelta(days=1)
    return Visit.objects.create(
        kind=Visit.Kind.RECHECK, round_id=visit.round_id, subject_id=visit.subject_id, checklist=visit.checklist,
        area_id=visit.area_id, unit_id=visit.unit_id, inspector_id=visit.inspector_id, second_id=visit.second_id,
        people=visit.people, follows=visit, planned_on=day, due_on=day + timedelta(days=RECHECK_DAYS),
    )  # fmt: skip
