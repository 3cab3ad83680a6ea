"""Benches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.privacy import Basis, Forever, Privacy
from zhen.kernel.parties.api import Person
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
    giver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("given by"))

    access_rule: ClassVar = Rule(unit="unit_id", area="place_id")
    privacy: ClassVar = Privacy(
        purpose=_("Thanking whoever gave a bench"),
        basis=Basis.CONSENT,
        retention=Forever(source=_("the deed of gift")),
        persons=("giver_id",),
        internal=("name", "unit", "place", "state", "mended_on", "look_at_on", "times_seen"),
        personal=("giver",),
    )

    class Meta:
        verbose_name = _("bench")
        verbose_name_plural = _("benches")

    def __str__(self) -> str:
        return self.name
