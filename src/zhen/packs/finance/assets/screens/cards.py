"""Cards: the list, one with all that belongs to it, and the ways to make them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Attached,
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    FilePage,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.kernel.rounds.api import Visit
from zhen.packs.finance.assets import forms, printing, queries, rights
from zhen.packs.finance.assets.actions import cards as carding
from zhen.packs.finance.assets.models import Asset, AssetClass, Disposal, classes_on
from zhen.packs.finance.assets.rules import State
from zhen.packs.finance.assets.screens.common import by_state, number, of, paper_chip, state_chip
from zhen.packs.finance.groups import ASSETS
from zhen.packs.finance.models import Payment
from zhen.packs.finance.screens.common import plain


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(details__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(keeper__name__icontains=word)
            | Q(spot__icontains=word)
            | number(word)
        )
    return rows


def figures(_actor: Actor, asset: Asset) -> list[Figure]:
    today = f"{clock.today():%Y-%m}"
    share = round(100 * asset.worn / asset.value, 1)
    return [
        Figure(
            label=pgettext_lazy("of an asset", "value"),
            value=asset.value / 100,
            unit=_("yuan"),
            period=f"{asset.acquired_on:%Y-%m-%d}",
        ),
        Figure(label=_("written off"), value=asset.worn / 100, unit=_("yuan"), period=today, target=f"{share}%"),
        Figure(label=pgettext_lazy("of an asset", "left"), value=asset.left / 100, unit=_("yuan"), period=today),
    ]


def facts(_actor: Actor, asset: Asset) -> list[Fact]:
    life: Any = _("not depreciated")
    if asset.months is not None and asset.wear_from is not None:
        life = _("%(months)s months from %(begin)s") % {"months": asset.months, "begin": f"{asset.wear_from:%Y-%m}"}
    elif asset.worn == asset.value:
        life = _("written off")
    elif asset.state == State.BUILDING:
        life = _("from its completion on")
    found = [
        Fact(label=pgettext_lazy("of an asset", "number"), value=str(asset)),
        Fact(label=_("class"), value=asset.asset_class.name),
        Fact(label=_("make, model, size"), value=asset.details),
        Fact(label=_("acquired on"), value=asset.acquired_on, kind=Kind.DATE),
        Fact(label=_("depreciation"), value=life),
        Fact(label=_("books"), value=f"{asset.books} {asset.account}"),
        Fact(label=_("recorded by"), value=asset.made_by, kind=Kind.PERSON),
    ]
    if asset.payment is not None:
        link = Link(text=str(asset.payment), url=f"/desk/finance/payments/{asset.payment_id}/")
        found.append(Fact(label=_("payment"), value=link, kind=Kind.LINK))
    if asset.source_text:
        found.append(Fact(label=_("contract or acceptance"), value=asset.source_text))
    if asset.gone_on is not None:
        found.append(Fact(label=_("off the books since"), value=asset.gone_on, kind=Kind.DATE))
    return found


def where(_actor: Actor, asset: Asset) -> list[Fact]:
    return [
        Fact(label=_("used by"), value=asset.unit.name),
        Fact(label=_("keeper"), value=asset.keeper, kind=Kind.PERSON),
        Fact(label=_("place"), value=getattr(asset, "place_name", "")),
        Fact(label=_("floor, room"), value=asset.spot),
    ]


def photos(actor: Actor, asset: Asset) -> list[Attached]:
    return [
        Attached(
            name=one.file.name,
            url=files.url(actor, one.file),
            preview=files.url(actor, one.file, side=files.SMALL) if one.file.is_image else "",
        )
        for one in asset.photos.select_related("file")[:12]
    ]


def visit_link(visit: Visit) -> Link:
    """A visit that waits opens where it is recorded; one that is over, where it is read."""
    if visit.state == Visit.State.PLANNED:
        return Link(text=_("Take stock of it now"), url=f"/field/visits/{visit.pk}/")
    return Link(text=f"{visit.planned_on:%Y-%m-%d}", url=f"/desk/rounds/visits/{visit.pk}/")


def visit_chip(visit: Visit) -> Chip:
    if visit.state != Visit.State.DONE:
        planned = visit.state == Visit.State.PLANNED
        return Chip(text=_("not looked at yet") if planned else visit.get_state_display())
    said = printing.result_of(visit)
    return Chip(text=said, tone=Tone.BEHIND if visit.findings_count else Tone.ON_TRACK)


def disposal_link(disposal: Disposal) -> Link:
    return Link(text=str(disposal), url=f"/desk/finance/disposals/{disposal.pk}/")


def class_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=str(one.pk), label=one.name) for one in classes_on(clock.today())]


def unit_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=str(unit.pk), label=unit.name) for unit in open_units(clock.today())]


def save_card(actor: Actor, payment: Payment, form: forms.CardForm) -> str:
    made = carding.register(actor, payment, form.card((payment.source_type, payment.source_id)))
    return of(made[0]) if len(made) == 1 else "/desk/finance/assets/"


def save_old(actor: Actor, _subject: None, form: forms.OldCardForm) -> str:
    made = carding.bring_in(actor, form.cleaned_data["book"], [form.card()])
    return of(made[0]) if len(made) == 1 else "/desk/finance/assets/"


def save_finish(actor: Actor, asset: Asset, form: Any) -> str:
    return of(carding.finish(actor, asset.pk, **form.cleaned_data))


def save_photos(actor: Actor, asset: Asset, form: Any) -> str:
    carding.add_photos(actor, asset.pk, form.cleaned_data["photos"])
    return of(asset)


def without_card(payment: Any) -> int:
    return int(payment.amount + payment.withheld - payment.carded)


def life_of(one: AssetClass) -> Any:
    return one.years if one.years is not None else _("not depreciated")


def in_state(*states: str) -> Any:
    return lambda _actor, asset: asset.state in states


PAGES = (
    ListPage(
        id="finance.assets",
        title=_("Assets"),
        menu=_("Assets"),
        group=ASSETS,
        icon="boxes",
        order=70,
        permission=rights.VIEW,
        intro=_("Every asset of the town on its card. The code on its label opens it."),
        rows=lambda actor, _params: queries.assets(actor),
        columns=(
            Column(id="number", label=pgettext_lazy("of an asset", "number"), value=str, sort="pk"),
            Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
            Column(id="class", label=_("class"), value="asset_class.name", sort="asset_class__code"),
            Column(id="unit", label=_("used by"), value="unit.name", sort="unit__name_key"),
            Column(id="keeper", label=_("keeper"), value="keeper", kind=Kind.PERSON, sort="keeper__name_key"),
            Column(id="value", label=_("value (yuan)"), value="value", sort="value", kind=Kind.MONEY),
            Column(id="left", label=_("left (yuan)"), value="left", kind=Kind.MONEY),
            Column(id="state", label=_("state"), value=state_chip, kind=Kind.CHIP, sort="state"),
        ),
        filters=(
            by_state(State),
            Filter(
                id="class",
                label=_("class"),
                apply=lambda rows, value: rows.filter(asset_class=value),
                choices=class_choices,
            ),
            Filter(
                id="unit", label=_("used by"), apply=lambda rows, value: rows.filter(unit=value), choices=unit_choices
            ),
        ),
        search=find,
        order_by=("-pk",),
        detail="finance.asset",
        buttons=(
            Button(id="old", label=_("Bring in an older asset"), permission=rights.RECORD, form="finance.asset_old"),
        ),
        empty=_("There is no card yet. Cards are made at the payment that bought an asset."),
    ),
    DetailPage(
        id="finance.asset",
        title=_("asset"),
        permission=rights.VIEW,
        subject=queries.asset_for,
        heading=lambda asset: asset.name,
        chips=lambda asset: (state_chip(asset), Chip(text=str(asset))),
        panels=(
            Panel(id="where", title=_("Where it is"), form="facts", source=where),
            Panel(
                id="stock",
                title=_("Stock-taking"),
                form="table",
                source=queries.visits_to,
                columns=(
                    Column(id="visit", label=_("visit"), value=visit_link, kind=Kind.LINK),
                    Column(id="result", label=_("result"), value=visit_chip, kind=Kind.CHIP),
                    Column(id="who", label=_("who looked"), value="inspector", kind=Kind.PERSON),
                ),
                permission="rounds.view",
                empty=_("No stock-taking has looked at it yet."),
            ),
            Panel(id="figures", title=pgettext_lazy("of an asset", "Value"), form="figures", source=figures, wide=True),
            Panel(id="facts", title=_("Card"), form="facts", source=facts),
            Panel(id="photos", title=_("Photos"), form="files", source=photos, empty=_("There is no photo yet.")),
            Panel(
                id="wear",
                title=_("Depreciation"),
                form="table",
                source=lambda actor, asset: queries.wear_of(actor, asset)[:24],
                columns=(
                    Column(id="month", label=_("month"), value=lambda wear: str(wear.run)),
                    Column(id="amount", label=_("depreciation (yuan)"), value="amount", kind=Kind.MONEY),
                    Column(
                        id="run",
                        label=_("voucher"),
                        value=lambda wear: Link(
                            text=str(wear.run.voucher), url=f"/desk/finance/depreciation/{wear.run_id}/"
                        ),
                        kind=Kind.LINK,
                    ),
                ),
                empty=_("Nothing is written off here yet."),
            ),
            Panel(
                id="transfers",
                title=_("Transfers"),
                form="table",
                source=lambda actor, asset: queries.transfers(actor).filter(asset=asset)[:24],
                columns=(
                    Column(id="at", label=_("handed over at"), value="asked_at", kind=Kind.TIME),
                    Column(id="from", label=_("from the unit"), value="unit_before.name"),
                    Column(id="to", label=_("to the unit"), value="unit.name"),
                    Column(id="keeper", label=_("new keeper"), value="keeper", kind=Kind.PERSON),
                    Column(id="state", label=_("state"), value=paper_chip, kind=Kind.CHIP),
                ),
                detail="finance.transfer",
                empty=_("It was never handed over."),
            ),
            Panel(
                id="disposals",
                title=_("Disposal"),
                form="table",
                source=lambda actor, asset: queries.disposals(actor).filter(asset=asset),
                columns=(
                    Column(id="number", label=_("number"), value=disposal_link, kind=Kind.LINK),
                    Column(id="kind", label=_("kind"), value="get_kind_display"),
                    Column(id="state", label=_("state"), value=paper_chip, kind=Kind.CHIP),
                ),
                empty=_("Nobody asked for its disposal."),
            ),
            Panel(
                id="leases",
                title=_("Leases"),
                form="table",
                source=lambda actor, asset: queries.leases(actor).filter(asset=asset)[:24],
                columns=(
                    Column(id="tenant", label=_("tenant"), value="tenant"),
                    Column(id="from", label=_("from"), value="starts_on", kind=Kind.DATE),
                    Column(id="to", label=_("to"), value="ends_on", kind=Kind.DATE),
                    Column(id="state", label=_("state"), value=paper_chip, kind=Kind.CHIP),
                ),
                detail="finance.lease",
                empty=_("It was never let."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(id="photo", label=_("Add photos"), permission=rights.MOVE, form="finance.asset_photos"),
            Button(
                id="hand_over",
                label=_("Hand over"),
                permission=rights.MOVE,
                form="finance.asset_hand_over",
                key="h",
                shown=in_state(State.IN_USE, State.BUILDING),
            ),
            Button(
                id="finish",
                label=_("Finished"),
                permission=rights.RECORD,
                form="finance.asset_finish",
                shown=in_state(State.BUILDING),
            ),
            Button(
                id="let",
                label=_("Let it"),
                permission=rights.ASK,
                form="finance.lease_new",
                shown=in_state(State.IN_USE),
            ),
            Button(
                id="dispose",
                label=_("Ask for its disposal"),
                permission=rights.ASK,
                form="finance.disposal_new",
                shown=in_state(State.IN_USE),
            ),
            Button(
                id="label",
                label=_("Label to print"),
                permission=rights.VIEW,
                form="finance.asset_label",
            ),
        ),
    ),
    FilePage(
        id="finance.asset_label",
        title=_("Label of the asset"),
        permission=rights.VIEW,
        subject=queries.asset_for,
        make=printing.label_file,
    ),
    FormPage(
        id="finance.asset_new",
        title=_("Card of an asset"),
        permission=rights.RECORD,
        subject=queries.payment_for,
        intro=_("The cards of a payment come to what was booked, to the fen."),
        form=lambda _actor, payment, data, _files: forms.CardForm.of_payment(payment, data),
        save=save_card,
        submit=_("Make the cards"),
    ),
    FormPage(
        id="finance.asset_old",
        title=_("Bring in an older asset"),
        permission=rights.RECORD,
        intro=_(
            "For assets from before the first books here: value and depreciation are brought forward with the card."
        ),
        form=lambda actor, _subject, data, _files: forms.OldCardForm(actor, data),
        save=save_old,
        submit=_("Bring it in"),
    ),
    FormPage(
        id="finance.asset_finish",
        title=_("A work is finished"),
        permission=rights.RECORD,
        subject=queries.asset_for,
        intro=_("It goes from construction in progress to fixed assets, and is depreciated from then on."),
        form=plain(forms.FinishForm),
        save=save_finish,
        submit=_("It is finished"),
    ),
    FormPage(
        id="finance.asset_photos",
        title=_("Photos of the asset"),
        permission=rights.MOVE,
        subject=queries.asset_for,
        form=lambda actor, _asset, data, sent: forms.PhotosForm(actor, data, sent),
        save=save_photos,
        submit=_("Add the photos"),
    ),
    ListPage(
        id="finance.uncarded",
        title=_("Payments for assets"),
        menu=_("Payments for assets"),
        group=ASSETS,
        icon="package-plus",
        order=71,
        permission=rights.RECORD,
        intro=_("What was paid for assets, and what of it still has no card."),
        rows=lambda actor, _params: queries.to_card(actor),
        columns=(
            Column(
                id="number",
                label=_("payment"),
                value=lambda payment: Link(text=str(payment), url=f"/desk/finance/payments/{payment.pk}/"),
                kind=Kind.LINK,
            ),
            Column(id="purpose", label=_("purpose"), value="purpose", width="wide"),
            Column(id="paid", label=_("paid on"), value="paid_on", kind=Kind.DATE, sort="paid_on"),
            Column(id="amount", label=_("booked (yuan)"), value=lambda one: one.amount + one.withheld, kind=Kind.MONEY),
            Column(id="left", label=_("without a card (yuan)"), value=without_card, kind=Kind.MONEY),
            Column(
                id="card",
                label=_("card"),
                value=lambda one: (
                    Link(text=_("Make cards"), url=f"/desk/finance/asset_new/{one.pk}/") if without_card(one) else None
                ),
                kind=Kind.LINK,
            ),
        ),
        search=lambda rows, words: rows.filter(Q(purpose__icontains=words) | Q(payee__icontains=words)),
        order_by=("-paid_on", "-pk"),
        empty=_("No asset was paid for yet."),
    ),
    ListPage(
        id="finance.asset_classes",
        title=_("Classes of assets"),
        menu=_("Classes of assets"),
        group=ASSETS,
        icon="list-tree",
        order=79,
        permission=rights.VIEW,
        intro=_("The shortest lives that depreciation goes by, each with its source."),
        rows=lambda actor, _params: queries.classes(actor),
        columns=(
            Column(id="code", label=_("code"), value="code", sort="code"),
            Column(id="name", label=_("name"), value="name", width="wide"),
            Column(id="years", label=_("shortest life (years)"), value=life_of),
            Column(id="from", label=_("valid from"), value="valid_from", kind=Kind.DATE),
            Column(id="to", label=_("valid to"), value="valid_to", kind=Kind.DATE),
            Column(
                id="confirmed",
                label=_("compared with its source"),
                value=lambda one: (
                    Chip(text=_("yes"), tone=Tone.ON_TRACK)
                    if one.confirmed
                    else Chip(text=_("not yet"), tone=Tone.DUE_SOON)
                ),
                kind=Kind.CHIP,
            ),
            Column(id="source", label=_("source"), value="source", width="wide"),
        ),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(code__startswith=words)),
        order_by=("code", "-valid_from"),
        empty=_("There is no class yet."),
    ),
)
