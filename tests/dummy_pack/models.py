"""Benches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.places.api import Place


class Bench(models.Model):
    """A bench, mended by a unit, standing somewhere."""

    class State(models.TextChoices):
        WHOLE = "whole", _("whole")
        BROKEN = "broken", _("broken")
        GONE = "gone", _("gone")

    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WHOLE)
    mended_on = models.DateField(_("mended on"), null=True)
    look_at_on = models.DateField(_("to be looked at on"), null=True)
    times_seen = models.PositiveIntegerField(default=0)

    access_rule: ClassVar = Rule(unit="unit_id", area="place_id")

    class Meta:
        verbose_name = _("bench")
        verbose_name_plural = _("benches")

    def __str__(self) -> str:
        return self.name
