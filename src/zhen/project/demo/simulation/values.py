"""What a healthy device measures. Pure: the same device at the same time says the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from random import Random

from zhen.project.demo.simulation.book import Member, Range

USUAL: Mapping[str, tuple[float, float]] = {
    "temperature": (17, 24),
    "battery": (55, 100),
    "signal": (-98, -70),
    "pressure_mpa": (0.32, 0.55),
    "level": (2.2, 3.2),
    "residual_current": (15, 120),
    "cable_temperature": (22, 36),
    "current": (4, 70),
    "voltage": (219, 236),
    "gas": (0, 1.5),
    "charging_power": (200, 4_500),
    "charging_current": (1, 20),
    "depth": (0, 0),
}
"""Where a device lies for good; what is not here lies in the lower tenth of what is possible."""
SWAYS: Mapping[str, float] = {"temperature": 2, "cable_temperature": 4, "charging_power": 150, "current": 3}
"""How far the time of day moves it: warmest at three in the afternoon."""
ALWAYS = frozenset({"door_shut", "normal"})
"""Flags that are set while all is well."""
HOUR = 3_600


def usual(member: Member, metrics: Mapping[str, Range], *, seed: int, seconds: float) -> dict[str, float]:
    """The readings of a device that is well, at a second of the town's day."""
    chance = Random(f"{seed}:{member.code}")  # noqa: S311 a demo, not a secret
    warmth = cos((seconds / HOUR - 15) * pi / 12)
    return {code: _value(code, metric, chance.random(), warmth) for code, metric in metrics.items()}


def _value(code: str, metric: Range, place: float, warmth: float) -> float:
    if metric.flag:
        return float(code in ALWAYS)
    low, high = USUAL.get(code, (metric.low, metric.low + (metric.high - metric.low) / 10))
    value = low + place * (high - low) + SWAYS.get(code, 0) * warmth
    return round(min(max(value, metric.low), metric.high), 2)
