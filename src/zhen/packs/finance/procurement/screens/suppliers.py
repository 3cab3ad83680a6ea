"""The supplier file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import Button, Chip, Column, DetailPage, Fact, FormPage, Kind, ListPage, Panel, Tone
from zhen.kernel.parties.api import organisations
from zhen.packs.finance.groups import PROCUREMENT
from zhen.packs.finance.procurement import forms, queries, rights
from zhen.packs.finance.procurement.actions import suppliers
from zhen.packs.finance.procurement.models import Supplier
from zhen.packs.finance.procurement.screens.registers import AMOUNT
from zhen.packs.finance.screens.common import plain


def supplier_url(supplier: Supplier) -> str:
    return f"/desk/finance/suppliers/{supplier.pk}/"


def supplier_facts(_actor: Actor, supplier: Supplier) -> list[Fact]:
    return [
        Fact(label=_("unified social credit code"), value=supplier.organisation.code),
        Fact(label=_("bank"), value=supplier.bank),
        Fact(label=pgettext_lazy("in procurement", "account"), value=supplier.account),
        Fact(label=_("registered address"), value=supplier.address),
        Fact(label=_("on file since"), value=supplier.since, kind=Kind.DATE),
    ]


def expiry_chip(paper: Any) -> Chip:
    over = paper.expires_on <= clock.today()
    return Chip(text=_("expired"), tone=Tone.OVERDUE) if over else Chip(text=_("in force"), tone=Tone.ON_TRACK)


def exclusion_chip(exclusion: Any) -> Chip:
    holds = exclusion.holds(clock.today())
    return Chip(text=_("in force"), tone=Tone.OVERDUE) if holds else Chip(text=_("over"))


def save_supplier(actor: Actor, _subject: object, form: Any) -> str:
    given = dict(form.cleaned_data)
    return supplier_url(suppliers.add(actor, given.pop("organisation"), **given))


def save_address(actor: Actor, supplier: Supplier, form: Any) -> str:
    return supplier_url(suppliers.move(actor, supplier, **form.cleaned_data))


def save_qualification(actor: Actor, supplier: Supplier, form: Any) -> str:
    suppliers.qualify(actor, supplier, **form.cleaned_data)
    return supplier_url(supplier)


def save_exclusion(actor: Actor, supplier: Supplier, form: Any) -> str:
    suppliers.exclude(actor, supplier, form.cleaned_data)
    return supplier_url(supplier)


PAGES = (
    ListPage(
        id="finance.suppliers",
        title=_("Suppliers"),
        menu=_("Suppliers"),
        group=PROCUREMENT,
        icon="store",
        order=67,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.suppliers(actor),
        columns=(
            Column(
                id="name", label=_("supplier"), value="organisation.name", sort="organisation__name_key", width="wide"
            ),
            Column(id="code", label=_("unified social credit code"), value="organisation.code"),
            Column(id="since", label=_("on file since"), value="since", kind=Kind.DATE, sort="since"),
        ),
        search=lambda rows, words: rows.filter(organisation__name__icontains=words),
        order_by=("organisation__name_key", "pk"),
        detail="finance.supplier",
        buttons=(
            Button(id="new", label=_("Add a supplier"), permission=rights.RUN, form="finance.supplier_new", key="n"),
        ),
        empty=_("No supplier is on file yet."),
    ),
    DetailPage(
        id="finance.supplier",
        title=_("supplier"),
        permission=rights.VIEW,
        subject=queries.supplier_for,
        heading=lambda supplier: str(supplier),
        panels=(
            Panel(id="facts", title=_("Supplier"), form="facts", source=supplier_facts),
            Panel(
                id="papers",
                title=_("Qualifications"),
                form="table",
                source=lambda _actor, supplier: supplier.qualifications.all(),
                columns=(
                    Column(id="name", label=_("qualification"), value="name"),
                    Column(id="number", label=pgettext_lazy("in procurement", "number"), value="number"),
                    Column(id="expires", label=_("expires on"), value="expires_on", kind=Kind.DATE),
                    Column(id="state", label=_("state"), value=expiry_chip, kind=Kind.CHIP),
                ),
                empty=_("Without a qualification in force it takes part in nothing."),
            ),
            Panel(
                id="exclusions",
                title=_("Exclusions"),
                form="table",
                source=lambda _actor, supplier: supplier.exclusions.all(),
                columns=(
                    Column(id="reason", label=_("reason"), value="reason"),
                    Column(id="source", label=_("source"), value="source"),
                    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                    Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
                    Column(id="state", label=_("state"), value=exclusion_chip, kind=Kind.CHIP),
                ),
                empty=_("It was never excluded."),
            ),
            Panel(
                id="contracts",
                title=_("Contracts"),
                form="table",
                source=lambda actor, supplier: queries.contracts(actor).filter(supplier=supplier)[:50],
                columns=(Column(id="title", label=_("title"), value="title"), AMOUNT),
                detail="finance.contract",
                empty=_("No contract with it yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="qualify", label=_("Enter a qualification"), permission=rights.RUN, form="finance.supplier_qualify"
            ),
            Button(
                id="address",
                label=_("Change the address"),
                permission=rights.RUN,
                form="finance.supplier_address",
            ),
            Button(id="exclude", label=_("Exclude"), permission=rights.AWARD, form="finance.supplier_exclude"),
        ),
    ),
    FormPage(
        id="finance.supplier_new",
        title=_("Add a supplier"),
        permission=rights.RUN,
        intro=_("An organisation of the town's register, with its credit code and the account it is paid to."),
        form=lambda actor, _subject, data, _files: forms.SupplierForm(organisations(actor), data),
        save=save_supplier,
        submit=pgettext_lazy("in procurement", "Add"),
    ),
    FormPage(
        id="finance.supplier_qualify",
        title=_("Enter a qualification"),
        permission=rights.RUN,
        subject=queries.supplier_for,
        form=plain(forms.QualificationForm),
        save=save_qualification,
        submit=_("Enter"),
    ),
    FormPage(
        id="finance.supplier_address",
        title=_("Change the address"),
        permission=rights.RUN,
        subject=queries.supplier_for,
        form=lambda _actor, supplier, data, _files: forms.AddressForm(data, initial={"address": supplier.address}),
        save=save_address,
        submit=_("Save"),
    ),
    FormPage(
        id="finance.supplier_exclude",
        title=_("Exclude the supplier"),
        permission=rights.AWARD,
        subject=queries.supplier_for,
        form=plain(forms.ExclusionForm),
        save=save_exclusion,
        submit=_("Exclude"),
    ),
)
