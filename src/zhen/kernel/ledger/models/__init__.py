"""The tables of the ledger."""

from zhen.kernel.ledger.models.books import Account, Balance, Book, Dimensions, Period
from zhen.kernel.ledger.models.quotas import Quota, Reservation, Settlement
from zhen.kernel.ledger.models.vouchers import Line, Voucher

__all__ = [
    "Account",
    "Balance",
    "Book",
    "Dimensions",
    "Line",
    "Period",
    "Quota",
    "Reservation",
    "Settlement",
    "Voucher",
]
