"""Posting by hand, by template and as a reversal; months, years and balances."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from zhen.kernel.access.api import Actor, ActorKind, Denied, grants_of
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.api import Book, Entry, Voucher
from zhen.kernel.ledger.testing import IN_MARCH, KEEPER, a_book, a_quota, buy, event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands

pytestmark = pytest.mark.django_db


def by_hand(book: Book, entries: list[Entry], actor: Actor = KEEPER, on: date = IN_MARCH, **given: object) -> Voucher:
    return ledger.post_voucher(
        actor,
        book,
        on=on,
        summary="A bench",
        entries=entries,
        request=uuid4(),
        **given,  # type: ignore[arg-type]
    )


BENCH = [Entry(account="2", debit=500), Entry(account="4", credit=500)]


def ends(book: Book, **months: int) -> dict[str, int]:
    return {row.account.code: row.end for row in ledger.trial_balance(KEEPER, book, **months)}


def test_a_business_event_books_both_sides_by_its_template(book: Book) -> None:
    voucher = ledger.book_event(KEEPER, book, event("given", 500))
    assert str(voucher) == "2026-03-0001"
    lines = ledger.Line.objects.filter(voucher=voucher).values_list("account__code", "debit", "credit")
    assert list(lines) == [("1", 500, 0), ("5", 0, 500), ("7.01", 500, 0), ("8", 0, 500)]
    assert Event.objects.get(kind="ledger.posted").subject_id == str(voucher.pk)


def test_the_same_request_is_posted_once(book: Book) -> None:
    request = uuid4()
    first = ledger.book_event(KEEPER, book, event("given", 500, request=request))
    assert ledger.book_event(KEEPER, book, event("given", 500, request=request)).pk == first.pk
    assert ends(book)["1"] == 500


def test_an_event_without_a_template_in_force_is_refused(book: Book) -> None:
    with pytest.raises(Refused, match="no voucher template for it is in force"):
        ledger.book_event(KEEPER, book, event("stolen", 5))
    Book.objects.filter(pk=book.pk).update(level=ledger.Level.CITY)
    book.refresh_from_db()
    with pytest.raises(Refused, match="no voucher template for it is in force"):
        ledger.book_event(KEEPER, book, event("bought", 5))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (BENCH[:1], "between 2 and 500 lines"),
        ([BENCH[0], Entry(account="4", credit=499)], "debits and credits differ by this much"),
        ([BENCH[0], Entry(account="99", credit=500)], "has no such account"),
        ([BENCH[0], Entry(account="4")], "it needs an amount on one side"),
        ([Entry(account="7", debit=5), Entry(account="8", credit=5)], "has sub-accounts"),
        ([Entry(account="1", debit=5), Entry(account="4", credit=5)], "would no longer hold the same"),
    ],
)
def test_a_voucher_that_is_not_right_is_refused_in_words(book: Book, entries: list[Entry], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        by_hand(book, entries)
    assert not Voucher.objects.exists()


def test_who_prepares_a_voucher_does_not_check_it(book: Book) -> None:
    frank, fran = a_user("frank"), a_user("fran")
    actor = Actor(kind=ActorKind.USER, id=frank.pk, name="Frank", grants=grants_of(("finance_officer",)))
    with pytest.raises(Refused, match="who prepares a voucher does not check it"):
        by_hand(book, BENCH, actor, checked_by=(frank.pk, "Frank"))
    assert by_hand(book, BENCH, actor, checked_by=(fran.pk, "Fran")).number == 1
    clerk = Actor(kind=ActorKind.USER, id=fran.pk, name="Fran", grants=grants_of(("unit_clerk",)))
    with pytest.raises(Denied):
        by_hand(book, BENCH, clerk)


def test_nothing_is_posted_outside_the_year_or_into_a_closed_month(book: Book) -> None:
    with pytest.raises(Refused, match="its month is closed"):
        by_hand(book, BENCH, on=date(2025, 3, 5))
    ledger.close_month(KEEPER, book, 3)
    with pytest.raises(Refused, match="its month is closed"):
        by_hand(book, BENCH)
    with pytest.raises(Refused, match="it is closed already"):
        ledger.close_month(KEEPER, book, 2)
    with pytest.raises(Refused, match="it has not come yet"):
        ledger.close_month(KEEPER, book, 5)


def test_a_reversal_is_red_and_comes_once(book: Book) -> None:
    ledger.book_event(KEEPER, book, event("given", 900))
    quota = a_quota(book, 700)
    voucher = buy(book, quota, 300)
    red = ledger.reverse(KEEPER, voucher, on=date(2026, 4, 2), reason="Wrong wood")
    assert ends(book)["1"] == 900
    assert ledger.Line.objects.get(voucher=red, account__code="6").debit == -300
    quota.refresh_from_db()
    assert (quota.spent, quota.available) == (0, 700)
    with pytest.raises(Outdated, match="it is reversed already"):
        ledger.reverse(KEEPER, voucher, on=date(2026, 4, 2), reason="Again")
    with pytest.raises(Refused, match="it is a reversal itself"):
        ledger.reverse(KEEPER, red, on=date(2026, 4, 2), reason="Again")
    assert not list(ledger.verify())


def test_the_trial_balance_tells_what_stood_what_moved_and_what_stands(book: Book) -> None:
    ledger.bring_forward(KEEPER, book, BENCH, request=uuid4())
    ledger.book_event(KEEPER, book, event("given", 900, on=date(2026, 2, 1)))
    ledger.book_event(KEEPER, book, event("bought", 200, on=date(2026, 3, 1)))
    rows = {row.account.code: row for row in ledger.trial_balance(KEEPER, book, first=3, last=3)}
    assert (rows["1"].begin, rows["1"].debit, rows["1"].credit, rows["1"].end) == (900, 0, 200, 700)
    assert (rows["2"].opening, rows["2"].end) == (500, 500)
    total = ledger.with_parents(list(rows.values()), book.chart)
    assert [(row.account.code, row.end) for row in total if row.account.code.startswith("7")] == [
        ("7", 700),
        ("7.01", 700),
    ]


def test_balances_are_carried_into_the_next_year_once(book: Book, office: Unit, hands: Hands) -> None:
    ledger.book_event(KEEPER, book, event("given", 900))
    new = a_book(office, 2027)
    with pytest.raises(Refused, match="these accounts are not emptied yet"):
        ledger.carry_forward(KEEPER, book, new)
    by_hand(
        book,
        [Entry(account="5", debit=900), Entry(account="4", credit=900)],
        on=date(2026, 12, 31),
        closing=True,
    )
    by_hand(
        book,
        [Entry(account="8", debit=900), Entry(account="9", credit=900)],
        on=date(2026, 12, 31),
        closing=True,
    )
    by_hand(
        book,
        [Entry(account="9", debit=900), Entry(account="7.01", credit=900), *closing_cash()],
        on=date(2026, 12, 31),
        closing=True,
    )
    first = ledger.carry_forward(KEEPER, book, new)
    assert ledger.carry_forward(KEEPER, book, new).pk == first.pk
    assert ends(new) == {"2": 900, "4": -900}
    hands.now = datetime(2027, 1, 5, tzinfo=UTC)
    assert not list(ledger.verify())


def closing_cash() -> list[Entry]:
    return [Entry(account="2", debit=900), Entry(account="1", credit=900)]


def test_a_sub_account_is_added_below_an_account_without_postings(book: Book) -> None:
    parent = ledger.Account.objects.get(code="2")
    made = ledger.add_account(KEEPER, parent, code="01", name="Oak")
    assert str(made) == "2.01 Oak"
    with pytest.raises(Refused, match="there is such an account"):
        ledger.add_account(KEEPER, parent, code="01", name="Oak")
    with pytest.raises(Refused, match="up to four digits"):
        ledger.add_account(KEEPER, parent, code="x", name="Oak")
    by_hand(book, [Entry(account="3", credit=5), Entry(account="4", debit=5)])
    with pytest.raises(Refused, match="something is posted to it"):
        ledger.add_account(KEEPER, ledger.Account.objects.get(code="3"), code="01", name="Wear")
    ledger.prepare()
    assert ledger.Account.objects.filter(code="2.01").exists(), "what the town added stays"


def test_another_units_books_are_not_found(book: Book) -> None:
    voucher = by_hand(book, BENCH)
    stranger = Actor(kind=ActorKind.USER, id=a_user("charlie").pk, name="Charlie")
    assert not ledger.vouchers(stranger).filter(pk=voucher.pk).exists()
    assert ledger.trial_balance(stranger, book) == []
