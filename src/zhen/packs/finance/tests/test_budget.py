"""The budget's way to the congress and back, its release, and its adjustments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import budgets, plans
from zhen.packs.finance.kinds import Method
from zhen.packs.finance.models import Budget
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_nothing_can_be_planned_before_the_congress_has_approved(cast: Cast) -> None:
    line = cast.line()
    with pytest.raises(Refused, match="the congress has not approved it"):
        plans.ask_plan(cast.alice, line, month=9, method=Method.AUTHORISED, amount=1)
    budget = Budget.objects.get()
    with pytest.raises(Outdated, match="it is draft"):
        budgets.approve(cast.leo, budget, resolution="1/2026")
    budgets.review(cast.frank, budget)
    with pytest.raises(Outdated, match="it is reviewed"):
        cast.line(5, name="Late")
    with pytest.raises(Refused, match="a budget is in force by it"):
        budgets.approve(cast.leo, budget, resolution=" ")
    budgets.reopen(cast.anna, budget)
    cast.in_force()
    line.refresh_from_db()
    assert line.quota is not None
    assert line.quota.granted == 100_000


def test_who_drafts_a_budget_does_not_review_it(cast: Cast) -> None:
    cast.line()
    both = replace(cast.frank, id=cast.anna.id)
    with pytest.raises(Refused, match="who drafts a budget does not review it"):
        budgets.review(both, Budget.objects.get())


def test_a_line_stands_once(cast: Cast) -> None:
    cast.line()
    with pytest.raises(Refused, match="the draft has this line already"):
        cast.line(5)
    with pytest.raises(Refused, match="there is one for this year"):
        budgets.begin(cast.anna, cast.book)


def test_an_approved_plan_is_a_payment_quota_and_arrives_in_the_books(cast: Cast) -> None:
    line = cast.funded(60_000)
    assert cast.ends() == {"1011": 60_000, "4001": -60_000, "8001.01": 60_000, "6001": -60_000}
    plan = plans.ask_plan(cast.alice, line, month=10, method=Method.DIRECT, amount=1)
    with pytest.raises(Refused, match="so much is not left"):
        plans.decide_plan(cast.anna, plan.pk, approve=True)


def test_a_plan_is_decided_on_once_and_by_another(cast: Cast) -> None:
    line = cast.line()
    cast.in_force()
    line.refresh_from_db()
    plan = plans.ask_plan(cast.alice, line, month=9, method=Method.DIRECT, amount=500)
    with pytest.raises(Refused, match="who makes a funding plan does not approve it"):
        plans.decide_plan(replace(cast.anna, id=cast.alice.id), plan.pk, approve=True)
    assert plans.decide_plan(cast.anna, plan.pk, approve=False).quota is None
    with pytest.raises(Outdated, match="it is decided on"):
        plans.decide_plan(cast.anna, plan.pk, approve=True)
    assert cast.ends() == {}, "direct payment moves nothing before it is paid"


def test_another_department_plans_nothing_here(cast: Cast) -> None:
    line = cast.line()
    cast.in_force()
    line.refresh_from_db()
    with pytest.raises(type(line).DoesNotExist):
        plans.ask_plan(cast.charlie, line, month=9, method=Method.DIRECT, amount=500)
    with pytest.raises(Denied):
        budgets.ask_change(cast.charlie, before=None, after=line, amount=5, reason="More")


def test_a_transfer_moves_what_is_not_released_yet(cast: Cast) -> None:
    ink = cast.line(50_000, name="Ink")
    paper = cast.funded(60_000)
    ink.refresh_from_db()
    change = budgets.ask_change(cast.anna, before=ink, after=paper, amount=20_000, reason="More paper")
    with pytest.raises(Refused, match="who asks for an adjustment does not decide on it"):
        budgets.decide_change(replace(cast.leo, id=cast.anna.id), change.pk, approve=True)
    budgets.decide_change(cast.leo, change.pk, approve=True)
    granted = dict(ledger.Quota.objects.filter(parent=None).values_list("budget_line__name", "granted"))
    assert granted == {"Ink": 30_000, "Paper": 80_000}
    back = budgets.ask_change(cast.anna, before=paper, after=ink, amount=20_001, reason="Too much")
    with pytest.raises(Refused, match="so much is not left"):
        budgets.decide_change(cast.leo, back.pk, approve=True)


def test_more_in_all_or_for_another_function_needs_the_congress(cast: Cast) -> None:
    roads = cast.line(50_000, name="Roads", function="2120501")
    paper = cast.funded(60_000)
    roads.refresh_from_db()
    for before in (None, roads):
        with pytest.raises(Refused, match="is for the congress"):
            budgets.ask_change(cast.anna, before=before, after=paper, amount=5, reason="More")
    change = budgets.ask_change(cast.anna, before=None, after=paper, amount=5, reason="More", resolution="2/2026")
    budgets.decide_change(cast.leo, change.pk, approve=True)
    assert not list(ledger.verify())
