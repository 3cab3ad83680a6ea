"""Files that are attached to cases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.cases import SCHEDULE, Case
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import User
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy


class CaseAttachment(models.Model):
    """A file of a case: who may read the case, as a rule sees the file. `state` is where the case stood then.

    Photos can show persons, so they go with the case's time even though the case itself stays for its figures:
    `forget_from` is the day on which the case was closed.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("from the report")
        EVIDENCE = "evidence", _("evidence of the work")
        PAPER = "paper", _("paper of the file")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=40)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    public = models.BooleanField(_("the reporter sees it"), default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    forget_from = models.DateField(_("case closed on"), null=True, blank=True)

    case_id: int
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = Privacy(
        purpose=_("Showing what was reported and what was done"),
        basis=Basis.STATUTORY_DUTY,
        law=_("the town's duty to answer for what was done"),
        retention=After(
            field="forget_from", years=10, event=_("the case was closed"), source=SCHEDULE, along=("case",)
        ),
        accounts=("by_id",),
        internal=("case", "file", "kind", "state", "public", "at", "forget_from"),
        personal=("caption", "by", "by_name"),
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["evidence", "paper", "report"]), name="cases_attachment_kind"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="cases_attachment_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
