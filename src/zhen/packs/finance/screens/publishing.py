"""The town's money for everybody: published budgets and final accounts, and the ways to purchases and their results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Column,
    DetailPage,
    Face,
    Fact,
    FilePage,
    Kind,
    Link,
    ListPage,
    Made,
    Missing,
    Page,
    Panel,
)
from zhen.packs.finance.models import Publication
from zhen.packs.finance.statements import printing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = ("functions", "economic", "units", "thrift")


def publications() -> QuerySet[Publication]:
    """For everybody: nothing is in them that was not published."""
    return Publication.objects.select_related("budget__book__unit")


def publication_for(_actor: Actor, key: str) -> Publication:
    found = publications().filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Missing(key)
    return found


class Row:
    """A row of a published table, with one or two amounts."""

    def __init__(self, cells: list[Any]) -> None:
        self.key = ""
        self.name, self.first = cells[0], cells[1]
        self.second = cells[2] if len(cells) > 2 else None


def table_of(publication: Publication, id: str) -> Mapping[str, Any]:
    return next(table for table in publication.tables if table["id"] == id)


def rows_of(id: str) -> Callable[[Actor, Publication], list[Row]]:
    return lambda _actor, publication: [Row(cells) for cells in table_of(publication, id)["rows"]]


def columns_of(id: str) -> Callable[[Publication], tuple[Column, ...]]:
    def columns(publication: Publication) -> tuple[Column, ...]:
        heads = table_of(publication, id)["heads"]
        amounts = zip(("first", "second"), heads, strict=False)
        return (
            Column(id="name", label=_("row of the statement"), value="name", width="wide"),
            *(Column(id=value, label=f"{head}（元）", value=value, kind=Kind.MONEY) for value, head in amounts),
        )

    return columns


def facts(_actor: Actor, publication: Publication) -> list[Fact]:
    budget = publication.budget
    return [
        Fact(label=_("unit"), value=budget.book.unit.name),
        Fact(label=_("year"), value=str(budget.book.year)),
        Fact(label=_("kind"), value=publication.get_kind_display()),
        Fact(label=_("total (yuan)"), value=publication.total, kind=Kind.MONEY),
        Fact(label=_("resolution of the congress"), value=budget.resolution),
        Fact(label=_("approved on"), value=budget.approved_on, kind=Kind.DATE),
        Fact(label=_("published at"), value=publication.published_at, kind=Kind.TIME),
    ]


def ways(_actor: Actor, publication: Publication) -> list[Link]:
    return [
        Link(text=str(_("Save as XLSX")), url=f"/finance/publication_xlsx/{publication.pk}/", icon="file-spreadsheet"),
        Link(text=str(_("Purchases, results and contracts")), url="/procurement/notices/", icon="shopping-cart"),
        Link(text=str(_("Results of public spending")), url="/finance/results/", icon="target"),
        Link(text=str(_("Contracts and purchases for machines (OCDS)")), url="/ocds/releases.json", icon="file-text"),
    ]


def made(_actor: Actor, publication: Publication) -> Made:
    """All tables one below the other."""
    book, width = publication.budget.book, max(len(table["heads"]) for table in publication.tables)
    lines = []
    for table in publication.tables:
        lines.append(printing.Line(cells=(table["title"], *[None] * width), bold=True))
        lines += [printing.Line(cells=tuple(row), depth=1, bold=row[0] == "合计") for row in table["rows"]]
    sheet = printing.Sheet(
        title=f"{book.unit.name}{book.year}年{publication.get_kind_display()}",
        above=(f"单位：{book.unit.name}", f"{publication.published_at:%Y-%m-%d}", "单位：元"),
        heads=("项目", *publication.tables[0]["heads"]),
        widths=(0, *[36] * width),
        rows=lines,
    )
    return Made(name=f"{sheet.title}.xlsx", media=XLSX, data=printing.xlsx(sheet))


def panel(id: str, title: Any) -> Panel:
    return Panel(id=id, title=title, form="table", source=rows_of(id), columns=columns_of(id), wide=True)


PAGES: tuple[Page, ...] = (
    ListPage(
        id="finance.public",
        title=_("Budget and accounts of the town"),
        menu=_("Budget and accounts"),
        icon="landmark",
        order=84,
        face=Face.PORTAL,
        permission=None,
        intro=_("What the town plans to spend, and what it has spent: as approved, published, and open to everybody."),
        rows=lambda _actor, _params: publications(),
        columns=(
            Column(id="name", label=_("published"), value=str, width="wide"),
            Column(id="year", label=_("year"), value=lambda one: str(one.budget.book.year), sort="budget__book__year"),
            Column(id="total", label=_("total (yuan)"), value="total", kind=Kind.MONEY, sort="total"),
            Column(id="resolution", label=_("resolution of the congress"), value="budget.resolution"),
            Column(id="at", label=_("published at"), value="published_at", kind=Kind.TIME, sort="published_at"),
        ),
        order_by=("-published_at", "-pk"),
        detail="finance.publication",
        empty=_("Nothing is published yet."),
    ),
    DetailPage(
        id="finance.publication",
        title=_("published budget"),
        face=Face.PORTAL,
        permission=None,
        subject=publication_for,
        heading=str,
        panels=(
            Panel(id="facts", title=_("Published"), form="facts", source=facts),
            Panel(id="ways", title=_("Where the money goes"), form="links", source=ways),
            panel("functions", _("By function class")),
            panel("economic", _("By economic class")),
            panel("units", _("By department")),
            panel("thrift", _("The three public expenses")),
        ),
    ),
    FilePage(
        id="finance.publication_xlsx",
        title=_("published budget"),
        face=Face.PORTAL,
        permission=None,
        subject=publication_for,
        make=made,
    ),
)
