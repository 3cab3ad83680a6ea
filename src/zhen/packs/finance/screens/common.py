"""What the pages of public money share."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Chip, Choice, Column, Filter, Kind, Panel, Tone
from zhen.packs.finance import queries

TONES = {
    "draft": Tone.NEUTRAL,
    "reviewed": Tone.DUE_SOON,
    "asked": Tone.DUE_SOON,
    "approved": Tone.ON_TRACK,
    "paid": Tone.ON_TRACK,
    "refused": Tone.BEHIND,
    "returned": Tone.BEHIND,
    "admitted": Tone.ON_TRACK,
    "ended": Tone.NEUTRAL,
    "withdrawn": Tone.NEUTRAL,
}


def state_chip(paper: Any) -> Chip:
    return Chip(text=paper.get_state_display(), tone=TONES[paper.state])


def state_filter(states: type[models.TextChoices]) -> Filter:
    return Filter(
        id="state",
        label=_("state"),
        apply=lambda rows, value: rows.filter(state=value),
        choices=tuple(Choice(value=one.value, label=one.label) for one in states),
    )


STATE = Column(id="state", label=_("state"), value=state_chip, kind=Kind.CHIP, sort="state")
AMOUNT = Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY, sort="amount")


VOUCHERS = Panel(
    id="vouchers",
    title=_("Vouchers"),
    form="table",
    source=queries.vouchers_of_paper,
    columns=(
        Column(id="number", label=_("number"), value=str),
        Column(id="date", label=_("date"), value="date", kind=Kind.DATE),
        Column(id="summary", label=_("summary"), value="summary"),
    ),
    detail="finance.voucher",
    permission="ledger.view",
    empty=_("Nothing is booked yet."),
)


def plain(form: Any) -> Any:
    """A form that asks only for what was sent."""
    return lambda _actor, _subject, data, _files: form(data)
