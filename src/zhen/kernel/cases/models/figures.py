"""What the figures are made of: each thing that counted once, and sums of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.cases import Case
from zhen.kernel.lib.privacy import NotPersonal

COUNTED = NotPersonal(
    because="It counts cases by day, class, place and unit; who reported or handled them is not in it"
)


class Tally(models.Model):
    """One thing that counted once: a case was received, closed as solved, due and late, …

    Derived from one journal event (`event`); a figure is a number of these rows, and its evidence is the rows
    themselves. `day` is the day on which it counts: of the event, or for deadlines the day on which it was due.
    An end that was not one, because the case was opened again, is UNDONE from then on: it was closed, and not solved.
    `unit`, `area` and `source` stand as they were at the event, so that a failure stays with the unit that had it;
    `category` is the case's class as last corrected. 0 is none. `minutes` is set at the end of a case only.
    """

    class What(models.IntegerChoices):
        RECEIVED = 1, _("received")
        REGISTERED = 2, _("registered")
        DISPATCHED = 3, _("dispatched")
        RETURNED = 4, _("returned")
        REWORKED = 5, _("reworked")
        SELF_HANDLED = 6, _("handled on the spot")
        REOPENED = 7, _("reopened")
        SOLVED = 8, _("closed as solved")
        EXPLAINED = 9, _("closed as explained")
        OTHER = 10, _("closed without counting")
        ON_TIME = 11, _("due, closed by the deadline")
        LATE = 12, _("due, not closed by the deadline")
        CONTACTED = 13, _("contacted in time")
        NOT_CONTACTED = 14, _("not contacted in time")
        RATED_1 = 15, _("rated 1")
        RATED_2 = 16, _("rated 2")
        RATED_3 = 17, _("rated 3")
        RATED_4 = 18, _("rated 4")
        RATED_5 = 19, _("rated 5")
        UNDONE = 20, _("closed, and opened again since")

    event = models.BigIntegerField(editable=False)
    case = models.ForeignKey(
        Case, models.CASCADE, related_name="+", verbose_name=_("case"), db_index=False, db_constraint=False
    )  # what is derived from the journal is not checked against the cases once more, millions of times in a rebuild
    what = models.PositiveSmallIntegerField(_("what"), choices=What.choices)
    day = models.DateField(_("day"))
    type = models.CharField(_("type"), max_length=60)
    unit = models.BigIntegerField(_("unit"), default=0)
    area = models.BigIntegerField(_("area"), default=0)
    category = models.BigIntegerField(_("class"), default=0)
    source = models.CharField(_("came by"), max_length=40, blank=True)
    h3_9 = models.BigIntegerField(default=0, editable=False)
    minutes = models.PositiveIntegerField(_("minutes from receipt to end"), default=0)

    case_id: int
    access_rule: ClassVar = Rule(area="area", unit="unit")
    privacy: ClassVar = COUNTED

    class Meta:
        verbose_name = _("counted thing")
        verbose_name_plural = _("counted things")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(what__gte=1, what__lte=20), name="cases_tally_what"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], name="cases_tally_case"),
            models.Index(fields=["what", "day", "id"], name="cases_tally_what_day"),
            models.Index(fields=["unit", "day"], name="cases_tally_unit"),
            models.Index(fields=["area", "day"], name="cases_tally_area"),
            models.Index(fields=["category", "day"], name="cases_tally_category"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.case_id}: {self.get_what_display()}"


class TallySum(models.Model):
    """Sums of tallies at one grain: only the dimensions that its grain names are kept apart, the others hold 0 or "".

    `start` is the day, or the first day of the month. `span_1` … `span_7` count the cases closed within the bounds
    of `figures.rules.SPANS`: medians are read from them.
    """

    class Grain(models.IntegerChoices):
        UNIT_DAY = 1, "unit, class by day"
        AREA_DAY = 2, "area by day"
        UNIT_MONTH = 3, "unit, class by month"
        AREA_MONTH = 4, "area, class by month"
        PLACE_MONTH = 5, "unit, area by month"
        SOURCE_MONTH = 6, "source, class by month"
        HEXAGON_MONTH = 7, "received by hexagon and month"
        AREA_ONLY_MONTH = 8, "area by month"
        SOURCE_DAY = 9, "source by day"

    grain = models.PositiveSmallIntegerField(choices=Grain.choices)
    start = models.DateField()
    type = models.CharField(max_length=60)
    unit = models.BigIntegerField(default=0)
    area = models.BigIntegerField(default=0)
    category = models.BigIntegerField(default=0)
    source = models.CharField(max_length=40, blank=True)
    h3_9 = models.BigIntegerField(default=0)
    received = models.IntegerField(default=0)
    registered = models.IntegerField(default=0)
    dispatched = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    reworked = models.IntegerField(default=0)
    self_handled = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    explained = models.IntegerField(default=0)
    other = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    contacted = models.IntegerField(default=0)
    not_contacted = models.IntegerField(default=0)
    rated_1 = models.IntegerField(default=0)
    rated_2 = models.IntegerField(default=0)
    rated_3 = models.IntegerField(default=0)
    rated_4 = models.IntegerField(default=0)
    rated_5 = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    minutes = models.BigIntegerField(default=0)
    span_1 = models.IntegerField(default=0)
    span_2 = models.IntegerField(default=0)
    span_3 = models.IntegerField(default=0)
    span_4 = models.IntegerField(default=0)
    span_5 = models.IntegerField(default=0)
    span_6 = models.IntegerField(default=0)
    span_7 = models.IntegerField(default=0)

    access_rule: ClassVar = Rule(area="area", unit="unit")
    privacy: ClassVar = COUNTED

    class Meta:
        verbose_name = _("sum of counted things")
        verbose_name_plural = _("sums of counted things")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grain", "start", "type", "unit", "area", "category", "source", "h3_9"],
                name="cases_tally_sum_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["grain", "unit", "start"], name="cases_sum_unit"),
            models.Index(fields=["grain", "area", "start"], name="cases_sum_area"),
            models.Index(fields=["grain", "category", "start"], name="cases_sum_category"),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.type}"
