"""Moving a case along the table of its type: one function checks every step, whoever takes it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, Denied, action
from zhen.kernel.cases import clocks, hooks, units
from zhen.kernel.cases.actions import attaching
from zhen.kernel.cases.actions.common import SECRET, STEP, locked_for, tell, type_of, type_with
from zhen.kernel.cases.declarations import By, CaseType, Need, Transition
from zhen.kernel.cases.models import Case, CaseAttachment, Clock, Comment, Reporter
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.cases.secret import case_opened_by
from zhen.kernel.cases.values import Move
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused


@action(None, asks=STEP)
def move(actor: Actor, case_id: int, revision: int, step_id: str, given: Move | None = None) -> Case:
    """Take a step. Raises Denied, Outdated, Refused (what the step needs is missing), or WrongStep."""
    given = given or Move()
    type_ = type_with(case_id)
    step = _step(type_, step_id)
    case = locked_for(actor, step.permission, case_id, revision)
    _check_who(actor, case, step)
    return _take(actor, case, type_, step, given, clock.now())


@action(None, asks=SECRET)
def move_as_reporter(actor: Actor, number: str, secret: str, step_id: str, given: Move | None = None) -> Case:
    """A step of the reporter's own, such as rating or reopening. Wrong number and wrong secret look the same.

    Raises Reporter.DoesNotExist.
    """
    case_id = case_opened_by(number, secret)
    if case_id is None:
        raise Reporter.DoesNotExist
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    type_ = type_of(case)
    step = _step(type_, step_id)
    if step.by is not By.REPORTER:
        raise Denied(step.permission, actor)
    return _take(actor, case, type_, step, given or Move(), clock.now())


@action(None, asks=STEP)
def move_many(actor: Actor, seen: dict[int, int], step_id: str, given: Move | None = None) -> tuple[Case, ...]:
    """The same step for many cases (id → revision seen): all of them or none."""
    if len(seen) > MOST_AT_ONCE:
        raise Refused(
            field=_("cases"),
            value=len(seen),
            reason=_("that is too many at once"),
            remedy=_("Choose at most %(most)s") % {"most": MOST_AT_ONCE},
        )
    return tuple(move(actor, case_id, seen[case_id], step_id, given) for case_id in sorted(seen))


MOST_AT_ONCE = 200


class WrongStep(Outdated):
    """The step does not lead on from where the case stands (409). Remedy: look at the case as it stands now."""


def _step(type_: CaseType, step_id: str) -> Transition:
    step = type_.transition(step_id)
    if step is None:
        raise Refused(
            field=_("step"), value=step_id, reason=_("there is none of this name"), remedy=_("Choose one of the list")
        )
    return step


def _check_who(actor: Actor, case: Case, step: Transition) -> None:
    if actor.kind is ActorKind.SYSTEM:
        return
    match step.by:
        case By.SYSTEM | By.REPORTER:
            raise Denied(step.permission, actor)
        case By.PERSON if case.person_id != actor.user_id:
            raise Refused(
                field=step.name,
                value=case.number,
                reason=_("it is assigned to somebody else"),
                remedy=_("Have it assigned to you first"),
            )
        case By.UNIT if not units.belongs(actor, step.permission, case):
            raise Refused(
                field=step.name,
                value=case.number,
                reason=_("it lies with another unit"),
                remedy=_("Ask that unit, or have the case transferred"),
            )
        case By.OTHER if case.handled_by_id is not None and case.handled_by_id == actor.user_id:
            raise Refused(
                field=step.name,
                value=case.number,
                reason=_("you have handled it yourself"),
                remedy=_("Ask a colleague to check it"),
            )


def _take(actor: Actor, case: Case, type_: CaseType, step: Transition, given: Move, now: datetime) -> Case:
    if case.state not in step.before:
        raise WrongStep(
            field=step.name,
            value=case.number,
            reason=_("it stands at “%(state)s”, and this step does not lead on from there")
            % {"state": type_.state(case.state).name},
            remedy=_("Look at it as it stands now"),
        )
    _check_needs(actor, case, type_, step, given)
    if step.check is not None:
        step.check(actor, case, given, now)
    before, unit_before = case.state, case.unit_id
    if step.after is not None:
        case.state = step.after
    _take_over(case, step, given)
    end = type_.state(case.state).end
    if end and type_.outcomes and not case.outcome:
        raise Refused(
            field=_("outcome"),
            value="",
            reason=_("a case does not end without one"),
            remedy=_("Choose how it ended"),
        )
    for stamp in step.stamps:
        setattr(case, stamp, now)
    if "handled_at" in step.stamps:
        case.handled_by_id = actor.user_id
    ended = type_.state(before).end
    decided = _turn_clocks(case, type_, step, before, now)
    case.revision += 1
    case.changed_at = now
    case.save()
    if case.unit_id != unit_before:
        units.record(case, how=step.id, reason=given.reason, now=now)
    if given.answer.strip():
        Comment.objects.create(
            case=case,
            kind=Comment.Kind.ANSWER,
            text=given.answer.strip(),
            public=True,
            by_id=actor.user_id,
            by_name=actor.name,
            at=now,
        )
    if end != ended:
        Reporter.objects.filter(case=case).update(
            forget_from=case.closed_at.astimezone(clock.TOWN_ZONE).date() if case.closed_at else None
        )
        attaching.forget_from(case)
    attaching.put(actor, case, given.files, kind=CaseAttachment.Kind.EVIDENCE)
    if step.effect is not None:
        step.effect(actor, case, given)
    if end and not ended:
        hooks.closed(actor, case, type_)
    tell(
        "cases.moved",
        actor,
        case,
        step=step.id,
        before=before,
        reason=given.reason,
        outcome=case.outcome if end else "",
        ended=_ending(case, type_) if end and not ended else "",
        since=case.received_at.isoformat() if end and not ended else "",
        reopened=True if ended and not end else None,
        stamps=list(step.stamps),
        counts=list(step.counts),
        decided=decided,
        rating=given.rating,
        from_unit=unit_before if unit_before != case.unit_id else None,
        person=case.person_id,
    )
    return case


def _ending(case: Case, type_: CaseType) -> str:
    """How the figures count the end: `other` counts in no rate."""
    outcome = type_.outcome(case.outcome)
    solved = outcome.solved if outcome else None
    return {True: "solved", False: "explained", None: "other"}[solved]


def _check_needs(actor: Actor, case: Case, type_: CaseType, step: Transition, given: Move) -> None:
    missing: list[tuple[object, object]] = []
    if Need.REASON in step.needs and not given.reason.strip():
        missing.append((_("reason"), _("Say why")))
    if Need.CATEGORY in step.needs and given.category is None and case.category_id is None:
        missing.append((_("class"), _("Choose the class")))
    if Need.UNIT in step.needs and given.unit_id is None and case.unit_id is None:
        missing.append((_("unit"), _("Choose the unit")))
    if Need.PERSON in step.needs and given.person_id is None and case.person_id is None:
        missing.append((_("person in charge"), _("Choose the person")))
    if Need.OUTCOME in step.needs and not (given.outcome or case.outcome):
        missing.append((_("outcome"), _("Choose how it ended")))
    if Need.RESULT in step.needs and not (given.result.strip() or case.result):
        missing.append((_("result"), _("Say what was done")))
    if Need.EVIDENCE in step.needs and not (given.files or _has_evidence(case)):
        missing.append((_("evidence"), _("Attach a photo or a paper of what was done")))
    if Need.SHOWN in step.needs and not _is_shown(actor, case, type_, step, given):
        missing.append((_("photo"), _("Take a photo of it, or say why there is none")))
    if Need.UNTIL in step.needs and given.until is None:
        missing.append((_("until when"), _("Give a date")))
    if Need.RATING in step.needs and given.rating is None:
        missing.append((_("rating"), _("Choose one to five")))
    for field, remedy in missing:
        raise Refused(field=str(field), value="", reason=_("this step needs it"), remedy=str(remedy))
    if given.outcome and type_.outcome(given.outcome) is None:
        raise Refused(
            field=_("outcome"),
            value=given.outcome,
            reason=_("there is none of this name"),
            remedy=_("Choose one of the list"),
        )
    if given.rating is not None and not 1 <= given.rating <= 5:
        raise Refused(
            field=_("rating"), value=given.rating, reason=_("it is not one to five"), remedy=_("Choose one to five")
        )
    if given.category is not None and (given.category.scheme != type_.scheme or not given.category.leaf):
        raise Refused(
            field=_("class"),
            value=given.category.name,
            reason=_("cases of this kind cannot have it"),
            remedy=_("Choose one of the list"),
        )
    ends = step.after is not None and type_.state(step.after).end
    if (Need.NO_OPEN_PARTS in step.needs or (ends and type_.closes_with_parts)) and Case.objects.filter(
        parent=case, open=True
    ).exists():
        raise Refused(
            field=step.name,
            value=case.number,
            reason=_("parts of it are still open"),
            remedy=_("Close the parts first, or take them out"),
        )


def _has_evidence(case: Case) -> bool:
    return CaseAttachment.objects.filter(case=case, kind=CaseAttachment.Kind.EVIDENCE).exists()


def _is_shown(actor: Actor, case: Case, type_: CaseType, step: Transition, given: Move) -> bool:
    """By a file that comes with the step or was attached where the case stands now, or by words on why there is none.

    What somebody checks is shown by himself: the picture of whoever handled it proves nothing about it.
    """
    outcome = type_.outcome(given.outcome or case.outcome)
    if given.files or given.reason.strip() or (outcome is not None and outcome.solved is False):
        return True
    seen = CaseAttachment.objects.filter(case=case, kind=CaseAttachment.Kind.EVIDENCE, state__in=step.before)
    return (seen.filter(by_id=actor.user_id) if step.by is By.OTHER else seen).exists()


def _take_over(case: Case, step: Transition, given: Move) -> None:
    """Write what was given, then take back what the step clears."""
    if given.category is not None:
        case.category_id = given.category.pk
    if given.unit_id is not None and given.unit_id != case.unit_id:
        case.unit_id, case.person_id = given.unit_id, None
    if given.shared_units is not None:
        case.shared_units = sorted(set(given.shared_units) - {case.unit_id or 0})
    if given.person_id is not None:
        case.person_id = given.person_id
    if outcome := step.ends_as or given.outcome:
        case.outcome = outcome
    if given.result.strip():
        case.result = given.result.strip()
    if given.rating is not None:
        case.rating, case.rating_reason = given.rating, given.reason.strip()[:200]
    for clear in step.clears:
        setattr(case, *{"unit": ("unit_id", None), "person": ("person_id", None)}.get(clear, (clear, "")))


def _turn_clocks(case: Case, type_: CaseType, step: Transition, before: str, now: datetime) -> list[dict[str, object]]:
    """Stop and start what the step names; all stop at an end; waiting states hold them still.

    Gives what was decided by it: see `clocks.decided`.
    """
    book = rulebook()
    rows = clocks.running(case)
    known = clocks.late(rows)
    was, is_ = type_.state(before), type_.state(case.state)
    changed: dict[int, Clock] = {}
    new: list[Clock] = []
    if was.waiting and not is_.waiting:
        changed |= {id(row): row for row in clocks.resume(rows, book, now)}
    if is_.end and not was.end:
        changed |= {id(row): row for row in clocks.stop(rows, None, now)}
        case.open, case.closed_at = False, now
    elif not is_.end:
        if was.end:
            case.open, case.closed_at = True, None
            case.reopened += 1
        changed |= {id(row): row for row in clocks.stop(rows, step.stops, now)}
        still = {row.deadline for row in rows if row.running}
        new = clocks.started(type_, case, (name for name in step.starts if name not in still), book, now)
        if is_.waiting and not was.waiting:
            changed |= {id(row): row for row in clocks.pause([*rows, *new], book, now)}
    fresh = {id(row) for row in new}
    clocks.save([*(row for key, row in changed.items() if key not in fresh), *new])
    clocks.settle(case, [*rows, *new])
    return clocks.decided(case, type_, rows, known)
