"""Files of work orders that wait to be taken, and answers to orders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.cases import SCHEDULE, STAFF_LAW, Case
from zhen.kernel.identity.api import User
from zhen.kernel.lib import masks
from zhen.kernel.lib.fields import EncryptedField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy, With


class OrderFile(models.Model):
    """A file of orders that somebody sent, read and not yet taken.

    `content` holds the readable orders as JSON, sealed, and is emptied when they are taken or the file is left.
    `faults` holds the refused rows with their reasons, and nothing of what stood in them but the order's number.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.CharField(_("sender"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    content = EncryptedField(_("orders"), mask=masks.hide, null=True, blank=True)
    readable = models.PositiveIntegerField(_("readable rows"), default=0)
    faults = models.JSONField(_("refused rows"), default=list, blank=True)
    created = models.PositiveIntegerField(_("new cases"), default=0)
    updated = models.PositiveIntegerField(_("brought up to date"), default=0)
    unchanged = models.PositiveIntegerField(_("known already"), default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by"))
    at = models.DateTimeField(_("sent at"))
    day = models.DateField(_("day"))

    by_id: int | None
    access_rule: ClassVar = Rule(owner="by_id")
    privacy: ClassVar = Privacy(
        purpose=_("Looking at a file of work orders before its orders become cases"),
        basis=Basis.STATUTORY_DUTY,
        law=STAFF_LAW,
        retention=After(field="day", days=90, event=_("the file was sent"), source=SCHEDULE),
        accounts=("by_id",),
        internal=("sender", "file_name", "state", "readable", "faults", "created", "updated", "unchanged", "at", "day"),
        personal=("by", "content"),
    )

    class Meta:
        verbose_name = _("file of orders")
        verbose_name_plural = _("files of orders")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", content__isnull=False) | ~Q(state="waiting") & Q(content__isnull=True),
                name="cases_order_file_emptied",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class OrderReply(models.Model):
    """The answer to a work order in the sender's form, beyond what the case itself knows.

    Contacted or why not, the demand, the facts, whether somebody went there, who is responsible, whether it may be
    published. Who contacted when, how it ended and how satisfied the reporter is stand in the case.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="reply")
    demand = models.TextField(_("demand"), max_length=2000)
    facts = models.TextField(_("facts"), max_length=5000)
    site_visit = models.BooleanField(_("somebody went there"))
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)
    not_contacted = models.CharField(_("why nobody was contacted first"), max_length=300, blank=True)
    publish = models.BooleanField(_("may be published"), default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("written at"))

    case_id: int
    by_id: int | None
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = Privacy(
        purpose=_("Answering work orders"),
        basis=Basis.STATUTORY_DUTY,
        law=STAFF_LAW,
        retention=With(fields=("case",)),
        accounts=("by_id",),
        internal=("case", "demand", "facts", "site_visit", "responsible", "not_contacted", "publish", "at"),
        personal=("by",),
    )

    class Meta:
        verbose_name = _("answer to an order")
        verbose_name_plural = _("answers to orders")

    def __str__(self) -> str:
        return str(self.case_id)
