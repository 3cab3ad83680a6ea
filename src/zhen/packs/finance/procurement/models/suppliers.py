"""The supplier file: organisations that may bid, their papers, and what excludes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.fields import EncryptedField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.parties.api import Organisation
from zhen.packs.finance.models.common import signed

FIRM = "It names firms and what was procured from them, and which official signed"


class Supplier(models.Model):
    """An organisation of the town's register that supplies, with the account it is paid to."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="supplier", verbose_name=_("organisation")
    )
    bank = models.CharField(_("bank"), max_length=100)
    account = models.CharField(pgettext_lazy("in procurement", "account"), max_length=40)
    address = models.CharField(
        _("registered address"), max_length=200, blank=True, help_text=_("As it stands on the business licence.")
    )
    since = models.DateField(_("on file since"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.organisation.name


class Qualification(models.Model):
    """A paper that shows what a supplier may do; after `expires_on` it shows nothing any more."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="qualifications", verbose_name=_("supplier"))
    name = models.CharField(_("qualification"), max_length=100)
    number = models.CharField(pgettext_lazy("in procurement", "number"), max_length=60)
    expires_on = models.DateField(_("expires on"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering: ClassVar = ["expires_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "name", "number"], name="finance_qualification_once")
        ]

    def __str__(self) -> str:
        return self.name


class Exclusion(models.Model):
    """A supplier takes part in nothing from a day to a day, for a reason that has a source."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="exclusions", verbose_name=_("supplier"))
    reason = models.CharField(_("reason"), max_length=300)
    source = models.CharField(_("source"), max_length=200)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="finance_exclusion_dates"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(source=""), name="finance_exclusion_reason"),
        ]

    def __str__(self) -> str:
        return self.reason

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_to


class Invitation(models.Model):
    """A supplier takes part: invited, or registered for an open tender. With the code it sends its bid."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procurement = models.ForeignKey(
        "finance.Procurement", models.PROTECT, related_name="invitations", verbose_name=_("procurement")
    )
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="invitations", verbose_name=_("supplier"))
    code = EncryptedField()
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("invited by"))

    procurement_id: int
    supplier_id: int
    access_rule: ClassVar = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")
    privacy: ClassVar = replace(
        signed("invited_by", internal=("procurement", "supplier", "invited_at")), sensitive=("code",)
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["invited_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procurement", "supplier"], name="finance_invitation_once")
        ]

    def __str__(self) -> str:
        return str(self.supplier)
