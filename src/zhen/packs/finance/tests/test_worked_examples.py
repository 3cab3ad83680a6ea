"""Over the year-end, to the fen: a card's claim of December that is repaid in January, and a payment of December that
is taken back in January. (Depreciation: assets/tests/test_rules.py; retention money: test_retention.py.)"""

from __future__ import annotations

from datetime import date

import pytest

from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import Cast
from zhen.packs.finance.tests.year import Year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(cast: Cast, hands: Hands) -> Year:
    made = Year(cast, hands)
    for step in made.steps():
        step()
    return made


def booked(year: Year, payment: Payment) -> list[tuple[date, list[str]]]:
    """The vouchers of a payment and those that reverse them: their days and lines."""
    found = ledger.vouchers_of(year.cast.anna, ("finance.payment", payment.pk)).order_by("pk")
    return [(one.date, [written(line) for line in one.lines.order_by("position")]) for one in found]


def written(line: ledger.Line) -> str:
    side, amount = ("Dr", line.debit) if line.debit else ("Cr", line.credit)
    return f"{side} {line.account.code} {amount / 100:.2f}"


def test_a_card_claimed_in_december_and_repaid_in_january(year: Year) -> None:
    """Row 7a: an expense of the old year when claimed, spending of the new year's budget when repaid."""
    assert booked(year, year.late[2]) == [
        (date(2020, 12, 28), ["Dr 5001 15.00", "Cr 2307.01 15.00"]),
        (date(2021, 1, 5), ["Dr 2307.01 15.00", "Cr 1011 15.00", "Dr 7101 15.00", "Cr 8001.01 15.00"]),
    ]


def test_a_payment_of_december_that_is_taken_back_in_january(year: Year) -> None:
    """Red in the new year against what is left of earlier years, on both sides; the old year stays as it was closed."""
    assert booked(year, year.late[0]) == [
        (date(2020, 12, 1), ["Dr 5001 60.00", "Cr 1011 60.00", "Dr 7101 60.00", "Cr 8001.01 60.00"]),
        (date(2021, 1, 5), ["Dr 3501 -60.00", "Cr 1011 -60.00", "Dr 8101.01 -60.00", "Cr 8001.01 -60.00"]),
        (date(2021, 1, 5), ["Dr 3501 60.00", "Cr 3001 60.00"]),
    ]
