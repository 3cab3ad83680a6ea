"""Times in which alarms are recorded and trouble nobody: maintenance, tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from zhen.kernel.places import api as places
from zhen.kernel.telemetry.models import Device, Suppression


@dataclass(frozen=True)
class Windows:
    """The suppressions of some time, with the places that each covers."""

    rows: Collection[Suppression]
    scopes: dict[int, frozenset[int]]

    def covering(self, device: Device, at: datetime) -> int | None:
        """The suppression that an alarm of a device falls under."""
        for row in self.rows:
            if row.starts_at <= at < row.ends_at and self._covers(row, device):
                return row.pk
        return None

    def _covers(self, row: Suppression, device: Device) -> bool:
        if row.place_id is None:
            return row.device_id == device.pk or row.device_id == device.gateway_id
        return device.place_id in self.scopes[row.place_id]


def windows(first: datetime, last: datetime) -> Windows:
    rows = list(Suppression.objects.filter(starts_at__lte=last, ends_at__gt=first).order_by("pk"))
    return Windows(rows, places.scopes_of({row.place_id for row in rows if row.place_id is not None}) if rows else {})
