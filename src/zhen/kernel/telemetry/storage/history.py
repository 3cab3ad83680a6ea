"""Readings of one device and metric over time, thinned out on the server so that a year draws as fast as a day.

Each of some equal stretches of time keeps its lowest and its highest value: no peak is lost, whatever the length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

POINTS = 240
"""Stretches of time: as many as a chart has room for."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What was measured from `at` on, for one stretch; `None` where nothing was."""

    at: datetime
    low: float | None
    high: float | None
    mean: float | None


_RAW = """
SELECT width_bucket(extract(epoch FROM at), %(first)s, %(last)s, %(points)s),
    min(value), max(value), sum(value), count(*)
FROM telemetry_reading
WHERE device_id = %(device)s AND metric_id = %(metric)s AND at >= %(since)s AND at < %(until)s
GROUP BY 1
"""
_SUMS = """
SELECT width_bucket(extract(epoch FROM at), %(first)s, %(last)s, %(points)s),
    min(low), max(high), sum(total), sum(count)
FROM {table}
WHERE device_id = %(device)s AND metric_id = %(metric)s AND at >= %(since)s AND at < %(until)s
GROUP BY 1
"""


def history(device: int, metric: int, since: datetime, until: datetime, points: int = POINTS) -> list[Stretch]:
    """What a device measured from one moment to another (exclusive), as so many stretches.

    A day and less is read from the readings themselves, a week and less from the sums per minute, more from those per
    hour: at most some thousand rows of one index.
    """
    length = until - since
    with connection.cursor() as cursor:
        cursor.execute(
            _query(length),
            {
                "device": device,
                "metric": metric,
                "since": since,
                "until": until,
                "first": since.timestamp(),
                "last": until.timestamp(),
                "points": points,
            },
        )
        found = {int(place): row for place, *row in cursor.fetchall()}
    return [_stretch(since + length * number / points, found.get(number + 1)) for number in range(points)]


def _query(length: timedelta) -> str:
    if length <= timedelta(days=1):
        return _RAW
    return _SUMS.format(table="telemetry_minute" if length <= timedelta(days=7) else "telemetry_hour")


def _stretch(at: datetime, row: list[float] | None) -> Stretch:
    if row is None:
        return Stretch(at=at, low=None, high=None, mean=None)
    low, high, total, count = row
    return Stretch(at=at, low=low, high=high, mean=float(total) / float(count))
