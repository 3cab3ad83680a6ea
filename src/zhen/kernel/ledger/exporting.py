"""A book as a Beancount file, for whoever wants to check it with a program that is not ours.

Each voucher becomes one transaction for each basis, so that Beancount balances both apart; at the end stand the
balances that Zhen keeps, as assertions. The format: https://beancount.github.io/docs/beancount_language_syntax.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from zhen.kernel.ledger.declarations import CHARTS
from zhen.kernel.ledger.models import Account, Balance, Book, Line
from zhen.kernel.ledger.models.books import CLOSING, Basis

CURRENCY = "CNY"
ROOTS = {(True, False): "Assets", (False, False): "Liabilities", (False, True): "Income", (True, True): "Expenses"}
"""By whether a class is debit-normal, and whether it is emptied at year-end."""


def beancount(book: Book) -> Iterator[str]:
    """The lines of the file. Amounts are yuan; a credit is negative."""
    names = account_names(book)
    yield f'option "title" "{_quoted(str(book))}"'
    yield f'option "operating_currency" "{CURRENCY}"'
    for id, _code in Account.objects.filter(chart=book.chart).order_by("code").values_list("id", "code"):
        yield f"{book.year}-01-01 open {names[id]} {CURRENCY}"
    rows = (
        Line.objects.filter(voucher__period__book=book)
        .order_by("voucher__period__month", "voucher__number", "account__basis", "position")
        .values_list(
            "voucher_id",
            "voucher__date",
            "voucher__number",
            "voucher__summary",
            "account__basis",
            "account_id",
            "debit",
            "credit",
        )
    )
    for (_id, day, number, summary, basis), lines in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[:5]):
        yield ""
        yield f'{day:%Y-%m-%d} * "{_quoted(summary)}" #{basis} ^{day:%m}-{number:05d}'
        for *_head, account_id, debit, credit in lines:
            yield f"  {names[account_id]}  {yuan(debit - credit)} {CURRENCY}"
    yield ""
    for account_id, amount in ends(book).items():
        yield f"{date(book.year + 1, 1, 1):%Y-%m-%d} balance {names[account_id]}  {yuan(amount)} {CURRENCY}"


def account_names(book: Book) -> dict[int, str]:
    """What each account of the book's chart is called there: Assets:Financial:A1011."""
    of_basis = {Basis.FINANCIAL: "Financial", Basis.BUDGETARY: "Budget"}
    roots = {
        kind.id: f"{ROOTS[kind.debit, '*' in kind.nominal]}:{of_basis[kind.basis]}"
        for kind in CHARTS[book.chart].classes
    }
    rows = Account.objects.filter(chart=book.chart).values_list("id", "code", "kind")
    return {id: f"{roots[kind]}:A{code.replace('.', '-')}" for id, code, kind in rows}


def ends(book: Book) -> dict[int, int]:
    """What stands on each account that was touched, in fen: from the balances that the database keeps."""
    found: dict[int, int] = {}
    rows = Balance.objects.filter(period__book=book, period__month__lte=CLOSING)
    for account_id, debit, credit in rows.order_by("account__code").values_list("account_id", "debit", "credit"):
        found[account_id] = found.get(account_id, 0) + debit - credit
    return found


def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
