"""Documents: a plan as the town knows it, each text of it as it was issued, and the text's sections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule


class Document(models.Model):
    """A plan: yearly, for five years, special, or a report that promises things.

    `parent` is the plan that this one carries out (the five-year plan of a yearly one). The public
    reads a plan once `published_at` is set.
    """

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("yearly plan")
        FIVE_YEAR = "five_year", _("five-year plan")
        SPECIAL = "special", _("special plan")
        REPORT = "report", _("work report")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.YEARLY)
    title = models.CharField(_("title"), max_length=200)
    title_key = models.CharField(max_length=300, blank=True, editable=False, db_collation="C")
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=200, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(_("created by"), max_length=200)

    access_rule: ClassVar = Rule(public=models.Q(published_at__isnull=False))

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="plan_document_years"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}—{self.last_year}"


class DocumentVersion(models.Model):
    """A text of a plan, as it was read from a file. It never changes (held by a trigger).

    All offsets count characters of `text`, end exclusive. `blocks` says where each stretch of text stood
    in the file: [start, end, "page 3"].
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    blocks = models.JSONField(default=list)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    file_name = models.CharField(_("file"), max_length=255)
    media_type = models.CharField(_("media type"), max_length=100)
    note = models.CharField(_("note"), max_length=500, blank=True)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by_id = models.BigIntegerField(null=True)
    imported_by_name = models.CharField(_("imported by"), max_length=200)

    access_rule: ClassVar = Rule(public=models.Q(document__published_at__isnull=False))

    class Meta:
        verbose_name = _("text of a plan")
        verbose_name_plural = _("texts of plans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="plan_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.number}"


class Section(models.Model):
    """A numbered heading or a topic sentence, and the stretch of text that it heads.

    `level` 0 is a chapter of the plan; `end` is where the section's text ends.
    """

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    number = models.CharField(_("number"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=300)
    start = models.PositiveIntegerField()
    heading_end = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    access_rule: ClassVar = Rule(public=models.Q(version__document__published_at__isnull=False))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["version", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "order"], name="plan_section_order"),
            models.CheckConstraint(
                condition=models.Q(heading_end__gt=models.F("start"), end__gte=models.F("heading_end")),
                name="plan_section_span",
            ),
        ]

    def __str__(self) -> str:
        return self.title
