"""The field with which devices are placed on a floor plan. `web` draws it; without scripts it works as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.telemetry.models import Device, FloorPlan
from zhen.kernel.telemetry.plans.actions import Spot

AXES = ("x", "y")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A device with the two numbers that its inputs hold, in per cent; empty where it is not on the plan."""

    device: Device
    x: str
    y: str
    name: str

    @property
    def on(self) -> bool:
        return bool(self.x and self.y)


class PinsInput(forms.Widget):
    """Two inputs a device: `<name>-<device>-x` and `-y`."""

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> dict[int, tuple[str, str]]:
        found: dict[int, tuple[str, str]] = {}
        for key in data or ():
            head, _stroke, axis = str(key).rpartition("-")
            number = head.removeprefix(f"{name}-")
            if axis == "x" and head != number and number.isascii() and number.isdigit() and len(number) < 10:
                found[int(number)] = (str(data[key]).strip(), str(data.get(f"{head}-y", "")).strip())
        return found

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return not any(str(key).startswith(f"{name}-") for key in data)


class PinsBoundField(forms.BoundField):
    field: PinsField

    @property
    def lines(self) -> Sequence[Line]:
        """What to draw: what was sent, though something in it was wrong."""
        given: Mapping[int, tuple[str, str]] = self.data if self.form.is_bound else self.field.standing()
        return [
            Line(device=row, x=x, y=y, name=f"{self.html_name}-{row.pk}")
            for row in self.field.devices
            for x, y in [given.get(row.pk, ("", ""))]
        ]


class PinsField(forms.Field):
    """Where devices are on a plan; its cleaned value goes by the number of the device, in parts of the picture."""

    widget = PinsInput
    pins = True

    def __init__(self, actor: Actor, plan: FloorPlan, devices: Sequence[Device], **options: Any) -> None:
        self.plan, self.devices = plan, devices
        self.image = files.url(actor, plan.image, side=files.LARGE)
        super().__init__(required=False, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> PinsBoundField:
        return PinsBoundField(form, self, field_name)

    def standing(self) -> dict[int, tuple[str, str]]:
        return {
            row.pk: (f"{100 * row.pin.x:.1f}", f"{100 * row.pin.y:.1f}") for row in self.devices if hasattr(row, "pin")
        }

    def clean(self, value: Mapping[int, tuple[str, str]]) -> dict[int, Spot]:
        known = {row.pk: row for row in self.devices}
        spots, faults = {}, []
        for key, texts in (value or {}).items():
            if not any(texts):
                continue
            if key not in known:
                faults.append(_("A device is not in this place any more. Look at the list again."))
                continue
            try:
                x, y = (float(text) for text in texts)
            except ValueError:
                x = y = -1
            if not (0 <= x <= 100 and 0 <= y <= 100):
                said = _("%(device)s: “%(x)s” and “%(y)s” are no place on the picture. Give two numbers from 0 to 100.")
                faults.append(said % {"device": known[key].name, "x": texts[0], "y": texts[1]})
            else:
                spots[key] = (x / 100, y / 100)
        if faults:
            raise ValidationError(faults)
        return spots
