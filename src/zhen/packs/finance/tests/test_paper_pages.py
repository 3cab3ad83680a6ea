"""Payrolls, subsidies, slips, statements and bank statements by their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.models import BankStatement, Payment, Payroll, Slip, SubsidyBatch
from zhen.packs.finance.tests.conftest import TODAY, Cast
from zhen.packs.finance.tests.test_bank import HEAD, ROWS
from zhen.packs.finance.tests.test_pages import signed_in, url
from zhen.packs.finance.tests.year import LIST

pytestmark = pytest.mark.django_db
MOST = 60
PAYROLL = {
    "month": 9,
    "list_number": "2026-09",
    "method": "authorised",
    "people": 3,
    "pay": "300",
    "tax": "10",
    "own_insurance": "20",
    "own_housing": "15",
    "insurance": "40",
    "housing": "15",
}
BATCH = {"name": "高龄补贴", "basis": "1号文", "bank": "银行", "bank_account": "1"}


def test_papers_go_from_entry_to_payment_by_the_pages(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    line = cast.funded(amount=200_000)
    alice, bob = signed_in(cast, cast.alice, "unit_clerk"), signed_in(cast, cast.bob, "unit_head")
    carla, anna = signed_in(cast, cast.carla, "finance.cashier"), signed_in(cast, cast.anna, "finance.accountant")
    assert alice.post(url("payroll_new", line.pk), PAYROLL).status_code == 302
    again = alice.post(url("payroll_new", line.pk), PAYROLL)
    assert (again.status_code, "已录入过" in again.content.decode()) == (422, True)
    file = SimpleUploadedFile("list.csv", LIST)
    assert alice.post(url("subsidy_new", line.pk), {**BATCH, "list": file}).status_code == 302
    payroll, batch = Payroll.objects.get(), SubsidyBatch.objects.get()
    assert (payroll.net, batch.people, batch.amount) == (25_500, 2, 75_050)
    for name, paper in (("payroll", payroll), ("subsidy", batch)):
        assert bob.post(url(name, paper.pk), {"action": "approve", "confirmed": "1"}).status_code == 302
    slip = {"on": TODAY, "bank_reference": "B-1"}
    for payment in Payment.objects.all():
        assert carla.post(url("payment_pay", payment.pk), slip).status_code == 302
    entered = {
        "kind": "treasury_received",
        "on": TODAY,
        "amount": "8",
        "what": "租金",
        "party": "租户",
        "reference": "1",
    }
    assert carla.post(url("slip_new", cast.book.pk), entered).status_code == 302
    made = Slip.objects.get()
    assert anna.post(url("slip", made.pk), {"action": "approve", "confirmed": "1"}).status_code == 302
    ends = cast.ends()
    assert (ends["5001"], ends["2103"], ends["1011"]) == (110_550, -800, 89_450)

    book = cast.book.pk
    pages = [
        *(url(name) for name in ("payrolls", "subsidies", "slips", "books", "bank")),
        *(url(name, paper.pk) for name, paper in (("payroll", payroll), ("subsidy", batch), ("slip", made))),
        url("book", book),
        *(url("statement", f"{book}-{id}-13") for id in ("balance", "income", "budget", "carried", "reconciliation")),
        url("figure", f"{book}-balance-9-2"),
        url("figure", f"{book}-reconciliation-13-8"),
    ]
    for address in pages:
        with django_assert_max_num_queries(MOST):  # type: ignore[attr-defined]
            assert anna.get(address).status_code == 200, address
    assert "零余额账户用款额度" in anna.get(url("figure", f"{book}-balance-9-2")).content.decode()
    for id in ("account_pdf", "account_xlsx"):
        assert anna.get(url(id, f"{book}-1011")).status_code == 200
    voucher = ledger.Voucher.objects.latest("pk")
    assert anna.get(url("voucher_pdf", voucher.pk)).content.startswith(b"%PDF")
    assert anna.get(url("statement_pdf", f"{book}-income-9")).content.startswith(b"%PDF")
    for wrong in (f"{book}-balance-14", f"{book}-none-1", "x", f"{book}-balance-9-999"):
        assert anna.get(url("figure" if wrong.count("-") == 3 else "statement", wrong)).status_code == 404


def test_a_bank_statement_is_looked_at_before_it_is_taken_over(cast: Cast) -> None:
    cast.paid(cast.ask(cast.funded(), 30_000))
    anna = signed_in(cast, cast.anna, "finance.accountant")
    account = ledger.Account.objects.get(chart=cast.book.chart, code="1011")
    file = SimpleUploadedFile("bank.csv", (HEAD + ROWS).encode())
    assert anna.post(url("bank_read", cast.book.pk), {"account": account.pk, "file": file}).status_code == 302
    statement = BankStatement.objects.get()
    page = anna.get(url("bank_statement", statement.pk)).content.decode()
    assert ("预览" in page, page.count("未勾对")) == (True, 3)
    taken = anna.post(url("bank_statement", statement.pk), {"action": "take", "confirmed": "1"})
    assert taken.status_code == 302
    page = anna.get(url("bank_statement", statement.pk)).content.decode()
    assert ("银行与账面相符" in page, page.count("未勾对")) == (True, 1)
    fee = statement.lines.get(amount=-500)
    assert anna.get(url("bank_match", fee.pk)).status_code == 200
