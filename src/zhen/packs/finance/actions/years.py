"""The end of a year and the beginning of the next: rows Y1 to Y4 and N1 of the entries. Done again, nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance import rights
from zhen.packs.finance.actions.budgets import ALLOTMENT
from zhen.packs.finance.actions.plans import quota_kind
from zhen.packs.finance.kinds import Method

YEARS = UUID("3b0a1a76-8d7e-4a34-9c6d-0f5f0c7d2e06")
QUOTA, RETURNABLE = "1011", "1201.02"
OF_YEAR, ALLOCATION, SURPLUS = "3301", "3302", "3001"
OF_YEAR_CARRIED, CARRIED = "8101.06", "8101.07"
REVENUE, EXPENSES = ("4",), ("5",)
FISCAL_INCOME, SPENDING = "6001", ("7101", "7201")
Move = tuple[str, int | None, int]
"""An account, its dimensions, and its debits less its credits."""


@action(rights.CLOSE_YEAR)
def close_year(actor: Actor, book: ledger.Book) -> None:
    """Cancel what quota is left, empty the accounts of the year, close the books.

    Raises Refused while payments wait, and where the books hold income that this closing does not know.
    """
    _check(book)
    _cancel_quota(actor, book)
    _book_unused(actor, book)
    _empty_financial(actor, book)
    _empty_budgetary(actor, book)
    left = ledger.nominal_left(book)
    if left:
        raise Refused(
            field=gettext_lazy("account"),
            value=", ".join(left),
            reason=gettext_lazy("the closing does not empty it"),
            remedy=gettext_lazy("Close it by a voucher by hand first"),
        )
    ledger.close_month(actor, book, ledger.CLOSING)
    journal.record("finance.year_closed", by=actor, subject=book, unit=book.unit_id, data={"book": str(book)})


def _check(book: ledger.Book) -> None:
    waiting = ledger.Reservation.objects.filter(quota__book=book, open__gt=0).count()
    if waiting:
        raise Refused(
            field=gettext_lazy("payments"),
            value=waiting,
            reason=gettext_lazy("so many wait to be paid"),
            remedy=gettext_lazy("Pay, refuse or withdraw them first"),
        )


def _cancel_quota(actor: Actor, book: ledger.Book) -> None:
    """Y2: the zero-balance account is empty at year-end."""
    for _code, dimensions_id, amount in ledger.emptied(book, (QUOTA,)):
        _event(actor, book, "year_end_quota", date(book.year, 12, 31), dimensions_id, amount)


def _book_unused(actor: Actor, book: ledger.Book) -> None:
    """Y1 and Y3: allotments that were not used or not issued, where the rules of the year and the level book them."""
    day = date(book.year, 12, 31)
    for event, kind in (("year_end_direct", quota_kind(Method.DIRECT)), ("year_end_unissued", ALLOTMENT)):
        known = any(
            template.event == f"finance.{event}" and template.holds(on=day, level=book.level, unit_type=book.unit_type)
            for template in ledger.TEMPLATES
        )
        for quota in ledger.Quota.objects.filter(book=book, kind=kind).order_by("pk") if known else ():
            _event(actor, book, event, day, quota.dimensions_id, quota.available)


def _event(actor: Actor, book: ledger.Book, event: str, on: date, dimensions_id: int | None, amount: int) -> None:
    if amount > 0:
        business = ledger.Business(
            event=f"finance.{event}",
            on=on,
            summary=_("Turn of the year"),
            source=("ledger.book", book.pk),
            request=uuid5(YEARS, f"{book.pk} {event} {dimensions_id}"),
            amounts={"amount": amount},
            dimensions_id=dimensions_id,
        )
        ledger.book_event(actor, book, business)


def _empty_financial(actor: Actor, book: ledger.Book) -> None:
    """Revenue and expenses into 3301, 3301 through 3302 into 3001."""
    revenue = _standing(book, REVENUE)
    expenses = _standing(book, EXPENSES)
    result = sum(amount for _code, _dimensions, amount in (*revenue, *expenses))
    _move(actor, book, "revenue", revenue, OF_YEAR)
    _move(actor, book, "expenses", expenses, OF_YEAR)
    _move(actor, book, "result", [(OF_YEAR, None, result)], ALLOCATION)
    _move(actor, book, "surplus", [(ALLOCATION, None, result)], SURPLUS)


def _empty_budgetary(actor: Actor, book: ledger.Book) -> None:
    """Fiscal income and spending, project by project, into 本年收支结转, and that into 累计结转."""
    income, spending = ledger.emptied(book, (FISCAL_INCOME,)), ledger.emptied(book, SPENDING)
    _move(actor, book, "budget_income", income, OF_YEAR_CARRIED, keep=True)
    _move(actor, book, "budget_spending", spending, OF_YEAR_CARRIED, keep=True)
    _move(actor, book, "carried", ledger.emptied(book, (OF_YEAR_CARRIED,)), CARRIED, keep=True)


def _standing(book: ledger.Book, classes: Iterable[str]) -> list[Move]:
    codes = ledger.Account.objects.filter(chart=book.chart, parent=None).values_list("code", flat=True)
    return ledger.emptied(book, [code for code in codes if code.startswith(tuple(classes))])


def _move(actor: Actor, book: ledger.Book, step: str, moves: Sequence[Move], into: str, *, keep: bool = False) -> None:
    """Empty accounts into another one, in one closing voucher; with `keep` by dimensions, else in one sum."""
    moves = [move for move in moves if move[2]]
    if not moves:
        return
    taken = [_entry(code, -amount, dimensions) for code, dimensions, amount in moves]
    if keep:
        given = [_entry(into, amount, dimensions) for _code, dimensions, amount in moves]
    else:
        total = sum(amount for _code, _dimensions, amount in moves)
        given = [_entry(into, total, None)] if total else []
    ledger.post_voucher(
        actor,
        book,
        on=date(book.year, 12, 31),
        summary=_("Closing of the year"),
        entries=[*taken, *given],
        request=uuid5(YEARS, f"{book.pk} close {step}"),
        closing=True,
    )


def _entry(account: str, amount: int, dimensions_id: int | None) -> ledger.Entry:
    """Debit what is above zero, credit what is below."""
    return ledger.Entry(account=account, debit=max(amount, 0), credit=max(-amount, 0), dimensions_id=dimensions_id)


@action(rights.CLOSE_YEAR, silent=True)
def open_year(actor: Actor, old: ledger.Book) -> ledger.Book:
    """Open the next year's books with the balances of a closed year, and restore the quota (N1)."""
    year = old.year + 1
    new = ledger.Book.objects.filter(unit=old.unit_id, year=year).first() or ledger.open_book(
        actor, old.unit, year, chart=old.chart, level=old.level, unit_type=old.unit_type
    )
    ledger.carry_forward(actor, old, new)
    for _code, dimensions_id, amount in ledger.emptied(new, (RETURNABLE,)):
        _event(actor, new, "quota_restored", date(year, 1, 1), dimensions_id, amount)
    return new
