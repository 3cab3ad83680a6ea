"""Measurements: what a target's indicator gave, each time it was asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.plan.models.promises import Target


class Measurement(models.Model):
    """One reading of a target as of a day. `value` is in the target's unit; without one, `reason` says why.

    `start` and `end` are what the value covers: figures from elsewhere may end long before the day.

    The pages read the newest measurement, so that a plan of any size needs a fixed number of queries;
    the counted rows themselves are asked for when somebody opens them, and kept by reports.
    """

    class Reason(models.TextChoices):
        """Why there is no value."""

        NONE = "", _("measured")
        UNBOUND = "unbound", _("no indicator is bound to it yet")
        NO_NUMBER = "no_number", _("it names no number to compare with")
        NO_DATA = "no_data", _("there is no record in the period yet")
        NO_BASE = "no_base", _("the period to compare with has no figures")
        UNIT = "unit", _("the unit of the indicator is not the unit of the target")
        UNKNOWN = "unknown", _("its indicator is not installed")

    target = models.ForeignKey(Target, models.CASCADE, related_name="measurements")
    at = models.DateTimeField(_("measured at"))
    on = models.DateField(_("as of"))
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField(_("numerator"), max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField(_("denominator"), max_digits=20, decimal_places=6, null=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_version = models.PositiveSmallIntegerField(null=True)

    access_rule: ClassVar = Rule(
        unit="target__lead_unit_id", public=models.Q(target__document__published_at__isnull=False)
    )

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(value__isnull=False) & models.Q(reason=""))
                | (models.Q(value__isnull=True) & ~models.Q(reason="")),
                name="plan_measurement_value_or_reason",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["target", "-on", "-id"], name="plan_measurement_newest")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.value}"
