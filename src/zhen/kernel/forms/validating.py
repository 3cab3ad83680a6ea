"""The one validator: answers as JSON, against a schema, all faults at once in the reader's language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from zhen.kernel.forms.schema import Property, Schema, holds, plain, properties_of
from zhen.kernel.lib.refusals import Refused

Text = str | Promise
MOST_MADE = 500
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|[48]00-?\d{3}-?\d{4}|1\d{2,4}|\+\d{7,15}")
"""Mobile, landline with an extension, 400 and 800 numbers, service numbers such as 12345, and abroad."""
_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d(:\d\d)?")


class Faulty(Refused):
    """Answers that do not fit their form (422). `faults` holds one refusal for each field, by its name."""

    def __init__(self, faults: Mapping[str, Refused]) -> None:
        self.faults = dict(faults)
        first = next(iter(self.faults.values()))
        super().__init__(field=first.field, value=first.value, reason=first.reason, remedy=first.remedy)

    def __str__(self) -> str:
        return " ".join(str(fault) for fault in self.faults.values())


def validate(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept: trimmed, without empty ones, without those that no condition asks for.

    Raises Faulty with every fault at once.
    """
    fields = properties_of(schema)
    given = {name: _tidy(value) for name, value in data.items()}
    given = {name: value for name, value in given.items() if value not in (None, "", [])}
    faults = {name: _no_such_field(name, given[name]) for name in given if name not in {one.name for one in fields}}
    kept = _asked(fields, given)
    by_name = {one.name: one for one in fields}
    for error in _validator(schema).iter_errors(kept):
        for name in _fields_of(error, kept):
            if name in by_name and name not in faults:
                faults[name] = _told(error, by_name[name], kept.get(name, ""))
    if faults:
        order = {one.name: place for place, one in enumerate(fields)}
        raise Faulty(dict(sorted(faults.items(), key=lambda item: order.get(item[0], len(order)))))
    return kept


def _tidy(value: Any) -> Any:
    """Without blanks around, and without what no database takes: NUL, half a character, numbers without end."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    return [_tidy(each) for each in value] if isinstance(value, list | tuple) else value


def _asked(fields: list[Property], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in the order of the form; one whose condition does not hold was not asked for."""
    kept: dict[str, Any] = {}
    for one in fields:
        if one.name in given and (one.when is None or holds(one.when, given)):
            kept[one.name] = given[one.name]
    return kept


_made: dict[int, tuple[Schema, Draft202012Validator]] = {}
"""Validators by the identity of their schema, which is kept beside them: schemas are declared once."""


def _validator(schema: Schema) -> Draft202012Validator:
    known = _made.get(id(schema))
    if known is None:
        if len(_made) > MOST_MADE:
            _made.clear()
        known = _made[id(schema)] = schema, Draft202012Validator(plain(schema), format_checker=_formats())
    return known[1]


@lru_cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, test in _TESTS.items():
        checker.checks(name)(test)
    return checker


def _test(parse: Callable[[str], object]) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        if not isinstance(value, str):
            return True  # the type says so already
        try:
            return parse(value) is not None
        except (ValueError, DjangoValidationError):
            return False

    return fits


def _email(value: str) -> bool:
    validate_email(value)
    return True


_TESTS: Mapping[str, Callable[[object], bool]] = {
    "date": _test(lambda value: date.fromisoformat(value) if _DATE.fullmatch(value) else None),
    "time": _test(lambda value: time.fromisoformat(value) if _TIME.fullmatch(value) else None),
    "date-time": _test(datetime.fromisoformat),
    "email": _test(_email),
    "phone": _test(lambda value: PHONE.fullmatch(value)),
}


def _fields_of(error: ValidationError, data: Mapping[str, Any]) -> list[str]:
    """The field that an error is about: one is missing, or one's value is wrong."""
    if error.validator == "required" and not error.absolute_path:
        required: Any = error.validator_value
        return [name for name in required if name not in data]
    return [str(error.absolute_path[0])] if error.absolute_path else []


def _no_such_field(name: str, value: Any) -> Refused:
    return Refused(field=name, value=value, reason=_("the form has no such field"), remedy=_("Leave it out"))


def _told(error: ValidationError, one: Property, value: Any) -> Refused:
    reason, remedy = _words(error, one)
    return Refused(field=one.title, value=value, reason=reason, remedy=remedy)


def _words(error: ValidationError, one: Property) -> tuple[str, str]:
    limit = error.validator_value
    match error.validator:
        case "required":
            return _("it is missing"), _("Fill it in")
        case "type":
            return _type_words(str(limit))
        case "format":
            return _format_words(str(limit))
        case "minLength":
            return _("it has fewer than %(least)s characters") % {"least": limit}, _("Write more")
        case "maxLength":
            return _("it has more than %(most)s characters") % {"most": limit}, _("Shorten it")
        case "pattern":
            return _("it is not written as it should be"), _example(one)
        case "minimum" | "exclusiveMinimum":
            return _("it is too small"), _bound(error)
        case "maximum" | "exclusiveMaximum":
            return _("it is too large"), _bound(error)
        case "multipleOf":
            return _("it is no multiple of %(step)s") % {"step": limit}, _("Round it")
        case "minItems":
            return _("fewer than %(least)s are chosen") % {"least": limit}, _("Choose more")
        case "maxItems":
            return _("more than %(most)s are chosen") % {"most": limit}, _("Choose fewer")
        case "const" if limit is True:
            return _("it is not agreed to"), _("Tick it, or leave the form")
        case _:
            return _("it is none of the choices"), _("Choose from the list")


def _type_words(type_: str) -> tuple[str, str]:
    match type_:
        case "integer":
            return _("it is no whole number"), _("Write digits only")
        case "number":
            return _("it is no number"), _("Write digits, with a point for decimals")
        case "boolean":
            return _("it is neither yes nor no"), _("Choose one of the two")
        case "array":
            return _("it is no list"), _("Choose from the list")
        case _:
            return _("it is no text"), _("Write it as text")


def _format_words(format_: str) -> tuple[str, str]:
    match format_:
        case "date":
            return _("it is no date"), _("Write it like 2026-06-01")
        case "time":
            return _("it is no time of the day"), _("Write it like 14:30")
        case "date-time":
            return _("it is no moment"), _("Write it like 2026-06-01T14:30")
        case "email":
            return _("it is no e-mail address"), _("Write it like name@example.com")
        case _:
            return _("it is no phone number"), _("Write it like 13800001234 or 021-52345678")


def _bound(error: ValidationError) -> str:
    limit = error.validator_value
    match error.validator:
        case "minimum":
            return _("Give at least %(limit)s") % {"limit": limit}
        case "exclusiveMinimum":
            return _("Give more than %(limit)s") % {"limit": limit}
        case "maximum":
            return _("Give at most %(limit)s") % {"limit": limit}
        case _:
            return _("Give less than %(limit)s") % {"limit": limit}


def _example(one: Property) -> str:
    examples = one.schema.get("examples")
    if examples:
        return _("Write it like %(example)s") % {"example": examples[0]}
    return str(one.schema.get("description") or _("See the hint above the field"))
