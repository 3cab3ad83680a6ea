"""One person tries every incompatible pair: directly, as a deputy, and after a change of post. Each is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from zhen.kernel.access.api import ROLES, SEPARATIONS, Actor, Denied, permissions_of
from zhen.kernel.cases.api import Case, Move, move
from zhen.kernel.identity.api import User, actor_for, deputise, give_post
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance import duties
from zhen.packs.finance.actions import budgets, payments, plans
from zhen.packs.finance.control import auditing, books, dated, queries, resolutions, watching
from zhen.packs.finance.control.risks import ASKED
from zhen.packs.finance.control.tests.conftest import entered, runs
from zhen.packs.finance.duties import ACTS, PAIRS, Pair
from zhen.packs.finance.models import Budget, BudgetLine, FundingPlan, Payment
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db
ROLE = {
    "budget.prepare": "finance.accountant",
    "budget.review": "finance_officer",
    "budget.approve": "town_leader",
    "change.ask": "unit_head",
    "change.decide": "finance_officer",
    "plan.ask": "unit_clerk",
    "plan.decide": "finance.accountant",
    "payment.ask": "unit_clerk",
    "payment.approve": "unit_head",
    "payment.pay": "finance.cashier",
    "books.keep": "finance.accountant",
    "audit": "finance.auditor",
    "rule.propose": "finance_officer",
    "rule.approve": "town_leader",
    "resolution.enter": "plan_officer",
    "resolution.review": "finance.legal_adviser",
    "finding.close": "town_leader",
}
"""Who does an act by his own post."""
SPENDING = ("budget.prepare", "budget.review", "budget.approve", "plan.ask", "plan.decide", "payment.ask")
BEFORE: dict[str, tuple[str, ...]] = {
    "budget.prepare": (),
    "budget.review": ("budget.prepare",),
    "budget.approve": ("budget.prepare", "budget.review"),
    "change.ask": ("budget.prepare", "budget.review", "budget.approve"),
    "change.decide": ("budget.prepare", "budget.review", "budget.approve", "change.ask"),
    "plan.ask": ("budget.prepare", "budget.review", "budget.approve"),
    "plan.decide": ("budget.prepare", "budget.review", "budget.approve", "plan.ask"),
    "payment.ask": SPENDING[:-1],
    "payment.approve": SPENDING,
    "payment.pay": (*SPENDING, "payment.approve"),
    "books.keep": (*SPENDING, "payment.approve", "payment.pay"),
    "audit": (*SPENDING, "payment.approve", "payment.pay"),
    "finding.close": (*SPENDING, "payment.approve", "payment.pay"),
    "rule.propose": (),
    "rule.approve": ("rule.propose",),
    "resolution.enter": (),
    "resolution.review": ("resolution.enter",),
}
"""What has to be done before an act can be."""


@dataclass
class Stage:
    """The papers that the acts are done to; each act is done once, by whoever it is given to."""

    cast: Cast
    made: dict[str, Any] = field(default_factory=dict)

    def do(self, act: str, actor: Actor) -> None:
        getattr(self, act.replace(".", "_"))(actor)

    def budget_prepare(self, actor: Actor) -> None:
        budget = budgets.begin(actor, self.cast.book)
        given = {
            "unit": self.cast.office, "name": "Paper", "function": "2010301", "economic": "30201",
            "source": "general", "amount": 100_000,
        }  # fmt: skip
        self.made["line"] = budgets.add_line(actor, budget, given)

    def budget_review(self, actor: Actor) -> None:
        budgets.review(actor, Budget.objects.get())

    def budget_approve(self, actor: Actor) -> None:
        budgets.approve(actor, Budget.objects.get(), resolution="1/2026")

    def change_ask(self, actor: Actor) -> None:
        line = BudgetLine.objects.get()
        self.made["change"] = budgets.ask_change(
            actor, before=None, after=line, amount=100, reason="More", resolution="2/2026"
        )

    def change_decide(self, actor: Actor) -> None:
        budgets.decide_change(actor, self.made["change"].pk, approve=True)

    def plan_ask(self, actor: Actor) -> None:
        plans.ask_plan(actor, BudgetLine.objects.get(), month=9, method="authorised", amount=100_000)

    def plan_decide(self, actor: Actor) -> None:
        plans.decide_plan(actor, FundingPlan.objects.get().pk, approve=True)

    def payment_ask(self, actor: Actor) -> None:
        wanted = payments.Wanted(
            kind="expense", method="authorised", purpose="Paper", amount=50_000, payee="Mill", payee_bank="Bank",
            payee_account="1",
        )  # fmt: skip
        payments.ask(actor, BudgetLine.objects.get(), wanted)

    def payment_approve(self, actor: Actor) -> None:
        payments.approve(actor, Payment.objects.get().pk)

    def payment_pay(self, actor: Actor) -> None:
        payments.pay(actor, Payment.objects.get().pk, on=clock.today(), bank_reference="B-1")

    def books_keep(self, actor: Actor) -> None:
        books.reverse(actor, ledger.Voucher.objects.latest("pk"), on=clock.today(), reason="Wrong account")

    def audit(self, actor: Actor) -> None:
        auditing.note(actor, Payment.objects.get(), title="Unclear", text="Show the slip")

    def finding_close(self, actor: Actor) -> None:
        case = self.explained()
        move(actor, case.pk, case.revision, "close", Move(outcome="justified"))

    def explained(self) -> Case:
        case = Case.objects.filter(type="finance.risk").first()
        if case is None:
            runs(self.cast, "round", **{"from": 50_000, "multiple": 10_000})
            watching.watch(list(journal.Event.objects.filter(kind=ASKED)))
            case = Case.objects.get(type="finance.risk")
            case = move(self.cast.frank, case.pk, case.revision, "look")
            case = move(self.cast.frank, case.pk, case.revision, "explain", Move(result="It was the price"))
        return case

    def rule_propose(self, actor: Actor) -> None:
        self.made["rule"] = dated.propose_row(
            actor, kind="payment", amount_from=0, steps=["unit_head"], resolution=False,
            valid_from=clock.today() + timedelta(days=1), source="Rules",
        )  # fmt: skip

    def rule_approve(self, actor: Actor) -> None:
        dated.approve(actor, self.made["rule"])

    def resolution_enter(self, actor: Actor) -> None:
        self.made["resolution"] = entered(actor)

    def resolution_review(self, actor: Actor) -> None:
        resolutions.review(actor, self.made["resolution"], lawful=True, opinion="In order")


def acting(user: User) -> Actor:
    return actor_for(user, day=clock.today())


def others(stage: Stage, act: str) -> Actor:
    """Somebody who does nothing but this act."""
    user = a_user(f"only-{act}".replace(".", "-"))
    a_post(user, ROLE[act], stage.cast.office)
    return acting(user)


def directly(stage: Stage, pair: Pair, hands: Hands) -> Callable[[], tuple[Actor, Actor]]:
    """He holds both posts."""
    user = a_user("one")
    for role in {ROLE[pair.first], ROLE[pair.second]}:
        a_post(user, role, stage.cast.office)
    return lambda: (acting(user), acting(user))


def as_deputy(stage: Stage, pair: Pair, hands: Hands) -> Callable[[], tuple[Actor, Actor]]:
    """The second post is somebody else's, whom he stands in for."""
    user, holder = a_user("one"), a_user("holder")
    a_post(user, ROLE[pair.first], stage.cast.office)
    post = a_post(holder, ROLE[pair.second], stage.cast.office)
    a_post(user, ROLE[pair.second], stage.cast.office, deputises=post)
    return lambda: (acting(user), acting(user))


def after_a_change(stage: Stage, pair: Pair, hands: Hands) -> Callable[[], tuple[Actor, Actor]]:
    """He did the first in a post that he has given up, and moves to the second the day after."""
    user = a_user("one")
    tomorrow = clock.today() + timedelta(days=1)
    a_post(user, ROLE[pair.first], stage.cast.office, until=tomorrow)
    a_post(user, ROLE[pair.second], stage.cast.office, since=tomorrow)
    before = acting(user)

    def people() -> tuple[Actor, Actor]:
        return before, actor_for(user, day=tomorrow)

    return people


def never_both(pair: Pair) -> set[str]:
    """The rules by which the two posts do not go together at all."""
    held = permissions_of(ROLES[ROLE[pair.first]]) | permissions_of(ROLES[ROLE[pair.second]])
    return {one.rule for one in SEPARATIONS if one.always and one.met_by(held)}


WAYS = (directly, as_deputy, after_a_change)


STAGED = [pair for pair in PAIRS if pair.second in ROLE and pair.first in ROLE]
"""Pairs that are tried with whole papers here; the others: below, and with their papers in their own modules' tests."""


def test_every_act_of_the_table_is_tried() -> None:
    assert {act for pair in PAIRS for act in (pair.first, pair.second)} == set(ACTS)
    assert set(ROLE) == set(BEFORE) == {act for act in ACTS if hasattr(Stage, act.replace(".", "_"))}
    for act in (ACTS[id] for id in ROLE):
        assert act.permissions & permissions_of(ROLES[ROLE[act.id]]), act.id


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("pair", STAGED, ids=lambda pair: f"{pair.rule}-{pair.first}-{pair.second}")
def test_one_person_does_not_do_both(
    cast: Cast, hands: Hands, pair: Pair, way: Callable[..., Callable[[], tuple[Actor, Actor]]]
) -> None:
    stage = Stage(cast)
    first, second = way(stage, pair, hands)()
    at_once = set() if way is after_a_change else never_both(pair)
    for act in BEFORE[pair.second]:
        if act != pair.first:
            stage.do(act, others(stage, act))
            continue
        if any(ACTS[act].permissions & (one.first | one.second) for one in SEPARATIONS if one.rule in at_once):
            with pytest.raises(Refused, match="|".join(at_once)):  # who holds both sides does neither, on any paper
                stage.do(act, first)
            stage.do(act, others(stage, act))
        else:
            stage.do(act, first)
    if pair.second == "finding.close":
        stage.explained()
    if way is after_a_change:
        hands.go(days=1)
    with pytest.raises(Refused, match="|".join({pair.rule, *at_once})) as refused_second:
        stage.do(pair.second, second)
    assert refused_second.value.status == 422
    stage.do(pair.second, others(stage, pair.second))


@pytest.mark.parametrize("separation", duties.SEPARATIONS, ids=lambda one: one.rule)
def test_no_post_brings_both_into_one_hand(cast: Cast, separation: Any) -> None:
    pair = next(pair for pair in PAIRS if pair.rule == separation.rule)
    held = permissions_of(ROLES[ROLE[pair.first]]) | permissions_of(ROLES[ROLE[pair.second]])
    rules = "|".join(one.rule for one in SEPARATIONS if one.met_by(held))
    system = Actor.system("test")
    user, boss = a_user("one"), a_user("boss")
    today = clock.today()
    give_post(system, user=user, role=ROLE[pair.first], unit=cast.office, valid_from=today)
    with pytest.raises(ValidationError, match=rules):
        give_post(system, user=user, role=ROLE[pair.second], unit=cast.office, valid_from=today)
    theirs = give_post(system, user=boss, role=ROLE[pair.second], unit=cast.office, valid_from=today)
    with pytest.raises(ValidationError, match=rules):
        deputise(acting(boss), theirs, user=user, valid_from=today, valid_to=today + timedelta(days=3))
    assert [one for one in queries.combined(cast.leo) if one.user == user] == []
    why = "Two people in the whole office, until March"
    give_post(system, user=user, role=ROLE[pair.second], unit=cast.office, valid_from=today, despite=why)
    told = {one.rule: one.despite for one in queries.combined(cast.leo) if one.user == user}
    assert told[pair.rule] == why


def test_a_holder_does_not_wave_the_rule_away(cast: Cast) -> None:
    system, today = Actor.system("test"), date(2026, 9, 15)
    clerk, head = a_user("clerk"), a_user("head")
    give_post(system, user=clerk, role="unit_clerk", unit=cast.office, valid_from=today)
    post = give_post(system, user=head, role="unit_head", unit=cast.office, valid_from=today)
    with pytest.raises(Denied):
        deputise(
            acting(head), post, user=clerk, valid_from=today, valid_to=today + timedelta(days=3), despite="In a hurry"
        )


def test_the_table_stands_as_separations_of_posts() -> None:
    assert {pair.rule for pair in PAIRS if pair.posts} == {one.rule for one in duties.SEPARATIONS}
