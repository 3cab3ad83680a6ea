"""How a device stands, as one word: retired, never heard, silent, heard, or its gravest alarm."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Tone
from zhen.kernel.telemetry.alarms.values import TONES
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.devices.coverage import MISSED
from zhen.kernel.telemetry.models import Alarm, Device, Latest


def with_heard(rows: QuerySet[Device]) -> QuerySet[Device]:
    """Each with `heard_at`, when something of it was received last."""
    heard = Latest.objects.filter(device=OuterRef("pk")).order_by().values("device").annotate(at=Max("received_at"))
    return rows.annotate(heard_at=Subquery(heard.values("at")))


def with_alarm(rows: QuerySet[Device]) -> QuerySet[Device]:
    """Each with `alarm_severity`, that of its gravest alarm that goes on and is shown."""
    grave = Alarm.objects.filter(
        device=OuterRef("pk"), closed_at__isnull=True, cleared_at__isnull=True, suppression__isnull=True
    ).order_by("-severity")
    return rows.annotate(alarm_severity=Subquery(grave.values("severity")[:1]))


def state(row: Any) -> Chip:
    """Retired, never heard, silent, or heard; of a row with `heard_at`."""
    if row.state == Device.State.RETIRED:
        return Chip(text=Device.State.RETIRED.label)
    if row.heard_at is None:
        return Chip(text=_("never heard"), tone=Tone.DUE_SOON)
    profile = row.kind
    if profile is not None and clock.now() - row.heard_at > MISSED * profile.interval:
        return Chip(text=_("silent"), tone=Tone.BEHIND)
    return Chip(text=_("heard"), tone=Tone.ON_TRACK)


def device_chip(row: Any) -> Chip:
    """Its gravest alarm that goes on; otherwise whether it is heard. Of a row with both."""
    if row.alarm_severity is None:
        return state(row)
    severity = Severity(row.alarm_severity)
    return Chip(text=severity.label, tone=TONES[severity])
