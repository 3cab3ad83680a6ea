"""The event log, the consumers' positions, and the seals."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.privacy import Basis, Forever, Privacy
from zhen.kernel.lib.rule import Rule


class Event(models.Model):
    """One thing that happened. Rows are added and never changed (held by triggers).

    `transaction` is PostgreSQL's 64-bit transaction id (see migration 0002): consumers compare it
    with the oldest running one, so that they read in commit order without gaps.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    transaction = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()))
    kind = models.CharField(_("kind"), max_length=100)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("actor"), max_length=200)
    subject_type = models.CharField(_("subject"), max_length=100)
    subject_id = models.CharField(max_length=64)
    area_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    access_rule: ClassVar = Rule(area="area_id", unit="unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who did what, so that the work and its figures can be shown to be true"),
        basis=Basis.STATUTORY_DUTY,
        law=_("Cybersecurity Law, article 21; Regulations on Open Government Information"),
        retention=Forever(source=_("Archives Law, article 13: records of the work of state organs")),
        accounts=("actor_id",),
        only={"actor_kind": "user"},
        listed=False,
        internal=(
            "at",
            "transaction",
            "kind",
            "actor_kind",
            "subject_type",
            "subject_id",
            "area_id",
            "unit_id",
            "data",
        ),
        personal=("actor_id", "actor_name"),
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["transaction", "id"], name="journal_event_order"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="journal_event_subject"),
            models.Index(fields=["kind", "at"], name="journal_event_kind"),
            models.Index(fields=["actor_kind", "actor_id", "id"], name="journal_event_actor"),
            BrinIndex(fields=["at"], name="journal_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind} {self.subject_type}:{self.subject_id}"


class Position(models.Model):
    """How far a consumer has read: everything up to (transaction, event), and nothing after it."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        RETRYING = "retrying", _("trying again")
        FAILED = "failed", _("stopped after errors")

    consumer = models.CharField(_("consumer"), max_length=100, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    failures = models.PositiveIntegerField(_("errors in a row"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    moved_at = models.DateTimeField(_("last progress"), null=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("consumer")
        verbose_name_plural = _("consumers")

    def __str__(self) -> str:
        return f"{self.consumer} at {self.transaction}:{self.event}"


class Seal(models.Model):
    """A sealed stretch of the log: its Merkle root, chained to the seal before.

    It covers the events after the last one of the seal before, in reading order, up to
    (last_transaction, last_event). `leaves` holds 8 bytes of id and the leaf hash for each, so that
    a check can name the row that was changed. Rows are added and never changed (held by triggers).
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    sealed_at = models.DateTimeField(_("sealed at"))
    algorithm = models.CharField(_("algorithm"), max_length=10)
    count = models.PositiveIntegerField(_("events"))
    last_transaction = models.BigIntegerField()
    last_event = models.BigIntegerField(_("last event"))
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    leaves = models.BinaryField()

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="journal_seal_from_1"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="journal_seal_not_empty"),
        ]

    def __str__(self) -> str:
        return f"seal {self.number}: {bytes(self.hash).hex()[:16]}"
