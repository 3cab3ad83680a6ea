"""How long readings, sums and refused input stay. Run by a job; safe to repeat.

A day of readings goes as a whole once it is older than any profile keeps and its month has left as a file. Readings of
profiles that keep less are deleted from the days in between.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.models import Device, MonthFile, Rejected
from zhen.kernel.telemetry.storage import partitions
from zhen.kernel.telemetry.storage.partitions import HOURS, MINUTES, READINGS

REJECTED_DAYS = 30
LEAST_DAYS = 8
"""Readings may come a week late; days that can still get some stay."""
LOOK_BACK = 7
"""So many days in a row are looked at for profiles that keep less: as often as the job may have failed."""


def keep() -> None:
    """Make partitions ahead, and drop what has had its time."""
    now = clock.now()
    partitions.make_ahead(now)
    forget(now)


def forget(now: datetime) -> list[str]:
    """Drop and delete what has had its time. Returns the partitions that went."""
    today = now.astimezone(UTC).date()
    longest = {
        READINGS: max([LEAST_DAYS, *(profile.keep_raw_days for profile in PROFILES)]),
        MINUTES: max([LEAST_DAYS, *(profile.keep_minutes_days for profile in PROFILES)]),
        HOURS: max([LEAST_DAYS, *(profile.keep_hours_days for profile in PROFILES)]),
    }
    written = set(MonthFile.objects.values_list("month", flat=True))
    gone = []
    for parted, days in longest.items():
        for name in partitions.existing(parted):
            start = parted.day_of(name)
            over = parted.end(start) <= today - timedelta(days=days)
            if over and (parted is not READINGS or start.replace(day=1) in written):
                partitions.drop(parted, name)
                gone.append(name)
    _delete_short_lived(today, longest[READINGS])
    Rejected.objects.filter(last_at__lt=now - timedelta(days=REJECTED_DAYS)).delete()
    return gone


def _delete_short_lived(today: date, longest: int) -> None:
    """Readings of profiles that keep less than the longest."""
    existing = set(partitions.existing(READINGS))
    for profile in PROFILES:
        days = max(profile.keep_raw_days, LEAST_DAYS)
        if days >= longest:
            continue
        devices = list(Device.objects.filter(profile=profile.code).values_list("pk", flat=True))
        for number in range(1, LOOK_BACK + 1):
            name = READINGS.name(today - timedelta(days=days + number))
            if devices and name in existing:
                with connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {name} WHERE device_id = ANY(%s)", [devices])  # noqa: S608 our own name
