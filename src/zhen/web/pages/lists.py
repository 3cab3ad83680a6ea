"""ListPage: filters, search and sorting in the address, paging, bulk actions, files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhen.kernel.pages.api import PAGES, Column, Kind, ListPage
from zhen.web.addresses import address
from zhen.web.errors import Unprocessable
from zhen.web.models import SavedFilter
from zhen.web.pages import common, exports, values
from zhen.web.requests import Request

PER_PAGE = 50
DEEPEST = 10_000
"""Rows that paging reaches; beyond them a filter serves better, and the database is spared."""
MOST_CHOSEN = 500
OWN_PARAMS = frozenset({"q", "sort", "page", "export"})


@dataclass(frozen=True, kw_only=True)
class Cell:
    label: str
    html: SafeString
    number: bool
    width: str
    time: bool

    @property
    def room(self) -> str:
        """What does not break: numbers of papers, names, amounts. What is longer breaks, but not at every character."""
        return "fits" if width_of(_TAGS.sub("", self.html)) <= SHORT else "flows"

    @property
    def first(self) -> SafeString:
        """As the head of its row, where a table has it first."""
        return self.html or DASH

    @property
    def beside(self) -> SafeString:
        """As any other cell of a table. Made here: tables have thousands of cells, and templates are slow."""
        marks = (("number", self.number), ("time", self.time), (self.width or self.room, True))
        names = " ".join(name for name, wanted in (*marks, ("empty-cell", not self.html)) if wanted)
        return format_html('<td data-label="{}" class="{}">{}</td>', self.label, names, self.html)


DASH = mark_safe("—")
SHORT = 18
"""In widths of a Latin letter; a Chinese character is as wide as two."""
_TAGS = re.compile(r"<[^>]*>")


def width_of(text: str) -> int:
    return len(text) if text.isascii() else sum(1 + (east_asian_width(each) in "WF") for each in text)


@dataclass(frozen=True, kw_only=True)
class Row:
    key: str
    url: str
    cells: tuple[Cell, ...]

    @property
    def beside(self) -> SafeString:
        return mark_safe("".join(cell.beside for cell in self.cells[1:]))  # noqa: S308  each is escaped


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column's head: where a click on it leads, and how the list is sorted by it now."""

    label: str
    number: bool
    width: str
    url: str
    sorted: str


def draw(request: Request, page: ListPage) -> HttpResponse:
    params = common.params_of(request)
    fields = common.filter_fields(request.actor, page.filters, params)
    rows = narrowed(request, page, params)
    if request.method == "POST":
        return _bulk(request, page, rows)
    rows, sort = ordered(page, rows, params)
    if params.get("export"):
        return exports.answer(page, rows, params["export"])
    number, total, shown = _slice(rows, params)
    kept = {name: value for name, value in params.items() if name not in {"page", "export"} and value}
    return render(
        request,
        "web/pages/list.html",
        {
            "page": page,
            "layout": common.layout(page),
            "crumbs": common.crumbs(page),
            "filters": fields,
            "query": params.get("q", ""),
            "searchable": page.search is not None,
            "heads": [_head(column, sort, kept) for column in page.columns],
            "rows": rows_of(page.columns, shown, page.detail),
            "total": total,
            "first": (number - 1) * PER_PAGE + 1,
            "last": (number - 1) * PER_PAGE + len(shown),
            "sort": params.get("sort", ""),
            "narrowed": any(params.get(field.id) for field in fields) or bool(params.get("q")),
            "before": _page_url(kept, number - 1) if number > 1 else "",
            "after": _page_url(kept, number + 1) if number * PER_PAGE < min(total, DEEPEST) else "",
            "buttons": common.buttons_of(request.actor, page.buttons),
            "bulk": common.buttons_of(request.actor, page.bulk),
            "kept": urlencode(kept),
            "saved": _saved(request, page),
            "live": ",".join(sorted(page.live)),
        },
    )


def narrowed(request: Request, page: ListPage, params: Mapping[str, str]) -> Any:
    """The rows that the actor reaches, through the filters and the search of the address."""
    rows = common.apply_filters(page.rows(request.actor, params), page.filters, params)
    if params.get("q") and page.search:
        rows = page.search(rows, params["q"])
    return rows


def ordered(page: ListPage, rows: Any, params: Mapping[str, str]) -> tuple[Any, str]:
    """Rows in a stable order: by the chosen column, else by the page's own, ties by primary key."""
    wanted = params.get("sort", "")
    column = next((column for column in page.columns if column.sort and column.id == wanted.lstrip("-")), None)
    if wanted and column is None:
        raise Unprocessable(
            _("The list cannot be sorted by “{value}”. Choose one of its columns.").format(value=wanted[:40])
        )
    if column is None:
        return (rows.order_by(*page.order_by) if isinstance(rows, QuerySet) and not rows.query.order_by else rows), ""
    falling = wanted.startswith("-")
    if isinstance(rows, QuerySet):
        field = F(str(column.sort))
        order = field.desc(nulls_last=True) if falling else field.asc(nulls_last=True)
        return rows.order_by(order, "pk"), wanted
    path = str(column.sort)
    return sorted(rows, key=lambda row: _sortable(values.read(row, path)), reverse=falling), wanted


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is None, value if value is not None else 0)


def _slice(rows: Any, params: Mapping[str, str]) -> tuple[int, int, Sequence[Any]]:
    try:
        number = int(params.get("page") or 1)
    except ValueError:
        number = 0
    if not 1 <= number <= DEEPEST // PER_PAGE:
        raise Unprocessable(
            _("Page {value} cannot be shown: pages go from 1 to {most}. Narrow the list with a filter.").format(
                value=params.get("page", "")[:20], most=DEEPEST // PER_PAGE
            )
        )
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (number - 1) * PER_PAGE
    return number, total, list(rows[start : start + PER_PAGE])


def rows_of(columns: Sequence[Column], rows: Sequence[Any], detail: str = "") -> list[Row]:
    """Rows as the table component takes them."""
    page = PAGES.get(detail) if detail else None
    return [
        Row(
            key=values.key_of(row) if page else str(getattr(row, "key", getattr(row, "pk", ""))),
            url=address(page, values.key_of(row)) if page else "",
            cells=tuple(
                Cell(
                    label=str(column.label),
                    html=values.cell(row, column),
                    number=column.kind in (Kind.NUMBER, Kind.MONEY),
                    width=column.width,
                    time=column.kind in (Kind.DATE, Kind.TIME),
                )
                for column in columns
            ),
        )
        for row in rows
    ]


def linked(row: Row, url: str) -> Row:
    """A row whose first cell leads to an address that no declared page has given."""
    return replace(row, url=url)


def heads_of(columns: Sequence[Column]) -> list[Head]:
    """Heads of a table that cannot be sorted."""
    return [_head(column, "", None) for column in columns]


def _head(column: Column, sort: str, kept: Mapping[str, str] | None) -> Head:
    now = {column.id: "ascending", f"-{column.id}": "descending"}.get(sort, "")
    wanted = f"-{column.id}" if now == "ascending" else column.id
    return Head(
        label=str(column.label),
        number=column.kind in (Kind.NUMBER, Kind.MONEY),
        width=column.width,
        url="?" + urlencode({**kept, "sort": wanted}) if column.sort and kept is not None else "",
        sorted=now,
    )


def _page_url(kept: Mapping[str, str], number: int) -> str:
    return "?" + urlencode({**kept, "page": number})


def _saved(request: Request, page: ListPage) -> list[SavedFilter]:
    if request.actor.id is None:
        return []
    return list(SavedFilter.objects.filter(user_id=request.actor.id, page=page.id))


def _bulk(request: Request, page: ListPage, rows: Any) -> HttpResponse:
    """A bulk action on the chosen rows; a row out of the actor's reach is not among `rows`."""
    if request.POST.get("action") in {button.id for button in page.buttons}:
        button = common.pressed(request, page.buttons)
        if common.must_confirm(request, button):
            return common.ask(request, page, button, count=None, back=request.get_full_path())
        return common.run(request, button, None, request.POST, request.get_full_path())
    button = common.pressed(request, page.bulk)
    keys = request.POST.getlist("key")
    if not keys:
        raise Unprocessable(_("No row is chosen. Choose rows in the first column, then press the button again."))
    if len(keys) > MOST_CHOSEN:
        raise Unprocessable(_("At most {most} rows at once. Choose fewer.").format(most=MOST_CHOSEN))
    chosen = _chosen(rows, keys)
    if common.must_confirm(request, button):
        count = chosen.count() if isinstance(chosen, QuerySet) else len(chosen)
        return common.ask(request, page, button, count=count, back=request.get_full_path())
    return common.run(request, button, chosen, request.POST, request.get_full_path())


def _chosen(rows: Any, keys: Sequence[str]) -> Any:
    if not isinstance(rows, QuerySet):
        wanted = set(keys)
        return [row for row in rows if values.key_of(row) in wanted]
    try:
        return rows.filter(pk__in=keys)
    except (TypeError, ValueError) as fault:
        raise Unprocessable(_("A chosen row has no valid number. Reload the list and choose again.")) from fault


def table(columns: Sequence[Column], rows: Any, *, detail: str = "", most: int = 100) -> dict[str, Any]:
    """A table for a panel: its first rows, and how many there are in all when it is cut."""
    if isinstance(rows, QuerySet):
        shown = list(rows[: most + 1])
        total = rows.count() if len(shown) > most else len(shown)
    else:
        shown = list(rows)
        total = len(shown)
    return {
        "heads": heads_of(columns),
        "rows": rows_of(columns, shown[:most], detail),
        "total": total,
        "cut": total > most,
    }
