"""Consultations of the owners, their publicity, and objections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.renewal.models.dated import ConsentRule
from zhen.packs.renewal.models.projects import OF_PROJECT, Project
from zhen.packs.renewal.rules import Votes

COUNTS_ONLY = NotPersonal(because="It counts answers; nobody's answer can be told from it")
_PARTS = ("agreed", "against", "abstained", "unreached")


class Consultation(models.Model):
    """A round of asking the owners. Counts only, of households and of their floor area in square metres.

    While it runs the counts are interim; `closed_on` fixes them, and `met` says whether they are enough by `rule`.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="consultations", verbose_name=_("renewal project")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    rule = models.ForeignKey(ConsentRule, models.PROTECT, related_name="+", verbose_name=_("rule of consent"))
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    met = models.BooleanField(_("agreed"), null=True, blank=True)
    asked = models.PositiveIntegerField(_("households asked"))
    agreed = models.PositiveIntegerField(_("agreed"), default=0)
    against = models.PositiveIntegerField(_("against"), default=0)
    abstained = models.PositiveIntegerField(_("abstained"), default=0)
    unreached = models.PositiveIntegerField(_("not reached"), default=0)
    area_asked = models.DecimalField(_("floor area asked (m²)"), max_digits=12, decimal_places=2)
    area_agreed = models.DecimalField(_("area agreed (m²)"), max_digits=12, decimal_places=2, default=0)
    area_against = models.DecimalField(_("area against (m²)"), max_digits=12, decimal_places=2, default=0)
    area_abstained = models.DecimalField(_("area abstained (m²)"), max_digits=12, decimal_places=2, default=0)
    area_unreached = models.DecimalField(_("area not reached (m²)"), max_digits=12, decimal_places=2, default=0)

    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = COUNTS_ONLY

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering: ClassVar = ["project", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="renewal_consultation_number"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(closed_on__isnull=True), name="renewal_consultation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(asked=sum((F(part) for part in _PARTS[1:]), F(_PARTS[0])), asked__gt=0),
                name="renewal_consultation_sum",
            ),
            models.CheckConstraint(
                condition=Q(
                    area_asked=sum((F(f"area_{part}") for part in _PARTS[1:]), F(f"area_{_PARTS[0]}")),
                    area_asked__gt=0,
                    area_agreed__gte=0,
                    area_against__gte=0,
                    area_abstained__gte=0,
                    area_unreached__gte=0,
                ),
                name="renewal_consultation_area_sum",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, met__isnull=True)
                | Q(closed_on__gte=F("opened_on"), met__isnull=False),
                name="renewal_consultation_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.number}"

    @property
    def households(self) -> Votes:
        return Votes(**{name: getattr(self, name) for name in ("asked", *_PARTS)})

    @property
    def areas(self) -> Votes:
        return Votes(**{name: getattr(self, f"area_{name}") for name in ("asked", *_PARTS)})


class Publicity(models.Model):
    """The result hangs out, for everybody to read and to object to (公示)."""

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, related_name="publicity", verbose_name=_("consultation")
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="publicities", verbose_name=_("renewal project"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    where = models.CharField(_("where it hangs"), max_length=200)

    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = COUNTS_ONLY

    class Meta:
        verbose_name = pgettext_lazy("of a consultation", "publicity")
        verbose_name_plural = pgettext_lazy("of consultations", "publicities")
        ordering: ClassVar = ["project", "starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="renewal_publicity_days"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class Objection(models.Model):
    """An objection to a project: a case, whose reporter only those see who may."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="renewal_objection", verbose_name=_("case"))
    project = models.ForeignKey(Project, models.PROTECT, related_name="objections", verbose_name=_("renewal project"))

    access_rule: ClassVar = Rule(area="project__area_id", unit="project__unit_id")
    privacy: ClassVar = NotPersonal(because="It names a case and a project; the case keeps apart who objected")

    class Meta:
        verbose_name = _("objection to works")
        verbose_name_plural = _("objections to works")

    def __str__(self) -> str:
        return str(self.case)
