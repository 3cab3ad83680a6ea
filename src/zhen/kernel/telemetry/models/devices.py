"""Devices: where each is, who answers for it, and what it signs in with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.declarations import PROFILES, DeviceProfile

A_THING = NotPersonal(because="It tells of a device in a building; devices measure buildings, not people")
CODE_FORM = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""A device's code is one level of an MQTT topic and one word of a NATS subject."""


class Device(models.Model):
    """Something that measures: of a profile, at a place, of a unit. A gateway speaks for the devices behind it.

    `messages_per_minute` is how much it may send; what is more is refused. Devices stay for ever, since readings tell
    of them: one that is gone is retired.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("in service")
        RETIRED = "retired", _("retired")

    id = models.AutoField(primary_key=True)
    code = models.CharField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=100)
    profile = models.CharField(_("device profile"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    spot = models.CharField(_("where exactly"), max_length=100, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    gateway = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("behind the gateway")
    )
    maintenance = models.CharField(_("maintenance contract"), max_length=200, blank=True)
    maintained_until = models.DateField(_("maintained until"), null=True, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    end_of_life = models.DateField(_("to be replaced by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    messages_per_minute = models.PositiveIntegerField(_("messages per minute at most"), default=600)
    registered_at = models.DateTimeField(_("registered at"))

    place_id: int
    unit_id: int
    gateway_id: int | None
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=CODE_FORM), name="telemetry_device_code"),
            models.CheckConstraint(
                condition=Q(gateway__isnull=True) | ~Q(gateway=F("id")), name="telemetry_device_not_its_own_gateway"
            ),
            models.CheckConstraint(
                condition=Q(messages_per_minute__gte=1, messages_per_minute__lte=60_000),
                name="telemetry_device_quota",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "profile"], name="telemetry_device_place"),
            models.Index(fields=["profile", "state"], name="telemetry_device_profile"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What names the device in addresses."""
        return self.code

    @property
    def kind(self) -> DeviceProfile | None:
        """The profile; None where the pack that declared it is gone."""
        return PROFILES.get(self.profile)

    @property
    def kind_name(self) -> str | Promise:
        return self.kind.name if self.kind else self.profile


class Credential(models.Model):
    """The secret of a device; only its digest is kept. It works until `ends_at`.

    A renewed credential leaves the old one a while, so that the device can be reached and told the new one.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="credentials", verbose_name=_("device"))
    digest = models.BinaryField(_("digest"), max_length=32, editable=False)
    issued_at = models.DateTimeField(_("issued at"))
    ends_at = models.DateTimeField(_("works until"), null=True, blank=True)

    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(ends_at__isnull=True), name="telemetry_credential_one_without_end"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("issued_at")), name="telemetry_credential_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.issued_at:%Y-%m-%d}"


class Claim(models.Model):
    """A short code that an installer types in; the device exchanges it once for a credential."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="claims", verbose_name=_("device"))
    digest = models.BinaryField(_("digest"), max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    ends_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("claim code")
        verbose_name_plural = _("claim codes")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("made_at")), name="telemetry_claim_dates")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.ends_at:%Y-%m-%d}"
