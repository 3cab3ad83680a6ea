"""Opening books, closing months, carrying balances into the next year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger.actions.vouchers import bring_forward
from zhen.kernel.ledger.declarations import CHARTS
from zhen.kernel.ledger.models import Book, Dimensions, Period, Voucher
from zhen.kernel.ledger.models.books import CLOSING, OPENING
from zhen.kernel.ledger.queries.balances import carried_balances, nominal_left
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

OPEN, CLOSE = "ledger.book.open", "ledger.period.close"
CARRIED = UUID("1d2f5f8e-7f0c-4a55-9b7a-2f6f0d0c3a11")
"""The namespace of the requests by which a book's balances are carried forward: once, however often it is asked for."""


@action(OPEN)
def open_book(actor: Actor, unit: Unit, year: int, *, chart: str, level: str, unit_type: str) -> Book:
    """Open the books of a unit for a year, with its periods."""
    if chart not in CHARTS:
        raise Refused(
            field=_("chart of accounts"),
            value=chart,
            reason=_("it is not declared"),
            remedy=_("Choose another one"),
        )
    if Book.objects.filter(unit=unit, year=year).exists():
        raise Refused(
            field=_("year"), value=year, reason=_("its books are open already"), remedy=_("Go on in those books")
        )
    book = Book.objects.create(unit=unit, year=year, chart=chart, level=level, unit_type=unit_type)
    Period.objects.bulk_create(_period(book, month) for month in range(OPENING, CLOSING + 1))
    journal.record("ledger.book_opened", by=actor, subject=book, unit=unit.pk, data={"book": str(book)})
    return book


def _period(book: Book, month: int) -> Period:
    if month in (OPENING, CLOSING):
        day = date(book.year, 1, 1) if month == OPENING else date(book.year, 12, 31)
        return Period(book=book, month=month, first=day, last=day)
    last = monthrange(book.year, month)[1]
    return Period(book=book, month=month, first=date(book.year, month, 1), last=date(book.year, month, last))


@action(CLOSE)
def close_month(actor: Actor, book: Book, month: int) -> None:
    """Close a month and those before it: nothing is posted in them any more. They are not opened again."""
    held = actionable(actor, CLOSE, Book.objects.filter(pk=book.pk)).get()
    now = clock.now()
    rows = Period.objects.filter(book=held, month__lte=month, closed_at=None)
    if not list(rows.select_for_update().values_list("pk", flat=True)):
        raise Refused(
            field=_("month"), value=month, reason=_("it is closed already"), remedy=_("Close the month after it")
        )
    if month != CLOSING and date(held.year, month or 1, 1) > now.astimezone(clock.TOWN_ZONE).date():
        raise Refused(field=_("month"), value=month, reason=_("it has not come yet"), remedy=_("Wait for its end"))
    rows.update(closed_at=now)
    journal.record(
        "ledger.month_closed", by=actor, subject=held, unit=held.unit_id, data={"book": str(held), "month": month}
    )


def dimensions(
    *, unit: Unit | None = None, project: str = "", function: str = "", economic: str = "", source: str = ""
) -> Dimensions:
    """The one row of a combination; made where it is new. Called within actions."""
    return Dimensions.objects.get_or_create(
        unit=unit, project=project, function=function, economic=economic, source=source
    )[0]


def carry_forward(actor: Actor, old: Book, new: Book) -> Voucher:
    """Bring the balances of a closed year into the next one. Asked again, nothing changes."""
    left: Sequence[str] = nominal_left(old)
    if left:
        raise Refused(
            field=_("books"),
            value=", ".join(left[:5]),
            reason=_("these accounts are not emptied yet"),
            remedy=_("Close the year first"),
        )
    return bring_forward(actor, new, carried_balances(old), request=uuid5(CARRIED, f"{old.pk}>{new.pk}"))
