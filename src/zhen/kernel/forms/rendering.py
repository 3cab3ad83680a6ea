"""The one renderer: a Django form of a schema, drawn by the pages as any other, checked by the one validator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.forms.schema import Property, Schema, choices_of, choosing, plain, properties_of
from zhen.kernel.forms.texts import read
from zhen.kernel.forms.validating import Faulty, validate

FEW = 5
"""As many choices are shown at once, more in a list to open."""
_INPUT_TYPES = {"date": "date", "time": "time", "date-time": "datetime-local", "email": "email", "phone": "tel"}
_AUTOCOMPLETE = {"email": "email", "phone": "tel"}


class SchemaField(forms.Field):
    """A field that only translates between HTML and JSON; what an answer must be is for the validator."""

    def __init__(self, one: Property) -> None:
        self.one = one
        self.keeps_many = one.schema["type"] == "array"  # several values of one name, in a draft as well
        self.choices = choices_of(choosing(one.schema))
        super().__init__(
            required=one.required,
            label=one.schema.get("title", one.name),
            help_text=_hint(one.schema),
            widget=_widget(one, self.choices),
            initial=one.schema.get("default"),
        )

    def clean(self, value: Any) -> Any:
        """The answer as JSON. What cannot be read as its type stays as it is: the validator says what is wrong."""
        if isinstance(value, bool):
            return value
        return read(self.one.schema, [str(each) for each in value or ()] if self.keeps_many else [str(value or "")])

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [str(each) for each in value]
        return value if value is None or isinstance(value, bool) else str(value)


class SchemaForm(forms.Form):
    """A form with the fields of a schema, among others if its class has any. `given` holds the valid answers."""

    schema: Schema = {}
    stem = ""
    given: Mapping[str, Any] = {}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        fields = properties_of(self.schema)
        answers = {one.name: cleaned.get(self.stem + one.name) for one in fields}
        try:
            self.given = validate(self.schema, answers)
        except Faulty as faulty:
            for name, fault in faulty.faults.items():
                told = _("%(reason)s. %(remedy)s.") % {"reason": fault.reason, "remedy": fault.remedy}
                self.add_error(self.stem + name if self.stem + name in self.fields else None, told)
        return cleaned

    def of_schema(self) -> Iterator[forms.BoundField]:
        return (self[self.stem + one.name] for one in properties_of(self.schema))


def django_form(
    schema: Schema,
    initial: Mapping[str, Any] | None = None,
    *,
    base: type[forms.Form] = forms.Form,
    stem: str = "",
) -> type[SchemaForm]:
    """The class of a Django form that asks what the schema asks, behind the fields of `base`.

    `stem` goes before the names of the schema's fields, where `base` could have the same ones.
    """
    fields: dict[str, Any] = {}
    for one in properties_of(schema):
        field = SchemaField(one)
        if initial is not None and one.name in initial:
            field.initial = initial[one.name]
        if one.when is not None:
            field.widget.attrs["data-when"] = _condition(one.when, stem)
        fields[stem + one.name] = field
    bases = (SchemaForm,) if base is forms.Form else (SchemaForm, base)
    return type("FormOfSchema", bases, {**fields, "schema": schema, "stem": stem})


def _hint(part: Schema) -> Any:
    if "description" in part:
        return part["description"]
    return part.get("x-unit", "")


def _widget(one: Property, choices: list[tuple[Any, str]] | None) -> forms.Widget:
    part = one.schema
    if part["type"] == "boolean":
        return forms.CheckboxInput()
    if choices is not None:
        return _choice_widget(one, choices)
    if part.get("x-widget") == "textarea":
        return forms.Textarea(attrs=_limits(part))
    if part["type"] in ("integer", "number"):
        mode = "numeric" if part["type"] == "integer" else "decimal"
        return forms.TextInput(attrs={"inputmode": mode, "class": "short"})
    input_ = forms.TextInput(attrs=_limits(part))
    format_ = part.get("format", "")
    input_.input_type = _INPUT_TYPES.get(format_, "text")
    if format_ in _AUTOCOMPLETE:
        input_.attrs["autocomplete"] = _AUTOCOMPLETE[format_]
    if format_ in ("date", "time", "date-time"):
        input_.attrs["class"] = "short"
    return input_


def _choice_widget(one: Property, choices: list[tuple[Any, str]]) -> forms.Widget:
    listed = [(str(value), title) for value, title in choices]
    if one.schema["type"] == "array":
        return forms.CheckboxSelectMultiple(choices=listed)
    wanted = one.schema.get("x-widget")
    if wanted == "radio" or (wanted != "select" and one.required and len(listed) <= FEW):
        return forms.RadioSelect(choices=listed)
    return forms.Select(choices=[("", gettext_lazy("— choose —")), *listed])


def _limits(part: Schema) -> dict[str, Any]:
    return {"maxlength": part["maxLength"]} if "maxLength" in part else {}


def _condition(when: Schema, stem: str) -> str:
    """For the page's script: the values of other fields with which the field is asked."""
    tests = plain(when).get("properties", {})
    wanted = {
        stem + name: [str(value) for value in part.get("enum", [part.get("const")])] for name, part in tests.items()
    }
    return json.dumps(wanted, ensure_ascii=False)
