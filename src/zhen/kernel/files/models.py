"""Files: a row for each thing that somebody sent, or that was made of one by redaction."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.files.kinds import IMAGES, Kind
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy


class File(models.Model):
    """A file that is kept. Its content lies in the storage under `sha256`; rows of the same content share it.

    Who may read it is the rule of the record that it is attached to: that record's module has a row with a
    foreign key here (PROTECT), checks its own rule and then makes the link. `redacted` says that a copy with
    parts blacked out was made of it: it is then only for those with the right to originals.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    name = models.CharField(_("name"), max_length=120)
    uploaded_by = models.BigIntegerField(_("uploaded by"), null=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    redacts = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="redactions", verbose_name=_("redacted copy of")
    )
    reason = models.CharField(_("reason of the redaction"), max_length=300, blank=True)
    redacted = models.BooleanField(_("a redacted copy exists"), default=False)

    access_rule: ClassVar = Rule(owner="uploaded_by")
    privacy: ClassVar = Privacy(
        purpose=_("Showing what a record is about: photos, papers and videos that people send with it"),
        basis=Basis.STATUTORY_DUTY,
        retention=After(
            field="uploaded_at",
            event=_("it was uploaded, once no record holds it any longer"),
            days=7,
            source=_("the town's own rule: a file is kept as long as the record that it is attached to"),
        ),
        accounts=("uploaded_by",),
        internal=("sha256", "kind", "bytes", "width", "height", "uploaded_at", "redacts", "redacted"),
        personal=("name", "uploaded_by", "reason"),
    )

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_file_sha256"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="files_file_kind_known"),
            models.CheckConstraint(condition=Q(bytes__gt=0), name="files_file_not_empty"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=sorted(IMAGES), width__isnull=False, height__isnull=False, width__gt=0, height__gt=0
                )
                | (~Q(kind__in=sorted(IMAGES)) & Q(width__isnull=True, height__isnull=True)),
                name="files_file_images_have_a_size",
            ),
            models.CheckConstraint(
                condition=Q(redacts__isnull=True, reason="") | (Q(redacts__isnull=False) & ~Q(reason="")),
                name="files_file_redacted_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(redacts__isnull=True) | ~Q(redacts=F("id")), name="files_file_redacts_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return Kind(self.kind).is_image


class Incoming(models.Model):
    """A file on its way, in pieces: how much of it is here, and the file once it is whole.

    The id is the sender's own. The pieces lie in the storage as files that are not finished.
    """

    id = models.UUIDField(primary_key=True)
    uploaded_by = models.BigIntegerField(_("uploaded by"))
    name = models.CharField(_("name"), max_length=200)
    total = models.PositiveBigIntegerField(_("bytes"))
    received = models.PositiveBigIntegerField(_("bytes received"), default=0)
    file = models.ForeignKey(File, models.CASCADE, null=True, related_name="+", verbose_name=_("file"))
    at = models.DateTimeField(_("begun at"))

    file_id: UUID | None
    access_rule: ClassVar = Rule(owner="uploaded_by")
    privacy: ClassVar = Privacy(
        purpose=_("Going on with a file where a weak signal has cut it off"),
        basis=Basis.STATUTORY_DUTY,
        retention=After(
            field="at",
            event=_("its first piece came"),
            days=7,
            source=_("the town's own rule: a phone goes on within days, or begins again"),
            along=("file",),
        ),
        accounts=("uploaded_by",),
        internal=("total", "received", "file", "at"),
        personal=("name", "uploaded_by"),
    )

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(total__gt=0, received__lte=F("total")), name="files_incoming_bytes"),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(received=F("total")), name="files_incoming_whole"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["uploaded_by"], condition=Q(file__isnull=True), name="files_incoming_open"),
            models.Index(fields=["at"], name="files_incoming_at"),
        ]

    def __str__(self) -> str:
        return self.name
