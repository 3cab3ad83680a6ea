"""What devices announced by themselves: where they publish which metric."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.telemetry.models.devices import A_THING, Device


class Fault(models.TextChoices):
    """Why something that a device announced is not read."""

    COMPONENT = "component", _("neither a sensor nor a binary sensor")
    TOPIC = "topic", _("its topic is not one of the device's own")
    METRIC = "metric", _("no metric of the profile fits")
    KIND = "kind", _("it is so or not, the metric is a quantity")
    UNIT = "unit", _("its unit cannot be turned into the metric's")
    TEMPLATE = "template", _("its template does more than name a value and scale it")


class Announced(models.Model):
    """One thing that a device announced, and the source that came of it, or the fault.

    `name` is COMPONENT/OBJECT; announcing it again replaces it. `topic` stands after the device's code; a value there,
    at `path` of a JSON message, × `factor` + `offset` is the metric.
    """

    Fault = Fault

    device = models.ForeignKey(
        Device, models.CASCADE, related_name="announced", verbose_name=_("device"), db_index=False
    )
    name = models.CharField(_("object"), max_length=120)
    title = models.CharField(_("name"), max_length=100, blank=True)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    metric = models.CharField(_("metric"), max_length=40, blank=True)
    path = models.JSONField(_("where in the message"), default=list, blank=True)
    factor = models.FloatField(_("factor"), default=1.0)
    offset = models.FloatField(_("offset"), default=0.0)
    on = models.CharField(_("word for yes"), max_length=40, blank=True)
    off = models.CharField(_("word for no"), max_length=40, blank=True)
    fault = models.CharField(_("fault"), max_length=12, choices=Fault.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    at = models.DateTimeField(_("announced at"))

    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("announced source")
        verbose_name_plural = _("announced sources")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "name"], name="telemetry_announced_once"),
            models.CheckConstraint(condition=Q(fault="") ^ Q(metric=""), name="telemetry_announced_source_or_fault"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.name}"
