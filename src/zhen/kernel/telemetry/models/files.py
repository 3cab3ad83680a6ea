"""Tables of devices that somebody brought, to be looked at before they are taken."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy


class DeviceFile(models.Model):
    """A table of devices: what can be taken of it (`rows`), what cannot and why (`faults`)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be looked at")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    at = models.DateTimeField(_("sent at"))

    by_id: int
    access_rule: ClassVar = Rule(owner="by_id")
    privacy: ClassVar[Privacy] = Privacy(
        purpose=_("Entering devices from a table"),
        basis=Basis.STATUTORY_DUTY,
        retention=After(
            field="at",
            event=_("the table was sent"),
            years=1,
            source=_("the town's own rule; what counts stays in the journal"),
        ),
        accounts=("by_id",),
        internal=("file_name", "state", "rows", "faults", "by", "at"),
    )

    class Meta:
        verbose_name = _("table of devices")
        verbose_name_plural = _("tables of devices")

    def __str__(self) -> str:
        return self.file_name

    @property
    def readable(self) -> int:
        return len(self.rows)
