"""Limits of alarm rules as dated rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.telemetry.models.devices import Device


class RuleParameter(models.Model):
    """One number of an alarm rule, from a moment on: for all devices of a profile, or for one device.

    The row with the latest `valid_from` that is not in the future holds; a device's own goes before its profile's.
    `parameter` is the number's name in the rule, see telemetry.parameters.
    """

    profile = models.CharField(_("device profile"), max_length=60)
    device = models.ForeignKey(
        Device, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only for the device")
    )
    rule = models.CharField(_("rule"), max_length=40)
    parameter = models.CharField(_("number"), max_length=60)
    value = models.FloatField(_("value"))
    valid_from = models.DateTimeField(_("from"))
    source = models.CharField(_("source"), max_length=300)
    approved_by = models.CharField(_("approved by"), max_length=100, blank=True)

    device_id: int | None
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = NotPersonal(because="It holds the town's limits; who approved them is named as an office")

    class Meta:
        verbose_name = _("number of an alarm rule")
        verbose_name_plural = _("numbers of alarm rules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["profile", "device", "rule", "parameter", "valid_from"],
                nulls_distinct=False,
                name="telemetry_parameter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.profile}/{self.rule}/{self.parameter} = {self.value}"
