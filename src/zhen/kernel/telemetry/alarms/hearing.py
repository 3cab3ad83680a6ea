"""Alarms of the past: what a device said is put through its rules as of then, and no reading is kept of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.alarms.following import follow
from zhen.kernel.telemetry.alarms.taking import take
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.rules.values import micro
from zhen.kernel.telemetry.storage.batch import Message


def hear(device: Device, values: Mapping[str, float]) -> None:
    """What a device says now, by the town's clock: its alarms, incidents and cases follow at once.

    For the years before a town came here, and for the demo: readings of so long ago would be forgotten at once.
    """
    now = clock.now()
    message = Message(device.pk, micro(now), micro(now), tuple(values.items()))
    with transaction.atomic():
        take([message], {device.pk: device.profile}, {}, now)
        follow()
