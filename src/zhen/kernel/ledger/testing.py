"""Books for tests: those of the benches, in the chart of the dummy pack. Not part of what runs."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.kernel.ledger import api as ledger

YEAR = 2026
KEEPER = Actor.system("keeper")
IN_MARCH = date(YEAR, 3, 5)


def a_book(unit: Unit, year: int = YEAR) -> ledger.Book:
    ledger.prepare()
    return ledger.open_book(
        KEEPER,
        unit,
        year,
        chart="dummy_pack.chart",
        level=ledger.Level.TOWN,
        unit_type=ledger.UnitType.ADMINISTRATION,
    )


def event(
    name: str, amount: int, *, on: date = IN_MARCH, request: UUID | None = None, what: str = "6", paper: int = 1
) -> ledger.Business:
    return ledger.Business(
        event=f"dummy_pack.{name}",
        on=on,
        summary=f"{name} {amount}",
        source=("dummy_pack.bench", paper),
        request=request or uuid4(),
        amounts={"amount": amount},
        slots={"what": what},
    )


def a_quota(book: ledger.Book, amount: int, **given: object) -> ledger.Quota:
    return ledger.grant(KEEPER, book, kind="allotment", name="Wood", amount=amount, **given)  # type: ignore[arg-type]


def buy(book: ledger.Book, quota: ledger.Quota, amount: int, *, request: UUID | None = None) -> ledger.Voucher:
    """Reserve and settle: one payment."""
    request = request or uuid4()
    held = ledger.reserve(KEEPER, quota, amount, request=request)
    return ledger.settle(KEEPER, book, [(held.pk, amount)], event("bought", amount, request=request))
