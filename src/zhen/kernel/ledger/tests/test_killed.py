"""Sessions are ended in the middle of payments, which are made again: each is paid once, and the books balance.

The small sister of tests/chaos/test_payments.py.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.db import InterfaceError, OperationalError, connection

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.testing import KEEPER, a_book, a_quota, buy, event
from zhen.kernel.lib import clock

PAYERS, EACH, KILLS = 3, 12, 12
ENDED = (OperationalError, InterfaceError)


@pytest.mark.django_db(transaction=True)
def test_whoever_is_cut_off_pays_again_and_nothing_is_paid_twice() -> None:
    book = a_book(a_unit("office"))
    ledger.book_event(KEEPER, book, event("given", 100_000))
    quota = a_quota(book, 10_000)
    now, done = clock.now(), Event()
    requests = [[uuid4() for _number in range(EACH)] for _payer in range(PAYERS)]
    sessions: dict[int, int] = {}

    def pay(payer: int) -> int:
        again = 0
        with clock.frozen(now):
            for request in requests[payer]:
                while not _tried(book, quota, request, sessions, payer):
                    again += 1
        sessions.pop(payer, None)
        connection.close()
        return again

    def kill() -> int:
        random, killed = Random(6), 0
        while not done.is_set() and killed < KILLS:
            victim = random.choice([*sessions.values()] or [0])
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = %s", [victim])
                killed += int(cursor.fetchone()[0])
            done.wait(random.uniform(0.005, 0.05))
        connection.close()
        return killed

    with ThreadPoolExecutor(PAYERS + 1) as pool:
        killer = pool.submit(kill)
        again = sum(pool.map(pay, range(PAYERS)))
        done.set()
    assert killer.result() > 0
    assert again > 0, "nobody was cut off in the middle"
    paid = ledger.Voucher.objects.filter(request__in=[one for each in requests for one in each])
    assert paid.count() == ledger.Settlement.objects.count() == PAYERS * EACH
    quota.refresh_from_db()
    assert (quota.reserved, quota.spent) == (0, PAYERS * EACH * 7)
    assert not list(ledger.verify())


def _tried(book: ledger.Book, quota: ledger.Quota, request: UUID, sessions: dict[int, int], payer: int) -> bool:
    """Pay, and whether it was heard that it is paid."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            sessions[payer] = cursor.fetchone()[0]
        buy(book, quota, 7, request=request)
    except ENDED:
        connection.close()
        return False
    return True
