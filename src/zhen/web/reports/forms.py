"""The forms of residents: report, follow, rate, reopen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, CaseType, Category, Rulebook, rulebook
from zhen.kernel.files.api import UploadField
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places
from zhen.web.reports.where import outside, point_of, said

GOOD = 4
LONGEST_SAYING = 2000


Choices = Sequence[tuple[Any, Any]]


def classes(type_: CaseType) -> Choices:
    """The classes that residents may choose, under the names of those above them."""
    return _classes(type_.id, rulebook(), clock.today(), translation.get_language())


@lru_cache(maxsize=8)
def _classes(type_id: str, book: Rulebook, day: date, language: str | None) -> Choices:
    type_ = CASE_TYPES[type_id]
    found: dict[str, list[tuple[int, str]]] = {}
    for row in book.categories.values():
        holds = row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        if row.scheme == type_.scheme and row.leaf and row.public and holds:
            above = book.categories.get(row.parent_id or 0)
            found.setdefault(name_of(above) if above else "", []).append((row.pk, name_of(row)))
    return [("", _("I do not know; the town decides")), *found.items()]


def name_of(category: Category) -> str:
    chinese = (translation.get_language() or "zh").startswith("zh")
    return category.name if chinese or not category.english else category.english


class ReportForm(forms.Form):
    """What a resident reports. `key` makes a doubled press of the button one report."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)
    title = forms.CharField(
        label=_("What is it?"), max_length=60, help_text=_("In a few words, such as: manhole cover missing.")
    )
    text = forms.CharField(
        label=_("More about it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    address = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=200,
        help_text=_("Street, lane and number, or the name of the place; or put the pin on the map."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lon = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    lat = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    neighbourhood = forms.ChoiceField(label=_("Neighbourhood"), required=False)
    category = forms.ChoiceField(label=_("What kind of thing?"), required=False)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("Only if you want to be called back. You may stay anonymous."),
    )

    def __init__(
        self, data: Any, files: Any, *, actor: Actor, type_: CaseType, neighbourhoods: Callable[[], Choices]
    ) -> None:
        super().__init__(data, files, initial={"key": str(uuid4())})
        self.fields["photos"] = UploadField(actor, label=_("Photos"), required=False, most=4)
        # asked for only where they are shown, or where something was chosen
        self.fields["category"].choices = lambda: classes(type_)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["neighbourhood"].choices = lambda: [  # type: ignore[attr-defined]
            ("", _("choose if the address is not found")),
            *neighbourhoods(),
        ]

    def clean(self) -> dict[str, Any]:
        """`point` is the pin, `here` what lies around it. One of pin and address is needed."""
        cleaned = super().clean() or {}
        given = [str(cleaned.get(name) or "") for name in ("lon", "lat")]
        point = point_of(*given)
        here = places.whereabouts(*point, clock.today()) if point else None
        if (any(given) and point is None) or (here is not None and not here.in_town):
            self.add_error("address", outside())
        elif point is None and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", _("Say where it is, or put the pin on the map."))
        if here is not None and not cleaned.get("address"):
            cleaned["address"] = said(here)[:200]
        return {**cleaned, "point": point, "here": here}


class SayForm(forms.Form):
    """What the reporter adds."""

    text = forms.CharField(label=_("Your words"), max_length=LONGEST_SAYING, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, files: Any, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.fields["photos"] = UploadField(actor, label=_("Photos"), required=False, most=4)


class TrackForm(forms.Form):
    number = forms.CharField(label=_("case number"), max_length=40)
    secret = forms.CharField(
        label=_("Secret"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It was shown when you sent your report."),
    )


class RateForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How was it done?"),
        coerce=int,
        choices=[
            (5, _("very good")),
            (4, _("good")),
            (3, _("middling")),
            (2, _("not good")),
            (1, _("bad")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why?"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("rating") or GOOD) < GOOD and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", _("Please say what was not good, so that it can be mended."))
        return cleaned


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you take it back?"),
        required=False,
        max_length=300,
        help_text=_("What the town has begun stays on record; nothing more is done about it."),
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("What is not solved?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
