"""Bank statements: a preview first, matched by reference and amount, the rest by hand; bank and books meet."""

from __future__ import annotations

import pytest

from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import bank, payments
from zhen.packs.finance.bank_file import read
from zhen.packs.finance.models import BankStatement
from zhen.packs.finance.screens.bank import reconciliation
from zhen.packs.finance.tests.conftest import TODAY, Cast

HEAD = "交易日期,收入,支出,余额,对方户名,流水号,摘要\n"
ROWS = """2026-09-15,1000.00,,1000.00,国库,,额度
2026-09-16,,300.00,700.00,纸行,B-1,纸
2026-09-16,,5.00,695.00,银行,,手续费
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "no row has the headings"),
        (HEAD, "there are no lines"),
        (HEAD + "2026-09-15,x,,1,,,\n", "it is no amount"),
        (HEAD + "15.9.2026,1,,1,,,\n", "it is no date"),
        (HEAD + "2026-09-15,1,1,1,,,\n", "an amount on one side"),
        (HEAD + "2026-09-15,1,,1,,,\n2026-09-16,1,,3,,,\n", "row 3.*does not follow"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_with_its_row(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(text.encode(), "bank.csv")


def test_lines_are_read_in_the_order_of_time_whatever_the_encoding() -> None:
    turned = HEAD + "".join(reversed(ROWS.splitlines(keepends=True)))
    assert read(turned.encode("gb18030"), "bank.csv") == read((HEAD + ROWS).encode(), "bank.csv")


def statement(cast: Cast) -> BankStatement:
    """The quota of 1,000.00 arrived and 300.00 were paid; the bank has its fee of 5.00 as well."""
    line = cast.funded()
    cast.paid(cast.ask(line, 30_000))
    payment = cast.ask(line, 2_000)
    payments.approve(cast.bob, payment.pk)
    payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-2")
    account = ledger.Account.objects.get(chart=cast.book.chart, code="1011")
    return bank.read_statement(cast.anna, cast.book, account, (HEAD + ROWS).encode(), "bank.csv")


@pytest.mark.django_db
def test_what_agrees_is_matched_and_bank_and_books_meet(cast: Cast) -> None:
    made = statement(cast)
    assert not made.lines.exclude(line=None).exists(), "a preview touches nothing"
    bank.take_over(cast.anna, made.pk)
    matched = {line.amount: line.line and line.line.voucher.summary for line in made.lines.all()}
    assert (matched[-500], matched[-30_000]) == (None, "Paper for the printer Paper mill")
    assert [line.debit - line.credit for line in bank.unmatched_in_books(made)] == [-2_000]
    facts = {str(fact.label): fact.value for fact in reconciliation(cast.anna, made)}
    assert facts["adjusted balance of the bank (yuan)"] == facts["adjusted balance of the books (yuan)"] == 67_500
    with pytest.raises(Outdated, match="taken over"):
        bank.discard(cast.anna, made.pk)
    with pytest.raises(Refused, match="was read before"):
        bank.read_statement(cast.anna, cast.book, made.account, (HEAD + ROWS).encode(), "again.csv")


@pytest.mark.django_db
def test_by_hand_only_the_same_amount_is_matched_and_once(cast: Cast) -> None:
    made = statement(cast)
    fee, paper = made.lines.get(amount=-500), made.lines.get(amount=-30_000)
    (wanted,) = [line for line in bank.unmatched_in_books(made) if line.credit == 30_000]
    with pytest.raises(Refused, match="another amount"):
        bank.match_by_hand(cast.anna, fee.pk, wanted)
    bank.match_by_hand(cast.anna, paper.pk, wanted)
    with pytest.raises(Outdated, match="it is matched"):
        bank.match_by_hand(cast.anna, paper.pk, wanted)
    bank.discard(cast.anna, made.pk)
    assert not BankStatement.objects.exists()
