"""A year closes to the fen, the next one opens, and doing it again changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.actions import years
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db


def ends(book: ledger.Book) -> dict[str, int]:
    rows = ledger.trial_balance(Actor.system("test"), book)
    return {row.account.code: row.end for row in rows if row.end}


def test_a_year_closes_and_the_next_one_begins_with_what_is_left(cast: Cast, hands: Hands) -> None:
    line = cast.funded()
    cast.paid(cast.ask(line, 30_000))
    cast.paid(cast.ask(line, 10_000, kind="asset"))
    waiting = cast.ask(line, 5_000, kind="card")
    hands.now = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="so many wait to be paid"):
        years.close_year(cast.anna, cast.book)
    cast.paid(waiting)
    years.close_year(cast.anna, cast.book)
    # 100,000 came, 35,000 were expenses, 10,000 an asset; 55,000 of the quota are returned by the treasury next year.
    closed = {"1201.02": 55_000, "1601": 10_000, "3001": -65_000, "8001.03": 55_000, "8101.07": -55_000}
    assert cast.ends() == closed
    assert not ledger.Period.objects.filter(book=cast.book, closed_at=None).exists()

    new = years.open_year(cast.anna, cast.book)
    opened = {"1011": 55_000, "1601": 10_000, "3001": -65_000, "8001.01": 55_000, "8101.07": -55_000}
    assert ends(new) == opened
    count = ledger.Voucher.objects.count()
    assert years.open_year(cast.anna, cast.book) == new
    assert (ends(new), ledger.Voucher.objects.count()) == (opened, count)
    assert not list(ledger.verify())


def test_nothing_is_opened_before_the_year_is_closed(cast: Cast) -> None:
    cast.paid(cast.ask(cast.funded(), 30_000))
    with pytest.raises(Refused, match="not emptied yet"):
        years.open_year(cast.anna, cast.book)
    assert ledger.Book.objects.count() == 1


def test_in_2020_unused_allotments_are_booked_as_well(cast: Cast) -> None:
    keeper = cast.anna
    book = ledger.open_book(
        keeper, a_unit("old"), 2020, chart=GOVERNMENT, level=ledger.Level.TOWN, unit_type=ledger.UnitType.ADMINISTRATION
    )
    allotment = ledger.grant(keeper, book, kind="finance.allotment", name="Roads", amount=1_000)
    ledger.grant(keeper, book, kind="finance.payment_direct", name="Roads", amount=600, parent=allotment)
    years.close_year(keeper, book)
    assert ends(book) == {
        "1201.01": 600,
        "1201.02": 400,
        "3001": -1_000,
        "8001.03": 1_000,
        "8101.07": -1_000,
    }


def test_income_that_the_closing_does_not_know_is_named(cast: Cast) -> None:
    keeper = cast.anna
    ledger.post_voucher(
        keeper,
        cast.book,
        on=date(2026, 9, 1),
        summary="Interest",
        entries=[
            ledger.Entry(account="1002", debit=5),
            ledger.Entry(account="4604", credit=5),
            ledger.Entry(account="8001.02", debit=5),
            ledger.Entry(account="6609", credit=5),
        ],
        request=uuid4(),
    )
    with pytest.raises(Refused, match="6609"):
        years.close_year(keeper, cast.book)
    assert not ledger.Voucher.objects.filter(kind="closing").exists()
