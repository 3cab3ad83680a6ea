"""What devices were told to do, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import After, Basis, Privacy
from zhen.kernel.telemetry.models.alarms import LAW
from zhen.kernel.telemetry.models.devices import Device

PATIENCE = timedelta(minutes=10)
"""A device that has not answered by then is told no more: nothing shall move long after somebody asked for it."""


class Order(models.Model):
    """One command to one device. It is sent again until the device answers or `deadline` is past; at most one of a
    kind is open for a device.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused by the device")
        SILENT = "silent", _("the device did not answer")

    device = models.ForeignKey(Device, models.PROTECT, related_name="orders", verbose_name=_("device"), db_index=False)
    command = models.CharField(_("command"), max_length=40)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by"))
    asked_at = models.DateTimeField(_("ordered at"))
    deadline = models.DateTimeField(_("to be answered by"))
    sent_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    ended_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    said = models.CharField(_("what the device said"), max_length=120, blank=True)

    device_id: int
    asked_by_id: int | None
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who told a device to do something"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="ended_at",
            years=10,
            event=_("the order was answered, or given up"),
            source=_("the town's schedule for records of safety"),
            anonymise={"asked_by": None},
        ),
        accounts=("asked_by_id",),
        internal=("device", "command", "asked_at", "deadline", "sent_at", "ended_at", "state", "said"),
        personal=("asked_by",),
    )

    class Meta:
        verbose_name = _("order to a device")
        verbose_name_plural = _("orders to devices")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "command"], condition=Q(state="waiting"), name="telemetry_order_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(ended_at__isnull=False), name="telemetry_order_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "-asked_at"], name="telemetry_order_device"),
            models.Index(fields=["deadline"], condition=Q(state="waiting"), name="telemetry_order_open"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.command}"

    @property
    def command_name(self) -> str | Promise:
        """What the profile calls it; its code where the profile no longer knows it."""
        kind = self.device.kind
        return next((one.name for one in kind.commands if one.code == self.command), self.command) if kind else ""
