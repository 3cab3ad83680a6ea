"""Objectives from being set to being reviewed, each step by whom it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.cases.api import NewCase, receive
from zhen.kernel.files.api import File
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Tone
from zhen.kernel.plan.api import INDICATORS
from zhen.packs.finance import duties
from zhen.packs.finance.models.budget import Budget, BudgetLine
from zhen.packs.finance.performance import rights
from zhen.packs.finance.performance.case_types import RECTIFICATION, RECTIFY
from zhen.packs.finance.performance.models import Measure, Monitoring, Objective, Plea
from zhen.packs.finance.performance.reading import execution, readings, rule_on
from zhen.packs.finance.performance.rules import TO_RECTIFY, Group, grade_of

SYSTEM = Actor.system("finance")
State = Objective.State
ORDER = (Tone.NEUTRAL, Tone.ON_TRACK, Tone.DUE_SOON, Tone.BEHIND, Tone.OVERDUE)


@action(rights.SET)
def set_objective(actor: Actor, line: BudgetLine, *, text: str) -> Objective:
    """Say what a budget line is to bring about."""
    held = actionable(actor, rights.SET, BudgetLine.objects.select_for_update(of=("self",))).get(pk=line.pk)
    if Objective.objects.filter(line=held).exists():
        raise Outdated(
            field=_("objective"), value=held, reason=_("the line has one already"), remedy=_("Go on with that one")
        )
    made = Objective.objects.create(line=held, text=text.strip(), made_by_id=actor.user_id)
    _tell("objective_set", actor, made)
    return made


@action(rights.SET)
def add_measure(actor: Actor, objective: Objective, given: Mapping[str, Any]) -> Measure:
    """Add an indicator to an objective that is not approved yet."""
    held = _held(actor, rights.SET, objective, State.DRAFT)
    if given["indicator"] and given["indicator"] not in INDICATORS:
        raise Refused(
            field=_("read from"),
            value=given["indicator"],
            reason=_("there is no such indicator"),
            remedy=_("Choose one, or leave it empty"),
        )
    if held.measures.filter(name=given["name"].strip()).exists():
        raise Refused(
            field=_("indicator"),
            value=given["name"],
            reason=_("the objective has it already"),
            remedy=_("Give it another name"),
        )
    made = Measure.objects.create(objective=held, **{**given, "name": given["name"].strip()})
    _tell("measure_added", actor, held, measure=made.name)
    return made


@action(rights.APPROVE)
def approve(actor: Actor, objective: Objective) -> None:
    """Approve an objective whose weights come to what the rules give each group."""
    held = _held(actor, rights.APPROVE, objective, State.DRAFT)
    duties.check(actor, "objective.approve", {"objective.set": held.made_by_id})
    rule = rule_on(date(held.line.budget.book.year, 1, 1))
    sums = dict(held.measures.order_by().values_list("group").annotate(total=Sum("weight")))
    for group in Group:
        found, wanted = sums.get(group.value, Decimal(0)), rule.weight_of(group)
        if found != wanted:
            raise Refused(
                field=group.label,
                value=found,
                reason=_("the weights of the group come to %(wanted)s") % {"wanted": wanted},
                remedy=_("Mend its indicators first"),
            )
    held.state, held.approved_by_id = State.APPROVED, actor.user_id
    held.save(update_fields=["state", "approved_by"])
    _tell("objective_approved", actor, held)


@action(rights.SET)
def enter_value(
    actor: Actor, measure: Measure, *, value: Decimal, on: date, evidence: str, file: File | None = None
) -> Measure:
    """Enter the value of an indicator that nothing measures, with what shows it."""
    rows = Measure.objects.select_for_update(of=("self",)).select_related("objective__line__budget__book")
    held = actionable(actor, rights.SET, rows).get(pk=measure.pk)
    if held.indicator or held.objective.state == State.REVIEWED:
        raise Outdated(
            field=_("value entered"),
            value=value,
            reason=_("it is read from recorded work, or the review is done"),
            remedy=_("Look at the objective as it stands"),
        )
    if on > clock.today() or not evidence.strip():
        raise Refused(
            field=_("evidence"),
            value=evidence,
            reason=_("a value needs what shows it, and a day that has come"),
            remedy=_("Name the paper or the count it comes from"),
        )
    held.value, held.value_on, held.evidence = value, on, evidence.strip()
    held.evidence_file = file or held.evidence_file
    held.save(update_fields=["value", "value_on", "evidence", "evidence_file"])
    _tell("value_entered", actor, held.objective, measure=held.name, value=str(value))
    return held


@action(rights.SET)
def monitor(actor: Actor, objective: Objective, *, note: str) -> Monitoring:
    """Look at an objective in the middle of its year; what is yellow or red needs what is done about it."""
    held = _held(actor, rights.SET, objective, State.APPROVED)
    today = clock.today()
    rule = rule_on(today)
    spent = execution(held, rule, today)
    found = readings(held, held.measures.all(), rule, today)
    worst = max((spent.tone, *(one.tone for one in found)), key=ORDER.index)
    if worst in (Tone.BEHIND, Tone.OVERDUE) and not note.strip():
        raise Refused(
            field=_("what is done about it"),
            value="",
            reason=_("something is behind"),
            remedy=_("Say what is done about it"),
        )
    seen = [
        {"name": "", "value": float(spent.share * 100), "unit": "%", "share": float(spent.share), "tone": spent.tone}
    ]
    seen += [
        {
            "name": one.measure.name,
            "value": None if one.value is None else float(one.value),
            "unit": one.measure.unit,
            "share": None if one.share is None else float(one.share),
            "tone": one.tone,
        }
        for one in found
    ]
    made, _new = Monitoring.objects.update_or_create(
        objective=held,
        on=today,
        defaults={"note": note.strip(), "worst": worst, "seen": seen, "made_by_id": actor.user_id},
    )
    _tell("objective_monitored", actor, held, tone=str(worst))
    return made


@action(rights.SET)
def assess(actor: Actor, objective: Objective, *, assessment: str) -> Objective:
    """The unit assesses itself: values and points are frozen as they are read now. Each indicator needs a value."""
    held = _held(actor, rights.SET, objective, State.APPROVED)
    today = clock.today()
    rule = rule_on(date(held.line.budget.book.year, 1, 1))
    found = readings(held, held.measures.select_for_update(), rule, today)
    without = next((one for one in found if one.value is None), None)
    if without is not None or not assessment.strip():
        raise Refused(
            field=_("self-assessment"),
            value=without.measure.name if without else "",
            reason=_("each indicator needs a value, and the assessment its words"),
            remedy=_("Enter them first"),
        )
    for one in found:
        one.measure.self_value, one.measure.self_points = one.value, one.points
    Measure.objects.bulk_update([one.measure for one in found], ["self_value", "self_points"])
    held.self_score = execution(held, rule, today).points + sum((one.points for one in found), Decimal(0))
    held.state, held.assessed_by_id, held.assessment = State.ASSESSED, actor.user_id, assessment.strip()
    held.save(update_fields=["state", "assessed_by", "assessment", "self_score"])
    _tell("objective_assessed", actor, held, score=str(held.self_score))
    return held


@action(rights.REVIEW)
def review(actor: Actor, objective: Objective, *, given: Mapping[int, tuple[Decimal, str]], opinion: str) -> Objective:
    """Somebody else reviews it: `given` has points and a reason by indicator. Other points than the unit's need one.

    A fair or poor grade opens the case of what is to be put right.
    """
    held = _held(actor, rights.REVIEW, objective, State.ASSESSED)
    duties.check(actor, "objective.review", {"objective.assess": held.assessed_by_id, "objective.set": held.made_by_id})
    rule = rule_on(date(held.line.budget.book.year, 1, 1))
    measures = list(held.measures.select_for_update())
    for measure in measures:
        assert measure.self_points is not None, "it was assessed"
        measure.points, measure.reason = given.get(measure.pk, (measure.self_points, ""))
        measure.reason = measure.reason.strip()
        if not 0 <= measure.points <= measure.weight:
            raise Refused(
                field=measure.name,
                value=measure.points,
                reason=_("the indicator has %(most)s points at most") % {"most": measure.weight},
                remedy=_("Give no more"),
            )
        if measure.points != measure.self_points and not measure.reason:
            raise Refused(
                field=measure.name,
                value=measure.points,
                reason=_("the unit gave itself %(own)s; another score needs a reason") % {"own": measure.self_points},
                remedy=_("Say why"),
            )
    Measure.objects.bulk_update(measures, ["points", "reason"])
    own = sum((measure.self_points or Decimal(0) for measure in measures), Decimal(0))
    assert held.self_score is not None
    held.score = held.self_score - own + sum((measure.points or Decimal(0) for measure in measures), Decimal(0))
    held.grade, held.opinion = grade_of(held.score, rule.bands), opinion.strip()
    held.state, held.reviewed_by_id, held.reviewed_on = State.REVIEWED, actor.user_id, clock.today()
    if held.grade in TO_RECTIFY:
        held.case = receive(SYSTEM, RECTIFICATION.id, _case(held, rule.days))
    held.save()
    _tell("objective_reviewed", actor, held, score=str(held.score), grade=held.get_grade_display())
    return held


def _case(objective: Objective, days: int) -> NewCase:
    line = objective.line
    return NewCase(
        title=f"{line.name}：{objective.get_grade_display()}（{objective.score}）"[:200],
        text=objective.opinion,
        source="finance.performance",
        source_ref=f"finance.objective/{objective.pk}",
        unit_id=line.unit_id,
        limits={RECTIFY: (days, "working_days")},
    )


@action(rights.SET)
def plead(actor: Actor, line: BudgetLine, *, reason: str) -> Plea:
    """Say why a draft line asks for money again after a fair or poor grade."""
    rows = BudgetLine.objects.select_for_update(of=("self",)).select_related("budget__book", "unit")
    held = actionable(actor, rights.SET, rows).get(pk=line.pk)
    earlier = earlier_of(held)
    if earlier is None or held.budget.state != Budget.State.DRAFT:
        raise Outdated(
            field=_("budget line"),
            value=held,
            reason=_("nobody asks for a reason"),
            remedy=_("Look at it as it stands"),
        )
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("it is what is asked for"), remedy=_("Say why"))
    made, _new = Plea.objects.update_or_create(
        line=held, defaults={"earlier": earlier, "reason": reason.strip(), "made_by_id": actor.user_id}
    )
    _tell("plea_made", actor, earlier, reason=made.reason)
    return made


def earlier_of(line: BudgetLine) -> Objective | None:
    """The objective of the same project in the year before, where its grade was fair or poor."""
    return (
        Objective.objects.filter(
            line__unit=line.unit_id,
            line__name=line.name,
            line__budget__book__year=line.budget.book.year - 1,
            grade__in=TO_RECTIFY,
        )
        .select_related("line__budget__book")
        .order_by("score")
        .first()
    )


def unheard(budget: Budget) -> list[BudgetLine]:
    """Lines of a draft that ask again after a fair or poor grade, without a reason."""
    graded = Objective.objects.filter(
        line__budget__book__year=budget.book.year - 1,
        line__budget__book__unit=budget.book.unit_id,
        grade__in=TO_RECTIFY,
    )
    poor = set(graded.values_list("line__unit", "line__name"))
    return [line for line in budget.lines.filter(plea=None) if (line.unit_id, line.name) in poor]


def _held(actor: Actor, permission: str, objective: Objective, state: str) -> Objective:
    rows = Objective.objects.select_for_update(of=("self",)).select_related("line__budget__book", "line__quota")
    held = actionable(actor, permission, rows).get(pk=objective.pk)
    if held.state != state:
        raise Outdated(
            field=_("objective"),
            value=held,
            reason=_("it is %(state)s") % {"state": held.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return held


def _tell(kind: str, actor: Actor, objective: Objective, **data: object) -> None:
    facts = {"objective": str(objective), **data}
    journal.record(f"finance.{kind}", by=actor, subject=objective, unit=objective.line.unit_id, data=facts)
