"""Sealed bids, the two keys that open them together, and their evaluation."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import User
from zhen.kernel.lib.fields import EncryptedField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import Basis, Forever, NotPersonal, Privacy
from zhen.packs.finance.models.common import signed
from zhen.packs.finance.procurement.models.needs import Procurement
from zhen.packs.finance.procurement.models.suppliers import FIRM, Supplier

OF_PROCUREMENT = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")


class KeyHolder(models.Model):
    """One of the two who open the bids. The private key is sealed with a passphrase that stands nowhere."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="holders", verbose_name=_("procurement"))
    number = models.PositiveSmallIntegerField(_("key"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("holder of the key"))
    public_key = models.BinaryField(null=True)
    private_key = models.BinaryField(null=True)
    salt = models.BinaryField(null=True)
    taken_at = models.DateTimeField(_("key made at"), null=True, blank=True)
    turned_at = models.DateTimeField(_("key turned at"), null=True, blank=True)

    user_id: int
    access_rule: ClassVar = OF_PROCUREMENT
    privacy: ClassVar = signed(
        "user",
        internal=("procurement", "number", "public_key", "private_key", "salt", "taken_at", "turned_at"),
    )

    class Meta:
        verbose_name = _("holder of a key")
        verbose_name_plural = _("holders of keys")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procurement", "number"], name="finance_key_once"),
            models.UniqueConstraint(fields=["procurement", "user"], name="finance_key_two_people"),
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="finance_key_number"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Bid(models.Model):
    """A bid. Until two keys are turned only `digest` says something about it; then the rest is read from it.

    `sealed`, `digest` and `received_at` never change: the database holds it, and refuses what comes too late.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="bids", verbose_name=_("procurement"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bids", verbose_name=_("supplier"))
    sealed = models.BinaryField()
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    received_at = models.DateTimeField(pgettext_lazy("in procurement", "received at"))
    in_force = models.BooleanField(_("in force"), default=True)
    opened_at = models.DateTimeField(pgettext_lazy("in procurement", "opened at"), null=True, blank=True)
    price = models.BigIntegerField(_("price"), null=True, blank=True)
    days = models.PositiveIntegerField(_("days to deliver"), null=True, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))
    invalid_reason = models.CharField(_("why it is not valid"), max_length=500, blank=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)

    procurement_id: int
    supplier_id: int
    file_id: int | None
    access_rule: ClassVar = OF_PROCUREMENT
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering: ClassVar = [F("rank").asc(nulls_last=True), "received_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procurement", "supplier"], condition=Q(in_force=True), name="finance_bid_once"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(price__isnull=True, days__isnull=True, statement=""),
                name="finance_bid_closed",
            ),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="finance_bid_price"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Share(models.Model):
    """One holder's half of the key to one bid: either half alone says nothing."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="shares", verbose_name=_("bid"))
    holder = models.ForeignKey(KeyHolder, models.PROTECT, related_name="shares", verbose_name=_("holder of the key"))
    wrapped = models.BinaryField()
    opened = EncryptedField(null=True)

    bid_id: UUID
    access_rule: ClassVar = Rule(unit="bid__procurement__unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Opening bids by two people together"),
        basis=Basis.STATUTORY_DUTY,
        law=_("《政府采购法》: bids are kept secret until they are opened"),
        retention=Forever(source=_("Procurement Law, article 42: procurement files")),
        accounts=("holder__user_id",),
        listed=False,
        internal=("bid", "holder", "wrapped"),
        sensitive=("opened",),
    )

    class Meta:
        verbose_name = _("half of a key")
        verbose_name_plural = _("halves of keys")
        constraints: ClassVar = [models.UniqueConstraint(fields=["bid", "holder"], name="finance_share_once")]

    def __str__(self) -> str:
        return str(self.bid)


class Member(models.Model):
    """A member of the evaluation committee. Who has a relation to a bidder says so and steps back (回避)."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="members", verbose_name=_("procurement"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member"))
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    relation = models.CharField(_("relation to a bidder"), max_length=300, blank=True)
    recused = models.BooleanField(_("stepped back"), default=False)

    user_id: int
    access_rule: ClassVar = OF_PROCUREMENT
    privacy: ClassVar = signed("user", internal=("procurement", "declared_at", "relation", "recused"))

    class Meta:
        verbose_name = _("member of the committee")
        verbose_name_plural = _("members of the committee")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procurement", "user"], name="finance_member_once"),
            models.CheckConstraint(condition=Q(relation="") | Q(recused=True), name="finance_member_recused"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Criterion(models.Model):
    """What is scored and how much it weighs, in points of one hundred. Fixed when the procurement is published."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="criteria", verbose_name=_("procurement"))
    name = models.CharField(pgettext_lazy("of a criterion", "criterion"), max_length=100)
    weight = models.PositiveSmallIntegerField(_("weight"))
    price = models.BooleanField(_("it is the price"), default=False)

    access_rule: ClassVar = OF_PROCUREMENT
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar = ["-price", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="finance_criterion_weight"),
            models.UniqueConstraint(
                fields=["procurement"], condition=Q(price=True), name="finance_criterion_one_price"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Score(models.Model):
    """What one member gives one bid for one criterion."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="scores", verbose_name=_("member"))
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="scores", verbose_name=_("bid"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)

    bid_id: UUID
    member_id: int
    criterion_id: int
    access_rule: ClassVar = Rule(
        unit="bid__procurement__unit_id", shared_units="bid__procurement__shared_units", owner="member__user_id"
    )
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "bid", "criterion"], name="finance_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="finance_score_points"),
        ]

    def __str__(self) -> str:
        return f"{self.bid} {self.points}"
