"""What is left of a campaign that keeps only counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.models.campaigns import Campaign


class Count(models.Model):
    """How many gave an answer, in an area; of numbers, how many were given and their sum (`total`).

    Without an area: those of all areas that were too small to be counted alone.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="counts", verbose_name=pgettext_lazy("of inspections", "campaign")
    )
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    item = models.CharField(_("item"), max_length=40)
    text = models.CharField(_("what was asked"), max_length=200)
    answer = models.CharField(pgettext_lazy("on a checklist", "answer"), max_length=100, blank=True)
    number = models.PositiveIntegerField(_("how many"))
    total = models.FloatField(_("sum"), default=0)

    area_id: int | None
    access_rule: ClassVar = Rule(area="campaign__area_id", unit="campaign__unit_id")
    privacy: ClassVar = NotPersonal(because="It counts; an area with few households is counted with others")

    class Meta:
        verbose_name = _("count of answers")
        verbose_name_plural = _("counts of answers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "area", "item", "answer"], nulls_distinct=False, name="rounds_count_once"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="rounds_count_some"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.answer}: {self.number}"
