"""Readings, the newest of each kind, and what is left of them later.

The tables of readings and sums are partitioned by time and made by hand (migration 0002): no foreign keys, so that
writing is a COPY and forgetting is a DROP.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.telemetry.models.devices import A_THING, Device


class MetricCode(models.Model):
    """The small number that stands for a metric in the tables of readings. It stays for ever."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(_("metric"), max_length=40, unique=True)

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")

    def __str__(self) -> str:
        return self.code


class Reading(models.Model):
    """One number that one device measured at one moment; the database refuses it a second time.

    `at` is when it was measured: the device's time, or ours where the device's clock cannot be right. `received_at` is
    when the stream took it. `device_at` is the device's time where it is not `at`.
    """

    pk = models.CompositePrimaryKey("device", "metric", "at")
    device = models.ForeignKey(Device, models.DO_NOTHING, related_name="+", db_constraint=False)
    metric = models.ForeignKey(MetricCode, models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("time of the reading"))
    received_at = models.DateTimeField(_("received at"))
    device_at = models.DateTimeField(_("the device's own time"), null=True)
    value = models.FloatField(_("value"))

    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        managed = False
        db_table = "telemetry_reading"
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self) -> str:
        return f"{self.device_id}/{self.metric_id} {self.at:%Y-%m-%d %H:%M:%S} {self.value}"


class Latest(models.Model):
    """The newest reading of each metric of each device.

    `unsummed_from` is the earliest reading that the sums per minute and hour do not hold yet.
    """

    pk = models.CompositePrimaryKey("device", "metric")
    device = models.ForeignKey(Device, models.DO_NOTHING, related_name="latest", db_constraint=False)
    metric = models.ForeignKey(MetricCode, models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("time of the reading"))
    received_at = models.DateTimeField(_("received at"))
    value = models.FloatField(_("value"))
    unsummed_from = models.DateTimeField(null=True)

    device_id: int
    metric_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        managed = False
        db_table = "telemetry_latest"
        verbose_name = _("newest reading")
        verbose_name_plural = _("newest readings")

    def __str__(self) -> str:
        return f"{self.device_id}/{self.metric_id} {self.value}"


class Sum(models.Model):
    """What the readings of one stretch of time come to: how many, the lowest, the highest, their sum."""

    pk = models.CompositePrimaryKey("device", "metric", "at")
    device = models.ForeignKey(Device, models.DO_NOTHING, related_name="+", db_constraint=False)
    metric = models.ForeignKey(MetricCode, models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField(_("from"))
    count = models.IntegerField(_("readings"))
    low = models.FloatField(_("lowest"))
    high = models.FloatField(_("highest"))
    total = models.FloatField(_("sum"))

    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        abstract = True
        managed = False

    def __str__(self) -> str:
        return f"{self.device_id}/{self.metric_id} {self.at:%Y-%m-%d %H:%M} {self.count}"


class Minute(Sum):
    class Meta(Sum.Meta):
        db_table = "telemetry_minute"
        verbose_name = _("readings of a minute")
        verbose_name_plural = _("readings per minute")


class Hour(Sum):
    class Meta(Sum.Meta):
        db_table = "telemetry_hour"
        verbose_name = _("readings of an hour")
        verbose_name_plural = _("readings per hour")


class MonthFile(models.Model):
    """A month of raw readings that left the database as a Parquet file, below the data home."""

    month = models.DateField(_("month"), unique=True)
    path = models.CharField(_("file"), max_length=200)
    rows = models.BigIntegerField(_("rows"))
    bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    written_at = models.DateTimeField(_("written at"))

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("file of a month")
        verbose_name_plural = _("files of months")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(month__day=1), name="telemetry_month_first")]

    def __str__(self) -> str:
        return self.path
