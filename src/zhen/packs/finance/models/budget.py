"""The budget of a year: drafted, reviewed, approved by the people's congress; changed and released by the month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.ledger.api import Book, Quota
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.kinds import Method
from zhen.packs.finance.models.common import signed, two_people


class Budget(models.Model):
    """The budget of a book's year."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEWED = "reviewed", _("reviewed")
        APPROVED = "approved", _("approved by the congress")

    book = models.OneToOneField(Book, models.PROTECT, related_name="budget", verbose_name=_("books"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("prepared by"))
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    resolution = models.CharField(_("resolution of the congress"), max_length=100, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    book_id: int
    prepared_by_id: int | None
    reviewed_by_id: int | None
    access_rule: ClassVar = Rule(unit="book__unit_id")
    privacy: ClassVar = signed("prepared_by", "reviewed_by", internal=("book", "state", "resolution", "approved_on"))

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints: ClassVar = [
            two_people("prepared_by", "reviewed_by", "finance_budget_second_person"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(resolution="") & Q(approved_on__isnull=False)),
                name="finance_budget_resolution",
            ),
        ]

    def __str__(self) -> str:
        return str(self.book)


class BudgetLine(models.Model):
    """A line of a budget: so much for a department, a project, a function and economic class, from a source."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="lines", verbose_name=_("budget"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    name = models.CharField(_("project"), max_length=100)
    function = models.CharField(_("function class"), max_length=20)
    economic = models.CharField(_("economic class"), max_length=20)
    source = models.CharField(_("funding source"), max_length=20)
    amount = models.BigIntegerField(_("amount"))
    quota = models.OneToOneField(
        Quota, models.PROTECT, null=True, blank=True, related_name="budget_line", verbose_name=_("allotment")
    )
    finished = models.BooleanField(_("the project is finished"), default=False)
    project = models.ForeignKey(
        "finance.Project", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("drawn from")
    )

    budget_id: int
    unit_id: int
    quota_id: int | None
    project_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id")
    privacy: ClassVar = NotPersonal(because="It says what money is for")

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering: ClassVar = ["budget", "unit", "function", "economic", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["budget", "unit", "name", "function", "economic", "source"], name="finance_line_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="finance_line_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.economic}"


class Change(models.Model):
    """An adjustment of an approved budget: more for a line (`after`), less for one (`before`), or from one to another.

    More in all, or between function classes, is for the congress (《预算法》第六十七条): it needs a resolution.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    before = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from the line")
    )
    after = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to the line")
    )
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=300)
    resolution = models.CharField(_("resolution of the congress"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    asked_by_id: int | None
    access_rule: ClassVar = Rule(unit="after__unit_id")
    privacy: ClassVar = signed(
        "asked_by",
        "decided_by",
        internal=("before", "after", "amount", "reason", "resolution", "state", "asked_at"),
    )

    class Meta:
        verbose_name = _("adjustment of the budget")
        verbose_name_plural = _("adjustments of the budget")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_change_second_person"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_change_amount"),
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="finance_change_some_line"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class FundingPlan(models.Model):
    """A department's plan to use so much of a line in a month; approved, it becomes a payment quota (用款额度)."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="plans", verbose_name=_("budget line"))
    month = models.PositiveSmallIntegerField(_("month"))
    method = models.CharField(_("way of payment"), max_length=10, choices=Method.choices)
    amount = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    quota = models.ForeignKey(Quota, models.PROTECT, null=True, related_name="+", verbose_name=_("payment quota"))
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    asked_by_id: int | None
    access_rule: ClassVar = Rule(unit="line__unit_id")
    privacy: ClassVar = signed(
        "asked_by", "decided_by", internal=("line", "month", "method", "amount", "state", "quota")
    )

    class Meta:
        verbose_name = _("funding plan")
        verbose_name_plural = _("funding plans")
        ordering: ClassVar = ["-month", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_plan_second_person"),
            models.CheckConstraint(condition=Q(amount__gt=0, month__gte=1, month__lte=12), name="finance_plan_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.month}"
