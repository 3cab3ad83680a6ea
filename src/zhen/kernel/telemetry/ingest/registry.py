"""What the ingest knows of devices: read from the registry, and again whenever that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from zhen.kernel.telemetry.declarations import PROFILES, DeviceProfile
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.storage.writing import metric_ids

Range = tuple[float, float]
ANY: Range = (float("-inf"), float("inf"))


@dataclass(frozen=True, kw_only=True)
class Known:
    """A device as the ingest needs it. `ranges`: what is possible for each metric of its profile."""

    id: int
    active: bool
    profile: str
    ranges: Mapping[str, Range]
    messages_per_minute: int


@dataclass
class Registry:
    """All devices by their code. `edition` is the number of the state that was read."""

    edition: int = -1
    devices: dict[str, Known] = field(default_factory=dict)
    metrics: dict[str, int] = field(default_factory=dict)

    def refresh(self) -> bool:
        """Read the registry again if it has changed. Says whether it had."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM telemetry_edition")
            (edition,) = cursor.fetchone()
        if edition == self.edition:
            return False
        ranges = {profile.code: ranges_of(profile) for profile in PROFILES}
        self.metrics = metric_ids(metric.code for profile in PROFILES for metric in profile.metrics)
        rows = Device.objects.values_list("code", "pk", "state", "profile", "messages_per_minute")
        self.devices = {
            code: Known(
                id=pk,
                active=state == Device.State.ACTIVE,
                profile=profile,
                ranges=ranges.get(profile, {}),
                messages_per_minute=quota,
            )
            for code, pk, state, profile, quota in rows
        }
        self.edition = edition
        return True


def ranges_of(profile: DeviceProfile) -> dict[str, Range]:
    return {
        metric.code: (ANY[0] if metric.low is None else metric.low, ANY[1] if metric.high is None else metric.high)
        for metric in profile.metrics
    }
