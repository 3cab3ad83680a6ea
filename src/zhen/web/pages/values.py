"""Values of rows: reading them by path, and writing them as cells, as text and as plain data for files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from zhen.kernel.pages.api import Chip, Column, Kind, Link
from zhen.web import numbers
from zhen.web.templatetags.zhen import mark

EMPTY = mark_safe("")


def read(row: Any, path: str | Any) -> Any:
    """A value of a row: by a function, or by a path of attributes and keys. A missing link gives None."""
    if callable(path):
        return path(row)
    value = row
    for name in str(path).replace("__", ".").split("."):
        if value is None:
            return None
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name)
        if callable(value):
            value = value()
    return value


def key_of(row: Any) -> str:
    """What names a row in addresses: its `key`, else its primary key, else the id of a declaration."""
    if isinstance(row, Mapping):
        return str(row["key"])
    return str(next(getattr(row, name) for name in ("key", "pk", "id") if hasattr(row, name)))


def cell(row: Any, column: Column) -> SafeString:
    return write(read(row, column.value), column.kind)


def write(value: Any, kind: Kind) -> SafeString:
    """A value as HTML."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, Chip):
        return format_html(
            '<span class="chip" data-tone="{}">{}{}</span>', value.tone, mark(value.tone), str(value.text)
        )
    if isinstance(value, Link):
        return format_html('<a href="{}">{}</a>', value.url, str(value.text))
    match kind:
        case Kind.NUMBER:
            return numbers.exact(value)
        case Kind.MONEY:
            return numbers.money(value)
        case Kind.DATE:
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value))
        case Kind.TIME:
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment(value))
        case Kind.PERSON | Kind.PLACE:
            return format_html('<span class="name">{}</span>', str(value))
        case Kind.PROSE:
            return render_to_string("web/parts/prose.html", {"text": value})
        case _:
            return conditional_escape(escape(str(value)))


def day(value: date) -> str:
    return f"{value:%Y-%m-%d}"


def moment(value: datetime) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}"


def plain(row: Any, column: Column) -> str | int | float | Decimal | None:
    """A value for a file: numbers stay numbers, money is in yuan, days are ISO."""
    value = read(row, column.value)
    if isinstance(value, Chip | Link):
        return str(value.text)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if column.kind is Kind.MONEY and isinstance(value, int):
        return Decimal(value) / 100
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return str(value)
