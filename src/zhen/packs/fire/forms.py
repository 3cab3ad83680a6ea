"""The forms of fire files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.files.api import DOCUMENTS, IMAGES, UploadField
from zhen.kernel.identity.api import User, open_units
from zhen.kernel.lib import clock
from zhen.kernel.places.api import AREAS, Kind, Place
from zhen.packs.fire.case_types import HAZARD
from zhen.packs.fire.models import Drill, Equipment, FireFile, Upkeep


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FileForm(forms.ModelForm):  # type: ignore[type-arg]
    contract_until = Day(label=_("contract until"), required=False)

    class Meta:
        model = FireFile
        fields = (
            "category",
            "building_class",
            "storeys",
            "height_m",
            "area_m2",
            "unit",
            "keeper",
            "duty_room",
            "duty_phone",
            "contractor",
            "contract_until",
        )

    def __init__(self, data: Any, file: FireFile | None = None) -> None:
        super().__init__(data, instance=file)
        units, keepers = self.fields["unit"], self.fields["keeper"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(keepers, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())
        keepers.queryset = User.objects.filter(is_active=True, is_machine=False).order_by("name_key", "pk")


class NewFileForm(FileForm):
    place = forms.ModelChoiceField(
        label=_("place"), queryset=Place.objects.none(), to_field_name="code", widget=forms.TextInput,
        help_text=_("The code of the building, park or site."),
    )  # fmt: skip
    field_order = ("place",)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        places = self.fields["place"]
        assert isinstance(places, forms.ModelChoiceField)
        places.queryset = Place.objects.exclude(kind__in=(*AREAS, Kind.STREET, Kind.FLOOR, Kind.ROOM))


class EquipmentForm(forms.ModelForm):  # type: ignore[type-arg]
    check_due_on = Day(label=_("to be checked by"), required=False)
    replace_by = Day(label=_("to be replaced by"), required=False)

    class Meta:
        model = Equipment
        fields = ("kind", "count", "spot", "check_due_on", "replace_by")


class CheckForm(forms.Form):
    next_on = Day(label=_("to be checked again by"))


class UpkeepForm(forms.ModelForm):  # type: ignore[type-arg]
    due_on = Day(label=_("due on"))

    class Meta:
        model = Upkeep
        fields = ("what", "due_on", "every_months")


class DoneForm(forms.Form):
    done_on = Day(label=_("done on"))
    found = forms.CharField(
        label=_("what was found"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data, initial={"done_on": today})


class DrillForm(forms.ModelForm):  # type: ignore[type-arg]
    held_on = Day(label=_("held on"))

    class Meta:
        model = Drill
        fields = ("kind", "held_on", "people", "minutes", "found")


class PaperForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=100)
    valid_until = Day(label=_("valid until"), required=False)

    def __init__(self, data: Any, files: Any, actor: Actor) -> None:
        super().__init__(data, files)
        self.fields["document"] = UploadField(actor, kinds=DOCUMENTS | IMAGES, most=1, label=_("file"))


class HazardForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of hazard"))
    title = forms.CharField(label=_("title"), max_length=200)
    text = forms.CharField(
        label=_("description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = CASE_TYPES[HAZARD].form["properties"]["kind"]["enum"]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, kind) for kind in kinds]
