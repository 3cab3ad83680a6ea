"""The records that guard personal data: accounts, readings, requests, holds, deletions, retired keys."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy, With
from zhen.kernel.parties.models.people import SCHEDULE, Person


class Account(models.Model):
    """Which person a user account belongs to.

    Users are a neighbour module, so the account is named by its id, as an Actor carries it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account", verbose_name=_("person"))
    account_id = models.BigIntegerField(_("user account"), unique=True)
    linked_at = models.DateTimeField(_("linked at"))

    person_id: UUID
    access_rule: ClassVar = Rule(area="person__area_id", owner="account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing a signed-in person his own data"),
        basis=Basis.STATUTORY_DUTY,
        law=_("PIPL, article 45: the right to see and copy"),
        retention=With(fields=("person",)),
        persons=("person_id",),
        accounts=("account_id",),
        internal=("linked_at",),
        personal=("person", "account_id"),
    )

    class Meta:
        verbose_name = _("account of a person")
        verbose_name_plural = _("accounts of persons")

    def __str__(self) -> str:
        return str(self.account_id)


class Reading(models.Model):
    """Clear values opened to one account for a few minutes, for a stated purpose.

    The lasting record of it is the journal's event `parties.person.read`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="readings", verbose_name=_("person"))
    account_id = models.BigIntegerField(_("user account"))
    whole = models.BooleanField(_("everything that is held"), default=False)
    purpose = models.CharField(_("purpose"), max_length=200)
    opened_at = models.DateTimeField(_("opened at"))
    expires_at = models.DateTimeField(_("open until"))

    person_id: UUID
    access_rule: ClassVar = Rule(owner="account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing clear values only to the one who stated a purpose, and only for a while"),
        basis=Basis.STATUTORY_DUTY,
        law=_("PIPL, article 51: limits on who handles personal data"),
        retention=After(
            field="expires_at", days=1, event=_("the values are no longer shown"), source=SCHEDULE, along=("person",)
        ),
        persons=("person_id",),
        accounts=("account_id",),
        internal=("whole", "purpose", "opened_at", "expires_at"),
        personal=("person", "account_id"),
    )

    class Meta:
        verbose_name = _("opened reading")
        verbose_name_plural = _("opened readings")
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="parties_reading_expires")]

    def __str__(self) -> str:
        return self.purpose


class DataRequest(models.Model):
    """A person's request about his data, and what came of it (PIPL, articles 44 to 50).

    After three years the row stays for statistics, without the person and his words.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("see or copy")
        CORRECT = "correct", _("correct or complete")
        DELETE = "delete", _("delete")
        RESTRICT = "restrict", _("object or restrict")
        EXPLAIN = "explain", _("explain the rules")

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        GRANTED = "granted", _("granted")
        PARTLY = "partly", _("granted in part")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("person")
    )
    account_id = models.BigIntegerField(_("user account"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("in the person's words"), max_length=2000)
    made_at = models.DateTimeField(_("made at"))
    due_on = models.DateField(_("due on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(_("answer and reasons"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    person_id: UUID | None
    access_rule: ClassVar = Rule(area="person__area_id", owner="account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Answering the person's request, and being able to show that it was answered"),
        basis=Basis.STATUTORY_DUTY,
        law=_("PIPL, articles 44 to 50"),
        retention=After(
            field="decided_at",
            years=3,
            event=_("the request was decided"),
            source=_("Civil Code, article 188: claims lapse after three years"),
            anonymise={"person": None, "account_id": None, "text": "", "answer": ""},
        ),
        persons=("person_id",),
        accounts=("account_id",),
        internal=("kind", "made_at", "due_on", "outcome", "decided_at"),
        personal=("person", "account_id", "text", "answer"),
    )

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="open", decided_at__isnull=True) | ~Q(outcome="open") & Q(decided_at__isnull=False),
                name="parties_request_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["outcome", "due_on"], name="parties_request_due")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Hold(models.Model):
    """A legal hold: while it lasts, nothing about the person is deleted. It shows wherever he looks."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="holds", verbose_name=_("person"))
    reason = models.CharField(_("reason and legal ground"), max_length=200)
    approved_by = models.CharField(_("approved by (office and document)"), max_length=200)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    person_id: UUID
    access_rule: ClassVar = Rule(area="person__area_id", owner="person__account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Keeping evidence for a court or an inquiry"),
        basis=Basis.STATUTORY_DUTY,
        law=_("PIPL, article 47, paragraph 2"),
        retention=With(fields=("person",)),
        persons=("person_id",),
        internal=("approved_by", "valid_from", "valid_to"),
        personal=("person", "reason"),
    )

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="parties_hold_dates"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(approved_by=""), name="parties_hold_reasoned"),
        ]

    def __str__(self) -> str:
        return self.reason


class Deletion(models.Model):
    """That a row was deleted or made anonymous, provable to one who knows what was in it.

    `digest` is a keyed hash of the row's content: nothing can be read from it, and without the key
    nothing can be tried against it. `run` is the subject of the journal's event for the batch.
    """

    digest = models.BinaryField(max_length=38, db_index=True)
    model = models.CharField(_("kind of record"), max_length=100)
    run = models.UUIDField(_("batch"), db_index=True)
    deleted_at = models.DateTimeField(_("deleted at"))
    anonymised = models.BooleanField(_("kept without the person"), default=False)

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because="a keyed hash of content that is gone tells nothing about anybody")

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")

    def __str__(self) -> str:
        return f"{self.model} {self.deleted_at.isoformat()}"


class RetiredKey(models.Model):
    """A key that nothing may be made with any more; triggers refuse it, see guards."""

    prefix = models.BinaryField(max_length=4, unique=True)
    retired_at = models.DateTimeField(_("retired at"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because="the id of a key")

    class Meta:
        verbose_name = _("retired key")
        verbose_name_plural = _("retired keys")

    def __str__(self) -> str:
        return bytes(self.prefix).hex()
