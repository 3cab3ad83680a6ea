"""Transfers and disposals: who asked, who decided, who recorded."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
)
from zhen.packs.finance.assets import forms, queries, rights
from zhen.packs.finance.assets.actions import disposing, moving
from zhen.packs.finance.assets.models import Asset, Disposal, Transfer
from zhen.packs.finance.assets.screens.common import (
    PAPER_STATE,
    asset_link,
    by_state,
    find_by_asset,
    kind_chip,
    paper_chip,
)
from zhen.packs.finance.groups import ASSETS
from zhen.packs.finance.screens.common import plain


def of(disposal: Disposal) -> str:
    return f"/desk/finance/disposals/{disposal.pk}/"


def transfer_facts(_actor: Actor, transfer: Transfer) -> list[Fact]:
    return [
        Fact(label=_("asset"), value=asset_link(transfer), kind=Kind.LINK),
        Fact(label=_("from the unit"), value=transfer.unit_before.name),
        Fact(label=_("keeper before"), value=transfer.keeper_before, kind=Kind.PERSON),
        Fact(label=_("to the unit"), value=transfer.unit.name),
        Fact(label=_("new keeper"), value=transfer.keeper, kind=Kind.PERSON),
        Fact(label=_("floor, room"), value=transfer.spot),
        Fact(label=_("reason"), value=transfer.reason),
        Fact(label=_("handed over by"), value=transfer.asked_by, kind=Kind.PERSON),
        Fact(label=_("taken over by"), value=transfer.decided_by, kind=Kind.PERSON),
    ]


def disposal_facts(_actor: Actor, disposal: Disposal) -> list[Fact]:
    found = [
        Fact(label=_("asset"), value=asset_link(disposal), kind=Kind.LINK),
        Fact(label=_("kind"), value=disposal.get_kind_display()),
        Fact(label=_("reason"), value=disposal.reason),
        Fact(label=_("value (yuan)"), value=disposal.asset.value, kind=Kind.MONEY),
        Fact(label=_("written off (yuan)"), value=disposal.worn or disposal.asset.worn, kind=Kind.MONEY),
        Fact(label=_("off the books since"), value=disposal.on, kind=Kind.DATE),
    ]
    if disposal.kind == Disposal.Kind.SOLD:
        found += [
            Fact(label=_("proceeds (yuan)"), value=disposal.proceeds, kind=Kind.MONEY),
            Fact(label=_("costs of the sale (yuan)"), value=disposal.costs, kind=Kind.MONEY),
            Fact(label=_("due to the treasury (yuan)"), value=disposal.due, kind=Kind.MONEY),
            Fact(label=_("paid to the treasury on"), value=disposal.remitted_on, kind=Kind.DATE),
        ]
    return found


def signatures(_actor: Actor, disposal: Disposal) -> list[Fact]:
    return [
        Fact(label=_("keeper"), value=disposal.keeper, kind=Kind.PERSON),
        Fact(label=_("asked for by"), value=disposal.asked_by, kind=Kind.PERSON),
        Fact(label=_("decided by"), value=disposal.approved_by, kind=Kind.PERSON),
        Fact(label=_("decision"), value=disposal.decision),
        Fact(label=_("recorded by"), value=disposal.recorded_by, kind=Kind.PERSON),
    ]


def to_decide(_actor: Any, disposal: Disposal) -> bool:
    """A sale waits for its approval first, a loss until it is recorded."""
    sold = disposal.kind == Disposal.Kind.SOLD
    return disposal.state == (Disposal.State.ASKED if sold else Disposal.State.RECORDED)


def to_record(_actor: Any, disposal: Disposal) -> bool:
    sold = disposal.kind == Disposal.Kind.SOLD
    return disposal.state == (Disposal.State.APPROVED if sold else Disposal.State.ASKED)


def to_remit(_actor: Any, disposal: Disposal) -> bool:
    return disposal.state == Disposal.State.DONE and disposal.due > 0 and disposal.remitted_on is None


def save_hand_over(actor: Actor, asset: Asset, form: forms.HandOverForm) -> str:
    made = moving.hand_over(actor, asset.pk, reason=form.cleaned_data["reason"], **form.where())
    return f"/desk/finance/transfers/{made.pk}/"


def save_disposal(actor: Actor, asset: Asset, form: Any) -> str:
    return of(disposing.ask_disposal(actor, asset.pk, **form.cleaned_data))


def save_record(actor: Actor, disposal: Disposal, form: Any) -> str:
    return of(disposing.record_disposal(actor, disposal.pk, **form.cleaned_data))


def save_remit(actor: Actor, disposal: Disposal, form: Any) -> str:
    return of(disposing.remit_sale(actor, disposal.pk, **form.cleaned_data))


def save_decision(approve: bool) -> Any:
    return lambda actor, disposal, form: of(
        disposing.decide_disposal(actor, disposal.pk, approve=approve, decision=form.cleaned_data["decision"])
    )


def record_form(_actor: Actor, disposal: Disposal, data: Any, _files: Any) -> Any:
    return forms.SaleForm(data) if disposal.kind == Disposal.Kind.SOLD else forms.LossForm(data)


def taking(id: str, label: Any, confirm: Any, approve: bool) -> Button:
    return Button(
        id=id,
        label=label,
        permission=rights.MOVE,
        run=lambda actor, transfer, _data: moving.take_over(actor, transfer.pk, approve=approve) and None,
        confirm=confirm,
        shown=lambda _actor, transfer: transfer.state == Transfer.State.ASKED,
    )


def deciding(id: str, title: Any, approve: bool, intro: Any) -> FormPage:
    return FormPage(
        id=f"finance.disposal_{id}",
        title=title,
        permission=rights.DECIDE,
        subject=queries.disposal_for,
        intro=intro,
        form=plain(forms.DecisionForm),
        save=save_decision(approve),
        submit=title,
    )


PAGES = (
    ListPage(
        id="finance.transfers",
        title=_("Transfers of assets"),
        menu=_("Transfers of assets"),
        group=ASSETS,
        icon="arrow-right-left",
        order=73,
        permission=rights.VIEW,
        intro=_("One person hands over, another takes over. Hand over at the asset."),
        rows=lambda actor, _params: queries.transfers(actor),
        columns=(
            Column(id="at", label=_("handed over at"), value="asked_at", kind=Kind.TIME, sort="asked_at"),
            Column(id="asset", label=_("asset"), value=lambda one: f"{one.asset} {one.asset.name}", width="wide"),
            Column(id="from", label=_("from the unit"), value="unit_before.name"),
            Column(id="to", label=_("to the unit"), value="unit.name"),
            Column(id="keeper", label=_("new keeper"), value="keeper", kind=Kind.PERSON),
            PAPER_STATE,
        ),
        filters=(by_state(Transfer.State),),
        search=find_by_asset,
        order_by=("-asked_at", "-pk"),
        detail="finance.transfer",
        empty=_("No asset was handed over yet."),
    ),
    DetailPage(
        id="finance.transfer",
        title=_("transfer of an asset"),
        permission=rights.VIEW,
        subject=queries.transfer_for,
        heading=lambda transfer: f"{transfer.asset.name} → {transfer.unit}",
        chips=lambda transfer: (paper_chip(transfer),),
        panels=(Panel(id="facts", title=_("transfer of an asset"), form="facts", source=transfer_facts), HISTORY),
        buttons=(
            taking("take", _("Take over"), _("The asset is yours to keep from now on."), True),
            taking("leave", _("Do not take over"), _("The asset stays where it is."), False),
        ),
    ),
    FormPage(
        id="finance.asset_hand_over",
        title=_("Hand over the asset"),
        permission=rights.MOVE,
        subject=queries.asset_for,
        intro=_("Somebody else takes it over. Until then it stays where it is."),
        form=lambda _actor, asset, data, _files: forms.HandOverForm(asset, data),
        save=save_hand_over,
        submit=_("Hand over"),
    ),
    ListPage(
        id="finance.disposals",
        title=_("Disposals of assets"),
        menu=_("Disposals of assets"),
        group=ASSETS,
        icon="package-x",
        order=74,
        permission=rights.VIEW,
        intro=_("Sold, scrapped or lost: asked for, approved and recorded by three people."),
        rows=lambda actor, _params: queries.disposals(actor),
        columns=(
            Column(id="number", label=_("number"), value=str, sort="pk"),
            Column(id="asset", label=_("asset"), value=lambda one: f"{one.asset} {one.asset.name}", width="wide"),
            Column(id="kind", label=_("kind"), value=kind_chip, kind=Kind.CHIP),
            Column(id="value", label=_("value (yuan)"), value="asset.value", kind=Kind.MONEY),
            Column(id="due", label=_("due to the treasury (yuan)"), value="due", kind=Kind.MONEY),
            Column(id="asked", label=_("asked for at"), value="asked_at", kind=Kind.TIME, sort="asked_at"),
            PAPER_STATE,
        ),
        filters=(
            by_state(Disposal.State),
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Disposal.Kind),
            ),
        ),
        search=find_by_asset,
        order_by=("-asked_at", "-pk"),
        detail="finance.disposal",
        empty=_("Nobody asked for a disposal yet."),
    ),
    DetailPage(
        id="finance.disposal",
        title=_("disposal of an asset"),
        permission=rights.VIEW,
        subject=queries.disposal_for,
        heading=lambda disposal: f"{disposal.get_kind_display()} {disposal.asset.name}",
        chips=lambda disposal: (paper_chip(disposal),),
        panels=(
            Panel(id="facts", title=_("Disposal"), form="facts", source=disposal_facts),
            Panel(id="signatures", title=_("Signatures"), form="facts", source=signatures),
            Panel(
                id="vouchers",
                title=_("Vouchers"),
                form="table",
                source=queries.vouchers_of,
                columns=(
                    Column(
                        id="number",
                        label=_("number"),
                        value=lambda one: Link(text=str(one), url=f"/desk/finance/vouchers/{one.pk}/"),
                        kind=Kind.LINK,
                    ),
                    Column(id="date", label=_("date"), value="date", kind=Kind.DATE),
                    Column(id="summary", label=_("summary"), value="summary"),
                ),
                permission="ledger.view",
                empty=_("Nothing is booked yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="approve",
                label=_("Approve"),
                permission=rights.DECIDE,
                form="finance.disposal_approve",
                key="a",
                shown=to_decide,
            ),
            Button(
                id="refuse",
                label=_("Refuse"),
                permission=rights.DECIDE,
                form="finance.disposal_refuse",
                shown=to_decide,
            ),
            Button(
                id="record",
                label=_("Take it off the books"),
                permission=rights.RECORD,
                form="finance.disposal_record",
                shown=to_record,
            ),
            Button(
                id="remit",
                label=_("Paid to the treasury"),
                permission=rights.COLLECT,
                form="finance.disposal_remit",
                shown=to_remit,
            ),
        ),
    ),
    FormPage(
        id="finance.disposal_new",
        title=_("Ask for the disposal of the asset"),
        permission=rights.ASK,
        subject=queries.asset_for,
        form=plain(forms.DisposalForm),
        save=save_disposal,
        submit=_("Ask for it"),
    ),
    FormPage(
        id="finance.disposal_record",
        title=_("Take the asset off the books"),
        permission=rights.RECORD,
        subject=queries.disposal_for,
        intro=_("Nothing is written off in the month of disposal; the months before must be booked."),
        form=record_form,
        save=save_record,
        submit=_("Take it off the books"),
    ),
    FormPage(
        id="finance.disposal_remit",
        title=_("Proceeds paid to the treasury"),
        permission=rights.COLLECT,
        subject=queries.disposal_for,
        form=plain(forms.RemitForm),
        save=save_remit,
        submit=_("It is paid"),
    ),
    deciding(
        "approve", _("Approve the disposal"), True, _("A sale can be carried out then; a loss becomes an expense.")
    ),
    deciding("refuse", _("Refuse the disposal"), False, _("The asset stays on the books, or comes back to them.")),
)
