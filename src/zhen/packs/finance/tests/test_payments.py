"""Payments: three people, one invoice, one payment, and the vouchers that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import queries
from zhen.packs.finance.actions import payments
from zhen.packs.finance.actions.payments import InvoiceIn
from zhen.packs.finance.kinds import Method
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import TODAY, Cast

pytestmark = pytest.mark.django_db
INVOICE = InvoiceIn(number="26310000001", dated=date(2026, 9, 1), amount=30_000)


def figures(payment: Payment) -> tuple[int, int, int]:
    quota = ledger.Quota.objects.get(pk=payment.quota_id)
    return quota.reserved, quota.spent, quota.available


def test_a_payment_is_reserved_approved_and_paid_by_three_people(cast: Cast) -> None:
    payment = cast.ask(cast.funded(), 30_000, invoices=(INVOICE,))
    assert figures(payment) == (30_000, 0, 70_000)
    payment = cast.paid(payment)
    assert figures(payment) == (0, 30_000, 70_000)
    assert cast.ends() == {
        "1011": 70_000,
        "4001": -100_000,
        "5001": 30_000,
        "6001": -100_000,
        "7101": 30_000,
        "8001.01": 70_000,
    }
    (voucher,) = queries.vouchers_of(cast.anna, payment)
    assert ledger.paper_of(voucher) == f"/desk/finance/payments/{payment.pk}/"
    with pytest.raises(Outdated, match="it is paid"):
        payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-2")


@pytest.mark.parametrize(
    ("kind", "method", "debit", "credit"),
    [
        ("expense", Method.DIRECT, "5001", "4001"),
        ("asset", Method.AUTHORISED, "1601", "1011"),
        ("asset", Method.DIRECT, "1601", "4001"),
    ],
)
def test_what_is_booked_follows_from_kind_and_way(cast: Cast, kind: str, method: str, debit: str, credit: str) -> None:
    payment = cast.paid(cast.ask(cast.funded(method=method), 30_000, kind=kind, method=method))
    (voucher,) = queries.vouchers_of(cast.anna, payment)
    lines = list(ledger.Line.objects.filter(voucher=voucher).values_list("account__code", "debit", "credit"))
    assert lines[:2] == [(debit, 30_000, 0), (credit, 0, 30_000)]
    assert lines[2][:2] == ("7101", 30_000)


def test_an_official_card_is_an_expense_when_approved_and_spending_when_repaid(cast: Cast) -> None:
    payment = cast.ask(cast.funded(), 30_000, kind="card", payee_bank="", payee_account="")
    payments.approve(cast.bob, payment.pk)
    assert (cast.ends()["5001"], cast.ends()["2307.01"], "7101" in cast.ends()) == (30_000, -30_000, False)
    payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-1")
    assert (cast.ends()["7101"], "2307.01" in cast.ends()) == (30_000, False)
    with pytest.raises(Refused, match="paid from the zero-balance account"):
        cast.ask(payment.line, 5, kind="card", method=Method.DIRECT)


def test_one_person_does_not_do_two_parts_of_a_payment(cast: Cast) -> None:
    """Directly, as a deputy (his grants then hold the other's role as well), and after a change of post."""
    payment = cast.ask(cast.funded(), 30_000)
    with pytest.raises(Refused, match="who asks for a payment does not approve it"):
        payments.approve(replace(cast.bob, id=cast.alice.id), payment.pk)
    payments.approve(cast.bob, payment.pk)
    for who, reason in ((cast.alice, "who asks for a payment does not make it"), (cast.bob, "who approves a payment")):
        with pytest.raises(Refused, match=reason):
            payments.pay(replace(cast.carla, id=who.id), payment.pk, on=TODAY, bank_reference="B-1")
    deputy = replace(cast.carla, grants=(*cast.carla.grants, *cast.anna.grants))
    with pytest.raises(Refused, match="who keeps the books makes no payments"):
        payments.pay(deputy, payment.pk, on=TODAY, bank_reference="B-1")
    with pytest.raises(IntegrityError, match="finance_payment_third_person"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(paid_by_id=cast.bob.id)


def test_an_invoice_is_paid_once_and_is_free_again_after_a_refusal(cast: Cast) -> None:
    line = cast.funded()
    payment = cast.ask(line, 30_000, invoices=(INVOICE,))
    with pytest.raises(Refused, match="rests on this invoice already"):
        cast.ask(line, 30_000, invoices=(INVOICE,))
    assert figures(payment) == (30_000, 0, 70_000), "a refused request reserves nothing"
    with pytest.raises(Refused, match="a refusal needs it"):
        payments.refuse(cast.bob, payment.pk, reason=" ")
    payments.refuse(cast.bob, payment.pk, reason="Too dear")
    again = cast.ask(line, 30_000, invoices=(INVOICE,))
    payments.withdraw(cast.alice, again.pk, reason="Not needed")
    assert figures(again) == (0, 0, 100_000)


def test_the_same_invoice_twice_in_one_request_is_refused(cast: Cast) -> None:
    line = cast.funded()
    with pytest.raises(Refused, match="an invoice is paid once"):
        cast.ask(line, 60_000, invoices=(INVOICE, INVOICE))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"amount": 100_001}, "what is not budgeted may not be spent"),
        ({"amount": 0}, "it is not above zero"),
        ({"method": Method.DIRECT}, "no payment quota is released for it"),
        ({"payee_account": " "}, "nothing can be paid without it"),
        ({"invoices": (replace(INVOICE, amount=1),)}, "the invoices come to ¥0.01"),
        ({"invoices": (replace(INVOICE, dated=date(2026, 9, 16)),)}, "it lies ahead, or more than a year back"),
        ({"invoices": (replace(INVOICE, dated=date(2025, 9, 1)),)}, "it lies ahead, or more than a year back"),
    ],
)
def test_what_cannot_be_paid_is_refused_at_once(cast: Cast, given: dict[str, object], reason: str) -> None:
    line = cast.funded()
    with pytest.raises(Refused, match=reason):
        cast.ask(line, **{"amount": 30_000, **given})  # type: ignore[arg-type]
    assert not Payment.objects.exists()


def test_a_payment_is_entered_with_its_slip_and_not_ahead(cast: Cast) -> None:
    payment = cast.ask(cast.funded(), 30_000)
    with pytest.raises(Outdated, match="it is asked for"):
        payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-1")
    payments.approve(cast.bob, payment.pk)
    with pytest.raises(Refused, match="it shows that it was paid"):
        payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference=" ")
    with pytest.raises(Refused, match="it lies ahead"):
        payments.pay(cast.carla, payment.pk, on=date(2026, 9, 16), bank_reference="B-1")


def test_another_department_neither_finds_nor_approves(cast: Cast) -> None:
    payment = cast.ask(cast.funded(), 30_000)
    assert not queries.payments(cast.charlie).exists()
    with pytest.raises(Payment.DoesNotExist):
        payments.withdraw(cast.charlie, payment.pk, reason="Mine")
    connection.check_constraints()
    assert not list(ledger.verify())
