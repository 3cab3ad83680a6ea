"""Show 2: papers of public money in any order, with their failures: a few sums in memory agree, the invariants hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance.actions import corrections, papers, payments, slips
from zhen.packs.finance.kinds import ADVANCE, ASSET, CARD, CASH, EXPENSE
from zhen.packs.finance.models import Payment
from zhen.packs.finance.proving import faults
from zhen.packs.finance.tests.conftest import TODAY, a_cast

GRANTED = 5_000
AMOUNTS = st.integers(min_value=0, max_value=2_000)
PICK = st.integers(min_value=0, max_value=20)
KINDS = st.sampled_from([EXPENSE.id, ASSET.id, CARD.id, CASH.id, ADVANCE.id])
State = Payment.State


class Money(RuleBasedStateMachine):
    """`left` is what the line still has, `cash` what lies in the cash box, `due` what belongs to the treasury."""

    @initialize()
    def begin(self) -> None:
        self.cast = a_cast(uuid4().hex[:10])
        self.line = self.cast.funded(GRANTED)
        self.left, self.cash, self.due = GRANTED, 0, 0
        self.papers: list[int] = []

    def done(self, work: Callable[[], Any]) -> Any:
        """What `work` gives, or None where it was refused; nothing is left of it then."""
        try:
            with transaction.atomic():
                return work()
        except Refused:
            return None

    def picked(self, pick: int) -> Payment | None:
        return Payment.objects.get(pk=self.papers[pick % len(self.papers)]) if self.papers else None

    @rule(amount=AMOUNTS, kind=KINDS)
    def ask(self, amount: int, kind: str) -> None:
        payment = self.done(lambda: self.cast.ask(self.line, amount, kind=kind))
        assert (payment is not None) == (0 < amount <= self.left)
        if payment:
            self.left -= amount
            self.papers.append(payment.pk)

    @rule(pick=PICK, wrong=st.booleans())
    def approve(self, pick: int, wrong: bool) -> None:
        payment = self.picked(pick)
        if payment is None:
            return
        held = Payment.objects.get(pk=payment.pk)
        done = self.done(lambda: payments.approve(self.cast.bob, held.pk, with_paper=wrong))
        assert (done is not None) == (held.state == State.ASKED and not wrong)

    @rule(pick=PICK)
    def refuse(self, pick: int) -> None:
        payment = self.picked(pick)
        if payment is None:
            return
        done = self.done(lambda: payments.refuse(self.cast.bob, payment.pk, reason="Too dear"))
        assert (done is not None) == (payment.state == State.ASKED)
        self.left += payment.amount if done else 0

    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        payment = self.picked(pick)
        if payment is None:
            return
        done = self.done(lambda: payments.pay(self.cast.carla, payment.pk, on=TODAY, bank_reference="B"))
        assert (done is not None) == (payment.state == State.APPROVED)
        self.cash += payment.amount if done and payment.kind == CASH.id else 0

    @rule(pick=PICK)
    def claim(self, pick: int) -> None:
        payment = self.picked(pick)
        if payment is None:
            return
        fits = payment.kind == ADVANCE.id and payment.state == State.PAID and payment.claimed_on is None
        assert (self.done(lambda: payments.claim(self.cast.bob, payment.pk)) is not None) == fits

    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        payment = self.picked(pick)
        if payment is None or payment.kind == CASH.id:
            return
        voucher = ledger.vouchers_of(self.cast.anna, ("finance.payment", payment.pk)).filter(reverses=None).last()
        if voucher is None or not voucher.settlements.exists():
            return
        done = self.done(lambda: corrections.take_back(self.cast.anna, voucher, on=TODAY, reason="Wrong"))
        self.left += payment.amount if done else 0

    @rule(pay=st.integers(min_value=100, max_value=1_500), tax=st.integers(min_value=0, max_value=200))
    def payroll(self, pay: int, tax: int) -> None:
        given = {"month": 9, "list_number": uuid4().hex, "method": "authorised", "people": 3, "pay": pay, "tax": tax}
        given |= {"insurance": 20, "housing": 10, "own_insurance": 5, "own_housing": 10}
        made = self.done(lambda: papers.ask_payroll(self.cast.alice, self.line, given))
        assert (made is not None) == (tax + 15 < pay and pay + 30 <= self.left)
        if made:
            self.left -= made.whole
            papers.decide_payroll(self.cast.bob, made.pk, approve=True)

    @rule(kind=st.sampled_from(["cash_spent", "treasury_received", "treasury_paid"]), amount=AMOUNTS)
    def slip(self, kind: str, amount: int) -> None:
        line = self.line if kind == "cash_spent" else None
        told: dict[str, Any] = {"amount": amount, "what": kind, "party": "Somebody", "reference": uuid4().hex}
        made = self.done(lambda: slips.enter(self.cast.carla, self.cast.book, kind=kind, on=TODAY, line=line, **told))
        assert (made is not None) == (amount > 0)
        if not made:
            return
        done = self.done(lambda: slips.decide(self.cast.anna, made.pk, approve=True))
        room = {"cash_spent": self.cash, "treasury_received": amount, "treasury_paid": self.due}[kind]
        assert (done is not None) == (amount <= room)
        if done:
            self.cash -= amount if kind == "cash_spent" else 0
            self.due += {"treasury_received": amount, "treasury_paid": -amount}.get(kind, 0)

    @invariant()
    def all_holds(self) -> None:
        connection.check_constraints()
        quota = ledger.Quota.objects.get(parent=self.line.quota, kind="finance.payment_authorised")
        assert quota.available == self.left
        ends = self.cast.ends()
        assert (ends.get("1001", 0), -ends.get("2103", 0)) == (self.cash, self.due)
        assert [*faults(self.cast.book), *ledger.verify()] == []


@pytest.mark.django_db
def test_whatever_is_done_with_papers_the_invariants_hold() -> None:
    run_state_machine_as_test(Money, settings=settings(max_examples=6, stateful_step_count=14, deadline=None))
