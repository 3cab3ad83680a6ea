"""What of the town's budget everybody may read: published once, as it stood on that day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.packs.finance.models.budget import Budget
from zhen.packs.finance.models.common import signed


class Publication(models.Model):
    """The tables of a budget, or of its final accounts, as they were published (《预算法》第十四条).

    `tables`: a list of {"id", "title", "heads", "rows"}; a row is a name and amounts in fen.
    """

    class Kind(models.TextChoices):
        BUDGET = "budget", _("budget (published)")
        ACCOUNTS = "accounts", _("final accounts")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="publications", verbose_name=_("budget"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("published by"))
    total = models.BigIntegerField(_("total"))
    tables = models.JSONField(_("tables"))

    published_by_id: int | None
    access_rule: ClassVar = Rule(unit="budget__book__unit_id")
    privacy: ClassVar = signed("published_by", internal=("budget", "kind", "published_at", "total", "tables"))

    class Meta:
        verbose_name = _("publication of a budget")
        verbose_name_plural = _("publications of budgets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "kind"], name="finance_publication_once"),
        ]

    def __str__(self) -> str:
        return f"{self.budget.book} {self.get_kind_display()}"
