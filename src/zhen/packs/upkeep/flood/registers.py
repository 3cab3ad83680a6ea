"""The pages of supplies and shelters."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood import actions, forms, queries
from zhen.packs.upkeep.flood.models import Shelter, Supply


def shelter_state(shelter: Shelter) -> Chip:
    return (
        Chip(text=_("open"), tone=Tone.ON_TRACK)
        if shelter.opened_at
        else Chip(text=pgettext_lazy("of a shelter", "closed"))
    )


def stock_chip(supply: Supply) -> Chip:
    short_ = supply.stock < supply.wanted
    return Chip(text=_("too little"), tone=Tone.BEHIND) if short_ else Chip(text=_("enough"), tone=Tone.ON_TRACK)


def stock(supply: Supply) -> str:
    return f"{supply.stock} {supply.measure}"


def wanted(supply: Supply) -> str:
    return f"{supply.wanted} {supply.measure}"


def save_supply(actor: Actor, _subject: None, form: forms.SupplyForm) -> str:
    return supply_url(actions.add_supply(actor, form.cleaned_data))


def save_stock(actor: Actor, supply: Supply, form: forms.StockForm) -> str:
    return supply_url(actions.set_stock(actor, supply, form.cleaned_data["stock"], form.cleaned_data["reason"]))


def save_shelter(actor: Actor, _subject: None, form: forms.ShelterForm) -> str:
    return shelter_url(actions.add_shelter(actor, form.cleaned_data))


def save_people(actor: Actor, shelter: Shelter, form: forms.PeopleForm) -> str:
    return shelter_url(actions.tell_shelter(actor, shelter, **form.cleaned_data))


def supply_url(supply: Supply) -> str:
    return reverse("page:upkeep.supply", kwargs={"key": supply.pk})


def shelter_url(shelter: Shelter) -> str:
    return reverse("page:upkeep.shelter", kwargs={"key": shelter.pk})


SUPPLY_COLUMNS = (
    Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
    Column(id="stock", label=_("stock"), value=stock, sort="stock"),
    Column(id="wanted", label=_("should be"), value=wanted),
    Column(id="state", label=_("state"), value=stock_chip, kind=Kind.CHIP),
    Column(id="store", label=_("store"), value="store"),
    Column(id="keeper", label=_("keeper"), value="keeper", kind=Kind.PERSON),
)
SHELTER_COLUMNS = (
    Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
    Column(id="state", label=_("state"), value=shelter_state, kind=Kind.CHIP, sort="opened_at"),
    Column(id="people", label=_("people in it"), value="people", kind=Kind.NUMBER, sort="people"),
    Column(
        id="capacity",
        label=pgettext_lazy("of a shelter", "places"),
        value="capacity",
        kind=Kind.NUMBER,
        sort="capacity",
    ),
    Column(id="address", label=_("address"), value="address"),
    Column(id="keeper", label=_("keeper"), value="keeper", kind=Kind.PERSON),
)
REGISTERS = (
    ListPage(
        id="upkeep.supplies",
        title=_("Supplies for a flood"),
        menu=_("Supplies for a flood"),
        icon="package",
        order=68,
        permission=rights.REGISTER_VIEW,
        rows=lambda actor, _params: queries.supplies(actor),
        columns=SUPPLY_COLUMNS,
        search=lambda rows, words: rows.filter(name__icontains=words),
        order_by=("name", "pk"),
        detail="upkeep.supply",
        buttons=(
            Button(id="new", label=_("Enter a supply"), permission=rights.REGISTER_EDIT, form="upkeep.supply_new"),
        ),
        empty=_("No supply is entered yet."),
    ),
    DetailPage(
        id="upkeep.supply",
        title=_("supply for a flood"),
        permission=rights.REGISTER_VIEW,
        subject=queries.supply_for,
        heading=lambda supply: supply.name,
        chips=lambda supply: (stock_chip(supply),),
        panels=(
            Panel(
                id="facts",
                title=_("What is there"),
                form="facts",
                source=lambda _actor, supply: [
                    Fact(label=_("stock"), value=stock(supply)),
                    Fact(label=_("should be"), value=wanted(supply)),
                    Fact(label=_("store"), value=supply.store, kind=Kind.PLACE),
                    Fact(label=_("keeper"), value=supply.keeper, kind=Kind.PERSON),
                    Fact(label=_("counted on"), value=supply.counted_on, kind=Kind.DATE),
                ],
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="stock",
                label=_("Count or issue"),
                permission=rights.REGISTER_EDIT,
                form="upkeep.supply_stock",
                key="e",
            ),
        ),
    ),
    FormPage(
        id="upkeep.supply_new",
        title=_("Enter a supply"),
        permission=rights.REGISTER_EDIT,
        form=lambda _actor, _subject, data, _files: forms.SupplyForm(data),
        save=save_supply,
        submit=_("Enter"),
    ),
    FormPage(
        id="upkeep.supply_stock",
        title=_("Count or issue"),
        permission=rights.REGISTER_EDIT,
        subject=queries.supply_for,
        form=lambda _actor, supply, data, _files: forms.StockForm(data, supply),
        save=save_stock,
        submit=_("Save"),
    ),
    ListPage(
        id="upkeep.shelters",
        title=_("Shelters"),
        menu=_("Shelters"),
        icon="house",
        order=69,
        permission=rights.REGISTER_VIEW,
        rows=lambda actor, _params: queries.shelters(actor),
        columns=SHELTER_COLUMNS,
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(opened_at__isnull=value != "open"),
                choices=(
                    Choice(value="open", label=_("open")),
                    Choice(value="closed", label=pgettext_lazy("of a shelter", "closed")),
                ),
            ),
        ),
        search=lambda rows, words: rows.filter(name__icontains=words),
        order_by=("name", "pk"),
        detail="upkeep.shelter",
        buttons=(
            Button(id="new", label=_("Enter a shelter"), permission=rights.REGISTER_EDIT, form="upkeep.shelter_new"),
        ),
        empty=_("No shelter is entered."),
    ),
    DetailPage(
        id="upkeep.shelter",
        title=_("shelter"),
        permission=rights.REGISTER_VIEW,
        subject=queries.shelter_for,
        heading=lambda shelter: shelter.name,
        chips=lambda shelter: (shelter_state(shelter),),
        panels=(
            Panel(
                id="facts",
                title=_("What it is"),
                form="facts",
                source=lambda _actor, shelter: [
                    Fact(label=_("address"), value=shelter.address, kind=Kind.PLACE),
                    Fact(label=pgettext_lazy("of a shelter", "places"), value=shelter.capacity, kind=Kind.NUMBER),
                    Fact(label=_("people in it"), value=shelter.people, kind=Kind.NUMBER),
                    Fact(label=_("open since"), value=shelter.opened_at, kind=Kind.TIME),
                    Fact(label=_("keeper"), value=shelter.keeper, kind=Kind.PERSON),
                ],
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="people",
                label=_("Open, count or close"),
                permission=rights.REGISTER_EDIT,
                form="upkeep.shelter_people",
                key="e",
            ),
        ),
    ),
    FormPage(
        id="upkeep.shelter_new",
        title=_("Enter a shelter"),
        permission=rights.REGISTER_EDIT,
        form=lambda _actor, _subject, data, _files: forms.ShelterForm(data),
        save=save_shelter,
        submit=_("Enter"),
    ),
    FormPage(
        id="upkeep.shelter_people",
        title=_("Open, count or close"),
        permission=rights.REGISTER_EDIT,
        subject=queries.shelter_for,
        form=lambda _actor, shelter, data, _files: forms.PeopleForm(data, shelter),
        save=save_people,
        submit=_("Save"),
    ),
)
