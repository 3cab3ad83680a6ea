"""Leases of assets and their rents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import Button, Chip, Column, DetailPage, Fact, FormPage, Kind, Link, ListPage, Panel, Tone
from zhen.packs.finance.assets import forms, queries, rights
from zhen.packs.finance.assets.actions import letting
from zhen.packs.finance.assets.models import Asset, Lease, Rent
from zhen.packs.finance.assets.screens.common import PAPER_STATE, asset_link, by_state, find_by_asset, paper_chip
from zhen.packs.finance.groups import ASSETS
from zhen.packs.finance.screens.common import plain


def of(lease: Lease) -> str:
    return f"/desk/finance/leases/{lease.pk}/"


def facts(_actor: Actor, lease: Lease) -> list[Fact]:
    return [
        Fact(label=_("asset"), value=asset_link(lease), kind=Kind.LINK),
        Fact(label=_("tenant"), value=lease.tenant),
        Fact(label=_("number of the contract"), value=lease.contract),
        Fact(label=_("from"), value=lease.starts_on, kind=Kind.DATE),
        Fact(label=_("to"), value=lease.ends_on, kind=Kind.DATE),
        Fact(label=_("rent of a month (yuan)"), value=lease.rent, kind=Kind.MONEY),
        Fact(label=_("asked for by"), value=lease.asked_by, kind=Kind.PERSON),
        Fact(label=_("decided by"), value=lease.decided_by, kind=Kind.PERSON),
    ]


def rent_chip(rent: Rent) -> Chip:
    if rent.remitted_on is not None:
        return Chip(text=_("paid to the treasury"), tone=Tone.ON_TRACK)
    if rent.received_on is not None:
        return Chip(text=_("received, due to the treasury"), tone=Tone.DUE_SOON)
    late = rent.due_on < clock.today()
    return Chip(
        text=_("outstanding") if late else pgettext_lazy("of a rent", "to come"),
        tone=Tone.BEHIND if late else Tone.NEUTRAL,
    )


def rent_link(rent: Rent) -> Link | None:
    if rent.received_on is None:
        return Link(text=_("Enter that it came in"), url=f"/desk/finance/rent_receive/{rent.pk}/")
    if rent.remitted_on is None:
        return Link(text=_("Paid to the treasury"), url=f"/desk/finance/rent_remit/{rent.pk}/")
    return None


RENTS = (
    Column(id="due", label=pgettext_lazy("of a rent", "due on"), value="due_on", kind=Kind.DATE),
    Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY),
    Column(id="received", label=_("received on"), value="received_on", kind=Kind.DATE),
    Column(id="remitted", label=_("paid to the treasury on"), value="remitted_on", kind=Kind.DATE),
    Column(id="state", label=_("state"), value=rent_chip, kind=Kind.CHIP),
)
STEP = Column(id="step", label=_("next step"), value=rent_link, kind=Kind.LINK)


def save_lease(actor: Actor, asset: Asset, form: Any) -> str:
    return of(letting.ask_lease(actor, asset.pk, **form.cleaned_data))


def save_receipt(actor: Actor, rent: Rent, form: Any) -> str:
    return of(letting.receive_rent(actor, rent.pk, **form.cleaned_data).lease)


def save_remittance(actor: Actor, rent: Rent, form: Any) -> str:
    return of(letting.remit_rent(actor, rent.pk, **form.cleaned_data).lease)


def deciding(id: str, label: Any, confirm: Any, approve: bool) -> Button:
    return Button(
        id=id,
        label=label,
        permission=rights.DECIDE,
        run=lambda actor, lease, _data: letting.decide_lease(actor, lease.pk, approve=approve) and None,
        confirm=confirm,
        shown=lambda _actor, lease: lease.state == Lease.State.ASKED,
    )


PAGES = (
    ListPage(
        id="finance.leases",
        title=_("Leases of assets"),
        menu=_("Leases of assets"),
        group=ASSETS,
        icon="key-round",
        order=75,
        permission=rights.VIEW,
        intro=_("Assets that are let. Their rents are the treasury's. Ask for a lease at the asset."),
        rows=lambda actor, _params: queries.leases(actor),
        columns=(
            Column(id="asset", label=_("asset"), value=lambda one: f"{one.asset} {one.asset.name}", width="wide"),
            Column(id="tenant", label=_("tenant"), value="tenant", sort="tenant"),
            Column(id="from", label=_("from"), value="starts_on", kind=Kind.DATE, sort="starts_on"),
            Column(id="to", label=_("to"), value="ends_on", kind=Kind.DATE, sort="ends_on"),
            Column(id="rent", label=_("rent of a month (yuan)"), value="rent", kind=Kind.MONEY),
            PAPER_STATE,
        ),
        filters=(by_state(Lease.State),),
        search=find_by_asset,
        order_by=("-starts_on", "-pk"),
        detail="finance.lease",
        empty=_("No asset is let."),
    ),
    DetailPage(
        id="finance.lease",
        title=_("lease of an asset"),
        permission=rights.VIEW,
        subject=queries.lease_for,
        heading=lambda lease: f"{lease.asset.name} — {lease.tenant}",
        chips=lambda lease: (paper_chip(lease),),
        panels=(
            Panel(id="facts", title=_("Lease"), form="facts", source=facts),
            Panel(
                id="rents",
                title=_("Rents"),
                form="table",
                source=queries.rents_of,
                columns=RENTS,
                wide=True,
                empty=_("Rents are due once the lease is approved."),
            ),
            Panel(
                id="steps",
                title=_("To be entered"),
                form="table",
                source=lambda actor, lease: queries.rents_of(actor, lease).filter(
                    remitted_on=None, due_on__lte=clock.today()
                )[:12],
                columns=(RENTS[0], RENTS[1], STEP),
                permission=rights.COLLECT,
                empty=_("Everything that is due is entered."),
            ),
            HISTORY,
        ),
        buttons=(
            deciding("approve", _("Approve"), _("Its rents are due by the month from then on."), True),
            deciding("refuse", _("Refuse"), _("The asset is not let."), False),
        ),
    ),
    FormPage(
        id="finance.lease_new",
        title=_("Let the asset"),
        permission=rights.ASK,
        subject=queries.asset_for,
        form=plain(forms.LeaseForm),
        save=save_lease,
        submit=_("Ask for it"),
    ),
    FormPage(
        id="finance.rent_receive",
        title=_("A rent came in"),
        permission=rights.COLLECT,
        subject=queries.rent_for,
        form=plain(forms.ReceiptForm),
        save=save_receipt,
        submit=_("It came in"),
    ),
    FormPage(
        id="finance.rent_remit",
        title=_("A rent paid to the treasury"),
        permission=rights.COLLECT,
        subject=queries.rent_for,
        form=plain(forms.RemitForm),
        save=save_remittance,
        submit=_("It is paid"),
    ),
)
