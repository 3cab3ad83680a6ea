"""What can happen to cash and to the own bank account, and how much may leave them.

`room` says from which standing accounts money may leave: what is added up and what is taken off before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASH, BANK, FOR_TREASURY, DEPOSITS = "1001", "1002", "2103", "2307.03"


@dataclass(frozen=True, kw_only=True)
class SlipKind:
    """A kind of slip: its event of the entries is of the same name. `needs_line`: it is spending of the budget.

    `room`: accounts whose balances, debits less credits, add up to what may leave at most; empty where money comes.
    `what` is said of that sum where it is too small.
    """

    id: str
    name: str | Promise
    room: tuple[str, ...] = ()
    what: str | Promise = ""
    opposite: bool = False
    needs_line: bool = False


KINDS: Mapping[str, SlipKind] = {
    kind.id: kind
    for kind in (
        SlipKind(
            id="cash_spent", name=_("expense in cash"), room=(CASH,), what=_("cash in hand: %(left)s"), needs_line=True
        ),
        SlipKind(
            id="own_spent",
            name=_("expense from the own account"),
            room=(BANK, FOR_TREASURY, DEPOSITS),
            what=_("own money in the account: %(left)s"),
            needs_line=True,
        ),
        SlipKind(id="treasury_received", name=_("received for the treasury")),
        SlipKind(
            id="treasury_paid",
            name=_("paid to the treasury"),
            room=(FOR_TREASURY,),
            what=_("due to the treasury: %(left)s"),
            opposite=True,
        ),
        SlipKind(id="deposit_received", name=_("deposit received")),
        SlipKind(
            id="deposit_returned",
            name=_("deposit returned"),
            room=(DEPOSITS,),
            what=_("deposits held: %(left)s"),
            opposite=True,
        ),
    )
}
