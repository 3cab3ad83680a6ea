"""What the database refuses to everybody, raw SQL of the application's role included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.ledger.api import Account, Book, Line, Period, Quota, Voucher, book_event, close_month, verify
from zhen.kernel.ledger.testing import KEEPER, a_quota, buy, event

pytestmark = pytest.mark.django_db


def sql(text: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)
        connection.check_constraints()


def planted(book: Book, lines: list[tuple[str, int, int]], month: int = 3) -> None:
    """A voucher by raw SQL."""
    period = Period.objects.get(book=book, month=month)
    codes = dict(Account.objects.values_list("code", "pk"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_voucher (period_id, number, date, kind, summary, event, source_type, source_id,"
            " request, made_by_name, checked_by_name, posted_at, transaction)"
            " VALUES (%s, 0, %s, 'normal', '', '', '', '', %s, '', '', now(), 0) RETURNING id",
            [period.pk, period.first, uuid4()],
        )
        (voucher,) = cursor.fetchone()
        if lines:
            rows = ", ".join(
                f"({voucher}, {n}, {codes[code]}, {debit}, {credit})" for n, (code, debit, credit) in enumerate(lines)
            )
            cursor.execute(f"INSERT INTO ledger_line (voucher_id, position, account_id, debit, credit) VALUES {rows}")
        connection.check_constraints()


def test_a_voucher_that_does_not_balance(book: Book) -> None:
    planted(book, [("2", 5, 0), ("4", 0, 5)])
    with pytest.raises(IntegrityError, match="does not balance: financial"):
        planted(book, [("2", 5, 0), ("4", 0, 6)])
    with pytest.raises(IntegrityError, match="does not balance: budgetary, financial"):
        planted(book, [("6", 5, 0), ("9", 0, 5)])
    with pytest.raises(IntegrityError, match="has 0 lines"):
        planted(book, [])
    with pytest.raises(IntegrityError, match="ledger_line_one_side"):
        planted(book, [("2", 5, 5), ("4", 0, 0)])


def test_accounts_that_hold_the_same_are_moved_together_or_not_at_all(book: Book) -> None:
    planted(book, [("1", 5, 0), ("5", 0, 5), ("7.01", 5, 0), ("8", 0, 5)])
    with pytest.raises(IntegrityError, match="parts accounts that hold the same: cash"):
        planted(book, [("1", 5, 0), ("5", 0, 5)])
    with pytest.raises(IntegrityError, match="parts accounts that hold the same: cash"):
        planted(book, [("1", 5, 0), ("5", 0, 5), ("7.01", 4, 0), ("8", 0, 4)])


def test_a_posted_voucher_and_its_lines_never_change(book: Book) -> None:
    voucher = book_event(KEEPER, book, event("given", 500))
    for text in (
        "UPDATE ledger_voucher SET summary = 'x' WHERE id = %s",
        "UPDATE ledger_line SET debit = debit + 1 WHERE voucher_id = %s",
        "DELETE FROM ledger_line WHERE voucher_id = %s",
        "DELETE FROM ledger_voucher WHERE id = %s",
    ):
        with pytest.raises(IntegrityError, match="is posted"):
            sql(text, voucher.pk)
    assert not list(verify())


def test_a_posted_voucher_takes_no_further_line_even_in_its_own_transaction(book: Book) -> None:
    voucher = book_event(KEEPER, book, event("given", 500))
    account = Account.objects.get(code="2")
    with pytest.raises(IntegrityError, match="takes no further line"):
        sql(
            "INSERT INTO ledger_line (voucher_id, position, account_id, debit, credit) VALUES (%s, 9, %s, 5, 0)",
            voucher.pk,
            account.pk,
        )


def test_numbers_run_without_gaps_whatever_is_asked_for(book: Book) -> None:
    for amount in range(1, 4):
        book_event(KEEPER, book, event("given", amount))
    planted(book, [("2", 5, 0), ("4", 0, 5)])
    assert list(Voucher.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3, 4]
    with pytest.raises(IntegrityError, match="follows from what is posted"):
        sql("UPDATE ledger_period SET last_number = 9 WHERE book_id = %s", book.pk)
    with pytest.raises(IntegrityError, match="follows from what is posted"):
        sql("DELETE FROM ledger_period WHERE book_id = %s", book.pk)


def test_a_closed_month_takes_nothing_and_stays_closed(book: Book) -> None:
    close_month(KEEPER, book, 3)
    with pytest.raises(IntegrityError, match="the period is closed"):
        planted(book, [("2", 5, 0), ("4", 0, 5)])
    planted(book, [("2", 5, 0), ("4", 0, 5)], month=4)
    with pytest.raises(IntegrityError, match="a closed period stays as it is"):
        sql("UPDATE ledger_period SET closed_at = NULL WHERE book_id = %s", book.pk)
    with pytest.raises(IntegrityError, match="keeps its book and its days"):
        sql("UPDATE ledger_period SET last = last + 400 WHERE book_id = %s AND month = 4", book.pk)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE ledger_balance SET debit = debit + 1",
        "DELETE FROM ledger_balance",
        "UPDATE ledger_quota SET spent = 0",
        "UPDATE ledger_quota SET reserved = 0, issued = 0",
        "DELETE FROM ledger_quota",
        "UPDATE ledger_reservation SET open = amount",
        "UPDATE ledger_settlement SET amount = 1",
        "DELETE FROM ledger_settlement",
    ],
)
def test_what_follows_from_postings_is_not_written(book: Book, text: str) -> None:
    book_event(KEEPER, book, event("given", 900))
    buy(book, a_quota(book, 700), 300)
    with pytest.raises(IntegrityError):
        sql(text)
    assert not list(verify())


def test_nothing_is_overspent(book: Book) -> None:
    quota = a_quota(book, 700)
    with pytest.raises(IntegrityError, match="ledger_quota_covered"):
        sql(
            "INSERT INTO ledger_reservation (quota_id, request, amount, open, spent, made_at)"
            " VALUES (%s, %s, 701, 701, 0, now())",
            quota.pk,
            uuid4(),
        )
    with pytest.raises(IntegrityError, match="a reservation begins whole"):
        sql(
            "INSERT INTO ledger_reservation (quota_id, request, amount, open, spent, made_at)"
            " VALUES (%s, %s, 700, 1, 0, now())",
            quota.pk,
            uuid4(),
        )
    a_quota(book, 600, parent=quota)
    with pytest.raises(IntegrityError, match="ledger_quota_covered"):
        sql("UPDATE ledger_quota SET granted = 599 WHERE id = %s", quota.pk)
    with pytest.raises(IntegrityError, match="ledger_quota_covered"):
        sql("UPDATE ledger_quota SET granted = 701 WHERE parent_id = %s", quota.pk)
    with pytest.raises(IntegrityError, match="stays where it was granted"):
        sql("UPDATE ledger_quota SET parent_id = NULL WHERE parent_id = %s", quota.pk)
    quota.refresh_from_db()
    assert (quota.issued, quota.available) == (600, 100)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda: Line.objects.filter(debit__gt=0, account__basis="financial").update(debit=1), "a balance differs"),
        (lambda: Voucher.objects.update(number=7), "the numbers of a period have a gap"),
        (lambda: Quota.objects.update(spent=1), "a quota differs from its reservations"),
        (lambda: Quota.objects.update(issued=1), "a quota differs from what is issued"),
    ],
)
def test_verify_finds_what_was_changed_with_the_triggers_off(
    book: Book, damage: Callable[[], object], fault: str
) -> None:
    book_event(KEEPER, book, event("given", 900))
    buy(book, a_quota(book, 700), 300)
    assert not list(verify())
    tables = ("ledger_line", "ledger_voucher", "ledger_quota")
    with connection.cursor() as cursor:
        connection.check_constraints()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        if "numbers" in fault:
            Voucher.objects.filter(number=1).update(number=9)
        else:
            damage()
    assert any(line.startswith(fault) for line in verify())
