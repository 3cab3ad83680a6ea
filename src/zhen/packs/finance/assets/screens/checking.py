"""Stock-taking: what each round has found, and its sheet. It is planned where all rounds are planned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import Button, Column, DetailPage, Figure, FilePage, Kind, Link, ListPage, Panel, Tone
from zhen.kernel.rounds.api import Campaign, Visit
from zhen.packs.finance.assets import printing, queries, rights
from zhen.packs.finance.assets.checking import BROKEN, MISSING, SURPLUS
from zhen.packs.finance.assets.screens.cards import visit_chip
from zhen.packs.finance.groups import ASSETS

LOOK = "rounds.view"


def figures(actor: Actor, campaign: Campaign) -> list[Figure]:
    visits = list(queries.seen_in(actor, campaign))
    done = sum(visit.state == Visit.State.DONE for visit in visits)
    counted = printing.counts(visits)
    tone = {True: Tone.BEHIND, False: Tone.ON_TRACK}
    period = str(campaign.starts_on.year)
    target = _("of %(count)s") % {"count": len(visits)}
    return [
        Figure(label=_("looked at"), value=done, unit=_("assets"), period=period, target=target),
        Figure(label=_("missing"), value=counted[MISSING], period=period, tone=tone[bool(counted[MISSING])]),
        Figure(label=_("broken"), value=counted[BROKEN], period=period, tone=tone[bool(counted[BROKEN])]),
        Figure(label=_("things without a card"), value=counted[SURPLUS], period=period),
    ]


def asset_link(visit: Visit) -> Link:
    return Link(text=visit.subject.name, url=f"/desk/finance/assets/{visit.subject.ref}/")


PAGES = (
    ListPage(
        id="finance.stocktakings",
        title=_("Stock-taking"),
        menu=_("Stock-taking"),
        group=ASSETS,
        icon="scan-line",
        order=76,
        permission=LOOK,
        intro=_("A campaign with the checklist of stock-taking over the assets: scan a label, look, record."),
        rows=lambda actor, _params: queries.stocktakings(actor),
        columns=(
            Column(id="title", label=_("stock-taking"), value="title", width="wide"),
            Column(id="unit", label=_("unit"), value="unit.name"),
            Column(id="from", label=_("from"), value="starts_on", kind=Kind.DATE, sort="starts_on"),
            Column(id="to", label=_("to"), value="ends_on", kind=Kind.DATE),
            Column(id="visits", label=pgettext_lazy("of a stock-taking", "visits"), value="count", kind=Kind.NUMBER),
            Column(id="state", label=_("state"), value="get_state_display"),
        ),
        search=lambda rows, words: rows.filter(title__icontains=words),
        order_by=("-starts_on", "-pk"),
        detail="finance.stocktaking",
        empty=_("No stock was taken yet. Plan a campaign with the checklist of stock-taking."),
    ),
    DetailPage(
        id="finance.stocktaking",
        title=_("stock-taking"),
        permission=LOOK,
        subject=queries.stocktaking_for,
        heading=lambda campaign: campaign.title,
        panels=(
            Panel(id="figures", title=_("Result"), form="figures", source=figures, wide=True),
            Panel(
                id="visits",
                title=_("Assets"),
                form="table",
                source=queries.seen_in,
                columns=(
                    Column(id="asset", label=_("asset"), value=asset_link, kind=Kind.LINK, width="wide"),
                    Column(id="place", label=_("place"), value="subject.address"),
                    Column(id="result", label=_("result"), value=visit_chip, kind=Kind.CHIP),
                    Column(id="who", label=_("who looks"), value="inspector", kind=Kind.PERSON),
                    Column(id="at", label=_("looked at"), value="done_at", kind=Kind.TIME),
                ),
                wide=True,
                empty=_("Its visits are being planned."),
            ),
        ),
        buttons=(
            Button(
                id="sheet",
                label=_("Sheet to print"),
                permission=rights.VIEW,
                form="finance.stock_sheet",
            ),
            Button(
                id="campaign",
                label=_("Campaign"),
                permission=LOOK,
                run=lambda _actor, campaign, _data: f"/desk/rounds/campaigns/{campaign.pk}/",
            ),
        ),
    ),
    FilePage(
        id="finance.stock_sheet",
        title=_("Sheet of the stock-taking"),
        permission=rights.VIEW,
        subject=queries.stocktaking_for,
        make=printing.sheet,
    ),
)
