"""How the devices of each place stand, counted once a minute."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.models.devices import A_THING


class Standing(models.Model):
    """How many devices of a profile a unit has in service at a place, and how they stand.

    Every device in service counts once: `heard` within its time, `silent` for longer, or `never` heard. `alarming`
    are those of them with an alarm that goes on. Made by `standing.counting`, never by hand.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("place"))
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("unit in charge"))
    profile = models.CharField(_("device profile"), max_length=60)
    devices = models.IntegerField(_("devices"))
    heard = models.IntegerField(_("heard"))
    silent = models.IntegerField(_("silent"))
    never = models.IntegerField(_("never heard"))
    alarming = models.IntegerField(_("in alarm"))
    changed_at = models.DateTimeField(_("as it stands since"))

    place_id: int
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("standing of devices")
        verbose_name_plural = _("standings of devices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "unit", "profile"], name="telemetry_standing_one"),
            models.CheckConstraint(
                condition=Q(devices=F("heard") + F("silent") + F("never"), devices__gt=0, alarming__lte=F("devices")),
                name="telemetry_standing_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}/{self.profile} {self.heard}/{self.devices}"
