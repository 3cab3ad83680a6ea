"""Sums per minute and per hour, made of what came since the last time.

Each newest reading carries from when on its sums are missing (`unsummed_from`); whoever writes a reading sets it back,
also for one that comes late. The job takes some devices and metrics at a time, makes their sums anew from there on, and
clears the mark in the same transaction: it may be killed at any moment, and sums what comes late again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from zhen.kernel.telemetry.storage.partitions import HOURS, MINUTES, Parted, ensure

AT_ONCE = 500

_TAKE = """
WITH chosen AS (
    SELECT device_id, metric_id, unsummed_from, at FROM telemetry_latest
    WHERE unsummed_from IS NOT NULL AND (device_id, metric_id) > (%s, %s)
    ORDER BY device_id, metric_id LIMIT %s FOR UPDATE
)
UPDATE telemetry_latest known SET unsummed_from = NULL FROM chosen
WHERE known.device_id = chosen.device_id AND known.metric_id = chosen.metric_id
RETURNING chosen.device_id, chosen.metric_id, chosen.unsummed_from, chosen.at
"""
_MINUTES = """
INSERT INTO telemetry_minute (device_id, metric_id, at, count, low, high, total)
SELECT reading.device_id, reading.metric_id, date_trunc('minute', reading.at),
    count(*), min(reading.value), max(reading.value), sum(reading.value)
FROM unnest(%s::int[], %s::smallint[], %s::timestamptz[]) AS chosen(device, metric, since)
JOIN telemetry_reading reading ON reading.device_id = chosen.device AND reading.metric_id = chosen.metric
    AND reading.at >= date_trunc('minute', chosen.since)
WHERE reading.at >= %s
GROUP BY 1, 2, 3
ON CONFLICT (device_id, metric_id, at) DO UPDATE SET
    count = excluded.count, low = excluded.low, high = excluded.high, total = excluded.total
"""
_HOURS = """
INSERT INTO telemetry_hour (device_id, metric_id, at, count, low, high, total)
SELECT part.device_id, part.metric_id, date_trunc('hour', part.at, 'UTC'),
    sum(part.count), min(part.low), max(part.high), sum(part.total)
FROM unnest(%s::int[], %s::smallint[], %s::timestamptz[]) AS chosen(device, metric, since)
JOIN telemetry_minute part ON part.device_id = chosen.device AND part.metric_id = chosen.metric
    AND part.at >= date_trunc('hour', chosen.since, 'UTC')
WHERE part.at >= %s
GROUP BY 1, 2, 3
ON CONFLICT (device_id, metric_id, at) DO UPDATE SET
    count = excluded.count, low = excluded.low, high = excluded.high, total = excluded.total
"""


def sum_up() -> int:
    """Make all sums that are missing. Returns how many devices and metrics had any."""
    last, done = (0, 0), 0
    while True:
        with transaction.atomic():
            rows = _take(last)
        done += len(rows)
        if len(rows) < AT_ONCE:
            return done
        last = max((device, metric) for device, metric, _since, _at in rows)


def _take(after: tuple[int, int]) -> list[tuple[int, int, datetime, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [*after, AT_ONCE])
        rows: list[tuple[int, int, datetime, datetime]] = cursor.fetchall()
        if rows:
            first = min(since for _device, _metric, since, _at in rows)
            last = max(at for _device, _metric, _since, at in rows)
            _make_partitions(first, last)
            marks: list[list[Any]] = [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]]
            # the plain condition on the earliest moment of all lets the database leave out whole partitions
            cursor.execute(_MINUTES, [*marks, first.replace(second=0, microsecond=0)])
            cursor.execute(_HOURS, [*marks, first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)])
    return rows


def _make_partitions(first: datetime, last: datetime) -> None:
    for parted in (MINUTES, HOURS):
        ensure(parted, _starts(parted, first.astimezone(UTC).date(), last.astimezone(UTC).date()))


def _starts(parted: Parted, first: date, last: date) -> Iterable[date]:
    day = parted.start(first)
    while day <= last:
        yield day
        day = parted.end(day)


def job() -> None:
    sum_up()
