"""The 103 accounts, and every row of the table of entries for both types of units."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance.accounts import CHART, GOVERNMENT
from zhen.packs.finance.entries import ROWS, TEMPLATES
from zhen.packs.finance.tests.conftest import Cast

AMOUNTS = {
    "amount": 900,
    "whole": 900,
    "paid": 800,
    "kept": 100,
    "pay": 600,
    "tax": 200,
    "insurance": 200,
    "housing": 100,
    "rest": 600,
    "worn": 300,
    "proceeds": 900,
    "costs": 200,
    "difference": 700,
}
SALARIES = {
    "salary_withheld": {"tax": 600},
    "withheld_remitted_authorised": {"tax": 600},
    "withheld_remitted_direct": {"tax": 600},
}
SLOTS = {"asset": "1601", "retained": "2307.02"}
EARLY = date(2020, 12, 31)


def test_the_chart_has_the_103_accounts_of_the_rules() -> None:
    first = [(kind.id, account.code) for kind in CHART.classes for account in kind.accounts if "." not in account.code]
    assert len({code for _kind, code in first}) == len(first) == 103
    assert Counter(kind for kind, _code in first) == {
        "assets": 35,
        "liabilities": 16,
        "net_assets": 7,
        "revenue": 11,
        "expenses": 8,
        "budget_income": 9,
        "budget_spending": 8,
        "budget_funds": 1,
        "budget_result": 8,
    }


def test_contra_assets_stand_on_the_credit_side(cast: Cast) -> None:
    credit = ledger.Account.objects.filter(chart=GOVERNMENT, kind="assets", side="credit").order_by("code")
    assert [account.code for account in credit] == ["1219", "1602", "1702", "1802", "1832"]
    assert ledger.Account.objects.get(chart=GOVERNMENT, code="8001.01").side == "debit"


@pytest.mark.django_db
@pytest.mark.parametrize("unit_type", ["administration", "institution"])
def test_every_row_of_the_table_is_a_right_voucher(unit_type: str) -> None:
    ledger.prepare()
    keeper, numbers = Actor.system("test"), count(1)
    book = ledger.open_book(
        keeper, a_unit("unit"), 2020, chart=GOVERNMENT, level=ledger.Level.TOWN, unit_type=unit_type
    )
    for row in ROWS:
        if row.levels:
            continue
        business = ledger.Business(
            event=f"finance.{row.event}",
            on=EARLY,
            summary=str(row.name),
            source=("finance.test", next(numbers)),
            request=uuid4(),
            amounts=AMOUNTS | SALARIES.get(row.event, {}),
            slots=SLOTS,
        )
        ledger.book_event(keeper, book, business)
    ends = {row.account.code: row.end for row in ledger.trial_balance(keeper, book)}
    assert ends["1011"] == ends["8001.01"]
    assert ends["1201.01"] + ends["1201.02"] == ends["8001.03"]
    assert ("7201" if unit_type == "institution" else "7101") in ends
    assert not list(ledger.verify())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "year", "booked"),
    [("town", 2020, True), ("town", 2021, False), ("city", 2021, False), ("province", 2021, True)],
)
def test_unused_allotments_are_booked_by_date_and_level(level: str, year: int, booked: bool) -> None:
    ledger.prepare()
    keeper = Actor.system("test")
    book = ledger.open_book(
        keeper, a_unit("unit"), year, chart=GOVERNMENT, level=level, unit_type=ledger.UnitType.ADMINISTRATION
    )
    business = ledger.Business(
        event="finance.year_end_direct",
        on=date(year, 12, 31),
        summary="Not used",
        source=("finance.test", 1),
        request=uuid4(),
        amounts={"amount": 900},
    )
    if booked:
        assert ledger.book_event(keeper, book, business).number == 1
    else:
        with pytest.raises(Refused, match="no voucher template for it is in force"):
            ledger.book_event(keeper, book, business)


def test_the_ids_of_templates_are_their_own() -> None:
    ids = [template.id for template in TEMPLATES]
    assert len(set(ids)) == len(ids) == 2 * len(ROWS)
