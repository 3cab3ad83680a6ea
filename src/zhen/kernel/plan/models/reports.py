"""Reports: the plan's state on a day, frozen with its evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.plan.models.documents import Document, DocumentVersion


class Report(models.Model):
    """What stood on a day. Neither it nor its lines and rows ever change (held by triggers).

    `sha256` is taken over all lines and rows, so that a copy can be held against the original.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="reports")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    as_of = models.DateField(_("as of"))
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by_id = models.BigIntegerField(null=True)
    frozen_by_name = models.CharField(_("frozen by"), max_length=200)
    sha256 = models.CharField(max_length=64)

    access_rule: ClassVar = Rule(public=models.Q(document__published_at__isnull=False))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.title


class ReportLine(models.Model):
    """One promise as it stood: the sentence, the owners, the value, the formula that gave it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    promise_id = models.BigIntegerField()
    chapter = models.CharField(max_length=300, blank=True)
    section = models.CharField(max_length=300, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    owners = models.JSONField(default=list)
    due_on = models.DateField()
    standing = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    promised = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    unit = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=120, blank=True)
    source_version = models.PositiveSmallIntegerField(null=True)
    formula = models.TextField(blank=True)

    access_rule: ClassVar = Rule(public=models.Q(report__document__published_at__isnull=False))

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of reports")
        ordering: ClassVar = ["report", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "order"], name="plan_report_line_order")]

    def __str__(self) -> str:
        return self.text


class ReportRow(models.Model):
    """One record that was counted: where it is, and what it was called on that day."""

    class Part(models.TextChoices):
        NUMERATOR = "numerator", _("numerator")
        DENOMINATOR = "denominator", _("denominator")

    line = models.ForeignKey(ReportLine, models.PROTECT, related_name="rows")
    part = models.CharField(max_length=12, choices=Part.choices)
    model = models.CharField(max_length=100)
    row_id = models.CharField(max_length=64)
    label = models.CharField(max_length=300)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    url = models.CharField(max_length=300, blank=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("counted record")
        verbose_name_plural = _("counted records")
        indexes: ClassVar = [models.Index(fields=["line", "id"], name="plan_report_row_line")]

    def __str__(self) -> str:
        return self.label
