"""What the pages of assets share."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Chip, Choice, Column, Filter, Kind, Link, Tone
from zhen.packs.finance.assets.models import Asset, Disposal
from zhen.packs.finance.assets.rules import State

TONES = {
    State.BUILDING: Tone.DUE_SOON,
    State.IN_USE: Tone.ON_TRACK,
    State.WAITING: Tone.DUE_SOON,
    State.PENDING: Tone.BEHIND,
    State.GONE: Tone.NEUTRAL,
}
PAPER_TONES = {
    "asked": Tone.DUE_SOON,
    "recorded": Tone.DUE_SOON,
    "approved": Tone.ON_TRACK,
    "done": Tone.ON_TRACK,
    "refused": Tone.BEHIND,
}


def state_chip(asset: Asset) -> Chip:
    return Chip(text=asset.get_state_display(), tone=TONES[State(asset.state)])


def paper_chip(paper: Any) -> Chip:
    return Chip(text=paper.get_state_display(), tone=PAPER_TONES[paper.state])


def kind_chip(disposal: Disposal) -> Chip:
    return Chip(text=disposal.get_kind_display())


def of(asset: Asset) -> str:
    return f"/desk/finance/assets/{asset.pk}/"


def asset_link(paper: Any) -> Link:
    return Link(text=f"{paper.asset} {paper.asset.name}", url=of(paper.asset))


PAPER_STATE = Column(id="state", label=_("state"), value=paper_chip, kind=Kind.CHIP, sort="state")
ASSET = Column(id="asset", label=_("asset"), value=asset_link, kind=Kind.LINK, width="wide")


def by_state(states: Any) -> Filter:
    return Filter(
        id="state",
        label=_("state"),
        apply=lambda rows, value: rows.filter(state=value),
        choices=tuple(Choice(value=one.value, label=one.label) for one in states),
    )


def find_by_asset(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(
            Q(asset__name__icontains=word) | Q(asset__unit__name__icontains=word) | number(word, "asset__")
        )
    return rows


def number(word: str, path: str = "") -> Q:
    """The number of a card, whole (GZ-2026-000012) or its end."""
    end = word.rpartition("-")[2]
    return Q(**{f"{path}pk": int(end)}) if end.isascii() and end.isdecimal() and len(end) < 10 else Q(pk__in=())
