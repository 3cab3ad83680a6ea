"""Depreciation: month by month, each with its voucher and its cards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import Button, Column, DetailPage, Fact, FormPage, Kind, Link, ListPage, Panel
from zhen.packs.finance.assets import forms, queries, rights
from zhen.packs.finance.assets.actions.wear import depreciate
from zhen.packs.finance.assets.models import WearRun
from zhen.packs.finance.assets.screens.common import ASSET
from zhen.packs.finance.groups import ASSETS


def facts(_actor: Actor, run: WearRun) -> list[Fact]:
    found = [
        Fact(label=_("month"), value=str(run)),
        Fact(label=_("books"), value=str(run.book)),
        Fact(label=_("depreciation (yuan)"), value=run.total, kind=Kind.MONEY),
        Fact(label=_("cards"), value=run.cards, kind=Kind.NUMBER),
        Fact(label=_("booked at"), value=run.made_at, kind=Kind.TIME),
    ]
    if run.voucher is not None:
        link = Link(text=str(run.voucher), url=f"/desk/finance/vouchers/{run.voucher_id}/")
        found.append(Fact(label=_("voucher"), value=link, kind=Kind.LINK))
    return found


def save(actor: Actor, _subject: None, form: Any) -> str:
    book = form.cleaned_data["book"]
    run = depreciate(actor, book, date(book.year, form.cleaned_data["month"], 1))
    return f"/desk/finance/depreciation/{run.pk}/"


PAGES = (
    ListPage(
        id="finance.depreciation",
        title=_("Depreciation"),
        menu=_("Depreciation"),
        group=ASSETS,
        icon="trending-down",
        order=72,
        permission=rights.VIEW,
        intro=_("Booked by itself on the first day of the month after; a month that was missed is made up for."),
        rows=lambda actor, _params: queries.runs(actor),
        columns=(
            Column(id="month", label=_("month"), value=str, sort="month"),
            Column(id="book", label=_("books"), value="book", width="wide"),
            Column(id="cards", label=_("cards"), value="cards", kind=Kind.NUMBER),
            Column(id="total", label=_("depreciation (yuan)"), value="total", kind=Kind.MONEY, sort="total"),
            Column(id="voucher", label=_("voucher"), value=lambda run: str(run.voucher or "")),
        ),
        order_by=("-month", "-pk"),
        detail="finance.wear_run",
        buttons=(
            Button(id="book", label=_("Book a month"), permission=rights.WEAR, form="finance.depreciate", key="n"),
        ),
        empty=_("No depreciation is booked yet."),
    ),
    DetailPage(
        id="finance.wear_run",
        title=_("depreciation of a month"),
        permission=rights.VIEW,
        subject=queries.run_for,
        heading=lambda run: f"{run} {run.book}",
        panels=(
            Panel(id="facts", title=_("Depreciation"), form="facts", source=facts),
            Panel(
                id="cards",
                title=_("Cards"),
                form="table",
                source=queries.lines_of,
                columns=(
                    ASSET,
                    Column(id="class", label=_("class"), value="asset.asset_class.name"),
                    Column(id="unit", label=_("used by"), value="asset.unit.name"),
                    Column(id="value", label=_("value (yuan)"), value="asset.value", kind=Kind.MONEY),
                    Column(id="amount", label=_("depreciation (yuan)"), value="amount", kind=Kind.MONEY),
                ),
                wide=True,
                empty=_("Nothing was to be written off."),
            ),
        ),
    ),
    FormPage(
        id="finance.depreciate",
        title=_("Book the depreciation of a month"),
        permission=rights.WEAR,
        intro=_("One voucher for all cards of the books. The same month is booked once."),
        form=lambda actor, _subject, data, _files: forms.MonthForm(actor, data),
        save=save,
        submit=_("Book it"),
    ),
)
