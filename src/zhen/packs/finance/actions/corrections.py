"""Reversals, in the year of the voucher or after it was closed: then 以前年度盈余调整 and 年初余额调整 take them."""

from __future__ import annotations

from datetime import date
from uuid import uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance.actions.payments import book_of_day

REVERSE = "ledger.voucher.reverse"
PRIOR_YEARS, PRIOR_FUNDS = "3501", "8101.01"
SURPLUS = ("4", "5")
FUNDS = ("6", "7")


def prior_year(code: str) -> str:
    """The account that takes, in a later year, what stood on an account of the year's revenue or expenses."""
    return PRIOR_YEARS if code.startswith(SURPLUS) else PRIOR_FUNDS if code.startswith(FUNDS) else code


@action(REVERSE, silent=True)
def take_back(actor: Actor, voucher: ledger.Voucher, *, on: date, reason: str) -> ledger.Voucher:
    """Reverse a voucher. One of an earlier year is corrected in the books of the day; see `prior_year`."""
    rows = ledger.Voucher.objects.select_related("period__book")
    held = actionable(actor, REVERSE, rows).get(pk=voucher.pk)
    old = held.period.book
    if on.year == old.year:
        return ledger.reverse(actor, held, on=on, reason=reason)
    if held.kind in (ledger.Voucher.Kind.OPENING, ledger.Voucher.Kind.CLOSING):
        raise Refused(
            field=gettext_lazy("voucher"),
            value=held,
            reason=gettext_lazy("what closed or opened a year is not taken back in another"),
            remedy=gettext_lazy("Take back the voucher that was wrong"),
        )
    new = book_of_day(old, on)
    red = ledger.reverse(actor, held, on=on, reason=reason, into=ledger.Into(book=new, account=prior_year))
    _settle(actor, new, red, on)
    return red


def _settle(actor: Actor, book: ledger.Book, red: ledger.Voucher, on: date) -> None:
    """What now stands on 3501 goes to the accumulated surplus, 3001."""
    lines = ledger.Line.objects.filter(voucher=red, account__code=PRIOR_YEARS)
    standing = sum(line.debit - line.credit for line in lines)
    if standing:
        business = ledger.Business(
            event=f"finance.prior_years_{'less' if standing > 0 else 'more'}",
            on=on,
            summary=_("Surplus of earlier years corrected"),
            source=(red.source_type, red.source_id),
            request=uuid5(red.request, "surplus"),
            amounts={"amount": abs(standing)},
        )
        ledger.book_event(actor, book, business)
