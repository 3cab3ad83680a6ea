"""Projects of the library, with what each needs in each year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.models.common import signed, two_people


class Project(models.Model):
    """What a department asks for: why, to which end, from which year on. Admitted, it can be drawn into a budget.

    The kinds are those of 《预算管理一体化规范（试行）》（财办〔2020〕13号).
    """

    class Kind(models.TextChoices):
        STAFF = "staff", pgettext_lazy("kind of a project", "staff")
        OPERATION = "operation", pgettext_lazy("kind of a project", "operation")
        SPECIFIC = "specific", pgettext_lazy("kind of a project", "specific target")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        RETURNED = "returned", _("sent back")
        ADMITTED = "admitted", _("in the library")
        ENDED = "ended", pgettext_lazy("a project", "ended")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    name = models.CharField(_("project"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SPECIFIC)
    basis = models.CharField(pgettext_lazy("a project", "basis"), max_length=300)
    objective = models.CharField(_("objective"), max_length=500)
    function = models.CharField(_("function class"), max_length=20)
    source = models.CharField(_("funding source"), max_length=20)
    priority = models.PositiveSmallIntegerField(_("priority"), default=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    said = models.CharField(_("reason"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)

    unit_id: int
    asked_by_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id")
    privacy: ClassVar = signed(
        "asked_by",
        "decided_by",
        internal=(
            "unit", "name", "kind", "basis", "objective", "function", "source", "priority", "state", "said",
            "asked_at", "decided_at",
        ),
    )  # fmt: skip

    class Meta:
        app_label = "finance"
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering: ClassVar = ["priority", "-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "name"], condition=~Q(state="ended"), name="finance_project_once"),
            two_people("asked_by", "decided_by", "finance_project_second_person"),
            models.CheckConstraint(
                condition=~Q(state__in=("returned", "ended")) | ~Q(said=""), name="finance_project_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectNeed(models.Model):
    """What a project needs in a year, for one economic class: a line of that year's budget, once drawn."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="needs", verbose_name=_("project"))
    year = models.PositiveSmallIntegerField(_("year"))
    economic = models.CharField(_("economic class"), max_length=20)
    amount = models.BigIntegerField(_("amount"))

    access_rule: ClassVar = Rule(unit="project__unit_id")
    privacy: ClassVar = NotPersonal(because="It says what money is for")

    class Meta:
        app_label = "finance"
        verbose_name = _("need of a year")
        verbose_name_plural = _("needs of a year")
        ordering: ClassVar = ["year", "economic"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year", "economic"], name="finance_need_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, year__gte=2000, year__lte=2100), name="finance_need_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year} {self.economic}"
