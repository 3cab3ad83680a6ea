"""A measure becomes a task, is reported on, and signed off by somebody else; the plan shows what was approved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Case, Move, WrongStep, clocks_of, move
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.notify.api import Message
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.api import Measure, Period
from zhen.packs.supervision import actions, queries
from zhen.packs.supervision.models import Milestone, Report, Slip
from zhen.packs.supervision.tests.conftest import DUE, Cast, under_way

pytestmark = pytest.mark.django_db


def test_a_measure_becomes_one_task_and_no_second(cast: Cast) -> None:
    measure = Measure.objects.get(pk=cast.task.links.get().subject_id)
    assert cast.task.number == "DB-2024-000001"
    assert cast.task.unit == cast.unit
    (whole,) = [row for row in clocks_of(cast.task) if row.deadline == "whole"]
    assert whole.due_at is not None
    assert whole.due_at.astimezone(clock.TOWN_ZONE).date() == measure.due_on
    assert cast.task.milestones.count() == 5
    assert actions.take_on(cast.planner, [measure.pk]) == ()
    assert measure not in queries.without_task(cast.planner)


def test_only_an_approved_report_counts_and_nobody_approves_his_own(cast: Cast) -> None:
    case = under_way(cast)
    report = actions.report(cast.clerk, case.pk, state="at_risk", text="The site is not free")
    measure = Measure.objects.get(pk=case.links.get().subject_id)
    assert measure.state == Measure.State.NOT_REPORTED
    own = actions.decide
    with pytest.raises(Denied):
        own(cast.clerk, report.pk, approve=True)
    actions.decide(cast.head, report.pk, approve=True)
    measure.refresh_from_db()
    assert (measure.state, measure.state_note) == (Measure.State.AT_RISK, "The site is not free")
    second = actions.report(cast.head, case.pk, state="under_way", text="It is free now")
    with pytest.raises(Refused, match="wrote it yourself"):
        actions.decide(cast.head, second.pk, approve=True)


def test_a_refusal_says_why_and_leaves_the_plan_alone(cast: Cast) -> None:
    case = under_way(cast)
    report = actions.report(cast.clerk, case.pk, state="under_way", text="Fine")
    with pytest.raises(Refused, match="reason"):
        actions.decide(cast.planner, report.pk, approve=False)
    actions.decide(cast.planner, report.pk, approve=False, reason="No figures")
    assert Report.objects.get().decision == "refused"
    assert Measure.objects.get(pk=case.links.get().subject_id).state == Measure.State.NOT_REPORTED
    with pytest.raises(Refused, match="decided"):
        actions.decide(cast.planner, report.pk, approve=True)


def test_who_says_done_shows_it(cast: Cast) -> None:
    case = under_way(cast)
    with pytest.raises(Refused, match="evidence"):
        actions.report(cast.clerk, case.pk, state="done", text="All done")
    with pytest.raises(Refused, match="empty"):
        actions.report(cast.clerk, case.pk, state="under_way", text=" ")


def test_a_task_that_is_not_acknowledged_cannot_be_reported_on(cast: Cast) -> None:
    with pytest.raises(Refused, match="acknowledged"):
        actions.report(cast.clerk, cast.task.pk, state="under_way", text="Begun")


def test_somebody_else_signs_off_and_the_plan_shows_it(cast: Cast) -> None:
    case = under_way(cast)
    case = move(cast.clerk, case.pk, case.revision, "hand_in", Move(result="Accepted on 1 March"))
    with pytest.raises(Denied):
        move(cast.head, case.pk, case.revision, "sign_off", Move(outcome="completed"))
    case = move(cast.planner, case.pk, case.revision, "sign_off", Move(outcome="completed"))
    measure = Measure.objects.get(pk=case.links.get().subject_id)
    assert (case.open, measure.state, measure.state_note) == (False, "done", "Accepted on 1 March")
    year = Period.year(2024)
    assert list(queries.due_in(year)) == [case]
    assert list(queries.signed_off_in_time(year)) == [case]


def test_what_is_completed_in_part_is_at_risk_in_the_plan(cast: Cast) -> None:
    case = under_way(cast)
    case = move(cast.clerk, case.pk, case.revision, "hand_in", Move(result="Half of it"))
    move(cast.planner, case.pk, case.revision, "sign_off", Move(outcome="partly", reason="One roof is missing"))
    measure = Measure.objects.get(pk=case.links.get().subject_id)
    assert (measure.state, measure.state_note) == ("at_risk", "One roof is missing")


def test_a_task_that_is_sent_back_is_handed_in_again(cast: Cast) -> None:
    case = under_way(cast)
    case = move(cast.clerk, case.pk, case.revision, "hand_in", Move(result="Half"))
    case = move(cast.planner, case.pk, case.revision, "send_back", Move(reason="Half is missing"))
    assert case.state == "sent_back"
    with pytest.raises(WrongStep):
        move(cast.planner, case.pk, case.revision, "sign_off", Move(outcome="completed"))
    move(cast.clerk, case.pk, case.revision, "hand_in", Move(result="All"))


def test_another_unit_neither_reads_nor_reports(cast: Cast) -> None:
    case = under_way(cast)
    with pytest.raises(Missing):
        queries.task(cast.stranger, case.number)
    with pytest.raises(Case.DoesNotExist):
        actions.report(cast.stranger, case.pk, state="under_way", text="Begun")


def test_slips_are_issued_once_and_people_are_told_and_answer(cast: Cast) -> None:
    case = under_way(cast)
    first = Milestone.objects.filter(case=case).order_by("due_on")[0]
    day = first.due_on + timedelta(days=1)
    assert actions.issue_slips(actions.SYSTEM, first.due_on) == 0
    assert actions.issue_slips(actions.SYSTEM, day) == 1
    assert actions.issue_slips(actions.SYSTEM, day) == 0
    slip = Slip.objects.get()
    assert (slip.tone, slip.about) == ("yellow", first.name)
    assert Message.objects.filter(template="supervision.yellow").count() == 2
    actions.answer(cast.head, slip.pk, "The tender is repeated, by 1 May")
    with pytest.raises(Refused, match="answered already"):
        actions.answer(cast.head, slip.pk, "Again")
    assert actions.issue_slips(actions.SYSTEM, DUE + timedelta(days=1)) >= 2
    assert Slip.objects.filter(tone="red").count() == 1


def test_a_reached_milestone_gets_no_slip(cast: Cast) -> None:
    case = under_way(cast)
    first = Milestone.objects.filter(case=case).order_by("due_on")[0]
    with pytest.raises(Refused, match="proof"):
        actions.reach(cast.clerk, first.pk, proof=" ")
    actions.reach(cast.clerk, first.pk, proof="Minutes of 1 March")
    assert actions.issue_slips(actions.SYSTEM, first.due_on + timedelta(days=1)) == 0


def test_the_appraisal_counts_what_happened(cast: Cast) -> None:
    case = under_way(cast)
    report = actions.report(cast.clerk, case.pk, state="under_way", text="Fine")
    actions.decide(cast.planner, report.pk, approve=False, reason="No figures")
    (unit,) = queries.appraisals(cast.planner)
    assert (unit.tasks, unit.signed_off, unit.refused, unit.unit_id) == (1, 0, 1, cast.unit.pk)
    assert queries.appraisals(cast.stranger) == []


def test_a_reminder_reaches_the_units_people(cast: Cast) -> None:
    actions.remind(cast.planner, cast.task.pk, "Please hand in by Friday")
    assert Message.objects.filter(template="supervision.reminded").count() == 2
    with pytest.raises(Refused, match="missing"):
        actions.remind(cast.planner, cast.task.pk, "")
