"""Transmission devices, what is behind them, what they were ordered, and what nobody understood."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875.codec import names
from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.rules import SOURCE_FORM, State
from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.telemetry.api import Device

A_DEVICE = NotPersonal(because="It tells of fire alarm equipment in a building")


class Terminal(models.Model):
    """A user information transmission device (用户信息传输装置): a device of the registry with an address of its own.

    `clock_error` is how far its clock was ahead when it was last heard; None: it showed no time that exists.
    """

    device = models.OneToOneField(Device, models.PROTECT, related_name="+", verbose_name=_("device"))
    source = models.CharField(_("address"), max_length=12, unique=True)
    dialect = models.CharField(
        _("form of its frames"),
        max_length=20,
        blank=True,
        choices=[(dialect.code, dialect.chinese) for dialect in DIALECTS.values()],
    )
    networks = models.CharField(_("only from"), max_length=300, blank=True)
    heard_at = models.DateTimeField(_("last heard"), null=True, blank=True)
    peer = models.CharField(_("heard from"), max_length=60, blank=True)
    clock_error = models.DurationField(_("clock ahead by"), null=True, blank=True)

    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_DEVICE

    class Meta:
        verbose_name = _("transmission device")
        verbose_name_plural = _("transmission devices")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(source__regex=SOURCE_FORM), name="gb26875_terminal_source")
        ]

    def __str__(self) -> str:
        return str(self.device)


class FoundPart(models.Model):
    """A system or component that a transmission device spoke of, and its device in the registry.

    It is registered at the transmission device's place when it is first heard of, so that no alarm waits
    for paperwork; `placed_at` is when a person said where it really is.
    """

    terminal = models.ForeignKey(Terminal, models.CASCADE, related_name="parts", verbose_name=_("transmission device"))
    device = models.OneToOneField(Device, models.PROTECT, related_name="+", verbose_name=_("device"))
    system_type = models.PositiveSmallIntegerField(_("system type"))
    system_address = models.PositiveSmallIntegerField(_("system address"))
    address = models.CharField(_("component address"), max_length=8, blank=True)
    component_type = models.PositiveSmallIntegerField(_("component type"), null=True, blank=True)
    text = models.CharField(_("place it was given"), max_length=255, blank=True)
    found_at = models.DateTimeField(_("first heard of"))
    placed_at = models.DateTimeField(_("placed at"), null=True, blank=True)

    terminal_id: int
    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_DEVICE

    class Meta:
        verbose_name = _("part of a fire alarm system")
        verbose_name_plural = _("parts of fire alarm systems")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["terminal", "system_type", "system_address", "address"], name="gb26875_part_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["found_at"], condition=Q(placed_at__isnull=True), name="gb26875_part_to_place")
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def kind(self) -> str:
        """What it is, as the standard names it."""
        table, code = (
            (names.SYSTEMS, self.system_type) if not self.address else (names.COMPONENTS, self.component_type or 0)
        )
        return names.name_of(code, table).chinese


class PartProfile(models.Model):
    """Which device profile a newly found part gets: for one component type, or (None) for all others."""

    component_type = models.PositiveSmallIntegerField(_("component type"), null=True, blank=True)
    profile = models.CharField(_("device profile"), max_length=60)

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = A_DEVICE

    class Meta:
        verbose_name = _("profile of a component type")
        verbose_name_plural = _("profiles of component types")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["component_type"], nulls_distinct=False, name="gb26875_part_profile_once")
        ]

    def __str__(self) -> str:
        return f"{self.component_type} {self.profile}"


class Order(models.Model):
    """Something a transmission device was told to do, or asked, and what came of it.

    `data` is the application data of the frame. A duty check is asked once the device has taken it, and
    must then be answered by `deadline`.
    """

    class States(models.TextChoices):
        WAITING = State.WAITING, _("on its way")
        ASKED = State.ASKED, _("asked, not yet answered")
        DONE = State.DONE, _("done")
        REFUSED = State.REFUSED, _("refused by the device")
        SILENT = State.SILENT, _("the device did not answer")
        MISSED = State.MISSED, _("nobody answered in time")
        CANCELLED = State.CANCELLED, _("taken back")

    terminal = models.ForeignKey(Terminal, models.CASCADE, related_name="orders", verbose_name=_("transmission device"))
    type = models.PositiveSmallIntegerField(_("order"))
    data = models.BinaryField(_("content"), max_length=1024)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ordered by")
    )
    asked_at = models.DateTimeField(_("ordered at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=States.choices, default=States.WAITING)
    deadline = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reply = models.BinaryField(_("reply"), max_length=1054, null=True, blank=True)

    terminal_id: int
    asked_by_id: int | None
    access_rule: ClassVar = Rule(area="terminal__device__place_id", unit="terminal__device__unit_id")
    privacy: ClassVar = NotPersonal(because="It tells of equipment; who asked is an account of the town")

    class Meta:
        verbose_name = _("order to a transmission device")
        verbose_name_plural = _("orders to transmission devices")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=(State.WAITING, State.ASKED), ended_at__isnull=True)
                | (~Q(state__in=(State.WAITING, State.ASKED)) & Q(ended_at__isnull=False)),
                name="gb26875_order_end",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ASKED) | Q(deadline__isnull=False), name="gb26875_order_deadline"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(state=State.WAITING), name="gb26875_order_waiting"),
            models.Index(fields=["deadline"], condition=Q(state=State.ASKED), name="gb26875_order_asked"),
            models.Index(fields=["terminal", "-asked_at"], name="gb26875_order_of"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.get_state_display()}"


class KeptFrame(models.Model):
    """Bytes that arrived and are no readings, as they came, until a person has looked at them.

    The same bytes from the same source are one row with a count.
    """

    class Why(models.TextChoices):
        GARBAGE = "garbage", _("no frame")
        CHECKSUM = "checksum", _("wrong checksum")
        SOURCE = "source", _("unknown transmission device")
        DATA = "data", _("content not understood")
        COMMAND = "command", _("command not understood")

    why = models.CharField(_("reason"), max_length=10, choices=Why.choices)
    source = models.CharField(_("address"), max_length=12, blank=True)
    peer = models.CharField(_("heard from"), max_length=60)
    raw = models.BinaryField(_("bytes"), max_length=1100)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    count = models.PositiveIntegerField(_("times"), default=1)
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    access_rule: ClassVar = Rule()
    privacy: ClassVar = A_DEVICE

    class Meta:
        verbose_name = _("kept frame")
        verbose_name_plural = _("kept frames")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="gb26875_kept_times")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-last_at"], condition=Q(settled_at__isnull=True), name="gb26875_kept_open")
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.source}"
