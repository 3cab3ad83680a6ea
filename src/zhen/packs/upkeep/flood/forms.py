"""The forms of typhoon and flood."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.identity.api import Unit, User, open_units, posts_on
from zhen.kernel.lib import clock
from zhen.packs.upkeep.flood.models import Alert, Duty, Level, Response, Shelter, Supply

USUAL = (("", _("the usual one of the level")), *Response.choices)


class Moment(forms.DateTimeField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


def staff() -> Any:
    """Who holds a post today."""
    posted = posts_on(clock.today()).values("user")
    return User.objects.filter(is_active=True, is_machine=False, pk__in=posted).order_by("name_key", "pk")


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(label=_("level"), choices=Level.choices, coerce=int)
    response = forms.TypedChoiceField(label=_("response"), choices=USUAL, coerce=int, required=False, empty_value=None)
    source = forms.CharField(
        label=_("by whose order"), max_length=200, help_text=_("Office and number of the order, or time of the call.")
    )


class DeclareForm(LevelForm):
    kind = forms.ChoiceField(label=_("kind"), choices=Alert.Kind.choices)
    title = forms.CharField(label=_("title"), max_length=100, help_text=_("Such as: 台风“贝碧嘉”."))
    unit = forms.ModelChoiceField(label=_("unit in charge"), queryset=Unit.objects.none())
    field_order = ("kind", "title", "unit", "level", "response", "source")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = open_units(clock.today())  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    source = forms.CharField(label=_("by whose order"), max_length=200)


class DutyForm(forms.Form):
    user = forms.ModelChoiceField(label=_("who"), queryset=User.objects.none())
    task = forms.ChoiceField(label=_("task"), choices=Duty.Task.choices)
    from_at = Moment(label=_("from"))
    to_at = Moment(label=_("to"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["user"].queryset = staff()  # type: ignore[attr-defined]


class SupplyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Supply
        fields = ("name", "measure", "stock", "wanted", "store", "unit", "keeper")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _narrow(self)


class ShelterForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Shelter
        fields = ("name", "address", "capacity", "unit", "keeper", "lon", "lat")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _narrow(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lon") is None) != (given.get("lat") is None):
            self.add_error("lat", _("Give both longitude and latitude, or neither."))
        return given


def _narrow(form: forms.ModelForm) -> None:  # type: ignore[type-arg]
    units, keepers = form.fields["unit"], form.fields["keeper"]
    assert isinstance(units, forms.ModelChoiceField)
    assert isinstance(keepers, forms.ModelChoiceField)
    units.queryset = open_units(clock.today())
    keepers.queryset = staff()


class StockForm(forms.Form):
    stock = forms.IntegerField(label=_("stock"), min_value=0, max_value=10_000_000)
    reason = forms.CharField(
        label=_("reason"), max_length=200, help_text=_("Counted, bought, or issued to whom and for what.")
    )

    def __init__(self, data: Any, supply: Supply) -> None:
        super().__init__(data, initial={"stock": supply.stock})


class PeopleForm(forms.Form):
    is_open = forms.BooleanField(label=pgettext_lazy("of a shelter", "it is open"), required=False)
    people = forms.IntegerField(label=_("people in it"), min_value=0, initial=0, help_text=_("How many, and no names."))

    def __init__(self, data: Any, shelter: Shelter) -> None:
        super().__init__(data, initial={"is_open": True, "people": shelter.people})
