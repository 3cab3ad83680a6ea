"""Payments from being asked for to being paid, and the invoices they rest on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.ledger.api import Quota, Reservation
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.kinds import KINDS, Method
from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.models.common import signed, two_people


class Payment(models.Model):
    """A request to pay an organisation, or to repay what was paid with an official card; the kinds are in `kinds`.

    `amount` is what is paid now. `withheld` is retention money (质量保证金) that is owed beside it until
    `retention_due`; a later payment releases it, and names this one in `releases`. `source` is the paper it belongs
    to: a contract, an acceptance, a claim.

    Three people: who asks does not approve, and who approves does not pay; the database holds it. What is asked for is
    reserved at once, and spent when it is paid.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="payments", verbose_name=_("budget line"))
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="+", verbose_name=_("payment quota"))
    reservation = models.OneToOneField(Reservation, models.PROTECT, related_name="+", verbose_name=_("reservation"))
    method = models.CharField(_("way of payment"), max_length=10, choices=Method.choices)
    kind = models.CharField(_("kind"), max_length=20)
    source_type = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    withheld = models.BigIntegerField(_("retention money"), default=0)
    retention_due = models.DateField(_("retention money due on"), null=True, blank=True)
    releases = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="released_by", verbose_name=_("releases that of")
    )
    asset_account = models.CharField(_("account of the asset"), max_length=20, blank=True)
    payee = models.CharField(_("payee"), max_length=100)
    payee_bank = models.CharField(_("payee's bank"), max_length=100, blank=True)
    payee_account = models.CharField(_("payee's account"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("paid by"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True)

    line_id: int
    quota_id: int
    reservation_id: int
    asked_by_id: int | None
    approved_by_id: int | None
    releases_id: int | None
    access_rule: ClassVar = Rule(unit="line__unit_id", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "approved_by",
        "paid_by",
        internal=(
            "line",
            "quota",
            "reservation",
            "method",
            "kind",
            "source_type",
            "source_id",
            "purpose",
            "amount",
            "withheld",
            "retention_due",
            "releases",
            "asset_account",
            "payee",
            "payee_bank",
            "payee_account",
            "state",
            "reason",
            "asked_at",
            "paid_on",
            "bank_reference",
        ),
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "approved_by", "finance_payment_second_person"),
            two_people("approved_by", "paid_by", "finance_payment_third_person"),
            two_people("asked_by", "paid_by", "finance_payment_payer"),
            models.CheckConstraint(condition=Q(amount__gt=0, withheld__gte=0), name="finance_payment_amount"),
            models.CheckConstraint(
                condition=Q(withheld=0) | Q(retention_due__isnull=False), name="finance_payment_retention"
            ),
            models.CheckConstraint(
                condition=Q(kind="retention", releases__isnull=False) | (~Q(kind="retention") & Q(releases=None)),
                name="finance_payment_releases",
            ),
            models.UniqueConstraint(
                fields=["releases"],
                condition=~Q(state__in=("refused", "withdrawn")),
                name="finance_payment_released_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | (Q(paid_on__isnull=False) & ~Q(bank_reference="")),
                name="finance_payment_paid",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "asked_at"], name="finance_payment_state"),
            models.Index(fields=["source_type", "source_id"], name="finance_payment_source"),
        ]

    def __str__(self) -> str:
        return f"ZF-{self.asked_at:%Y}-{self.pk:06d}"

    @property
    def kind_name(self) -> str:
        return str(KINDS[self.kind].name)


class Invoice(models.Model):
    """An invoice that a payment rests on. One invoice is paid once; `in_force` ends when its payment is not made."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="invoices", verbose_name=_("payment"))
    code = models.CharField(_("invoice code"), max_length=12, blank=True)
    number = models.CharField(_("invoice number"), max_length=20)
    dated = models.DateField(_("date of the invoice"))
    amount = models.BigIntegerField(_("amount"))
    in_force = models.BooleanField(default=True)

    access_rule: ClassVar = Rule(unit="payment__line__unit_id", owner="payment__asked_by_id")
    privacy: ClassVar = NotPersonal(because="The number and the amount of an invoice")

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], condition=Q(in_force=True), name="finance_invoice_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_invoice_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()
