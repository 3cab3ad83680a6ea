"""What is seen of the works: quantities, pictures, and pairs of them before and after."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.rounds.api import Visit
from zhen.packs.renewal.models.projects import OF_PROJECT, WORKS_ONLY, Project


class Quantity(models.Model):
    """A line of the bill of quantities (工程量清单). `weight` is its part of the works, such as of the price."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="quantities", verbose_name=_("renewal project"))
    name = models.CharField(_("item"), max_length=100)
    unit = models.CharField(_("unit of measure"), max_length=20)
    planned = models.DecimalField(_("planned"), max_digits=12, decimal_places=2)
    weight = models.PositiveSmallIntegerField(_("weight"), default=10)

    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = WORKS_ONLY

    class Meta:
        verbose_name = _("quantity of works")
        verbose_name_plural = _("quantities")
        ordering: ClassVar = ["project", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="renewal_quantity_once"),
            models.CheckConstraint(
                condition=Q(planned__gt=0, weight__gte=1, weight__lte=1000), name="renewal_quantity_planned"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measured(models.Model):
    """What was done of a line by the day of a visit, in all. A later, lesser measure corrects an earlier one."""

    quantity = models.ForeignKey(Quantity, models.PROTECT, related_name="measured", verbose_name=_("quantity of works"))
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", verbose_name=_("visit"))
    on = models.DateField(_("measured on"))
    amount = models.DecimalField(_("done in all"), max_digits=12, decimal_places=2)

    access_rule: ClassVar = Rule(area="quantity__project__area_id", unit="quantity__project__unit_id")
    privacy: ClassVar = WORKS_ONLY

    class Meta:
        verbose_name = _("measured quantity")
        verbose_name_plural = _("measured quantities")
        ordering: ClassVar = ["quantity", "-on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quantity", "visit"], name="renewal_measured_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="renewal_measured_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.amount}"


class Picture(models.Model):
    """A photo of a visit that belongs to the project's own file: it stays when the visit's photos go.

    Only what somebody has released is seen by the public.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="pictures", verbose_name=_("renewal project"))
    file = models.OneToOneField(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", verbose_name=_("visit"))
    taken_on = models.DateField(_("taken on"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    visit_id: str
    file_id: UUID
    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = NotPersonal(because="It shows works; a picture that shows people is not released")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering: ClassVar = ["taken_on", "pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.taken_on}"


class Pair(models.Model):
    """The same spot before and after the works."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="pairs", verbose_name=_("renewal project"))
    title = models.CharField(_("what is seen"), max_length=60)
    before = models.ForeignKey(Picture, models.PROTECT, related_name="+", verbose_name=_("before"))
    after = models.ForeignKey(Picture, models.PROTECT, related_name="+", verbose_name=_("after"))

    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = WORKS_ONLY

    class Meta:
        verbose_name = _("before and after")
        verbose_name_plural = _("before and after")
        ordering: ClassVar = ["project", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "title"], name="renewal_pair_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="renewal_pair_two"),
        ]

    def __str__(self) -> str:
        return self.title
