"""Answers as a reader sees them: by the schema of the version that they were given in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhen.kernel.forms.schema import Schema, choices_of, properties_of
from zhen.kernel.pages.api import Fact, Kind


def display(schema: Schema, data: Mapping[str, Any]) -> list[Fact]:
    """One fact for each answer in the order of the form. What the schema does not know (any more) comes last."""
    known = {one.name: one for one in properties_of(schema)}
    facts = [_fact(one.title, one.schema, data[name]) for name, one in known.items() if name in data]
    rest = [Fact(label=name, value=_text(value)) for name, value in data.items() if name not in known]
    return facts + rest


def _fact(label: str, part: Schema, value: Any) -> Fact:
    if part.get("type") == "array" and isinstance(value, list):
        titles = dict(_titles(part.get("items", {})))
        return Fact(label=label, value="、".join(titles.get(str(each), str(each)) for each in value))
    choices = dict(_titles(part))
    if str(value) in choices:
        return Fact(label=label, value=choices[str(value)])
    if part.get("format") == "date" and isinstance(value, str):
        try:
            return Fact(label=label, value=date.fromisoformat(value), kind=Kind.DATE)
        except ValueError:
            return Fact(label=label, value=value)
    if part.get("x-widget") == "textarea":
        return Fact(label=label, value=_text(value), kind=Kind.PROSE)
    unit = f" {part['x-unit']}" if part.get("x-unit") else ""
    return Fact(label=label, value=f"{_text(value)}{unit}")


def _titles(part: Schema) -> list[tuple[str, str]]:
    return [(str(value), title) for value, title in choices_of(part) or ()]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(_text(each) for each in value)
    return str(value)
