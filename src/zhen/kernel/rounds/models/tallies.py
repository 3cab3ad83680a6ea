"""What the database counts of a round while its visits change, so that no page counts all of them (ADR 0088)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.models.campaigns import Round


class Tally(models.Model):
    """So much more, or less, of a round: its numbers are the sums of its rows. Written by triggers of visits alone.

    Rows of the part AREA count the visits of the round by area; those of the part DAY count by the day that a visit is
    planned for and the last day that it may be made on. Rows are only added, so that nobody waits for anybody who
    records a visit; a job folds them each hour.
    """

    class Part(models.TextChoices):
        AREA = "area", pgettext_lazy("part of a tally", "by area")
        DAY = "day", pgettext_lazy("part of a tally", "by day")

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="tallies", verbose_name=pgettext_lazy("of a campaign", "round")
    )
    part = models.CharField(_("counted by"), max_length=4, choices=Part.choices)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    due_on = models.DateField(_("last day"), null=True, blank=True)
    visits = models.IntegerField(_("visits"), default=0)
    done = models.IntegerField(_("done"), default=0)
    seen = models.IntegerField(pgettext_lazy("outcome of a visit", "seen"), default=0)
    nobody = models.IntegerField(pgettext_lazy("outcome of a visit", "nobody there"), default=0)
    refused = models.IntegerField(pgettext_lazy("outcome of a visit", "refused"), default=0)
    gone = models.IntegerField(pgettext_lazy("outcome of a visit", "no longer there"), default=0)
    planned = models.IntegerField(_("still planned"), default=0)
    due = models.IntegerField(_("still planned, with re-checks"), default=0)
    with_findings = models.IntegerField(_("with findings"), default=0)

    round_id: int
    area_id: int | None
    access_rule: ClassVar = Rule(area="round__campaign__area_id", unit="round__campaign__unit_id")
    privacy: ClassVar = NotPersonal(because="It counts")

    class Meta:
        verbose_name = _("tally of a round")
        verbose_name_plural = _("tallies of rounds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(part="area", planned_on__isnull=True, due_on__isnull=True)
                | Q(part="day", area__isnull=True, planned_on__isnull=False, due_on__isnull=False),
                name="rounds_tally_part",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["round", "part"], name="rounds_tally_round")]

    def __str__(self) -> str:
        return f"{self.round} {self.part}"
