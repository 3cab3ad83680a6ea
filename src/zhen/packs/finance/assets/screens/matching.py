"""Cards and books side by side, and the papers on which they differ."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.pages.api import Chip, Column, DashboardPage, Filter, Kind, Link, Panel, Tone
from zhen.packs.finance.assets import matching
from zhen.packs.finance.assets.matching import Difference, Match
from zhen.packs.finance.groups import ASSETS
from zhen.packs.finance.queries import book_in
from zhen.packs.finance.screens.books import book_choices

VIEW = "ledger.view"


def chip(row: Match) -> Chip:
    return (
        Chip(text=_("equal"), tone=Tone.ON_TRACK) if not row.difference else Chip(text=_("differs"), tone=Tone.BEHIND)
    )


def paper(row: Difference) -> Link | str:
    if not row.source[0]:
        return Link(text=_("brought forward, or by hand"), url="/desk/finance/vouchers/")
    return Link(text=row.name, url=ledger.address_of(row.source) or "/desk/finance/vouchers/")


def over(source: Any) -> Any:
    """A source of a panel over the chosen books."""

    def rows(actor: Actor, params: Any) -> list[Any]:
        book = book_in(actor, params)
        return source(actor, book) if book else []

    return rows


SIDES = (
    Column(id="cards", label=_("cards (yuan)"), value="cards", kind=Kind.MONEY),
    Column(id="books", label=_("books (yuan)"), value="books", kind=Kind.MONEY),
    Column(id="difference", label=_("difference (yuan)"), value="difference", kind=Kind.MONEY),
)
PAGES = (
    DashboardPage(
        id="finance.asset_matching",
        title=_("Cards and books"),
        menu=_("Cards and books"),
        group=ASSETS,
        icon="scale",
        order=77,
        permission=VIEW,
        intro=_(
            "What the cards come to and what the accounts hold, to the fen. Where they differ, the papers say why."
        ),
        filters=(Filter(id="book", label=_("books"), apply=lambda rows, _value: rows, choices=book_choices),),
        panels=(
            Panel(
                id="accounts",
                title=_("By account"),
                form="table",
                source=over(matching.matches),
                columns=(
                    Column(id="account", label=_("account"), value=lambda row: f"{row.account} {row.name}"),
                    *SIDES,
                    Column(id="state", label=_("state"), value=chip, kind=Kind.CHIP),
                ),
                wide=True,
                empty=_("There are no books yet."),
            ),
            Panel(
                id="classes",
                title=_("Cards by class"),
                form="table",
                source=over(matching.by_class),
                columns=(
                    Column(
                        id="name",
                        label=_("class"),
                        value="name",
                    ),
                    Column(id="count", label=_("cards"), value="count", kind=Kind.NUMBER),
                    Column(id="value", label=_("value (yuan)"), value="value", kind=Kind.MONEY),
                    Column(id="worn", label=_("written off (yuan)"), value="worn", kind=Kind.MONEY),
                    Column(id="left", label=_("left (yuan)"), value="left", kind=Kind.MONEY),
                ),
                wide=True,
                empty=_("There is no card yet."),
            ),
            Panel(
                id="differences",
                title=_("Papers on which they differ"),
                form="table",
                source=over(matching.differences),
                columns=(
                    Column(id="paper", label=_("paper"), value=paper, kind=Kind.LINK, width="wide"),
                    Column(id="account", label=_("account"), value="account"),
                    *SIDES,
                ),
                wide=True,
                empty=_("Cards and books hold the same on every paper of the year."),
            ),
        ),
    ),
)
