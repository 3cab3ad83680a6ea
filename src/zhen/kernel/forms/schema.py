"""The part of JSON Schema 2020-12 that our forms are written in, and what is wrong with a schema.

A form is an object; its properties are text, numbers, yes or no, one choice, or several. Titles and descriptions
are texts in the reader's language (gettext_lazy). Choices are `oneOf` of `const` with `title`, or a bare `enum`.
`if` and `then` (several of them in `allOf`) ask for more where an earlier answer calls for it: the condition
names properties with `const` or `enum`; `then` requires properties, or brings properties of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from zhen.kernel.lib.problems import Problem

Schema = Mapping[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

FORMATS = frozenset({"date", "time", "date-time", "email", "phone"})
WIDGETS = frozenset({"textarea", "radio", "select"})
_COMMON = frozenset({"type", "title", "description", "default", "examples", "x-widget"})
_BY_TYPE: Mapping[str, frozenset[str]] = {
    "string": frozenset({"minLength", "maxLength", "pattern", "format", "enum", "oneOf", "const"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "x-unit"}),
    "integer": frozenset(
        {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "x-unit", "enum", "oneOf"}
    ),
    "boolean": frozenset({"const"}),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
}
_ROOT = frozenset({"$schema", "$id", "type", "title", "description", "properties", "required", "allOf", "if", "then"})
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


@dataclass(frozen=True, kw_only=True)
class Property:
    """A field of a form. `when` is the condition under which it is asked; None means always."""

    name: str
    schema: Schema
    required: bool
    when: Schema | None = None

    @property
    def title(self) -> str:
        return str(self.schema.get("title", self.name))


def properties_of(schema: Schema) -> list[Property]:
    """All fields in the order of the form; those of a condition stand behind what it asks about."""
    required = frozenset(schema.get("required", ()))
    found = [
        Property(name=name, schema=part, required=name in required)
        for name, part in schema.get("properties", {}).items()
    ]
    for rule in rules_of(schema):
        then = rule["then"]
        asked = [one.name for one in found if one.name in rule["if"].get("properties", {})]
        at = 1 + max((place for place, one in enumerate(found) if one.name in asked), default=len(found) - 1)
        while at < len(found) and found[at].when is not None:
            at += 1
        found[at:at] = [
            Property(name=name, schema=part, required=name in then.get("required", ()), when=rule["if"])
            for name, part in then.get("properties", {}).items()
        ]
    return found


def rules_of(schema: Schema) -> list[Schema]:
    """The `if` and `then` pairs of a form."""
    parts = [part for part in schema.get("allOf", ()) if "if" in part]
    return [schema, *parts] if "if" in schema else parts


def holds(condition: Schema, data: Mapping[str, Any]) -> bool:
    """Whether an `if` is true of the answers; `problems_of` has seen to it that it tests by const and enum only."""
    if not all(name in data for name in condition.get("required", ())):
        return False
    tests = condition.get("properties", {})
    return all(_one_of(data[name], part) for name, part in tests.items() if name in data)


def _one_of(value: Any, part: Schema) -> bool:
    wanted = part["enum"] if "enum" in part else (part["const"],) if "const" in part else (value,)
    return any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in wanted)


def choices_of(part: Schema) -> list[tuple[Any, str]] | None:
    """The choices of a property with their titles, or None where it has none."""
    if "oneOf" in part:
        return [(one["const"], str(one.get("title", one["const"]))) for one in part["oneOf"]]
    if "enum" in part:
        return [(value, str(value)) for value in part["enum"]]
    return None


def choosing(part: Schema) -> Schema:
    """The part of a property that holds its choices: of a list, its items."""
    items: Schema = part.get("items", {}) if part["type"] == "array" else part
    return items


def plain(value: Any) -> Any:
    """The schema as JSON in the reader's language, for outside and for `jsonschema`. Choices become `enum`."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        made = {str(key): plain(part) for key, part in value.items()}
        options = made.get("oneOf")
        if isinstance(options, list) and all(isinstance(one, Mapping) and "const" in one for one in options):
            del made["oneOf"]
            made["enum"] = [one["const"] for one in options]
        return made
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(part) for part in value]
    return value


def problems_of(schema: Schema, where: str) -> Iterator[Problem]:
    """What is wrong with a form's schema; each with its remedy."""
    try:
        Draft202012Validator.check_schema(plain(schema))
    except SchemaError as fault:
        path = "/".join(str(part) for part in fault.absolute_path) or "the schema"
        yield Problem(where=where, what=f"{path}: {fault.message}", remedy="Write it in JSON Schema 2020-12")
        return
    if schema.get("type") != "object" or not schema.get("properties"):
        yield Problem(where=where, what="is no object with properties", remedy="Give it type object and properties")
        return
    yield from _unknown(schema, _ROOT, where)
    known = dict(schema["properties"])
    for part in schema.get("allOf", ()):
        yield from _unknown(part, frozenset({"if", "then"}), f"{where}: allOf")
    for rule in rules_of(schema):
        yield from _problems_of_rule(rule, known, where)
        known |= rule.get("then", {}).get("properties", {})
    for name in sorted(set(schema.get("required", ())) - set(schema["properties"])):
        yield Problem(where=where, what=f"requires the unknown property {name}", remedy="Add it, or mend the name")
    for name, part in known.items():
        yield from _problems_of_property(name, part, f"{where}: {name}")


def _problems_of_rule(rule: Schema, known: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if "then" not in rule:
        yield Problem(where=where, what="has an if without a then", remedy="Say what follows, or remove it")
        return
    yield from _unknown(rule["if"], frozenset({"properties", "required"}), f"{where}: if")
    yield from _unknown(rule["then"], frozenset({"properties", "required"}), f"{where}: then")
    for name, part in rule["if"].get("properties", {}).items():
        if name not in known:
            yield Problem(where=where, what=f"asks about the unknown property {name}", remedy="Mend the name")
        if not set(part) <= {"const", "enum"}:
            yield Problem(
                where=f"{where}: if", what=f"tests {name} otherwise than by const or enum", remedy="Use those"
            )
        if name not in rule["if"].get("required", ()):
            yield Problem(
                where=f"{where}: if", what=f"holds while {name} is not answered", remedy=f"Add {name} to its required"
            )
    brought = rule["then"].get("properties", {})
    for name in sorted(set(brought) & set(known)):
        yield Problem(where=where, what=f"brings {name} twice", remedy="Rename one of the two")
    for name in sorted(set(rule["then"].get("required", ())) - set(brought) - set(known)):
        yield Problem(where=where, what=f"requires the unknown property {name}", remedy="Add it, or mend the name")


def _problems_of_property(name: str, part: Schema, where: str) -> Iterator[Problem]:
    if not name or not set(name) <= _NAME:
        yield Problem(where=where, what="is not named in lower case", remedy="Use a name like street_lamp")
    type_ = part.get("type")
    if not isinstance(type_, str) or type_ not in _BY_TYPE:
        yield Problem(where=where, what=f"has the type {type_}", remedy=f"Use one of {', '.join(sorted(_BY_TYPE))}")
        return
    yield from _unknown(part, _COMMON | _BY_TYPE[type_], where)
    yield from _problems_of_texts(part, where)
    if part.get("format") is not None and part["format"] not in FORMATS:
        yield Problem(
            where=where, what=f"has the format {part['format']}", remedy=f"Use one of {', '.join(sorted(FORMATS))}"
        )
    if part.get("x-widget") is not None and part["x-widget"] not in WIDGETS:
        yield Problem(
            where=where, what=f"has the widget {part['x-widget']}", remedy=f"Use one of {', '.join(sorted(WIDGETS))}"
        )
    if type_ == "string" and not {"maxLength", "enum", "oneOf", "format", "const"} & set(part):
        yield Problem(where=where, what="has no end", remedy="Give it maxLength")
    items = part.get("items")
    if type_ == "array":
        if not isinstance(items, Mapping) or choices_of(items) is None:
            yield Problem(where=where, what="is a list of anything", remedy="Give it items with oneOf or enum")
            return
        yield from _unknown(items, frozenset({"type", "enum", "oneOf"}), f"{where}: items")
        yield from _problems_of_choices(items, where)
    yield from _problems_of_choices(part, where)


def _problems_of_texts(part: Schema, where: str) -> Iterator[Problem]:
    if not str(part.get("title", "")):
        yield Problem(where=where, what="has no title", remedy="Give it title=_(…)")
    for word in ("title", "description", "x-unit"):
        yield from _untranslated(part.get(word, ""), word, where)


def _problems_of_choices(part: Schema, where: str) -> Iterator[Problem]:
    choices = choices_of(part)
    if choices is None:
        return
    values = [str(value) for value, _title in choices]
    if not values or len(set(values)) != len(values):
        yield Problem(where=where, what="has no choices, or one twice", remedy="List each choice once")
    for one in part.get("oneOf", ()):
        if "const" not in one:
            yield Problem(where=where, what="has a choice without const", remedy="Give each const and title")
        yield from _untranslated(one.get("title", ""), "title of a choice", where)


def _untranslated(text: Any, what: str, where: str) -> Iterator[Problem]:
    if not isinstance(text, Promise) and any(letter.isalpha() for letter in str(text)):
        yield Problem(
            where=where, what=f"the {what} “{text}” cannot be translated", remedy="Wrap it in gettext_lazy: _(…)"
        )


def _unknown(part: Schema, known: frozenset[str], where: str) -> Iterator[Problem]:
    for word in sorted(set(part) - known):
        yield Problem(where=where, what=f"uses {word}, which our forms do not know", remedy="Leave it out")
