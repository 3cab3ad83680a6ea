"""Pictures of floors, and where on them devices are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.models.devices import A_THING, Device


class FloorPlan(models.Model):
    """A picture of a floor of a place: of a building, or of a floor that is a place itself.

    `order` counts floors from below. `revision` grows with every change, so that two people who place devices at once
    cannot undo each other's work unseen.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    name = models.CharField(_("floor"), max_length=40)
    order = models.SmallIntegerField(_("order, from below"), default=0)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    image = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name=_("picture"))
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(_("entered at"))

    id: int
    place_id: int
    unit_id: int
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "name"], name="telemetry_floorplan_once"),
            models.CheckConstraint(condition=~Q(name=""), name="telemetry_floorplan_named"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanPin(models.Model):
    """Where a device is on a floor plan: `x` from the left and `y` from the top, as parts of the picture.

    A device hangs in one place, so it has one pin.
    """

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="pin", verbose_name=_("device")
    )
    plan = models.ForeignKey(FloorPlan, models.CASCADE, related_name="pins", verbose_name=_("floor plan"))
    x = models.FloatField(_("from the left"))
    y = models.FloatField(_("from the top"))

    device_id: int
    plan_id: int
    access_rule: ClassVar = Rule(area="plan__place_id", unit="plan__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("pin on a floor plan")
        verbose_name_plural = _("pins on floor plans")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1), name="telemetry_planpin_on_it")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.x:.3f} {self.y:.3f}"
