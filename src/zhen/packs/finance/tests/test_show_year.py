"""Show 1: a year in which every row of the entries happens through its paper; its invariants hold after every step."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from beancount import loader
from beancount.core import realization
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.accounts import CHART
from zhen.packs.finance.entries import ROWS
from zhen.packs.finance.proving import faults
from zhen.packs.finance.statements import figures, printing, reconciling
from zhen.packs.finance.statements.tables import RECONCILIATION, STATEMENTS
from zhen.packs.finance.tests.conftest import Cast
from zhen.packs.finance.tests.year import Year

pytestmark = pytest.mark.django_db


def posted(count: int) -> str:
    """A fingerprint of the first vouchers, with their lines: a posted voucher never changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT voucher::text, (SELECT string_agg(line::text, ' ' ORDER BY position) FROM ledger_line line"
            " WHERE line.voucher_id = voucher.id) FROM ledger_voucher voucher ORDER BY voucher.id LIMIT %s",
            [count],
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


def test_a_year_with_every_row_keeps_its_invariants_after_every_step(cast: Cast, hands: Hands) -> None:
    year = Year(cast, hands)
    count, before = 0, ""
    for number, step in enumerate(year.steps()):
        step()
        connection.check_constraints()
        found = [fault for book in (year.book, year.next) if book for fault in faults(book)]
        assert (number, [*ledger.verify(), *found]) == (number, [])
        assert before in ("", posted(count)), f"step {number} changed a posted voucher"
        count = ledger.Voucher.objects.count()
        before = posted(count)

    events = ledger.Voucher.objects.values_list("event", flat=True)
    happened = {event.partition(".e")[2].partition("_")[0] for event in events}
    assert {row.number for row in ROWS} == happened - {""}
    _statements_agree(year)
    for book in (year.book, year.next):
        assert book is not None
        _beancount_agrees(book)


def _beancount_agrees(book: ledger.Book) -> None:
    """Show 7: another program balances each voucher on each basis, and comes to the same balances."""
    entries, faults_found, _options = loader.load_string("\n".join(ledger.beancount(book)))
    assert faults_found == []
    names, ours = ledger.account_names(book), ledger.ends(book)
    root = realization.realize(entries)  # type: ignore[no-untyped-call]  # it has no types
    theirs = {
        id: int(100 * found.balance.get_currency_units("CNY").number)
        for id, name in names.items()
        if (found := root_get(root, name)) is not None and not found.balance.is_empty()
    }
    assert theirs == {id: amount for id, amount in ours.items() if amount}
    spoilt = "\n".join(ledger.beancount(book)).replace(f" {ledger_amount(entries)} CNY", " 0.77 CNY", 1)
    assert loader.load_string(spoilt)[1] != [], "a spoilt line is found there"


root_get: Any = realization.get


def ledger_amount(entries: Sequence[Any]) -> str:
    """The amount of the first line of the first voucher."""
    first = next(entry for entry in entries if type(entry).__name__ == "Transaction")
    return str(first.postings[0].units.number)


def _statements_agree(year: Year) -> None:
    actor, book = year.cast.anna, year.book
    rows = {row.label: row for row in figures.made(actor, book, STATEMENTS["balance"])}
    assert rows["资产总计"].first == rows["负债和净资产总计"].first != 0
    income = {row.label: row for row in figures.made(actor, book, STATEMENTS["income"])}
    assert income["三、本期盈余"].second == rows["累计盈余"].first
    differences = reconciling.reconciled(book)
    assert differences[-1].amount == income["三、本期盈余"].second
    budget = {row.label: row.first for row in figures.made(actor, book, STATEMENTS["budget"])}
    assert differences[0].amount == budget["三、本年预算收支差额"]
    carried = {row.label: row.first for row in figures.made(actor, book, STATEMENTS["carried"])}
    assert carried["四、年末预算结转结余"] == budget["三、本年预算收支差额"]
    assert (carried["2.财政拨款结余"] or 0) > 0, "the finished project left a surplus"
    for id in (*STATEMENTS, RECONCILIATION):
        sheet = printing.statement_sheet(actor, book, id, ledger.CLOSING)
        assert sheet.title in PdfReader(BytesIO(printing.pdf(sheet))).pages[0].extract_text().replace(" ", "")
        assert load_workbook(BytesIO(printing.xlsx(sheet))).active["A1"].value == sheet.title  # type: ignore[index]
    account = ledger.Account.objects.get(chart=book.chart, code="1011")
    page = printing.account_sheet(Actor.system("test"), book, account)
    assert (page.rows[-1].cells[2], page.rows[-1].cells[-1]) == ("本年累计", 0)


SUMS = ("合计", "总计", "净值", "一、", "二、", "三、")


@pytest.mark.parametrize(("id", "classes"), [("balance", "123"), ("income", "45"), ("budget", "67")])
def test_every_account_stands_in_one_row_of_its_statement(id: str, classes: str) -> None:
    rows = [row for row in STATEMENTS[id].rows if row.accounts and not any(word in row.label for word in SUMS)]
    codes = [account.code for kind in CHART.classes for account in kind.accounts if len(account.code) == 4]
    standing = {code: [row.label for row in rows if row.takes(code)] for code in codes if code[0] in classes}
    assert {code: labels for code, labels in standing.items() if len(labels) != 1} == {}
