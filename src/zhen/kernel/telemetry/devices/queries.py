"""Reading the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.devices.values import VIEW
from zhen.kernel.telemetry.models import Credential, Device, Latest


def devices(actor: Actor) -> QuerySet[Device]:
    return restrict(actor, VIEW, Device.objects.select_related("place", "unit", "gateway"))


def device(actor: Actor, code: str) -> Device:
    """A device by its code. Raises Missing."""
    found = devices(actor).filter(code=code).first() if len(code) <= 64 and "\x00" not in code else None
    if found is None:
        raise Missing(f"device {code}")
    return found


def newest(found: Iterable[Device]) -> dict[int, dict[str, tuple[float, datetime]]]:
    """Of devices that were read for somebody: the newest value of each metric, and its time, by the device's id."""
    told: dict[int, dict[str, tuple[float, datetime]]] = {}
    rows = Latest.objects.filter(device__in=[one.pk for one in found]).select_related("metric")
    for row in rows:
        told.setdefault(row.device_id, {})[row.metric.code] = row.value, row.at
    return told


def working(now: datetime) -> Q:
    """The condition on credentials that let their device in."""
    return Q(ends_at__isnull=True) | Q(ends_at__gt=now)


def credentials(actor: Actor, of: Device) -> QuerySet[Credential]:
    return restrict(actor, VIEW, Credential.objects.filter(device=of)).order_by("-issued_at")


def needing_care(actor: Actor, today: date) -> QuerySet[Device]:
    """Devices in service whose maintenance has run out, or which are past their end of life."""
    late = Q(maintained_until__lt=today) | Q(end_of_life__lte=today)
    return devices(actor).filter(late, state=Device.State.ACTIVE)
