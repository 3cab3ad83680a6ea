"""Vouchers and their lines: posted once, changed never."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.ledger.models.books import Account, Dimensions, Period
from zhen.kernel.lib.privacy import Basis, Forever, NotPersonal, Privacy


class Voucher(models.Model):
    """A posted voucher. The database numbers it within its period and refuses every later change.

    One that follows from a paper was prepared by nobody. `event` is the template that made it, `source_type` and
    `source_id` the paper it stands for; by hand these are empty. `request` makes posting idempotent: the same request
    is posted once.
    """

    class Kind(models.TextChoices):
        NORMAL = "normal", _("voucher")
        OPENING = "opening", _("brought forward")
        REVERSAL = "reversal", _("reversal (red)")
        CLOSING = "closing", _("closing of the year")

    period = models.ForeignKey(Period, models.PROTECT, related_name="vouchers", verbose_name=_("period"))
    number = models.PositiveIntegerField(_("number"), editable=False)
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NORMAL)
    summary = models.CharField(_("summary"), max_length=200)
    event = models.CharField(max_length=100, blank=True)
    source_type = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    request = models.UUIDField(unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("prepared by"))
    made_by_name = models.CharField(_("prepared by"), max_length=200, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by"))
    checked_by_name = models.CharField(_("checked by"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    transaction = models.BigIntegerField(editable=False)

    period_id: int
    reverses_id: int | None
    access_rule: ClassVar = Rule(unit="period__book__unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing who prepared and who checked a voucher"),
        basis=Basis.STATUTORY_DUTY,
        law=_("《会计法》, article 14; 《会计档案管理办法》, article 14"),
        retention=Forever(source=_("Archives Law, article 13: records of the work of state organs")),
        accounts=("made_by_id", "checked_by_id"),
        listed=False,
        internal=(
            "period",
            "number",
            "date",
            "kind",
            "summary",
            "event",
            "source_type",
            "source_id",
            "reverses",
            "request",
            "posted_at",
            "transaction",
        ),
        personal=("made_by", "made_by_name", "checked_by", "checked_by_name"),
    )

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering: ClassVar = ["-date", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "number"], name="ledger_voucher_number"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=models.F("made_by")),
                name="ledger_voucher_second_person",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="ledger_voucher_reversal",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source_type", "source_id"], name="ledger_voucher_source"),
            models.Index(fields=["-date", "-id"], name="ledger_voucher_date"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m}-{self.number:04d}"


class Line(models.Model):
    """One line of a voucher: an account, and an amount in fen on one side (negative in a reversal)."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="lines", verbose_name=_("voucher"))
    position = models.PositiveSmallIntegerField(_("line"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    dimensions = models.ForeignKey(Dimensions, models.PROTECT, null=True, related_name="+")
    debit = models.BigIntegerField(_("debit"), default=0)
    credit = models.BigIntegerField(_("credit"), default=0)

    access_rule: ClassVar = Rule(unit="voucher__period__book__unit_id")
    privacy: ClassVar = NotPersonal(because="An amount on an account")

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering: ClassVar = ["voucher", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "position"], name="ledger_line_position"),
            models.CheckConstraint(
                condition=Q(debit=0) & ~Q(credit=0) | ~Q(debit=0) & Q(credit=0), name="ledger_line_one_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debit} {self.credit}"
