"""The event log, the consumers' positions, and the seals."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened. Rows are added and never changed (held by triggers).

    `transaction` is PostgreSQL's 64-bit transaction id: consumers compare it with the oldest
    running one, so that they read in commit order without gaps.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    transaction = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()))
    kind = models.CharField(_("kind"), max_length=100)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("actor"), max_length=200)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    area_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

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
