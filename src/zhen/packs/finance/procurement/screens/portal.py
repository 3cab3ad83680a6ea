"""What everybody may read: notices, awards and contracts; and where a bidder sends a sealed bid."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Attached, Column, DetailPage, Face, Fact, FormPage, Kind, Link, ListPage, Panel
from zhen.packs.finance.procurement import forms, queries
from zhen.packs.finance.procurement.actions import tendering
from zhen.packs.finance.procurement.models import Bid, Procurement
from zhen.packs.finance.procurement.screens.common import STATE, state_chip, winner_of


def facts(_actor: Actor, procurement: Procurement) -> list[Fact]:
    return [
        Fact(label=pgettext_lazy("in procurement", "number"), value=str(procurement)),
        Fact(label=_("department"), value=procurement.unit.name),
        Fact(label=_("method"), value=procurement.get_method_display()),
        Fact(label=pgettext_lazy("in procurement", "category"), value=procurement.get_category_display()),
        Fact(label=_("budget (yuan)"), value=procurement.amount, kind=Kind.MONEY),
        Fact(label=_("what it is needed for"), value=procurement.purpose, kind=Kind.PROSE),
        Fact(label=_("way of evaluation"), value=procurement.get_way_display()),
        Fact(label=_("published at"), value=procurement.published_at, kind=Kind.TIME),
        Fact(label=_("bids are opened at"), value=procurement.opens_at, kind=Kind.TIME),
        Fact(label=_("reason"), value=procurement.reason),
    ]


def result(_actor: Actor, procurement: Procurement) -> list[Fact]:
    if procurement.winner is None:
        return []
    return [
        Fact(label=_("supplier"), value=winner_of(procurement)),
        Fact(label=_("award (yuan)"), value=procurement.award_amount, kind=Kind.MONEY),
        Fact(label=_("awarded at"), value=procurement.awarded_at, kind=Kind.TIME),
        Fact(label=_("reason of the award"), value=procurement.award_reason),
    ]


def contract(_actor: Actor, procurement: Procurement) -> list[Fact]:
    made = getattr(procurement, "contract", None)
    if made is None or made.signed_on is None:
        return []
    return [
        Fact(label=pgettext_lazy("in procurement", "number"), value=str(made)),
        Fact(label=_("supplier"), value=str(made.supplier)),
        Fact(label=_("amount (yuan)"), value=made.amount, kind=Kind.MONEY),
        Fact(label=_("signed on"), value=made.signed_on, kind=Kind.DATE),
        Fact(label=_("begins on"), value=made.starts_on, kind=Kind.DATE),
        Fact(label=_("ends on"), value=made.ends_on, kind=Kind.DATE),
    ]


def papers(actor: Actor, procurement: Procurement) -> list[Attached]:
    rows = procurement.papers.filter(public=True).select_related("file")
    return [Attached(name=paper.title, url=files.url(actor, paper.file)) for paper in rows]


def receipts(_actor: Actor, procurement: Procurement) -> Any:
    """Only when each bid came and its digest; whose it is, and its price, once it is open and ranked."""
    return procurement.bids.filter(in_force=True).select_related("supplier__organisation").order_by("received_at")


def known(procurement_state: str) -> bool:
    return procurement_state in ("awarded", "contracted", "accepted")


def bidder(bid: Bid) -> str:
    return str(bid.supplier) if known(bid.procurement.state) else ""


def price(bid: Bid) -> int | None:
    return bid.price if known(bid.procurement.state) else None


def standing(bid: Bid) -> str:
    if not known(bid.procurement.state):
        return ""
    return bid.invalid_reason or (gettext("rank %(rank)s") % {"rank": bid.rank} if bid.rank else "")


def bidding(_actor: Any, procurement: Any) -> list[Link]:
    links = [
        Link(text=_("Machine-readable record (OCDS)"), url=f"/ocds/records/{procurement.pk}.json"),
    ]
    if procurement.state == Procurement.State.TENDERING:
        detail = _("With the code of your invitation. Until the opening nobody reads it.")
        links.insert(0, Link(text=_("Send a bid"), url="/procurement/bid/", detail=detail))
    return links


class Sending(forms.BidForm):
    def __init__(self, data: Any, sent: Any) -> None:
        super().__init__(data, sent)

    def clean_file(self) -> tuple[str, bytes]:
        upload = self.cleaned_data["file"]
        if upload is None:
            return "", b""
        try:
            files.prepare(upload, kinds={files.Kind.PDF}, max_bytes=tendering.LARGEST_FILE)
        except Refused as fault:
            raise ValidationError(str(fault)) from fault
        upload.seek(0)
        return str(upload.name)[:100], upload.read(tendering.LARGEST_FILE + 1)


def send(actor: Actor, _subject: object, form: Sending) -> str:
    receipt = tendering.send_bid(actor, **form.cleaned_data)
    return f"/procurement/receipt/{receipt.bid.digest}/#{receipt.salt}"


def receipt(_actor: Actor, bid: Bid) -> list[Fact]:
    return [
        Fact(label=_("procurement"), value=f"{bid.procurement} {bid.procurement.title}"),
        Fact(label=pgettext_lazy("in procurement", "received at"), value=bid.received_at, kind=Kind.TIME),
        Fact(label=_("digest"), value=bid.digest),
        Fact(label=_("in force"), value=_("yes") if bid.in_force else _("no: a later bid took its place")),
    ]


def proof(_actor: Actor, _bid: Bid) -> str:
    return str(
        _(
            "Print this page and keep its address: the salt stands behind the # there, and nowhere else. The digest is "
            "the SHA-256 of five lines: price in fen, days, SHA-256 of the statement, SHA-256 of the file, salt. With "
            "them you can show at any time that your bid was not changed."
        )
    )


PAGES = (
    ListPage(
        id="procurement.notices",
        title=_("Procurement of the town"),
        menu=_("Procurement of the town"),
        icon="shopping-cart",
        order=85,
        face=Face.PORTAL,
        permission=None,
        intro=_("What the town buys: notices, results and contracts, from the first day on."),
        rows=lambda _actor, _params: queries.published(),
        columns=(
            Column(id="title", label=_("title"), value="title"),
            Column(id="unit", label=_("department"), value="unit.name"),
            Column(id="method", label=_("method"), value="get_method_display"),
            Column(id="amount", label=_("budget (yuan)"), value="amount", kind=Kind.MONEY, sort="amount"),
            Column(id="opens", label=_("bids are opened at"), value="opens_at", kind=Kind.TIME, sort="opens_at"),
            Column(id="winner", label=_("supplier"), value=winner_of),
            Column(id="award", label=_("award (yuan)"), value="award_amount", kind=Kind.MONEY),
            STATE,
        ),
        search=lambda rows, words: rows.filter(title__icontains=words),
        order_by=("-published_at", "-pk"),
        detail="procurement.notice",
        export=False,
        empty=_("Nothing is published yet."),
    ),
    DetailPage(
        id="procurement.notice",
        title=_("procurement notice"),
        face=Face.PORTAL,
        permission=None,
        subject=queries.published_for,
        heading=lambda procurement: procurement.title,
        chips=lambda procurement: (state_chip(procurement),),
        panels=(
            Panel(id="facts", title=pgettext_lazy("in procurement", "Notice"), form="facts", source=facts),
            Panel(id="bidding", title=_("Ways from here"), form="links", source=bidding),
            Panel(
                id="items",
                title=_("Items"),
                form="table",
                source=lambda _actor, procurement: procurement.items.all(),
                columns=(
                    Column(id="name", label=pgettext_lazy("in procurement", "item"), value="name"),
                    Column(id="quantity", label=_("quantity"), value="quantity", kind=Kind.NUMBER),
                    Column(id="measure", label=_("unit of quantity"), value="measure"),
                ),
            ),
            Panel(id="papers", title=_("Documents"), form="files", source=papers, empty=_("There is none to read.")),
            Panel(
                id="criteria",
                title=_("Criteria"),
                form="table",
                source=lambda _actor, procurement: procurement.criteria.all(),
                columns=(
                    Column(id="name", label=_("criterion"), value="name"),
                    Column(id="weight", label=_("weight"), value="weight", kind=Kind.NUMBER),
                ),
                empty=_("The lowest evaluated price is awarded."),
            ),
            Panel(
                id="bids",
                title=_("Bids"),
                form="table",
                source=receipts,
                wide=True,
                columns=(
                    Column(
                        id="received",
                        label=pgettext_lazy("in procurement", "received at"),
                        value="received_at",
                        kind=Kind.TIME,
                    ),
                    Column(id="digest", label=_("digest"), value="digest"),
                    Column(id="supplier", label=_("supplier"), value=bidder),
                    Column(id="price", label=_("price (yuan)"), value=price, kind=Kind.MONEY),
                    Column(id="standing", label=pgettext_lazy("in procurement", "result"), value=standing),
                ),
                empty=_("No bid came in yet."),
            ),
            Panel(id="result", title=_("Result"), form="facts", source=result, empty=_("Nothing is awarded yet.")),
            Panel(id="contract", title=_("Contract"), form="facts", source=contract, empty=_("None is signed yet.")),
        ),
    ),
    FormPage(
        id="procurement.bid",
        title=_("Send a bid"),
        face=Face.PORTAL,
        permission=None,
        intro=_(
            "The bid is sealed when it arrives and opened by two people together at the time of the opening. A later "
            "bid of yours takes the place of this one. What comes after the opening is not taken."
        ),
        form=lambda _actor, _subject, data, sent: Sending(data, sent),
        save=send,
        submit=_("Seal and send"),
        draft=False,
    ),
    DetailPage(
        id="procurement.receipt",
        title=_("receipt of a bid"),
        face=Face.PORTAL,
        permission=None,
        subject=queries.receipt_for,
        heading=lambda _bid: _("Receipt of a bid"),
        panels=(
            Panel(id="facts", title=_("Receipt"), form="facts", source=receipt),
            Panel(id="proof", title=_("How to check it"), form="prose", source=proof),
        ),
    ),
)
