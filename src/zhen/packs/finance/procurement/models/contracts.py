"""Contracts, what is paid when, their changes, and the acceptance of what was delivered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import User
from zhen.packs.finance.models.common import signed, two_people
from zhen.packs.finance.models.payments import Payment
from zhen.packs.finance.procurement.models.needs import Procurement
from zhen.packs.finance.procurement.models.suppliers import Supplier

OF_CONTRACT = Rule(unit="contract__procurement__unit_id")


class Contract(models.Model):
    """The contract on an award: not above it, read by somebody for the law, signed by a third person."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a contract", "draft")
        REVIEWED = "reviewed", pgettext_lazy("state of a contract", "legally reviewed")
        SIGNED = "signed", pgettext_lazy("state of a contract", "signed")

    procurement = models.OneToOneField(
        Procurement, models.PROTECT, related_name="contract", verbose_name=_("procurement")
    )
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="contracts", verbose_name=_("supplier"))
    title = models.CharField(_("title"), max_length=100)
    amount = models.BigIntegerField(_("amount"))
    award_amount = models.BigIntegerField(_("award"))
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    retention = models.BigIntegerField(_("retention money"), default=0)
    retention_months = models.PositiveSmallIntegerField(_("retention term in months"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    late_reason = models.CharField(_("why it is late"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by"))
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("legally reviewed by")
    )
    opinion = models.CharField(_("legal opinion"), max_length=500, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    procurement_id: int
    drafted_by_id: int | None
    reviewed_by_id: int | None
    access_rule: ClassVar = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")
    privacy: ClassVar = signed(
        "drafted_by",
        "reviewed_by",
        "signed_by",
        internal=(
            "procurement",
            "supplier",
            "title",
            "amount",
            "award_amount",
            "starts_on",
            "ends_on",
            "retention",
            "retention_months",
            "state",
            "late_reason",
            "opinion",
            "signed_on",
        ),
    )

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("award_amount")), name="finance_contract_within_award"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="finance_contract_term"),
            models.CheckConstraint(
                condition=Q(retention__gte=0, retention__lt=F("amount")), name="finance_contract_retention"
            ),
            two_people("drafted_by", "reviewed_by", "finance_contract_legal_review"),
            two_people("drafted_by", "signed_by", "finance_contract_signature"),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_on__isnull=False) & ~Q(opinion="")),
                name="finance_contract_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"HT-{self.procurement_id:06d}"


class Instalment(models.Model):
    """A part of the price: for what, when, and the payment that was asked for it.

    `ahead`: it is paid before acceptance. `retention`: it is held back until the term is over.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="instalments", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("in procurement", "number"))
    name = models.CharField(_("what for"), max_length=100)
    due_on = models.DateField(_("due on"))
    amount = models.BigIntegerField(_("amount"))
    ahead = models.BooleanField(_("before acceptance"), default=False)
    retention = models.BooleanField(_("retention money"), default=False)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="instalment", verbose_name=_("payment")
    )

    payment_id: int | None
    access_rule: ClassVar = OF_CONTRACT

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering: ClassVar = ["contract", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="finance_instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_instalment_amount"),
            models.CheckConstraint(condition=~Q(ahead=True, retention=True), name="finance_instalment_kind"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return gettext("retention money") if self.retention else self.name


class ContractChange(models.Model):
    """More of the same within a contract (《政府采购法》第四十九条); what was agreed otherwise stays."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a change", "asked for")
        APPROVED = "approved", pgettext_lazy("state of a change", "approved")
        REFUSED = "refused", pgettext_lazy("state of a change", "refused")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="changes", verbose_name=_("contract"))
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    asked_at = models.DateTimeField(_("asked for at"))

    asked_by_id: int | None
    access_rule: ClassVar = OF_CONTRACT
    privacy: ClassVar = signed("asked_by", "decided_by", internal=("contract", "amount", "reason", "state", "asked_at"))

    class Meta:
        verbose_name = _("change of a contract")
        verbose_name_plural = _("changes of contracts")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_contract_change_amount"),
            two_people("asked_by", "decided_by", "finance_contract_change_people"),
        ]

    def __str__(self) -> str:
        return self.reason


class Acceptance(models.Model):
    """What was delivered is seen and accepted by somebody who neither procured it nor pays for it."""

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="acceptance", verbose_name=_("contract"))
    procured_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("procured by"))
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by"))
    on = models.DateField(_("accepted on"))
    findings = models.CharField(_("what was seen"), max_length=500)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))

    accepted_by_id: int | None
    access_rule: ClassVar = OF_CONTRACT
    privacy: ClassVar = signed("procured_by", "accepted_by", internal=("contract", "on", "findings", "file"))

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints: ClassVar = [
            two_people("procured_by", "accepted_by", "finance_acceptance_other_person"),
            models.CheckConstraint(condition=~Q(findings=""), name="finance_acceptance_findings"),
        ]

    def __str__(self) -> str:
        return str(self.contract)
