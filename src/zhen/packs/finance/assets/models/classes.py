"""Classes of assets with their shortest lives: rows that the town confirms and changes, never constants."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule


class AssetClass(models.Model):
    """A class of the classification of fixed assets (GB/T 14885), as it holds from a day on.

    `years` is the shortest life; without one nothing of the class is depreciated: relics on display, books and
    archives, animals and plants, land booked apart. `confirmed`: somebody has compared the row with its source.
    """

    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=60)
    years = models.PositiveSmallIntegerField(_("shortest life (years)"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    confirmed = models.BooleanField(_("compared with its source"), default=False)

    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        app_label = "finance"
        verbose_name = _("class of assets")
        verbose_name_plural = _("classes of assets")
        ordering: ClassVar = ["code", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="finance_class_once"),
            models.CheckConstraint(condition=Q(years__isnull=True) | Q(years__gt=0), name="finance_class_years"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="finance_class_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def classes_on(day: date) -> models.QuerySet[AssetClass]:
    return AssetClass.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
