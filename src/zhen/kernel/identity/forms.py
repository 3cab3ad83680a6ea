"""Forms of the pages of identity. They ask; the actions decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.queries import open_units
from zhen.kernel.lib import clock
from zhen.kernel.places.api import AREAS, Place


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("One sentence; it stays in the journal."))


class UnitForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=100)
    under = forms.ModelChoiceField(label=_("superior unit"), queryset=Unit.objects.none(), required=False)
    since = forms.DateField(label=_("from"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _open_units(self, "under")
        self.fields["since"].initial = clock.today()


class EditUnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    order = forms.IntegerField(label=_("order"), min_value=0, max_value=32767)


class MoveUnitForm(forms.Form):
    under = forms.ModelChoiceField(label=_("superior unit"), queryset=Unit.objects.none(), required=False)
    since = forms.DateField(label=_("from"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _open_units(self, "under")
        self.fields["since"].initial = clock.today()


class CloseUnitForm(forms.Form):
    on = forms.DateField(label=_("closed on"), widget=DayInput, help_text=_("The first day on which it is gone."))


class PostForm(forms.Form):
    role = forms.ChoiceField(label=_("role"))
    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none())
    area = forms.ModelChoiceField(
        label=_("area"),
        queryset=Place.objects.none(),
        required=False,
        help_text=_("For roles that work in an area, such as a neighbourhood or a grid cell."),
    )
    valid_from = forms.DateField(label=_("from"), widget=DayInput)
    valid_to = forms.DateField(
        label=_("to"), widget=DayInput, required=False, help_text=_("The first day without the post.")
    )
    despite = forms.CharField(
        label=_("why in spite of incompatible duties"),
        max_length=300,
        required=False,
        help_text=_("Only where a post does not go with another of the same person and there is nobody else."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, area = self.fields["role"], self.fields["area"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(area, forms.ModelChoiceField)
        role.choices = [(each.id, each.name) for each in ROLES]
        area.queryset = Place.objects.filter(kind__in=AREAS).order_by("code")
        _open_units(self, "unit")
        self.fields["valid_from"].initial = clock.today()


class EndPostForm(ReasonForm):
    on = forms.DateField(label=_("to"), widget=DayInput, help_text=_("The first day without the post."))
    field_order = ("on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class DeputyForm(forms.Form):
    user = forms.ModelChoiceField(label=_("deputy"), queryset=User.objects.none())
    valid_from = forms.DateField(label=_("from"), widget=DayInput)
    valid_to = forms.DateField(label=_("to"), widget=DayInput, help_text=_("The first day without the deputy."))
    despite = forms.CharField(
        label=_("why in spite of incompatible duties"),
        max_length=300,
        required=False,
        help_text=_("Only for the security administrator, where there is nobody else."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _active_people(self, "user")
        today = clock.today()
        self.fields["valid_from"].initial = today
        self.fields["valid_to"].initial = today + timedelta(days=14)


class HandOverForm(forms.Form):
    successor = forms.ModelChoiceField(label=_("successor"), queryset=User.objects.none())
    on = forms.DateField(label=_("from"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _active_people(self, "successor")
        self.fields["on"].initial = clock.today()


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("e-mail"), required=False)
    phone = forms.CharField(label=_("phone"), max_length=40, required=False)


def _open_units(form: forms.Form, name: str, day: date | None = None) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = open_units(day or clock.today()).order_by("order", "name_key")


def _active_people(form: forms.Form, name: str) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = User.objects.filter(is_active=True, is_machine=False).order_by("name_key")
