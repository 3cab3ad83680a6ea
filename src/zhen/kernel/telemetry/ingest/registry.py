"""What the ingest knows of devices: read from the registry, and again whenever that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import connection

from zhen.kernel.telemetry.declarations import PROFILES, DeviceProfile
from zhen.kernel.telemetry.ingest.announcing import Source
from zhen.kernel.telemetry.models import Announced, Device
from zhen.kernel.telemetry.storage.writing import metric_ids

Range = tuple[float, float]
ANY: Range = (float("-inf"), float("inf"))


@dataclass(frozen=True, kw_only=True)
class Known:
    """A device as the ingest needs it.

    `ranges`: what is possible for each metric of its profile. `announced`: what it announced, by name; None where
    there is a fault. `sources`: the same by the topic after its code.
    """

    id: int
    active: bool
    profile: str
    ranges: Mapping[str, Range]
    messages_per_minute: int
    announced: Mapping[str, Source | None] = field(default_factory=dict)
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    def announcing(self, announced: Mapping[str, Source | None]) -> Known:
        """The device with other announcements."""
        return replace(self, announced=announced, sources=by_topic(announced))


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
        announced = read_announced()
        rows = Device.objects.values_list("code", "pk", "state", "profile", "messages_per_minute")
        self.devices = {
            code: Known(
                id=pk,
                active=state == Device.State.ACTIVE,
                profile=profile,
                ranges=ranges.get(profile, {}),
                messages_per_minute=quota,
                announced=announced.get(pk, {}),
                sources=by_topic(announced.get(pk, {})),
            )
            for code, pk, state, profile, quota in rows
        }
        self.edition = edition
        return True


def read_announced() -> dict[int, dict[str, Source | None]]:
    """What devices announced, by device and name."""
    found: dict[int, dict[str, Source | None]] = {}
    for row in Announced.objects.order_by("device", "name"):
        source = Source(
            topic=row.topic,
            metric=row.metric,
            path=tuple(row.path),
            factor=row.factor,
            offset=row.offset,
            on=row.on,
            off=row.off,
        )
        found.setdefault(row.device_id, {})[row.name] = None if row.fault else source
    return found


def by_topic(announced: Mapping[str, Source | None]) -> dict[str, tuple[Source, ...]]:
    topics: dict[str, tuple[Source, ...]] = {}
    for source in announced.values():
        if source is not None:
            topics[source.topic] = (*topics.get(source.topic, ()), source)
    return topics


def ranges_of(profile: DeviceProfile) -> dict[str, Range]:
    return {
        metric.code: (ANY[0] if metric.low is None else metric.low, ANY[1] if metric.high is None else metric.high)
        for metric in profile.metrics
    }
