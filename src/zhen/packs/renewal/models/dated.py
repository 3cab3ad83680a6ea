"""What the law and the town set: thresholds of consent, warranties, reasons of delay. Rows with a source and a day."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.renewal.kinds import Kind, Matter
from zhen.packs.renewal.rules import Terms


class Dated(models.Model):
    """A rule holds from a day, until another follows. Nothing that holds is rewritten: what was decided by it stays."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = NotPersonal(because="It is a rule")

    class Meta:
        abstract = True


class ConsentRule(Dated):
    """How many owners must take part and agree, by number and by area, and how long the result is made public."""

    matter = models.CharField(_("matter"), max_length=10, choices=[(one.value, one.label) for one in Matter][1:])
    part_of = models.PositiveSmallIntegerField(_("take part: numerator"))
    part_in = models.PositiveSmallIntegerField(_("take part: denominator"))
    agree_of = models.PositiveSmallIntegerField(_("agree: numerator"))
    agree_in = models.PositiveSmallIntegerField(_("agree: denominator"))
    more_than = models.BooleanField(_("more than this part, not just this part"), default=False)
    of_all = models.BooleanField(_("of all owners, not of those who take part"), default=False)
    publicity_days = models.PositiveSmallIntegerField(_("days of publicity"))

    class Meta:
        verbose_name = _("rule of consent")
        verbose_name_plural = _("rules of consent")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "valid_from"], name="renewal_consentrule_once"),
            models.CheckConstraint(
                condition=Q(part_of__gte=1, part_of__lte=F("part_in"), agree_of__gte=1, agree_of__lte=F("agree_in")),
                name="renewal_consentrule_parts",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="renewal_consentrule_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_matter_display()} {self.valid_from}"

    @property
    def terms(self) -> Terms:
        return Terms(
            part=(self.part_of, self.part_in),
            agree=(self.agree_of, self.agree_in),
            more_than=self.more_than,
            of_all=self.of_all,
        )


class WarrantyTerm(Dated):
    """How long whoever built it answers for defects, by the kind of works."""

    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    months = models.PositiveSmallIntegerField(_("months"))

    class Meta:
        verbose_name = _("warranty")
        verbose_name_plural = _("warranties")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="renewal_warrantyterm_once"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=600), name="renewal_warrantyterm_months"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="renewal_warrantyterm_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.months}"


class DelayReason(Dated):
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("reason of delay")
        verbose_name_plural = _("reasons of delay")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="renewal_delayreason_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="renewal_delayreason_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def valid_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
