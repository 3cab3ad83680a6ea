"""The form for a route."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Route
from zhen.kernel.cases.routing.values import Proposal
from zhen.kernel.cases.rulebook import holds, rulebook
from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.places.api import AREAS, versions_on

ALL = ""


def type_choices() -> list[tuple[str, Any]]:
    return [(type_.id, type_.name) for type_ in CASE_TYPES if type_.scheme]


def class_choices() -> list[tuple[int | str, Any]]:
    """The classes of today, each with those above it; a route for one holds for all below it."""
    book, today = rulebook(), clock.today()
    found: list[tuple[int | str, Any]] = [(ALL, _("all classes"))]
    for row in book.categories.values():
        if holds(row, today):
            names = [book.categories[one].name for one in reversed(book.lineage(row.pk)) if one is not None]
            found.append((row.pk, " › ".join(names)))
    return found


def area_choices() -> list[tuple[int | str, Any]]:
    rows = versions_on(clock.today(), *AREAS).order_by("place__code").values_list("place_id", "name")
    return [(ALL, _("the whole town")), *rows]


def unit_choices() -> list[tuple[int, str]]:
    return list(open_units(clock.today()).order_by("order", "pk").values_list("pk", "name"))


class RouteForm(forms.Form):
    case_type = forms.ChoiceField(label=_("kind of case"), choices=type_choices)
    category = forms.TypedChoiceField(
        label=_("class"), coerce=int, empty_value=None, required=False, choices=class_choices
    )
    area = forms.TypedChoiceField(label=_("area"), coerce=int, empty_value=None, required=False, choices=area_choices)
    hours = forms.ChoiceField(label=_("hours"), choices=Route.Hours.choices, initial=Route.Hours.ALWAYS)
    unit = forms.TypedChoiceField(label=_("unit"), coerce=int, choices=unit_choices)
    cooperating = forms.TypedMultipleChoiceField(
        label=_("co-handling units"), coerce=int, required=False, choices=unit_choices
    )
    valid_from = forms.DateField(label=_("from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    source = forms.CharField(
        label=_("source"), max_length=200, help_text=_("By whose decision: a document, a meeting, an agreement.")
    )

    def proposal(self) -> Proposal:
        given = self.cleaned_data
        return Proposal(
            case_type=given["case_type"],
            category_id=given["category"],
            area_id=given["area"],
            hours=given["hours"],
            unit_id=given["unit"],
            cooperating=tuple(sorted(set(given["cooperating"]) - {given["unit"]})),
            valid_from=given["valid_from"],
            source=given["source"].strip(),
        )
