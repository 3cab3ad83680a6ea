"""What the pages of procurement share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Column, Kind, Tone
from zhen.packs.finance.procurement.models import Bid, Contract, Figure, Procurement

TONES = {
    "need": Tone.DUE_SOON,
    "approved": Tone.DUE_SOON,
    "tendering": Tone.ON_TRACK,
    "opened": Tone.DUE_SOON,
    "ranked": Tone.DUE_SOON,
    "awarded": Tone.ON_TRACK,
    "contracted": Tone.ON_TRACK,
    "accepted": Tone.ON_TRACK,
    "refused": Tone.BEHIND,
    "failed": Tone.BEHIND,
}


def of(procurement_id: int) -> str:
    return f"/desk/finance/procurements/{procurement_id}/"


def state_chip(procurement: Any) -> Chip:
    return Chip(text=procurement.get_state_display(), tone=TONES[procurement.state])


def due_chip(day: date, *, done: bool = False) -> Chip:
    if done:
        return Chip(text=_("done"), tone=Tone.ON_TRACK)
    late = (clock.today() - day).days
    return (
        Chip(text=_("overdue"), tone=Tone.OVERDUE)
        if late > 0
        else Chip(text=pgettext_lazy("in procurement", "running"), tone=Tone.DUE_SOON)
    )


def bid_chip(bid: Bid) -> Chip:
    if not bid.in_force:
        return Chip(text=_("replaced"))
    if bid.invalid_reason:
        return Chip(text=bid.invalid_reason, tone=Tone.BEHIND)
    if bid.opened_at is None:
        return Chip(text=_("sealed"))
    return (
        Chip(text=gettext("rank %(rank)s") % {"rank": bid.rank}, tone=Tone.ON_TRACK)
        if bid.rank
        else Chip(text=pgettext_lazy("in procurement", "open"))
    )


def contract_chip(contract: Contract) -> Chip:
    tone = Tone.ON_TRACK if contract.state == Contract.State.SIGNED else Tone.DUE_SOON
    return Chip(text=contract.get_state_display(), tone=tone)


def figure_chip(figure: Figure) -> Chip:
    if figure.verified_by_id is None:
        return Chip(text=_("not confirmed"), tone=Tone.DUE_SOON)
    return Chip(text=_("confirmed"), tone=Tone.ON_TRACK)


STATE = Column(id="state", label=_("state"), value=state_chip, kind=Kind.CHIP, sort="state")
ESTIMATE = Column(id="amount", label=_("estimated amount (yuan)"), value="amount", kind=Kind.MONEY, sort="amount")


def winner_of(procurement: Procurement) -> str:
    return str(procurement.winner.supplier) if procurement.winner else ""
