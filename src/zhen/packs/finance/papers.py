"""The kinds of papers of public money, with the address of each: a voucher or a payment opens to its paper by them.

A part of this pack with papers of its own adds a row; the kind is the first half of `Business.source` and of
`Wanted.source`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import Paper


def at(pages: str) -> Callable[[str], str]:
    return lambda id: f"/desk/finance/{pages}/{id}/"


PAPERS = (
    Paper(id="finance.payment", name=_("payment"), address=at("payments")),
    Paper(id="finance.fundingplan", name=_("funding plan"), address=at("plans")),
)
