"""An objective from being set to its review, and what the next budget hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Case
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.actions import budgets
from zhen.packs.finance.models import Budget
from zhen.packs.finance.performance import actions, printing
from zhen.packs.finance.performance.models import Measure, Monitoring, Objective
from zhen.packs.finance.performance.reading import passed
from zhen.packs.finance.performance.tests.conftest import Year
from zhen.packs.finance.tests.conftest import TODAY
from zhen.packs.finance.tests.test_pages import signed_in, url

pytestmark = pytest.mark.django_db


def test_weights_come_to_what_the_rules_give_each_group(year: Year) -> None:
    objective = year.objective()
    year.measure(objective, "output", 40)
    with pytest.raises(Refused, match="come to 50"):
        actions.approve(year.cast.leo, objective)
    with pytest.raises(Refused, match="no such indicator"):
        year.measure(objective, "output", 10, indicator="nothing.at_all")


def test_who_sets_an_objective_does_not_approve_it(year: Year) -> None:
    objective = year.approved()
    with pytest.raises(IntegrityError, match="objective_second_person"), transaction.atomic():
        Objective.objects.filter(pk=objective.pk).update(approved_by=year.cast.alice.user_id)
    with pytest.raises(Denied):
        actions.approve(year.cast.bob, objective)
    with pytest.raises(Outdated):
        year.measure(objective, "output", 1, name="Later")


def test_a_live_indicator_is_read_and_never_typed(year: Year) -> None:
    objective = year.approved()
    live = objective.measures.get(group="output")
    with pytest.raises(Outdated, match="read from recorded work"):
        actions.enter_value(year.cast.alice, live, value=Decimal(100), on=TODAY, evidence="I say so")
    actions.monitor(year.cast.alice, objective, note="Counting goes on")
    seen = {one["name"]: (one["value"], one["tone"]) for one in Monitoring.objects.get().seen}
    assert seen["Paid of asked"] == (100.0, "on_track")
    assert seen[""][0] == 30.0, "30 % of the line is spent"


def test_a_value_needs_its_evidence(year: Year) -> None:
    measure = year.approved().measures.get(group="benefit")
    with pytest.raises(Refused, match="a value needs what shows it"):
        actions.enter_value(year.cast.alice, measure, value=Decimal(90), on=TODAY, evidence=" ")
    with pytest.raises(IntegrityError, match="finance_measure_evidence"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(value=Decimal(90), value_on=TODAY)


def test_what_is_behind_at_mid_term_needs_what_is_done_about_it(year: Year) -> None:
    objective = year.approved()
    with pytest.raises(Refused, match="something is behind"):
        actions.monitor(year.cast.alice, objective, note="")


def test_the_scores_add_up(year: Year) -> None:
    objective = year.assessed(benefit=90, complaints=5)
    # execution 30 % of 10, output 50 of 50, benefit 90 % of 30, satisfaction 10 of 10
    assert objective.self_score == Decimal("90.00")
    done = actions.review(year.cast.frank, objective, given={}, opinion="Agreed")
    assert (done.score, done.grade, done.case) == (Decimal("90.00"), "excellent", None)


def test_an_assessment_waits_for_every_value(year: Year) -> None:
    with pytest.raises(Refused, match="each indicator needs a value"):
        actions.assess(year.cast.alice, year.approved(), assessment="Done")


def test_another_score_needs_a_reason_and_another_person(year: Year) -> None:
    objective = year.assessed()
    benefit = objective.measures.get(group="benefit")
    with pytest.raises(Refused, match="another score needs a reason"):
        actions.review(year.cast.frank, objective, given={benefit.pk: (Decimal(10), "")}, opinion="")
    with pytest.raises(Refused, match="points at most"):
        actions.review(year.cast.frank, objective, given={benefit.pk: (Decimal(31), "More")}, opinion="")
    with pytest.raises(IntegrityError, match="objective_reviewer"), transaction.atomic():
        Objective.objects.filter(pk=objective.pk).update(reviewed_by=year.cast.alice.user_id)
    with pytest.raises(IntegrityError, match="finance_measure_reason"), transaction.atomic():
        Measure.objects.filter(pk=benefit.pk).update(points=Decimal(1))
    done = actions.review(
        year.cast.frank, objective, given={benefit.pk: (Decimal(7), "Half of it was counted twice")}, opinion="Less"
    )
    assert (done.score, done.grade) == (Decimal("70.00"), "fair")
    case = Case.objects.get(pk=done.case_id or 0)
    assert (case.type, case.unit_id, case.open) == ("finance.rectification", year.cast.office.pk, True)


def test_the_next_draft_is_reviewed_once_a_poor_grade_is_answered(year: Year) -> None:
    objective = year.assessed(benefit=0, complaints=500)
    actions.review(year.cast.frank, objective, given={}, opinion="Nothing came of it")
    following = ledger.open_book(
        year.cast.anna, year.cast.office, 2027, chart=GOVERNMENT, level=ledger.Level.TOWN,
        unit_type=ledger.UnitType.ADMINISTRATION,
    )  # fmt: skip
    draft = budgets.begin(year.cast.anna, following)
    facts = {"unit": year.cast.office, "function": "2010301", "economic": "30201", "source": "general", "amount": 500}
    again = budgets.add_line(year.cast.anna, draft, {**facts, "name": "Paper"})
    budgets.add_line(year.cast.anna, draft, {**facts, "name": "Ink"})
    with pytest.raises(Refused, match="fair or poor grade"):
        budgets.review(year.cast.frank, draft)
    alice = signed_in(year.cast, year.cast.alice, "unit_clerk")
    assert "Paper" in alice.get(url("asking_again")).content.decode()
    assert alice.post(url("plea", again.pk), {"reason": "另一家供应商"}).status_code == 302
    budgets.review(year.cast.frank, draft)
    assert Budget.objects.get(pk=draft.pk).state == Budget.State.REVIEWED


def test_pages_open_with_few_queries_and_the_result_is_public(
    year: Year, client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    objective = year.assessed()
    bob = signed_in(year.cast, year.cast.frank, "finance_officer")
    measure = objective.measures.get(group="output")
    pages = [url("objectives"), url("objective", objective.pk), url("measure", measure.pk), url("asking_again")]
    pages += [url("objective_review", objective.pk)]
    for address in pages:
        with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
            assert bob.get(address).status_code == 200, address
    assert "30.00" not in client.get("/finance/results/").content.decode()
    said = {f"points-{one.pk}": str(one.self_points) for one in objective.measures.all()}
    assert bob.post(url("objective_review", objective.pk), {**said, "opinion": "同意"}).status_code == 302
    public = client.get("/finance/results/").content.decode()
    assert "Paper for every office" in public
    assert client.get(url("objective", objective.pk)).status_code == 302, "the desk asks who it is"
    charlie = signed_in(year.cast, year.cast.charlie, "unit_clerk")
    assert charlie.get(url("unset")).status_code == 200
    made = printing.report(year.cast.frank, Objective.objects.get())
    assert (made.name.endswith(".pdf"), made.data[:5]) == (True, b"%PDF-")


def test_days_of_a_year_that_have_passed() -> None:
    assert [passed(2026, date(2025, 5, 1)), passed(2026, date(2026, 12, 31))] == [0, 1]
