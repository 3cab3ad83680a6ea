"""One client of the bench: `python -m bench.ledger.client BOOK`. Each line `KIND FIRST COUNT` is work to be done.

The answer is a line of JSON: when it began and ended (on the machine's monotonic clock), and the seconds of each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID, uuid4, uuid5

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction

from bench.ledger.serving import serve
from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock

Work = Callable[[ledger.Book, Sequence[ledger.Quota], int], None]
PAYER = Actor.system("bench")
TWINS = ("ledger_reservation", "ledger_voucher", "ledger_line", "ledger_settlement", "journal_event")
"""Tables that `bare` inserts into: the same columns, indexes and checks, without triggers and foreign keys."""


def pay(book: ledger.Book, quotas: Sequence[ledger.Quota], number: int) -> None:
    """A payment as the town makes it."""
    quota, amount, request = quotas[number % len(quotas)], 100 + number % 900, uuid4()
    held = ledger.reserve(PAYER, quota, amount, request=request)
    ledger.settle(PAYER, book, [(held.pk, amount)], _business(quota, amount, number, request))


def _business(quota: ledger.Quota, amount: int, number: int, request: UUID) -> ledger.Business:
    return ledger.Business(
        event="finance.expense_authorised",
        on=clock.today(),
        summary="Paper for the printer",
        source=("finance.payment", number),
        request=request,
        amounts={"amount": amount},
        dimensions_id=quota.dimensions_id,
    )


class Bare:
    """The same rows, inserted and no more."""

    def __init__(self, book: ledger.Book, quotas: Sequence[ledger.Quota]) -> None:
        self.quotas = quotas
        self.period = ledger.Period.objects.get(book=book, month=clock.today().month).pk
        codes = dict(ledger.Account.objects.filter(chart=book.chart).values_list("code", "pk"))
        self.accounts = [codes[code] for code in ("5001", "1011", "7101", "8001.01")]

    def __call__(self, _book: ledger.Book, _quotas: object, number: int) -> None:
        quota, amount, request, now = self.quotas[number % len(self.quotas)], 100 + number % 900, uuid4(), clock.now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_reservation (quota_id, request, amount, open, spent, made_at)"
                " VALUES (%s, %s, %s, %s, 0, %s) RETURNING id",
                [quota.pk, request, amount, amount, now],
            )
            (held,) = cursor.fetchone()
            self._event(cursor, "ledger.reserved", "ledger.quota", quota.pk, now)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_voucher (period_id, number, date, kind, summary, event, source_type, source_id,"
                " request, made_by_name, checked_by_name, posted_at, transaction)"
                " VALUES (%s, %s, %s, 'normal', 'Paper for the printer', 'finance.e2_2019_administration',"
                " 'finance.payment', %s, %s, 'bench', '', %s, 1) RETURNING id",
                [self.period, number, clock.today(), str(number), request, now],
            )
            (voucher,) = cursor.fetchone()
            for position, account in enumerate(self.accounts, 1):
                debit, credit = (amount, 0) if position % 2 else (0, amount)
                cursor.execute(
                    "INSERT INTO bench_line (voucher_id, position, account_id, dimensions_id, debit, credit)"
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    [voucher, position, account, quota.dimensions_id, debit, credit],
                )
            cursor.execute(
                "INSERT INTO bench_settlement (reservation_id, kind, amount, voucher_id, request, made_at)"
                " VALUES (%s, 'post', %s, %s, %s, %s)",
                [held, amount, voucher, uuid5(request, "settle"), now],
            )
            self._event(cursor, "ledger.posted", "ledger.voucher", voucher, now)

    def _event(self, cursor: object, kind: str, subject: str, id: int, now: object) -> None:
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO bench_event (at, transaction, kind, actor_kind, actor_name, subject_type, subject_id, data)"
            ' VALUES (%s, 1, %s, \'system\', \'bench\', %s, %s, \'{"quota": "Paper", "amount": "¥1.00"}\')',
            [now, kind, subject, str(id)],
        )


def voucher(book: ledger.Book, quotas: Sequence[ledger.Quota], number: int) -> None:
    """A paired voucher of four lines by its template, with its event in the journal; no reservation."""
    ledger.book_event(PAYER, book, _business(quotas[number % len(quotas)], 100 + number % 900, number, uuid4()))


def main(book_id: int) -> None:
    book = ledger.Book.objects.get(pk=book_id)
    quotas = list(ledger.Quota.objects.filter(book=book, kind="bench").order_by("pk"))
    works: dict[str, Work] = {"pay": pay, "voucher": voucher, "bare": Bare(book, quotas)}
    serve({kind: partial(work, book, quotas) for kind, work in works.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]))
