"""All actions of the ledger in any order, with their failures: the database always agrees with a few sums in memory."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.testing import KEEPER, a_book, a_quota, event
from zhen.kernel.lib.refusals import Refused

AMOUNTS = st.integers(min_value=0, max_value=400)
PICK = st.integers(min_value=0, max_value=50)
MONTHS = st.integers(min_value=1, max_value=12)


class Ledger(RuleBasedStateMachine):
    """`held` and `spent` are what the quotas should say, `cash` what account 1 should."""

    @initialize()
    def open(self) -> None:
        self.book = a_book(a_unit(f"unit-{uuid4().hex[:12]}"))
        self.quota = a_quota(self.book, 1000)
        self.granted, self.cash = 1000, 0
        self.held: dict[int, int] = {}
        self.paid: list[tuple[ledger.Voucher, int]] = []
        self.spent = 0
        self.closed = 0
        self.told: list[tuple[UUID, int]] = []

    def refused(self, work: Any) -> Any:
        """What `work` gives, or None where it was refused; nothing is left of it then."""
        try:
            with transaction.atomic():
                return work()
        except Refused:
            return None

    @rule(amount=AMOUNTS, month=MONTHS)
    def receive(self, amount: int, month: int) -> None:
        on = ledger.Period.objects.get(book=self.book, month=month).first
        done = self.refused(lambda: ledger.book_event(KEEPER, self.book, event("given", amount, on=on)))
        assert (done is not None) == (amount > 0 and month > self.closed)
        self.cash += amount if done else 0

    @rule(amount=AMOUNTS)
    def reserve(self, amount: int) -> None:
        left = self.granted - sum(self.held.values()) - self.spent
        request = uuid4()
        done = self.refused(lambda: ledger.reserve(KEEPER, self.quota, amount, request=request))
        assert (done is not None) == (0 < amount <= left)
        if done:
            self.held[done.pk] = amount
            assert ledger.reserve(KEEPER, self.quota, amount, request=request).pk == done.pk

    @rule(pick=PICK, amount=AMOUNTS, month=MONTHS)
    def settle(self, pick: int, amount: int, month: int) -> None:
        if not self.held:
            return
        id = sorted(self.held)[pick % len(self.held)]
        business = event("bought", amount, on=ledger.Period.objects.get(book=self.book, month=month).first)
        done = self.refused(lambda: ledger.settle(KEEPER, self.book, [(id, amount)], business))
        assert (done is not None) == (0 < amount <= self.held[id] and month > self.closed)
        if done:
            self.held[id] -= amount
            self.spent += amount
            self.cash -= amount
            self.paid.append((done, amount))
            assert ledger.settle(KEEPER, self.book, [(id, amount)], business).pk == done.pk

    @rule(pick=PICK)
    def let_go(self, pick: int) -> None:
        if not self.held:
            return
        id = sorted(self.held)[pick % len(self.held)]
        held = ledger.Reservation.objects.get(pk=id)
        self.refused(lambda: ledger.let_go(KEEPER, held, request=uuid4()))
        self.held[id] = 0

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        if not self.paid:
            return
        voucher, amount = self.paid[pick % len(self.paid)]
        done = self.refused(lambda: ledger.reverse(KEEPER, voucher, on=voucher.date, reason="wrong"))
        if done:
            self.spent -= amount
            self.cash += amount

    @rule(by=st.integers(min_value=-300, max_value=300))
    def adjust(self, by: int) -> None:
        done = self.refused(lambda: ledger.adjust(KEEPER, self.quota, by=by))
        left = self.granted - sum(self.held.values()) - self.spent
        assert (done is not None) == (left + by >= 0)
        self.granted += by if done else 0

    @rule(month=MONTHS)
    def close(self, month: int) -> None:
        if self.refused(lambda: ledger.close_month(KEEPER, self.book, month)):
            return
        closed = ledger.Period.objects.filter(book=self.book, closed_at__isnull=False)
        self.closed = max(closed.values_list("month", flat=True), default=0)

    @invariant()
    def the_sums_agree(self) -> None:
        connection.check_constraints()
        self.quota.refresh_from_db()
        assert (self.quota.granted, self.quota.reserved, self.quota.spent) == (
            self.granted,
            sum(self.held.values()),
            self.spent,
        )
        ends = {row.account.code: row.end for row in ledger.trial_balance(KEEPER, self.book)}
        assert ends.get("1", 0) == ends.get("7.01", 0) == self.cash
        assert list(ledger.verify()) == []


@pytest.mark.django_db
def test_whatever_is_done_the_sums_agree() -> None:
    run_state_machine_as_test(Ledger, settings=settings(max_examples=12, stateful_step_count=20))
