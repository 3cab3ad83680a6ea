"""What the simulator needs to speak for the demo's devices: written once the town is built."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from zhen.kernel.access.api import Actor
from zhen.kernel.telemetry.api import PROFILES, Device, DeviceProfile, issue
from zhen.project.demo.simulation.book import FILE, Book, Hub, Member, Range, written
from zhen.runtime.files import write_private

WIDE = 1_000.0
"""What a metric without a limit is taken to reach."""


def write_book(builder: Actor, home: Path, seed: int) -> Book:
    """Give each gateway of the demo a secret, and write all down."""
    behind: dict[int, list[Member]] = defaultdict(list)
    rows = Device.objects.filter(gateway__isnull=False, profile__in=[profile.code for profile in PROFILES])
    for code, profile, place, spot, gateway in rows.order_by("code").values_list(
        "code", "profile", "place__code", "spot", "gateway"
    ):
        if gateway is not None:
            behind[gateway].append(Member(code, profile, place, spot))
    gateways = Device.objects.filter(pk__in=behind).order_by("code")
    hubs = tuple(
        Hub(gateway.code, gateway.profile, issue(builder, gateway).secret, tuple(behind[gateway.pk]))
        for gateway in gateways
    )
    used = {hub.profile for hub in hubs} | {member.profile for hub in hubs for member in hub.members}
    told = frozenset(code for code in used if PROFILES[code].commands)
    book = Book(seed, hubs, {code: _ranges(PROFILES[code]) for code in sorted(used)}, told)
    write_private(home / FILE, written(book))
    return book


def _ranges(profile: DeviceProfile) -> dict[str, Range]:
    return {
        metric.code: Range(
            -WIDE if metric.low is None else metric.low, WIDE if metric.high is None else metric.high, metric.is_flag
        )
        for metric in profile.metrics
    }
