"""The forms for a device."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.places.api import by_code
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.models import Device


def profile_choices() -> list[tuple[str, Any]]:
    return [(profile.code, profile.name) for profile in PROFILES]


def unit_choices() -> list[tuple[int, str]]:
    return list(open_units(clock.today()).order_by("order", "pk").values_list("pk", "name"))


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DeviceForm(forms.Form):
    code = forms.CharField(
        label=_("code"),
        max_length=64,
        help_text=_("Letters, digits, strokes and underlines. The device signs in with it, and it stays for ever."),
    )
    name = forms.CharField(label=_("name"), max_length=100)
    profile = forms.ChoiceField(label=_("device profile"), choices=profile_choices)
    place = forms.CharField(
        label=_("code of the place"), max_length=40, help_text=_("Of a building, a floor, a room or a site.")
    )
    spot = forms.CharField(
        label=_("where exactly"), max_length=100, required=False, help_text=_("Such as: 3rd floor, kitchen.")
    )
    unit = forms.TypedChoiceField(label=_("unit in charge"), coerce=int, choices=unit_choices)
    gateway = forms.CharField(
        label=_("behind the gateway"),
        max_length=64,
        required=False,
        help_text=_("The code of the device that speaks for it; empty where it speaks for itself."),
    )
    maintenance = forms.CharField(label=_("maintenance contract"), max_length=200, required=False)
    maintained_until = forms.DateField(label=_("maintained until"), required=False, widget=_day())
    installed_on = forms.DateField(label=_("installed on"), required=False, widget=_day())
    end_of_life = forms.DateField(label=_("to be replaced by"), required=False, widget=_day())
    messages_per_minute = forms.IntegerField(
        label=_("messages per minute at most"), min_value=1, max_value=60_000, initial=600
    )

    @classmethod
    def of(cls, row: Device, data: Any) -> DeviceForm:
        names = ("code", "name", "profile", "spot", "maintenance", "maintained_until", "installed_on", "end_of_life")
        initial = {name: getattr(row, name) for name in (*names, "messages_per_minute")}
        initial |= {
            "place": row.place.code,
            "unit": row.unit_id,
            "gateway": row.gateway.code if row.gateway else "",
        }
        return cls(data, initial=initial)

    def device(self) -> NewDevice:
        """What was filled in. Raises Refused where there is no such place."""
        given = dict(self.cleaned_data)
        code, unit = given.pop("place"), given.pop("unit")
        place = by_code([code]).get(code)
        if place is None:
            raise Refused(
                field=_("code of the place"),
                value=code,
                reason=_("there is no such place"),
                remedy=_("Look it up among the buildings and sites"),
            )
        return NewDevice(**given, place_id=place.pk, unit_id=unit)


class RetireForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=200)


class OrderForm(forms.Form):
    """What devices of this kind can be told."""

    command = forms.ChoiceField(label=_("command"), widget=forms.RadioSelect)

    def __init__(self, device: Device, data: Any) -> None:
        super().__init__(data)
        kind = device.kind
        choices = [(one.code, one.name) for one in kind.commands] if kind else []
        cast("forms.ChoiceField", self.fields["command"]).choices = choices


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV or XLSX, at most 5 MB, with the columns 设备编码, 设备名称, 设备类型, 地点编码, 单位编码, and where "
            "there are any 安装位置, 网关编码, 维保合同, 维保到期, 安装日期, 到期更换."
        ),
    )
