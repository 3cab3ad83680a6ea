"""The forms of upkeep's registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import UploadField
from zhen.kernel.identity.api import Unit, User, open_units
from zhen.kernel.lib import clock
from zhen.packs.upkeep.actions import Discovery
from zhen.packs.upkeep.models import Premises, Structure


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PremisesForm(forms.ModelForm):  # type: ignore[type-arg]
    since = Day(label=_("since"))

    class Meta:
        model = Premises
        fields = ("kind", "name", "address", "lon", "lat", "unit", "steward", "since")

    def __init__(self, data: Any, premises: Premises | None = None) -> None:
        super().__init__(data, instance=premises, initial=None if premises else {"since": clock.today()})
        units, stewards = self.fields["unit"], self.fields["steward"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(stewards, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())
        stewards.queryset = User.objects.filter(is_active=True, is_machine=False).order_by("name_key", "pk")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lon") is None) != (given.get("lat") is None):
            self.add_error("lat", _("Give both longitude and latitude, or neither."))
        return given


class CloseForm(forms.Form):
    on = Day(label=_("closed on"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"on": clock.today()})


class DiscoveryForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=Structure.Kind.choices, widget=forms.RadioSelect, initial="new")
    what = forms.CharField(label=_("what it is"), max_length=100)
    address = forms.CharField(label=_("address"), max_length=200)
    area_m2 = forms.FloatField(label=_("area (m²)"), min_value=0.1, max_value=999_999)
    lon = forms.FloatField(label=_("longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("latitude"), required=False, min_value=-90, max_value=90)
    unit = forms.ModelChoiceField(label=_("unit in charge"), queryset=Unit.objects.none())
    text = forms.CharField(
        label=_("description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, actor: Actor, data: Any, files: Any) -> None:
        super().__init__(data, files)
        self.fields["unit"].queryset = open_units(clock.today())  # type: ignore[attr-defined]
        self.fields = {"photos": UploadField(actor, label=_("photos"), most=6), **self.fields}

    def discovery(self) -> Discovery:
        given = self.cleaned_data
        return Discovery(
            kind=given["kind"], what=given["what"], address=given["address"], area_m2=given["area_m2"],
            unit_id=given["unit"].pk, text=given["text"],
            point=(given["lon"], given["lat"]) if given["lon"] is not None and given["lat"] is not None else None,
        )  # fmt: skip
