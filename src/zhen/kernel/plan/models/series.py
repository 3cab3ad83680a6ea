"""Imported series: figures that are made elsewhere (tax, census), with source and sign-off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.places.api import Place


class Series(models.Model):
    """A figure over time from a named source."""

    class Kind(models.TextChoices):
        FLOW = "flow", _("adds up over time")
        STOCK = "stock", _("state at a day")
        RATE = "rate", _("rate")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=300, blank=True, editable=False, db_collation="C")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=30)
    source = models.CharField(_("source"), max_length=300)
    created_at = models.DateTimeField(_("created at"))
    created_by_name = models.CharField(_("created by"), max_length=200)

    access_rule: ClassVar = Rule(public=models.Q())

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.name


class SeriesImport(models.Model):
    """One file of points. They count once another person than the importer has signed it off."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for sign-off")
        SIGNED = "signed", _("signed off")
        REFUSED = "refused", _("refused")

    series = models.ForeignKey(Series, models.PROTECT, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by_id = models.BigIntegerField(null=True)
    imported_by_name = models.CharField(_("imported by"), max_length=200)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(_("signed off by"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("import of a series")
        verbose_name_plural = _("imports of series")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "sha256"], name="plan_series_import_once"),
            models.CheckConstraint(
                condition=~models.Q(state="signed")
                | (models.Q(decided_by_id__isnull=False) & ~models.Q(decided_by_id=models.F("imported_by_id"))),
                name="plan_series_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.file_name}"


class SeriesPoint(models.Model):
    """One value, for the days from `start` to `end` (exclusive), for the whole town or one area."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="points")
    source_import = models.ForeignKey(SeriesImport, models.CASCADE, related_name="points")
    row = models.PositiveIntegerField(_("row of the file"))
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))
    area = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)

    access_rule: ClassVar = Rule(public=models.Q(source_import__state="signed"))

    class Meta:
        verbose_name = _("point of a series")
        verbose_name_plural = _("points of series")
        ordering: ClassVar = ["start", "end"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_import", "start", "end", "area"], name="plan_point_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="plan_point_period"),
        ]
        indexes: ClassVar = [models.Index(fields=["series", "start"], name="plan_point_start")]

    def __str__(self) -> str:
        return f"{self.start} {self.value}"
