"""The books, as far as duties go: who made a payment does not correct its vouchers, in whatever post he is now."""

from __future__ import annotations

from datetime import date

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.packs.finance import duties
from zhen.packs.finance.actions import corrections
from zhen.packs.finance.control.case_types import done_on
from zhen.packs.finance.control.watching import PAYMENT
from zhen.packs.finance.models import Payment


def reverse(actor: Actor, voucher: ledger.Voucher, *, on: date, reason: str) -> ledger.Voucher:
    """Reverse a voucher; that of a payment is not for whoever made the payment."""
    if voucher.source_type == PAYMENT:
        duties.check(actor, "books.keep", done_on(list(Payment.objects.filter(pk=voucher.source_id))))
    return corrections.take_back(actor, voucher, on=on, reason=reason)
