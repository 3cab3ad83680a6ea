"""The forms of parties. They ask; the rules and actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.parties.models import ContactPoint, DataRequest, Organisation, Person
from zhen.kernel.places.api import Place


def areas() -> Any:
    """The areas that can look after somebody."""
    return Place.objects.filter(kind__in=(Place.Kind.NEIGHBOURHOOD, Place.Kind.CELL)).order_by("code")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    document = forms.ChoiceField(
        label=_("Kind of document"), choices=[("", "—"), *Person.Document.choices], required=False
    )
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        required=False,
        help_text=_("Sealed in the database; only shown for a stated purpose"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False)
    born_on = forms.DateField(label=_("Born on"), required=False, widget=DateInput())
    area = forms.ModelChoiceField(label=_("Area"), queryset=Place.objects.none(), required=False)
    note = forms.CharField(label=_("How the town knows the person"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas()  # type: ignore[attr-defined]  # a ModelChoiceField


class PersonChangeForm(PersonForm):
    """Without the number: it is changed only by giving a new one, never shown here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"].help_text = _("Leave empty to keep the number that is on record")


class EndForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=DateInput())
    ending = forms.ChoiceField(
        label=_("Reason"),
        choices=[choice for choice in Person.Ending.choices if choice[0] != Person.Ending.MERGED],
    )


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class MergeForm(forms.Form):
    double = forms.UUIDField(label=_("Id of the double"), help_text=_("The last part of the address of its page"))


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        help_text=_("What the data is needed for. The person can read it. Do not write names or numbers"),
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    code = forms.CharField(label=_("Unified social credit code"), max_length=30, required=False)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Place.objects.none(), required=False)
    founded_on = forms.DateField(label=_("Founded on"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas()  # type: ignore[attr-defined]  # a ModelChoiceField


class AskForm(forms.Form):
    kind = forms.ChoiceField(label=_("What do you ask for?"), choices=DataRequest.Kind.choices)
    text = forms.CharField(label=_("In your own words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[choice for choice in DataRequest.Outcome.choices if choice[0] != DataRequest.Outcome.OPEN],
    )
    answer = forms.CharField(
        label=_("Answer and reasons"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads this. A refusal needs its reasons (PIPL, article 50)"),
    )


class HoldForm(forms.Form):
    reason = forms.CharField(label=_("Reason and legal ground"), max_length=200)
    approved_by = forms.CharField(label=_("Approved by (office and document)"), max_length=200)
    valid_to = forms.DateField(label=_("Until"), required=False, widget=DateInput())
