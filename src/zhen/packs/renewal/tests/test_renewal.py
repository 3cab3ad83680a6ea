"""Consent before works, works with evidence, acceptance by two, three at 100 %, and what the database keeps."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases.api import Case, Move, NewReporter, move
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.api import INDICATORS, Period, evaluate
from zhen.kernel.rounds.api import Finding, Recheck
from zhen.kernel.rounds.testing import visited
from zhen.packs.renewal import queries
from zhen.packs.renewal.actions import consent, doors, projects, works
from zhen.packs.renewal.actions.rules import SHIPPED, add_rule, lay
from zhen.packs.renewal.models import (
    ConsentRule,
    Consultation,
    Delay,
    DelayReason,
    DoorFact,
    Milestone,
    Picture,
    Project,
)
from zhen.packs.renewal.rules import Stage
from zhen.packs.renewal.tests.conftest import SYSTEM, TODAY, Cast, votes

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)


# consent


def test_works_do_not_begin_before_the_owners_have_agreed(cast: Cast) -> None:
    project = cast.project()
    visit = cast.visit(project)
    with pytest.raises(Refused, match="the owners have not agreed"):
        works.reach(cast.bob, cast.milestone(project, "begun"), on=TODAY, visit=visit)
    with pytest.raises(IntegrityError, match="renewal_project_consent_first"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(started_on=TODAY)
    with pytest.raises(IntegrityError, match="nothing is cleared"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(cleared_on=TODAY)


def test_consent_is_asked_counted_hung_out_and_only_then_cleared(cast: Cast) -> None:
    project = cast.project()
    asked = cast.asked(project)
    with pytest.raises(Refused, match="one is still running"):
        cast.asked(project)
    with pytest.raises(Refused, match="none has ended with consent"):
        consent.hang_out(cast.bob, project, starts_on=TODAY, ends_on=TODAY, where="公告栏")
    with pytest.raises(Refused, match="more answered than were asked"):
        consent.count_votes(cast.bob, asked, votes(90, 11))
    consent.count_votes(cast.bob, asked, votes(40, 5))
    assert consent.count_votes(cast.bob, asked, votes(60, 10, 5), close=True).met is True
    with pytest.raises(Outdated, match="it is closed"):
        consent.count_votes(cast.bob, asked, votes(61))
    with pytest.raises(Refused, match="fewer than 7 days"):
        consent.hang_out(cast.bob, project, starts_on=TODAY, ends_on=TODAY + timedelta(days=5), where="公告栏")
    with pytest.raises(Refused, match="no consent of the owners hung out yet"):
        consent.clear(cast.bob, project)
    last = TODAY + timedelta(days=6)
    consent.hang_out(cast.bob, project, starts_on=TODAY, ends_on=last, where="公告栏")
    cast.hands.go(days=6)
    with pytest.raises(Refused, match="still hangs out"):
        consent.clear(cast.bob, project)
    cast.hands.go(days=1)
    case = consent.object_to(cast.bob, project, text="夜间施工")
    with pytest.raises(Refused, match="this objection is open"):
        consent.clear(cast.bob, project)
    move(cast.alice, case.pk, case.revision, "answered", Move(result="夜间不施工"))
    assert consent.clear(cast.bob, project).stage is Stage.READY
    assert cast.milestone(project, "cleared").done_on == clock.today()


def test_a_consultation_that_fails_is_followed_by_another_round(cast: Cast) -> None:
    project = cast.project()
    first = cast.asked(project)
    assert consent.count_votes(cast.bob, first, votes(33, 33), close=True).met is False
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Consultation.objects.filter(pk=first.pk).update(met=True)
    assert cast.asked(project).number == 2


def test_what_owners_decide_by_follows_the_day(cast: Cast) -> None:
    rule = cast.asked(cast.project(kind="comprehensive")).rule
    assert (rule.agree_of, rule.agree_in, rule.of_all) == (3, 4, False)
    made = ConsentRule(
        matter="alter", part_of=2, part_in=3, agree_of=4, agree_in=5, publicity_days=10, valid_from=TODAY, source="x"
    )
    with pytest.raises(Denied):
        add_rule(cast.bob, made)
    add_rule(cast.alice, made)
    assert cast.asked(cast.project("另一小区", kind="comprehensive")).rule == made
    rule.refresh_from_db()
    assert rule.valid_to == TODAY - timedelta(days=1)
    assert lay(SYSTEM) == 0 < len(SHIPPED)


def test_anybody_objects_to_what_is_published_and_to_nothing_else(cast: Cast) -> None:
    project = cast.project()
    with pytest.raises(Denied):
        consent.object_to(Actor.anonymous(), project, text="吵")
    project = projects.publish(cast.alice, project)
    with pytest.raises(Refused, match="it says nothing"):
        consent.object_to(Actor.anonymous(), project, text=" ")
    reporter = NewReporter(secret="x" * 22, phone="13800000000")
    case = consent.object_to(Actor.anonymous(), project, text="堵住了通道", reporter=reporter)
    assert (case.type, case.unit_id, case.source) == ("renewal.objection", cast.office.pk, "portal")
    assert queries.objections_of(cast.alice, project).get().case == case
    assert not queries.objections_of(cast.charlie, project).exists()


# works


def test_a_milestone_needs_its_evidence(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    today = clock.today()
    with pytest.raises(Refused, match="nothing shows it"):
        works.reach(cast.bob, cast.milestone(project, "design"), on=today)
    with pytest.raises(Refused, match="somebody must have seen it"):
        works.reach(cast.bob, cast.milestone(project, "begun"), on=today, proof="我看见了")
    other = cast.project("另一小区")
    with pytest.raises(Refused, match="it has not seen this project"):
        works.reach(cast.bob, cast.milestone(project, "begun"), on=today, visit=cast.visit(other))
    with pytest.raises(Refused, match="it follows from another step"):
        works.reach(cast.bob, cast.milestone(project, "accepted"), on=today, proof="x")
    with pytest.raises(Refused, match="lies ahead"):
        works.reach(cast.bob, cast.milestone(project, "design"), on=today + timedelta(days=1), proof="x")
    works.reach(cast.bob, cast.milestone(project, "begun"), on=today, visit=cast.visit(project))
    project.refresh_from_db()
    assert (project.started_on, project.stage) == (today, Stage.UNDER_WAY)
    with pytest.raises(Outdated, match="it is reached already"):
        works.reach(cast.bob, cast.milestone(project, "begun"), on=today, visit=None)
    assert Picture.objects.filter(project=project).count() == 1


def test_a_delay_moves_what_follows_and_never_the_first_plan(cast: Cast) -> None:
    project = cast.project()
    half, built = cast.milestone(project, "half"), cast.milestone(project, "built")
    first, before = half.first_on, built.due_on
    reason = DelayReason.objects.get(code="weather")
    with pytest.raises(Refused, match="it is not later"):
        works.delay(cast.bob, half, new_on=half.due_on, reason=reason)
    works.delay(cast.bob, half, new_on=half.due_on + timedelta(days=9), reason=reason, note="连续降雨")
    half, built = cast.milestone(project, "half"), cast.milestone(project, "built")
    assert (half.first_on, half.due_on, built.due_on) == (first, first + timedelta(days=9), before + timedelta(days=9))
    assert Delay.objects.filter(milestone__project=project).count() == 3
    with pytest.raises(IntegrityError, match="the first plan of a milestone"), transaction.atomic():
        Milestone.objects.filter(pk=half.pk).update(first_on=half.due_on)
    with pytest.raises(IntegrityError, match="the first plan of a project"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(first_end=date(2027, 1, 1))


def test_measured_quantities_tell_the_progress(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    line = works.plan_quantity(cast.bob, project, name="防水", unit="平方米", planned=Decimal(200), weight=75)
    other = works.plan_quantity(cast.bob, project, name="落水管", unit="米", planned=Decimal(40), weight=25)
    with pytest.raises(Refused, match="the bill has it already"):
        works.plan_quantity(cast.bob, project, name="防水", unit="平方米", planned=Decimal(1), weight=1)
    visit = cast.visit(project)
    with pytest.raises(Refused, match="nothing of the bill was measured"):
        works.measure(cast.bob, project, visit, {})
    works.measure(cast.bob, project, visit, {line.pk: Decimal(100), other.pk: Decimal(40)})
    assert queries.progress_of(queries.projects(cast.bob).get(pk=project.pk)) == 62
    with pytest.raises(Refused, match="recorded already"):
        works.measure(cast.bob, project, visit, {line.pk: Decimal(120)})
    cast.hands.go(days=1)
    works.measure(cast.bob, project, cast.visit(project), {line.pk: Decimal(90)})
    assert queries.progress_of(queries.projects(cast.bob).get(pk=project.pk)) == 58


def test_two_people_accept_what_is_whole_and_the_warranty_begins(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    with pytest.raises(Refused, match="have not begun"):
        works.accept(cast.alice, project, cast.visit(project, "renewal.acceptance", two=True))
    cast.reach_all(project)
    with pytest.raises(Refused, match="it was no acceptance"):
        works.accept(cast.alice, project, cast.visit(project))
    with pytest.raises(Refused, match="one person alone"):
        works.accept(cast.alice, project, cast.visit(project, "renewal.acceptance"))
    wrong = {"material": "no", "work": "yes", "hidden": "yes", "safety": "yes", "neighbours": "yes"}
    cast.visit(project, "renewal.quality", answers=wrong)
    finding = Finding.objects.get()
    acceptance = cast.visit(project, "renewal.acceptance", two=True)
    with pytest.raises(Refused, match="it is not put right"):
        works.accept(cast.alice, project, acceptance)
    assert finding.recheck is not None
    assert finding.case is not None
    assert finding.case.type == "renewal.defect"
    visited(cast.bob, finding.recheck, rechecks={finding.pk: Recheck(right=True)})
    assert evaluate(INDICATORS["renewal.completed_roof"], YEAR).value == 0
    with pytest.raises(Denied):
        works.accept(cast.bob, project, acceptance)
    done = works.accept(cast.alice, project, acceptance)
    today = clock.today()
    assert (done.accepted_on, done.warranty_until) == (today, today.replace(year=2031))
    assert evaluate(INDICATORS["renewal.completed_roof"], YEAR).value == 1
    (due,) = queries.due_dates(today.replace(year=2031), today.replace(year=2031))
    assert due.values["project"] == project.name
    with pytest.raises(Outdated, match="accepted or given up"):
        projects.give_up(cast.alice, done, "x")


def test_pictures_are_set_side_by_side_and_shown_only_when_released(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    works.keep_pictures(project, cast.visit(project))
    cast.hands.go(days=3)
    works.keep_pictures(project, cast.visit(project))
    before, after = Picture.objects.order_by("taken_on")
    with pytest.raises(Refused, match="it was not taken later"):
        works.pair_up(cast.bob, project, title="屋面", before=after, after=before)
    works.pair_up(cast.bob, project, title="屋面", before=before, after=after)
    projects.release(cast.alice, before)
    assert not queries.released_pairs(project).exists()
    with pytest.raises(Denied):
        projects.release(cast.bob, after)
    projects.release(cast.alice, after)
    assert queries.released_pairs(project).count() == 1


# who may


def test_nobody_enters_or_changes_a_project_of_another_unit(cast: Cast) -> None:
    with pytest.raises(Denied):
        cast.project(unit=cast.other)
    project = cast.project()
    with pytest.raises(Denied):
        projects.change(cast.charlie, project, {"name": "mine"})
    assert not queries.projects(cast.charlie).exists()
    assert not queries.projects(Actor.anonymous()).exists()
    assert projects.change(cast.bob, project, {"name": "北巷", "first_end": date(2030, 1, 1)}).name == "北巷"
    project.refresh_from_db()
    assert project.first_end == date(2026, 12, 20)


# three at 100 %


def a_site(cast: Cast, doors_: int = 2) -> Project:
    project = cast.project("大渡河路690弄", kind="rebuild")
    doors.add_doors(cast.bob, project, [f"{number}号" for number in range(doors_)])
    return project


def fact(kind: str, number: int = 1) -> DoorFact:
    return DoorFact.objects.select_related("door__project").get(door__number=number, kind=kind)


def test_a_fact_is_entered_by_one_and_confirmed_by_another(cast: Cast) -> None:
    a_site(cast)
    entered = doors.enter_fact(cast.bob, fact("consulted"), on=TODAY, proof="征询1号")
    assert evaluate(INDICATORS["renewal.consulted"], YEAR).numerator == 0, "what one says does not count"
    with pytest.raises(Denied):
        doors.confirm_fact(cast.bob, entered)
    doors.enter_fact(cast.alice, fact("consulted", 2), on=TODAY, proof="征询2号")
    with pytest.raises(Refused, match="you entered it yourself"):
        doors.confirm_fact(cast.alice, fact("consulted", 2))
    doors.confirm_fact(cast.alice, entered)
    assert evaluate(INDICATORS["renewal.consulted"], YEAR).value == 50
    assert round(evaluate(INDICATORS["renewal.three_at_100"], YEAR).value or 0, 2) == Decimal("16.67")
    with pytest.raises(Outdated, match="it is confirmed already"):
        doors.enter_fact(cast.bob, fact("consulted"), on=TODAY, proof="x")
    one = fact("consulted", 2)
    with pytest.raises(IntegrityError, match="renewal_doorfact_two_people"), transaction.atomic():
        DoorFact.objects.filter(pk=one.pk).update(confirmed_at=one.entered_at, confirmed_by=one.entered_by)


def test_facts_come_in_their_order_with_a_proof(cast: Cast) -> None:
    a_site(cast)
    with pytest.raises(Refused, match="comes before it"):
        doors.enter_fact(cast.bob, fact("signed"), on=TODAY, proof="x")
    with pytest.raises(Refused, match="nothing shows it"):
        doors.enter_fact(cast.bob, fact("consulted"), on=TODAY, proof=" ")
    doors.enter_fact(cast.bob, fact("consulted"), on=TODAY, proof="征询1号")
    with pytest.raises(Refused, match="comes before it"):
        doors.enter_fact(cast.bob, fact("signed"), on=TODAY - timedelta(days=1), proof="x")
    signed = doors.enter_fact(cast.bob, fact("signed"), on=TODAY, proof="签约1号")
    with pytest.raises(Refused, match="is not confirmed"):
        doors.confirm_fact(cast.alice, signed)
    with pytest.raises(Refused, match="must know why"):
        doors.send_back(cast.alice, signed, "")
    back = doors.send_back(cast.alice, signed, "签约书缺页")
    assert (back.on, back.proof, back.entered_by_id) == (None, "", None)


def test_doors_are_entered_once_and_only_where_somebody_moves_out(cast: Cast) -> None:
    project = a_site(cast)
    with pytest.raises(Refused, match="entered already"):
        doors.add_doors(cast.bob, project, ["0号"])
    with pytest.raises(Refused, match="nobody moves out for it"):
        doors.add_doors(cast.bob, cast.project("北巷小区屋面"), ["1号"])
    assert doors.add_doors(cast.bob, project, ["7号", "7号", " "]) == 1
    assert [one.number for one in queries.doors(cast.bob)] == [1, 2, 3]
    assert not queries.doors(cast.charlie).exists()
    assert {(one.done, one.doors) for one in queries.rates(project)} == {(0, 3)}


# what the plan reads


def test_each_indicator_opens_what_it_counted_and_names_no_door(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    cast.reach_all(project)
    works.accept(cast.alice, project, cast.visit(project, "renewal.acceptance", two=True))
    a_site(cast)
    opened = 0
    for indicator in INDICATORS:
        if indicator.id.startswith("renewal."):
            assert indicator.row_url is not None
            for row in (indicator.denominator or indicator.numerator)(YEAR):
                assert "0号" not in indicator.row_label(row)
                assert indicator.row_url(row).startswith("/desk/renewal/")
                opened += 1
    assert opened > 10
    assert evaluate(INDICATORS["renewal.milestones_in_time"], YEAR).value is not None
    assert not Case.objects.filter(type="renewal.objection").exists()
