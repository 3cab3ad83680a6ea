"""Reserving, posting in parts, letting go and expiring; and 64 who want the same thousand fen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.api import Book, Quota
from zhen.kernel.ledger.testing import KEEPER, a_book, a_quota, buy, event
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands


def figures(quota: Quota) -> tuple[int, int, int]:
    quota.refresh_from_db()
    return quota.reserved, quota.spent, quota.available


@pytest.fixture
def rich(book: Book) -> Book:
    ledger.book_event(KEEPER, book, event("given", 100_000))
    return book


@pytest.mark.django_db
def test_a_reservation_is_posted_in_parts_and_the_rest_let_go(rich: Book) -> None:
    quota = a_quota(rich, 1000)
    held = ledger.reserve(KEEPER, quota, 800, request=uuid4())
    assert figures(quota) == (800, 0, 200)
    ledger.settle(KEEPER, rich, [(held.pk, 500)], event("bought", 500))
    assert figures(quota) == (300, 500, 200)
    ledger.let_go(KEEPER, held, request=uuid4())
    assert figures(quota) == (0, 500, 500)
    with pytest.raises(Outdated, match="nothing of it is held any more"):
        ledger.let_go(KEEPER, held, request=uuid4())
    with pytest.raises(Outdated, match="so much is no longer held"):
        ledger.settle(KEEPER, rich, [(held.pk, 1)], event("bought", 1))
    assert not list(ledger.verify())


@pytest.mark.django_db
def test_what_is_told_twice_happens_once(rich: Book) -> None:
    quota, asked, paid, freed = a_quota(rich, 1000), uuid4(), uuid4(), uuid4()
    held = ledger.reserve(KEEPER, quota, 800, request=asked)
    assert ledger.reserve(KEEPER, quota, 800, request=asked).pk == held.pk
    with pytest.raises(Refused, match="asked for something else before"):
        ledger.reserve(KEEPER, quota, 700, request=asked)
    for part in (300, 500):
        request = paid if part == 300 else uuid4()
        first = ledger.settle(KEEPER, rich, [(held.pk, part)], event("bought", part, request=request))
        again = ledger.settle(KEEPER, rich, [(held.pk, part)], event("bought", part, request=request))
        assert first.pk == again.pk
    assert figures(quota) == (0, 800, 200)
    other = ledger.reserve(KEEPER, quota, 200, request=uuid4())
    for _time in range(2):
        ledger.let_go(KEEPER, other, amount=50, request=freed)
    assert figures(quota) == (150, 800, 50)


@pytest.mark.django_db
def test_what_is_not_granted_is_not_reserved(rich: Book) -> None:
    quota = a_quota(rich, 1000)
    with pytest.raises(Refused, match="what is not budgeted may not be spent"):
        ledger.reserve(KEEPER, quota, 1001, request=uuid4())
    with pytest.raises(Refused, match="it is not above zero"):
        ledger.reserve(KEEPER, quota, 0, request=uuid4())
    ledger.reserve(KEEPER, quota, 900, request=uuid4())
    with pytest.raises(Refused, match="so much is not left"):
        ledger.adjust(KEEPER, quota, by=-101)
    ledger.adjust(KEEPER, quota, by=-100)
    assert figures(quota) == (900, 0, 0)


@pytest.mark.django_db
def test_a_quota_below_another_takes_from_what_is_left(rich: Book) -> None:
    year = a_quota(rich, 1000)
    month = a_quota(rich, 600, parent=year)
    with pytest.raises(Refused, match="so much is not left"):
        a_quota(rich, 401, parent=year)
    ledger.adjust(KEEPER, month, by=400)
    buy(rich, month, 1000)
    year.refresh_from_db()
    assert (year.issued, year.available, figures(month)) == (1000, 0, (0, 1000, 0))


@pytest.mark.django_db
def test_what_is_reserved_too_long_is_free_again(rich: Book, hands: Hands) -> None:
    quota = a_quota(rich, 1000)
    ledger.reserve(KEEPER, quota, 400, request=uuid4(), expires_at=clock.now() + timedelta(days=1))
    ledger.reserve(KEEPER, quota, 500, request=uuid4())
    assert ledger.expire(KEEPER) == 0
    hands.go(days=2)
    assert [ledger.expire(KEEPER), ledger.expire(KEEPER)] == [1, 0]
    assert figures(quota) == (500, 0, 500)


@pytest.mark.django_db
def test_a_reservation_of_other_books_is_not_settled(rich: Book) -> None:
    other = a_book(a_unit("other"))
    held = ledger.reserve(KEEPER, a_quota(other, 1000), 400, request=uuid4())
    with pytest.raises(Outdated):
        ledger.settle(KEEPER, rich, [(held.pk, 400)], event("bought", 400))


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work` in threads with connections of their own that start together."""
    now, ready = clock.now(), Barrier(count)

    def run(number: int) -> Any:
        try:
            with clock.frozen(now):
                ready.wait(30)
                return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_exactly_what_is_granted() -> None:
    book = a_book(a_unit("office"))
    ledger.book_event(KEEPER, book, event("given", 100_000))
    quota = a_quota(book, 1000)

    def take(_number: int) -> int:
        taken = 0
        for _time in range(4):
            try:
                buy(book, quota, 30)
            except Refused:
                continue
            taken += 30
        return taken

    assert sum(at_once(16, take)) == 990
    assert figures(quota) == (0, 990, 10)
    numbers = ledger.Voucher.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 35))
    assert not list(ledger.verify())


@pytest.mark.django_db(transaction=True)
def test_the_same_payment_told_by_many_at_once_is_paid_once() -> None:
    book = a_book(a_unit("office"))
    ledger.book_event(KEEPER, book, event("given", 100_000))
    quota, request = a_quota(book, 1000), uuid4()
    assert len({voucher.pk for voucher in at_once(8, lambda _number: buy(book, quota, 30, request=request))}) == 1
    assert figures(quota) == (0, 30, 970)
