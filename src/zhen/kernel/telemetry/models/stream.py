"""How far the durable stream is read, and what in it was no reading."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.telemetry.models.devices import A_THING, Device


class Position(models.Model):
    """How far one lane of the ingest has read one stream. Written with the readings, in one transaction.

    `born` is when the stream was made: another stream of its name counts from one again.
    """

    stream = models.CharField(_("stream"), max_length=60)
    born = models.DateTimeField(_("stream made at"))
    lanes = models.PositiveSmallIntegerField(_("lanes"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    sequence = models.BigIntegerField(_("sequence"))
    at = models.DateTimeField(_("at"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("position in a stream")
        verbose_name_plural = _("positions in streams")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "lanes", "lane"], name="telemetry_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.lane}/{self.lanes}: {self.sequence}"


class Reason(models.TextChoices):
    """Why something that arrived is not among the readings."""

    NO_JSON = "no_json", _("no JSON, or not in a known form")
    TOO_LARGE = "too_large", _("too large")
    TOPIC = "topic", _("no topic of readings")
    DEVICE = "device", _("no such device")
    RETIRED = "retired", _("the device is retired")
    METRIC = "metric", _("no metric of its profile")
    NUMBER = "number", _("no number")
    RANGE = "range", _("outside the range that is possible")
    TIME = "time", _("no time")
    QUOTA = "quota", _("more than the device may send")


class Rejected(models.Model):
    """Something that arrived and is no reading, as it came. Repeats within an hour are counted, not kept again.

    `raw` is the first of them (at most 1 KiB); `detail` says what is wrong with it.
    """

    Reason = Reason

    device = models.ForeignKey(
        Device, models.CASCADE, null=True, related_name="rejected", verbose_name=_("device"), db_index=False
    )
    topic = models.CharField(_("topic"), max_length=200)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    raw = models.BinaryField(_("as it came"), max_length=1024)
    hour = models.DateTimeField(_("hour"))
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    count = models.PositiveBigIntegerField(_("how often"), default=1)

    device_id: int | None
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("rejected input")
        verbose_name_plural = _("rejected inputs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "reason", "detail", "hour"], name="telemetry_rejected_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="telemetry_rejected_counted"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-last_at"], name="telemetry_rejected_newest"),
            models.Index(fields=["device", "-last_at"], name="telemetry_rejected_device"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.reason}"
