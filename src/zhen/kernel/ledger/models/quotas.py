"""Quotas, what is reserved of them, and what becomes of a reservation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.ledger.models.books import Book, Dimensions
from zhen.kernel.ledger.models.vouchers import Voucher


class Quota(models.Model):
    """An amount that may be spent for something: an allotment, or a payment quota issued below it.

    Only `granted` is written by the application. `issued` (to quotas below), `reserved` and `spent` are kept by the
    database from the rows that change them, and a CHECK keeps their sum within `granted`: what is not granted cannot
    be spent (《预算法》第十三条).
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="quotas", verbose_name=_("books"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    dimensions = models.ForeignKey(Dimensions, models.PROTECT, null=True, related_name="+")
    granted = models.BigIntegerField(_("granted"))
    issued = models.BigIntegerField(_("issued"), default=0, editable=False)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    spent = models.BigIntegerField(_("spent"), default=0, editable=False)

    book_id: int
    parent_id: int | None
    dimensions_id: int | None
    access_rule: ClassVar = Rule(unit="dimensions__unit_id")

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering: ClassVar = ["book", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(granted__gte=F("issued") + F("reserved") + F("spent")), name="ledger_quota_covered"
            ),
            models.CheckConstraint(
                condition=Q(issued__gte=0, reserved__gte=0, spent__gte=0), name="ledger_quota_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def available(self) -> int:
        return self.granted - self.issued - self.reserved - self.spent


class Reservation(models.Model):
    """An amount of a quota that is held for something. `open` is still held, `spent` was paid; the rest was let go."""

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="reservations", verbose_name=_("quota"))
    request = models.UUIDField(unique=True)
    amount = models.BigIntegerField(_("amount"))
    open = models.BigIntegerField(_("reserved"), editable=False)
    spent = models.BigIntegerField(_("spent"), default=0, editable=False)
    made_at = models.DateTimeField(_("reserved at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    quota_id: int
    access_rule: ClassVar = Rule(unit="quota__dimensions__unit_id")

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_reservation_amount"),
            models.CheckConstraint(
                condition=Q(open__gte=0, spent__gte=0, amount__gte=F("open") + F("spent")),
                name="ledger_reservation_covered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(open__gt=0), name="ledger_reservation_open")
        ]

    def __str__(self) -> str:
        return f"{self.quota_id}: {self.open} of {self.amount}"


class Settlement(models.Model):
    """What became of a reservation, or of a part of it: posted, let go, or taken back after it was posted."""

    class Kind(models.TextChoices):
        POST = "post", _("paid")
        VOID = "void", _("let go")
        EXPIRE = "expire", _("expired")
        REFUND = "refund", _("taken back")

    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="settlements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField(_("amount"))
    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="settlements")
    request = models.UUIDField(unique=True)
    made_at = models.DateTimeField(_("at"))

    access_rule: ClassVar = Rule(unit="reservation__quota__dimensions__unit_id")

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_settlement_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=("post", "refund"), voucher__isnull=False)
                | Q(kind__in=("void", "expire"), voucher__isnull=True),
                name="ledger_settlement_voucher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
