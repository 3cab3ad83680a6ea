"""The cast: Alice asks, Bob approves, Carla pays, Anna keeps the books, Frank reviews, Leo leads.

Charlie clerks elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.actions import budgets, payments, plans
from zhen.packs.finance.kinds import EXPENSE, Method
from zhen.packs.finance.models import Budget, BudgetLine, Payment

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


@dataclass(frozen=True)
class Cast:
    office: Unit
    other: Unit
    book: ledger.Book
    alice: Actor
    bob: Actor
    carla: Actor
    anna: Actor
    frank: Actor
    leo: Actor
    charlie: Actor

    def line(self, amount: int = 100_000, **given: Any) -> BudgetLine:
        """A line of the draft."""
        budget = Budget.objects.filter(book=self.book).first() or budgets.begin(self.anna, self.book)
        facts = {
            "unit": self.office,
            "name": "Paper",
            "function": "2010301",
            "economic": "30201",
            "source": "general",
            "amount": amount,
            **given,
        }
        return budgets.add_line(self.anna, budget, facts)

    def in_force(self) -> None:
        """Reviewed, and approved by the congress."""
        budget = Budget.objects.get(book=self.book)
        budgets.review(self.frank, budget)
        budgets.approve(self.leo, budget, resolution="1/2026")

    def funded(self, amount: int = 100_000, method: str = Method.AUTHORISED, **given: Any) -> BudgetLine:
        """A line of a budget in force, with all of it released."""
        line = self.line(amount, **given)
        self.in_force()
        line.refresh_from_db()
        plan = plans.ask_plan(self.alice, line, month=9, method=method, amount=amount)
        plans.decide_plan(self.anna, plan.pk, approve=True)
        return line

    def ask(self, line: BudgetLine, amount: int, **given: Any) -> Payment:
        facts: dict[str, Any] = {
            "kind": EXPENSE.id,
            "method": Method.AUTHORISED,
            "purpose": "Paper for the printer",
            "amount": amount,
            "payee": "Paper mill",
            "payee_bank": "Bank",
            "payee_account": "1234",
        }
        return payments.ask(self.alice, line, payments.Wanted(**facts | given))

    def paid(self, payment: Payment) -> Payment:
        payments.approve(self.bob, payment.pk)
        return payments.pay(self.carla, payment.pk, on=TODAY, bank_reference="B-1")

    def ends(self) -> dict[str, int]:
        """What stands on each account that is not empty."""
        rows = ledger.trial_balance(Actor.system("test"), self.book)
        return {row.account.code: row.end for row in rows if row.end}


def holding(user: User, role: str, unit: Unit) -> Actor:
    return Actor(
        kind=ActorKind.USER,
        id=user.pk,
        name=user.name,
        grants=(Grant.of(ROLES[role], units=frozenset({unit.pk})),),
    )


@pytest.fixture
def cast(db: Any) -> Cast:
    office, other = a_unit("office"), a_unit("other")
    ledger.prepare()
    anna = holding(a_user("anna"), "finance.accountant", office)
    book = ledger.open_book(
        anna, office, 2026, chart=GOVERNMENT, level=ledger.Level.TOWN, unit_type=ledger.UnitType.ADMINISTRATION
    )
    return Cast(
        office=office,
        other=other,
        book=book,
        alice=holding(a_user("alice"), "unit_clerk", office),
        bob=holding(a_user("bob"), "unit_head", office),
        carla=holding(a_user("carla"), "finance.cashier", office),
        anna=anna,
        frank=holding(a_user("frank"), "finance_officer", office),
        leo=holding(a_user("leo"), "town_leader", office),
        charlie=holding(a_user("charlie"), "unit_clerk", other),
    )
