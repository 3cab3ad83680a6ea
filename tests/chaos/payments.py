"""Payments in a process of their own, to be killed: `python payments.py open`, `pay BOOK FIRST COUNT`, `audit BOOK`.

`pay` prints the number of each payment that it knows to be made. Asked again for the same numbers, it pays none twice.
"""

from __future__ import annotations

import json
import sys
from uuid import UUID, uuid5

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402  models need django.setup()

from zhen.kernel.access.api import Actor  # noqa: E402
from zhen.kernel.identity.testing import a_unit  # noqa: E402
from zhen.kernel.ledger import api as ledger  # noqa: E402
from zhen.kernel.lib import clock  # noqa: E402

PAYER = Actor.system("chaos")
REQUESTS = UUID("7d0f3a52-3f55-4c0c-8f51-7b6c2f9a1e10")
AMOUNT = 3
RICH = 10**9


def open_books() -> int:
    ledger.prepare()
    town = {"level": ledger.Level.TOWN, "unit_type": ledger.UnitType.ADMINISTRATION}
    book = ledger.open_book(PAYER, a_unit("chaos"), clock.today().year, chart="finance.government", **town)
    arrival = ledger.Business(
        event="finance.quota_arrived",
        on=clock.today(),
        summary="The money of the year",
        source=("chaos", 1),
        request=uuid5(REQUESTS, "arrival"),
        amounts={"amount": RICH},
    )
    ledger.book_event(PAYER, book, arrival)
    ledger.grant(PAYER, book, kind="chaos", name="Line", amount=RICH)
    return book.pk


def pay(book: ledger.Book, quota: ledger.Quota, number: int) -> None:
    request = uuid5(REQUESTS, str(number))
    held = ledger.reserve(PAYER, quota, AMOUNT, request=request)
    business = ledger.Business(
        event="finance.expense_authorised",
        on=clock.today(),
        summary=f"Payment {number}",
        source=("chaos", number),
        request=request,
        amounts={"amount": AMOUNT},
    )
    ledger.settle(PAYER, book, [(held.pk, AMOUNT)], business)


def work(book_id: int, first: int, count: int) -> None:
    book = ledger.Book.objects.get(pk=book_id)
    quota = ledger.Quota.objects.get(book=book, kind="chaos")
    for number in range(first, first + count):
        while True:
            try:
                pay(book, quota, number)
            except (OperationalError, InterfaceError):
                connection.close()
                continue
            break
        print(number, flush=True)


def audit(book_id: int) -> dict[str, object]:
    paid = ledger.Voucher.objects.filter(period__book=book_id, source_type="chaos", event__contains=".e2_")
    quota = ledger.Quota.objects.get(book=book_id, kind="chaos")
    return {
        "paid": sorted(int(number) for number in paid.values_list("source_id", flat=True)),
        "spent": quota.spent,
        "reserved": quota.reserved,
        "faults": list(ledger.verify()),
    }


if __name__ == "__main__":
    step, *numbers = sys.argv[1:]
    given = [int(number) for number in numbers]
    if step == "pay":
        work(*given)
    else:
        print(json.dumps(open_books() if step == "open" else audit(*given)))
