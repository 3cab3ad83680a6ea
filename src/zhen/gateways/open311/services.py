"""The services: the classes that residents may choose, of every case type with public intake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from zhen.gateways.open311.troubles import Trouble
from zhen.kernel.cases.api import CASE_TYPES, CaseType, Category, rulebook
from zhen.kernel.forms.api import Property, choices_of, choosing, properties_of
from zhen.kernel.lib import clock


def public_types() -> tuple[CaseType, ...]:
    return tuple(type_ for type_ in CASE_TYPES if type_.public_intake and type_.scheme)


def offered() -> Iterator[tuple[str, CaseType, Category]]:
    """(service code, type, class). A code names scheme and class, so that a further pack never changes it."""
    day = clock.today()
    for type_ in public_types():
        for category in rulebook().categories.values():
            holds = category.valid_from <= day and (category.valid_to is None or day < category.valid_to)
            if category.scheme == type_.scheme and category.leaf and category.public and holds:
                yield f"{category.scheme}-{category.code}", type_, category


def service(code: str) -> tuple[CaseType, Category]:
    for known, type_, category in offered():
        if known == code:
            return type_, category
    raise Trouble(404, _("service_code “%(code)s” was not found. See services for the codes.") % {"code": code[:40]})


def listed() -> list[dict[str, Any]]:
    by_id = rulebook().categories
    return [
        {
            "service_code": code,
            "service_name": name_of(category),
            "description": category.opening,
            "metadata": bool(type_.form.get("properties")),
            "type": "realtime",
            "keywords": ",".join(name_of(by_id[above]) for above in _above(category, by_id)),
            "group": name_of(by_id[above[-1]]) if (above := _above(category, by_id)) else "",
        }
        for code, type_, category in offered()
    ]


def name_of(category: Category) -> str:
    """The class in the reader's language."""
    chinese = (translation.get_language() or "zh").startswith("zh")
    return category.name if chinese or not category.english else category.english


def _above(category: Category, by_id: Mapping[int, Category]) -> list[int]:
    found, at = [], category.parent_id
    while at is not None:
        found.append(at)
        at = by_id[at].parent_id
    return found


def definition(code: str) -> dict[str, Any]:
    type_, _category = service(code)
    return {
        "service_code": code,
        "attributes": [_attribute(one, order) for order, one in enumerate(properties_of(type_.form), 1)],
    }


def _attribute(one: Property, order: int) -> dict[str, Any]:
    """An attribute that only some answers call for is never required: the standard knows no conditions."""
    name, schema = one.name, one.schema
    many = schema.get("type") == "array"
    options = choices_of(choosing(schema)) or ()
    return {
        "variable": True,
        "code": name,
        "datatype": _datatype(schema, bool(options), many),
        "required": one.required and one.when is None,
        "datatype_description": str(schema.get("description", "")),
        "order": order,
        "description": str(schema.get("title", name)),
        "values": [{"key": str(key), "name": title} for key, title in options],
    }


def _datatype(schema: Mapping[str, Any], listed: bool, many: bool) -> str:
    if listed:
        return "multivaluelist" if many else "singlevaluelist"
    if schema.get("type") in ("number", "integer"):
        return "number"
    if schema.get("format") in ("date", "date-time"):
        return "datetime"
    return "text" if schema.get("maxLength", 0) > 200 else "string"
