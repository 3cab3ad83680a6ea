"""Risk rules on the journal: what each finds, each once, and what its case ends with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Link, Move, NewCase, WrongStep, move, receive
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.parties.api import Organisation
from zhen.packs.finance.actions import payments
from zhen.packs.finance.actions.payments import InvoiceIn
from zhen.packs.finance.control import queries, watching
from zhen.packs.finance.control.models import Finding
from zhen.packs.finance.control.risks import RISKS
from zhen.packs.finance.control.tests.conftest import in_force, runs
from zhen.packs.finance.models import Payment
from zhen.packs.finance.procurement.models import Supplier
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db


def looked() -> list[tuple[str, int]]:
    """Let the consumer's handler see every event of payments; which rule found what."""
    events = journal.Event.objects.filter(kind__in=watching.CONSUMER.kinds).order_by("id")
    watching.watch(list(events))
    return list(Finding.objects.order_by("pk").values_list("rule", "payment"))


def test_a_split_purchase_is_one_case_however_many_parts(cast: Cast, hands: Hands) -> None:
    runs(cast, "split", limit=50_000, days=10)
    line = cast.funded()
    first = cast.ask(line, 20_000)
    hands.go(days=4)
    second = cast.ask(line, 20_000)
    assert looked() == []
    hands.go(days=4)
    third = cast.ask(line, 15_000)
    other = cast.ask(line, 15_000, payee="Somebody else")
    assert looked() == [("split", first.pk)]
    assert looked() == [("split", first.pk)], "seen again it is the same finding"
    case = Case.objects.get()
    assert "3 payments to Paper mill" in case.text or "Paper mill" in case.text
    papers = Link.objects.filter(case=case).values_list("subject_id", flat=True)
    assert set(papers) == {str(one.pk) for one in (first, second, third)}
    assert str(other.pk) not in papers
    hands.go(days=11)
    cast.ask(line, 15_000)
    assert len(looked()) == 1


def test_a_rule_runs_only_with_numbers_in_force_on_the_day(cast: Cast, hands: Hands) -> None:
    line = cast.funded()
    cast.ask(line, 20_000)
    hands.go(days=1)
    runs(cast, "round", **{"from": 10_000, "multiple": 10_000})
    assert looked() == []
    after = cast.ask(line, 20_000)
    assert looked() == [("round", after.pk)]


@pytest.mark.parametrize(
    ("rule", "numbers", "given", "found"),
    [
        ("round", {"from": 20_000, "multiple": 10_000}, {"amount": 30_000}, True),
        ("round", {"from": 20_000, "multiple": 10_000}, {"amount": 30_001}, False),
        ("round", {"from": 20_000, "multiple": 10_000}, {"amount": 10_000}, False),
        ("below", {"within": 5}, {"amount": 47_500}, True),
        ("below", {"within": 5}, {"amount": 47_499}, False),
        ("below", {"within": 5}, {"amount": 50_000}, False),
    ],
)
def test_what_is_asked_for(cast: Cast, rule: str, numbers: dict[str, int], given: dict[str, Any], found: bool) -> None:
    in_force(cast, ["unit_head"], amount_from=50_000)
    runs(cast, rule, **numbers)
    payment = cast.ask(cast.funded(), **given)
    assert looked() == ([(rule, payment.pk)] if found else [])


def test_two_payees_with_one_account(cast: Cast) -> None:
    runs(cast, "account", days=365)
    line = cast.funded()
    cast.ask(line, 10_000, payee="Mill A", payee_account="77")
    assert looked() == []
    second = cast.ask(line, 10_000, payee="Mill B", payee_account="77")
    cast.ask(line, 10_000, payee="Mill C", payee_account="78")
    assert looked() == [("account", second.pk)]


def test_two_suppliers_at_one_address(cast: Cast) -> None:
    runs(cast, "address", days=365)
    line = cast.funded()
    for number, address in enumerate(("Mill Road 5, room 2", "ＭＩＬＬ road 5 Room 2", "Mill Road 52"), 1):
        firm = Organisation.objects.create(name=f"Mill {number}", created_at=clock.now())
        Supplier.objects.create(
            organisation=firm, bank="Bank", account=str(number), address=address, since=clock.today()
        )
    cast.ask(line, 10_000, payee="Mill 1", payee_account="1")
    cast.ask(line, 10_000, payee="Mill 1", payee_account="1")
    cast.ask(line, 10_000, payee="Mill 3", payee_account="3")
    cast.ask(line, 10_000, payee="Mill 2", payee_account="9")  # not the supplier's account: the other rule's business
    assert looked() == []
    second = cast.ask(line, 10_000, payee="Mill 2", payee_account="2")
    assert looked() == [("address", second.pk)]


def test_paid_on_a_day_off_and_without_an_invoice(cast: Cast, hands: Hands) -> None:
    runs(cast, "day_off", **{"from": 10_000})
    runs(cast, "invoice", **{"from": 10_000})
    line = cast.funded()
    hands.now = datetime(2026, 9, 19, 2, 0, tzinfo=UTC)  # a Saturday
    bare = cast.ask(line, 20_000)
    invoice = InvoiceIn(number="1", dated=date(2026, 9, 1), amount=20_000)
    good = cast.ask(line, 20_000, invoices=(invoice,))
    for payment, day in ((bare, date(2026, 9, 19)), (good, date(2026, 9, 18))):
        payments.approve(cast.bob, payment.pk)
        payments.pay(cast.carla, payment.pk, on=day, bank_reference="B")
    assert looked() == [("day_off", bare.pk), ("invoice", bare.pk)]


def test_the_budget_bursts_in_december(cast: Cast, hands: Hands) -> None:
    line = cast.funded()
    runs(cast, "december", share=30)
    hands.now = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    november = cast.ask(line, 40_000)
    payments.approve(cast.bob, november.pk)
    payments.pay(cast.carla, november.pk, on=date(2026, 11, 30), bank_reference="B")
    assert looked() == []
    hands.now = datetime(2026, 12, 10, 2, 0, tzinfo=UTC)
    parts = [cast.ask(line, 15_000) for _part in range(2)]
    for part in parts:
        payments.approve(cast.bob, part.pk)
        payments.pay(cast.carla, part.pk, on=date(2026, 12, 10), bank_reference="B")
    assert looked() == [("december", parts[0].pk)]


def _explained(cast: Cast) -> tuple[Payment, Case]:
    runs(cast, "round", **{"from": 10_000, "multiple": 10_000})
    payment = cast.ask(cast.funded(), 30_000)
    looked()
    case = Case.objects.get()
    case = move(cast.frank, case.pk, case.revision, "look")
    return payment, move(cast.frank, case.pk, case.revision, "explain", Move(result="It was the price"))


def test_a_finding_ends_with_a_cause_that_somebody_else_gives(cast: Cast) -> None:
    payment, case = _explained(cast)
    second = receive(watching.SYSTEM, "finance.risk", NewCase(title="The same again"))
    with pytest.raises(IntegrityError, match="finance_finding_active_once"), transaction.atomic():
        Finding.objects.create(rule="round", payment=payment, case=second, found_at=second.received_at)
    with pytest.raises((Refused, WrongStep)):
        move(cast.leo, case.pk, case.revision, "close", Move())
    move(cast.leo, case.pk, case.revision, "close", Move(outcome="justified"))
    finding = Finding.objects.get()
    assert (finding.active, finding.cause) == (False, "justified")
    count = next(one for one in queries.risk_counts(cast.leo) if one.id == "round")
    assert (count.open, count.closed, count.false_rate) == (0, 1, 100.0)
    assert looked() == [("round", payment.pk)], "what was judged is not found anew"


def test_each_event_is_looked_at_once_by_the_consumer(cast: Cast) -> None:
    runs(cast, "round", **{"from": 10_000, "multiple": 10_000})
    cast.ask(cast.funded(), 30_000)
    assert watching.CONSUMER.kinds == {risk.event for risk in RISKS.values()}
    assert looked() == looked()
    assert Case.objects.filter(type="finance.risk").count() == 1


def test_findings_are_for_those_who_may_read_them(cast: Cast, auditor: Actor) -> None:
    _explained(cast)
    assert queries.findings(auditor).count() == 1
    assert not queries.findings(cast.alice).exists()
