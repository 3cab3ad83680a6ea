"""One validator, one renderer: what they take, what they refuse, and that they agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.forms.api import (
    FORMS,
    Faulty,
    FormSchema,
    SchemaForm,
    display,
    django_form,
    from_texts,
    problems_of,
    validate,
)
from zhen.kernel.forms.schema import plain, properties_of
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.pages.api import Kind

LAMP: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": _("name"), "minLength": 2, "maxLength": 20},
        "since": {"type": "string", "title": _("since"), "format": "date"},
        "phone": {"type": "string", "title": _("phone"), "format": "phone"},
        "count": {"type": "integer", "title": _("number"), "minimum": 1, "maximum": 50, "x-unit": _("pieces")},
        "height": {"type": "number", "title": _("height"), "exclusiveMinimum": 0, "multipleOf": 0.5},
        "code": {"type": "string", "title": _("code"), "pattern": "^[A-Z]{2}[0-9]{3}$", "examples": ["AB123"],
                 "maxLength": 5},
        "fault": {
            "type": "string",
            "title": _("kind"),
            "oneOf": [{"const": "dark", "title": _("dark")}, {"const": "leaning", "title": _("leaning")}],
        },
        "signs": {
            "type": "array",
            "title": _("signs"),
            "items": {"oneOf": [{"const": "smoke", "title": _("smoke")}, {"const": "sparks", "title": _("sparks")}]},
            "uniqueItems": True,
        },
        "level": {"type": "integer", "title": _("level"), "enum": [1, 2, 3]},
        "dangerous": {"type": "boolean", "title": _("dangerous")},
        "text": {"type": "string", "title": _("description"), "x-widget": "textarea", "maxLength": 200},
    },
    "required": ["name", "fault"],
    "allOf": [
        {
            "if": {"properties": {"fault": {"const": "leaning"}}, "required": ["fault"]},
            "then": {
                "properties": {"angle": {"type": "integer", "title": _("angle"), "minimum": 1, "maximum": 90}},
                "required": ["angle"],
            },
        },
        {
            "if": {"properties": {"dangerous": {"const": True}}, "required": ["dangerous"]},
            "then": {"required": ["phone"]},
        },
    ],
}  # fmt: skip
GOOD = {"name": "路灯", "fault": "dark"}


def faults(data: Mapping[str, Any], schema: Mapping[str, Any] = LAMP) -> dict[str, str]:
    with pytest.raises(Faulty) as told:
        validate(schema, data)
    return {name: f"{fault.reason}. {fault.remedy}" for name, fault in told.value.faults.items()}


def test_answers_are_trimmed_and_empty_ones_are_left_out() -> None:
    assert validate(LAMP, {**GOOD, "name": " 路灯 ", "text": "  ", "signs": [], "phone": None}) == GOOD


def test_all_faults_are_told_at_once_in_the_order_of_the_form() -> None:
    wrong = {
        "text": "x" * 201,
        "name": "x",
        "since": "yesterday",
        "phone": "12",
        "count": 0,
        "height": 0.3,
        "code": "abc",
        "fault": "broken",
        "signs": ["smoke", "smoke"],
        "level": 4,
        "dangerous": "perhaps",
        "colour": "red",
    }
    told = faults(wrong)
    assert told == {
        "name": "it has fewer than 2 characters. Write more",
        "since": "it is no date. Write it like 2026-06-01",
        "phone": "it is no phone number. Write it like 13800001234 or 021-52345678",
        "count": "it is too small. Give at least 1",
        "height": "it is no multiple of 0.5. Round it",
        "code": "it is not written as it should be. Write it like AB123",
        "fault": "it is none of the choices. Choose from the list",
        "signs": "it is none of the choices. Choose from the list",
        "level": "it is none of the choices. Choose from the list",
        "dangerous": "it is neither yes nor no. Choose one of the two",
        "text": "it has more than 200 characters. Shorten it",
        "colour": "the form has no such field. Leave it out",
    }
    assert list(told) == [*LAMP["properties"], "colour"]


def test_a_refusal_speaks_the_readers_language() -> None:
    with translation.override("zh-hans"), pytest.raises(Faulty) as told:
        validate(LAMP, {"fault": "dark"})
    assert "请填写" in str(told.value)


def test_numbers_that_are_none_and_text_that_no_database_takes_do_no_harm() -> None:
    assert "no number" in faults({**GOOD, "height": float("nan")})["height"]
    assert "no whole number" in faults({**GOOD, "count": 1.5})["count"]
    assert "no text" in faults({**GOOD, "text": ["a"]})["text"]
    assert "no list" in faults({**GOOD, "signs": "smoke"})["signs"]
    assert validate(LAMP, {**GOOD, "count": 2.0, "text": "a\x00b\ud800c"}) == {**GOOD, "count": 2, "text": "abc"}


@pytest.mark.parametrize(
    "number", ["13800001234", "021-52345678", "02152345678-123", "400-820-8820", "12345", "110", "+4930123456"]
)
def test_phone_numbers_as_people_write_them(number: str) -> None:
    assert validate(LAMP, {**GOOD, "phone": number})["phone"] == number


def test_a_condition_asks_for_more_and_what_it_does_not_ask_for_is_dropped() -> None:
    assert "it is missing" in faults({**GOOD, "fault": "leaning"})["angle"]
    assert validate(LAMP, {**GOOD, "fault": "leaning", "angle": 20})["angle"] == 20
    assert validate(LAMP, {**GOOD, "angle": 20}) == GOOD
    assert "it is missing" in faults({**GOOD, "dangerous": True})["phone"]
    assert validate(LAMP, {**GOOD, "dangerous": False}) == {**GOOD, "dangerous": False}


def test_the_fields_of_a_condition_stand_behind_what_it_asks_about() -> None:
    names = [one.name for one in properties_of(LAMP)]
    assert names[names.index("fault") + 1] == "angle"


def test_the_renderer_draws_each_kind_of_field() -> None:
    form = django_form(LAMP, {"name": "一号", "level": 2})()
    html = {bound.name: str(bound) for bound in form}
    assert 'value="一号"' in html["name"]
    assert 'maxlength="20"' in html["name"]
    assert 'type="date"' in html["since"]
    assert 'type="tel"' in html["phone"]
    assert 'inputmode="numeric"' in html["count"]
    assert html["fault"].count('type="radio"') == 2
    assert html["signs"].count('type="checkbox"') == 2
    assert '<option value="2" selected>' in html["level"]
    assert "<textarea" in html["text"]
    assert json.loads(form.fields["angle"].widget.attrs["data-when"]) == {"fault": ["leaning"]}
    assert [name for name, field in form.fields.items() if field.required] == ["name", "fault", "angle"]
    assert str(form.fields["fault"].label) == "kind"


def test_a_form_tells_the_validators_faults_beside_their_fields() -> None:
    form = django_form(LAMP)({"name": "x", "fault": "leaning", "count": "many", "height": "１．５"})
    assert not form.is_valid()
    assert {name: list(found) for name, found in form.errors.items()} == {
        "name": ["it has fewer than 2 characters. Write more."],
        "count": ["it is no whole number. Write digits only."],
        "angle": ["it is missing. Fill it in."],
    }
    assert 'value="many"' in str(form["count"])


def test_a_form_may_stand_among_other_fields() -> None:
    class Common(forms.Form):
        name = forms.CharField(max_length=5)

    made = django_form(LAMP, base=Common, stem="lamp_")
    form = made({"name": "common", "lamp_name": "路灯", "lamp_fault": "dark"})
    assert not form.is_valid()
    assert list(form.errors) == ["name"]
    form = made({"name": "title", "lamp_name": "路灯", "lamp_fault": "dark"})
    assert form.is_valid()
    assert form.given == {**GOOD, "dangerous": False}
    assert form.cleaned_data["name"] == "title"
    assert next(iter(form.fields)) == "name"


def test_answers_are_shown_with_titles_units_and_dates() -> None:
    shown = {str(fact.label): fact for fact in display(LAMP, {
        **GOOD, "signs": ["smoke", "sparks"], "since": "2026-06-01", "count": 3, "dangerous": True, "level": 2,
        "text": "long", "gone": [1],
    })}  # fmt: skip
    assert {label: fact.value for label, fact in shown.items()} == {
        "name": "路灯",
        "kind": "dark",
        "signs": "smoke、sparks",
        "since": date(2026, 6, 1),
        "number": "3 pieces",
        "dangerous": "yes",
        "level": "2",
        "description": "long",
        "gone": "1",
    }
    assert (shown["since"].kind, shown["description"].kind) == (Kind.DATE, Kind.PROSE)


def test_answers_to_an_older_version_stay_readable() -> None:
    old = {"type": "object", "properties": {"lamp": {"type": "string", "title": _("name"), "maxLength": 9}}}
    form = FormSchema(id="test.lamp", name=_("Lamp"), version=3, schema=LAMP, earlier={2: old})
    assert [(str(fact.label), fact.value) for fact in display(form.of(2), {"lamp": "一号"})] == [("name", "一号")]
    assert [(fact.label, fact.value) for fact in display(form.of(1), {"lamp": "一号"})] == [("lamp", "一号")]
    assert form.of(3) is LAMP


# wrong schemas


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "array"}, "is no object with properties"),
        ({"properties": {"Name": {"type": "string", "title": _("name"), "maxLength": 3}}}, "not named in lower case"),
        ({"properties": {"a": {"type": "null", "title": _("name")}}}, "has the type null"),
        ({"properties": {"a": {"type": "string", "title": "Name", "maxLength": 3}}}, "cannot be translated"),
        ({"properties": {"a": {"type": "string", "title": _("name")}}}, "has no end"),
        ({"properties": {"a": {"type": "string", "maxLength": 3}}}, "has no title"),
        ({"properties": {"a": {"type": "integer", "title": _("name"), "maxLength": 3}}}, "uses maxLength"),
        ({"properties": {"a": {"type": "string", "title": _("name"), "format": "ipv4"}}}, "has the format ipv4"),
        ({"properties": {"a": {"type": "string", "title": _("name"), "pattern": "("}}}, "JSON Schema 2020-12"),
        ({"properties": {"a": {"type": "array", "title": _("name")}}}, "a list of anything"),
        ({"properties": {"a": {"type": "string", "title": _("name"), "enum": ["x", "x"]}}}, "or one twice"),
        ({"required": ["b"]}, "requires the unknown property b"),
        ({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}}, "an if without a then"),
        ({"if": {"properties": {"b": {"const": 1}}, "required": ["b"]}, "then": {}}, "the unknown property b"),
        ({"if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["a"]}}, "while a is not answered"),
        (
            {"if": {"properties": {"a": {"minLength": 2}}, "required": ["a"]}, "then": {}},
            "otherwise than by",
        ),
        ({"patternProperties": {}}, "uses patternProperties"),
    ],
)
def test_a_wrong_schema_is_told_with_its_remedy(change: dict[str, Any], told: str) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "title": _("name"), "maxLength": 3}},
        **change,
    }
    lines = [str(problem) for problem in problems_of(schema, "test: form test.lamp")]
    assert any(told in line for line in lines), lines
    assert all(line.startswith("test: form test.lamp") for line in lines)


def test_a_right_schema_has_no_fault_and_a_wrong_one_stops_the_start() -> None:
    assert list(problems_of(LAMP, "test")) == []
    entries, candidate = FORMS._entries, FORMS._candidate
    try:
        wrong = FormSchema(id="test.wrong", name=_("Lamp"), version=2, schema={"type": "object"}, earlier={2: LAMP})
        FORMS.gather([Bundle(owner="test", items=(wrong,))])
        assert [problem.what for problem in FORMS.validate()] == [
            "keeps the version 2 as an earlier one",
            "is no object with properties",
        ]
    finally:
        FORMS._entries, FORMS._candidate = entries, candidate


# what holds for every schema and every answer

texts = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).map(str.strip).filter(bool)
words = st.text("abcdefghijklmnop", min_size=1, max_size=6)


@st.composite
def a_property(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Any]]:
    """A property and its valid answers."""
    title = {"title": _("name")}
    kind = draw(st.sampled_from(["text", "area", "date", "phone", "integer", "number", "boolean", "choice", "array"]))
    match kind:
        case "text" | "area":
            widget = {"x-widget": "textarea"} if kind == "area" else {}
            return {"type": "string", "maxLength": 12, **title, **widget}, texts
        case "date":
            return {"type": "string", "format": "date", **title}, st.dates().map(date.isoformat)
        case "phone":
            return {"type": "string", "format": "phone", **title}, st.sampled_from(["13800001234", "021-52345678"])
        case "integer":
            low = draw(st.integers(-99, 99))
            return {"type": "integer", "minimum": low, "maximum": low + 9, **title}, st.integers(low, low + 9)
        case "number":
            return {"type": "number", **title}, st.integers(-999, 999).map(lambda n: n / 8 if n % 8 else n // 8)
        case "boolean":
            return {"type": "boolean", **title}, st.booleans()
    values = draw(st.lists(words, min_size=1, max_size=7, unique=True))
    options = {"oneOf": [{"const": value, "title": _("name")} for value in values]}
    if kind == "choice":
        return {"type": "string", **options, **title}, st.sampled_from(values)
    chosen = st.sets(st.sampled_from(values), min_size=1).map(lambda some: [each for each in values if each in some])
    return {"type": "array", "items": options, "uniqueItems": True, **title}, chosen


@st.composite
def a_form(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema, and answers that fit it."""
    names = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    parts = {name: draw(a_property()) for name in names}
    required = draw(st.lists(st.sampled_from(names), unique=True))
    schema = {"type": "object", "properties": {n: part for n, (part, _a) in parts.items()}, "required": required}
    answered = [name for name in names if name in required or draw(st.booleans())]
    data = {name: draw(parts[name][1]) for name in answered}
    # an unticked box is an answer
    return schema, {**data, **{n: data.get(n, False) for n, (p, _a) in parts.items() if p["type"] == "boolean"}}


def posted(form: SchemaForm) -> dict[str, Any]:
    """What a browser would send of a form as it is drawn."""
    from html.parser import HTMLParser

    sent: dict[str, Any] = {}

    class Browser(HTMLParser):
        select = area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            have = dict(attrs)
            name = have.get("name") or ""
            if tag == "select":
                self.select = name
            elif tag == "option" and "selected" in have and have.get("value"):
                sent[self.select] = [have["value"]]
            elif tag == "textarea":
                self.area, sent[name] = name, [""]
            elif tag == "input" and have.get("type") in ("radio", "checkbox"):
                if "checked" in have:
                    sent.setdefault(name, []).append(have.get("value", "on"))
            elif tag == "input":
                sent[name] = [have.get("value", "")]

        def handle_endtag(self, tag: str) -> None:
            self.area = "" if tag == "textarea" else self.area

        def handle_data(self, data: str) -> None:
            if self.area:
                sent[self.area][0] += data

    browser = Browser()
    for bound in form:
        browser.feed(str(bound))
    return sent


@given(a_form())
def test_what_fits_is_kept_as_it_is_and_shown(made: tuple[dict[str, Any], dict[str, Any]]) -> None:
    schema, data = made
    assert list(problems_of(schema, "test")) == []
    assert validate(schema, data) == data
    assert validate(schema, json.loads(json.dumps(data))) == data
    assert len(display(schema, data)) == len(data)


@given(a_form())
def test_what_the_renderer_draws_comes_back_as_it_was(made: tuple[dict[str, Any], dict[str, Any]]) -> None:
    from django.http import QueryDict

    schema, data = made
    kind = django_form(schema, data)
    query = QueryDict(mutable=True)
    for name, values in posted(kind()).items():
        query.setlist(name, values)
    form = kind(query)
    assert form.is_valid(), form.errors
    assert form.given == data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(a_form(), st.data())
def test_any_answers_are_taken_or_refused_and_taken_ones_stay_taken(
    made: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    schema, _good = made
    names = st.sampled_from([*schema["properties"], "other"])
    answers = data.draw(st.dictionaries(names, json_values, max_size=4))
    try:
        kept = validate(schema, answers)
    except Faulty as told:
        refused = set(told.faults)
    else:
        refused = set()
        assert validate(schema, kept) == kept
        json.dumps(kept, allow_nan=False)
    assert refused <= {*schema["properties"], "other"}


def test_texts_become_answers_of_their_types() -> None:
    texts = {
        "name": ["路灯"],
        "count": ["１２"],
        "height": ["1.5"],
        "signs": ["smoke"],
        "level": ["2"],
        "dangerous": ["true"],
        "since": [""],
        "angle": ["steep"],
        "other": ["x"],
    }
    assert from_texts(LAMP, texts) == {
        "name": "路灯",
        "count": 12,
        "height": 1.5,
        "signs": ["smoke"],
        "level": 2,
        "dangerous": True,
        "since": None,
        "angle": "steep",
        "other": ["x"],
    }


def test_the_schema_for_outside_is_plain_json() -> None:
    assert json.loads(json.dumps(plain(LAMP)))["properties"]["fault"] == {
        "type": "string",
        "title": "kind",
        "enum": ["dark", "leaning"],
    }
