"""What the tables of readings need before the first one comes. Part of `zhen prepare`; safe to repeat."""

from __future__ import annotations

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.alarms.states import nobody_listened
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.parameters import seed
from zhen.kernel.telemetry.storage.partitions import make_ahead
from zhen.kernel.telemetry.storage.writing import metric_ids


def prepare() -> None:
    """Partitions of the next days, a number for each metric, rows for the limits that profiles declare, and patience
    with devices that nobody heard while the town was away."""
    now = clock.now()
    make_ahead(now)
    metric_ids(metric.code for profile in PROFILES for metric in profile.metrics)
    seed(now)
    nobody_listened()
