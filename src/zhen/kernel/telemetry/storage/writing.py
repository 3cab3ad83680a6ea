"""Writing a batch: new readings by COPY, late and repeated ones one by one, the newest of each, what was refused.

Most readings are newer than anything of their device and metric: they are new for certain, and go into the partition of
their day by COPY. The others go the slow way, where the primary key keeps those that are known already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from zhen.kernel.telemetry.devices.orders import take_answers
from zhen.kernel.telemetry.models import Announced, MetricCode
from zhen.kernel.telemetry.storage.batch import Announcing, Batch, Reached, Refusal
from zhen.kernel.telemetry.storage.partitions import READINGS, ensure, existing

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
POSTGRES_EPOCH = (datetime(2000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
DAY = 86_400_000_000
HOUR = 3_600_000_000
MOST_RAW = 1024

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_FIELDS = [("fields", ">i2"), ("l1", ">i4"), ("device", ">i4"), ("l2", ">i4"), ("metric", ">i2"), ("l3", ">i4")]
_FIELDS += [("at", ">i8"), ("l4", ">i4"), ("received", ">i8"), ("l5", ">i4")]
_ROW = np.dtype([*_FIELDS, ("l6", ">i4"), ("value", ">f8")])
_ROW_WITH_DEVICE_TIME = np.dtype([*_FIELDS, ("device_at", ">i8"), ("l6", ">i4"), ("value", ">f8")])
"""One row of COPY … (FORMAT BINARY): the number of fields, then each with its length; a length of -1 is NULL."""

_LATE = """
INSERT INTO telemetry_reading (device_id, metric_id, at, received_at, device_at, value)
SELECT device, metric, to_timestamp(at / 1e6), to_timestamp(received / 1e6), to_timestamp(device_at / 1e6), value
FROM unnest(%s::int[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::float8[])
    AS row(device, metric, at, received, device_at, value)
ON CONFLICT DO NOTHING
"""
_LATEST = """
INSERT INTO telemetry_latest AS known (device_id, metric_id, at, received_at, value, unsummed_from)
SELECT device, metric, to_timestamp(at / 1e6), to_timestamp(received / 1e6), value, to_timestamp(since / 1e6)
FROM unnest(%s::int[], %s::smallint[], %s::bigint[], %s::bigint[], %s::float8[], %s::bigint[])
    AS row(device, metric, at, received, value, since)
ON CONFLICT (device_id, metric_id) DO UPDATE SET
    at = greatest(known.at, excluded.at),
    received_at = CASE WHEN excluded.at > known.at THEN excluded.received_at ELSE known.received_at END,
    value = CASE WHEN excluded.at > known.at THEN excluded.value ELSE known.value END,
    unsummed_from = least(known.unsummed_from, excluded.unsummed_from)
"""
_REJECTED = """
INSERT INTO telemetry_rejected AS known (device_id, topic, reason, detail, raw, hour, first_at, last_at, count)
SELECT device, topic, reason, detail, raw,
    to_timestamp(hour), to_timestamp(first / 1e6), to_timestamp(last / 1e6), times
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[]) AS row(device, topic, reason, detail, raw, hour, first, last, times)
ON CONFLICT (topic, reason, detail, hour) DO UPDATE SET
    last_at = greatest(known.last_at, excluded.last_at), count = known.count + excluded.count
"""
_POSITION = """
INSERT INTO telemetry_position AS known (stream, born, lanes, lane, sequence, at)
VALUES (%s, to_timestamp(%s / 1e6), %s, %s, %s, to_timestamp(%s / 1e6))
ON CONFLICT (stream, lanes, lane) DO UPDATE SET
    born = excluded.born, sequence = excluded.sequence, at = excluded.at
"""

Key = tuple[int, int]
"""Device and metric."""


class Columns:
    """Readings as columns."""

    __slots__ = ("at", "device", "device_at", "metric", "received", "value")

    def __init__(self) -> None:
        self.device: list[int] = []
        self.metric: list[int] = []
        self.at: list[int] = []
        self.received: list[int] = []
        self.device_at: list[int | None] = []
        self.value: list[float] = []

    def add(self, key: Key, at: int, received: int, device_at: int | None, value: float) -> None:
        self.device.append(key[0])
        self.metric.append(key[1])
        self.at.append(at)
        self.received.append(received)
        self.device_at.append(device_at)
        self.value.append(value)


@dataclass
class Newest:
    """What a batch makes the newest of a device and metric, and from when on sums are to be made again."""

    at: int
    received: int
    value: float
    since: int


@dataclass
class Written:
    """What became of a batch. `repeated` readings were known already."""

    new: int = 0
    late: int = 0
    repeated: int = 0
    refused: int = 0


@dataclass
class Writer:
    """Writes batches of devices that nobody else writes.

    `newest` is what it knows of them. After a failure it must `forget`.
    """

    metrics: dict[str, int] = field(default_factory=dict)
    newest: dict[Key, int] = field(default_factory=dict)
    partitions: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """Ask the database again: what was about to be written may not be there."""
        self.metrics = dict(MetricCode.objects.values_list("code", "pk"))
        self.partitions = set(existing(READINGS))
        with connection.cursor() as cursor:
            cursor.execute("SELECT device_id, metric_id, at FROM telemetry_latest")
            self.newest = {(device, metric): (at - EPOCH) // MICROSECOND for device, metric, at in cursor.fetchall()}

    def write(self, batch: Batch) -> Written:
        """Write a batch inside the transaction of the caller."""
        new, late, newest = self._sort(batch)
        self._make_partitions(at for columns in (new, late) for at in columns.at)
        written = Written(new=len(new.at), refused=len(batch.refusals))
        copy_new(new)
        with connection.cursor() as cursor:
            if late.at:
                given: list[Any] = [late.device, late.metric, late.at, late.received, late.device_at, late.value]
                cursor.execute(_LATE, given)
                written.late = cursor.rowcount
                written.repeated = len(late.at) - cursor.rowcount
            if newest:
                cursor.execute(_LATEST, _latest_rows(newest))
            if batch.refusals:
                cursor.execute(_REJECTED, _rejected_rows(batch.refusals))
            if batch.reached is not None:
                cursor.execute(_POSITION, _position(batch.reached))
        if batch.answers:
            take_answers(batch.answers, EPOCH + max(one.at for one in batch.answers) * MICROSECOND)
        if batch.announcements:
            keep_announced(batch.announcements)
        return written

    def _sort(self, batch: Batch) -> tuple[Columns, Columns, dict[Key, Newest]]:
        """What is new for certain, what may be known, and what is the newest then."""
        new, late = Columns(), Columns()
        found: dict[Key, Newest] = {}
        known, metrics = self.newest, self.metrics
        for place, (device, at, received, values) in enumerate(batch.messages):
            device_at = batch.device_times.get(place)
            for code, value in values:
                key = (device, metrics[code])
                before = known.get(key)
                if before is None or at > before:
                    known[key] = at
                    new.add(key, at, received, device_at, value)
                    entry = found.get(key)
                    if entry is None:
                        found[key] = Newest(at, received, value, at)
                    else:
                        entry.at, entry.received, entry.value = at, received, value
                else:
                    late.add(key, at, received, device_at, value)
                    entry = found.setdefault(key, Newest(at, received, value, at))
                    entry.since = min(entry.since, at)
        return new, late, found

    def _make_partitions(self, times: Iterable[int]) -> None:
        days = {at // DAY for at in times}
        missing = [day for day in map(_date, days) if READINGS.name(day) not in self.partitions]
        if missing:
            ensure(READINGS, missing)
            self.partitions.update(map(READINGS.name, missing))


def copy_new(columns: Columns) -> None:
    """Copy readings into the partitions of their days, which stand. Fails where one is known."""
    with connection.cursor() as cursor:
        for name, rows in _by_day(columns):
            with cursor.copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(rows)


def keep_announced(announcements: Mapping[tuple[int, str], Announcing]) -> None:
    """Keep what devices announced, in the order of the keys; forget what they take back."""
    rows = [
        Announced(
            device_id=device,
            name=_plain(name, 120),
            at=EPOCH + one.at * MICROSECOND,
            **{field: _plain(value, 200) if isinstance(value, str) else value for field, value in one.row.items()},
        )
        for (device, name), one in sorted(announcements.items())
        if one.row is not None
    ]
    fields = [field.name for field in Announced._meta.fields if field.name not in {"id", "device", "name"}]
    Announced.objects.bulk_create(rows, update_conflicts=True, unique_fields=["device", "name"], update_fields=fields)
    gone = [key for key, one in announcements.items() if one.row is None]
    if gone:
        taken_back = Q(pk__in=[])
        for device, name in gone:
            taken_back |= Q(device=device, name=_plain(name, 120))
        Announced.objects.filter(taken_back).delete()


def write_all(writer: Writer, batch: Batch) -> Written:
    """Write a batch in a transaction of its own."""
    with transaction.atomic():
        return writer.write(batch)


def metric_ids(codes: Iterable[str]) -> dict[str, int]:
    """The numbers of metrics; new ones get a number."""
    wanted = sorted(set(codes))
    MetricCode.objects.bulk_create([MetricCode(code=code) for code in wanted], ignore_conflicts=True)
    return dict(MetricCode.objects.filter(code__in=wanted).values_list("code", "pk"))


def _by_day(columns: Columns) -> Iterable[tuple[str, bytes]]:
    """The name of each partition, and its rows as COPY takes them."""
    if not columns.at:
        return
    at = np.array(columns.at, dtype=np.int64)
    days = at // DAY
    arrays: Mapping[str, np.ndarray] = {
        "device": np.array(columns.device, dtype=np.int32),
        "metric": np.array(columns.metric, dtype=np.int16),
        "at": at - POSTGRES_EPOCH,
        "received": np.array(columns.received, dtype=np.int64) - POSTGRES_EPOCH,
        "value": np.array(columns.value, dtype=np.float64),
    }
    own = np.array([one is not None for one in columns.device_at])
    own_times = np.array([one or 0 for one in columns.device_at], dtype=np.int64) - POSTGRES_EPOCH
    for day in np.unique(days):
        of_day = days == day
        parts = [_HEAD, _rows(_ROW, arrays, None, of_day & ~own)]
        if own.any():
            parts.append(_rows(_ROW_WITH_DEVICE_TIME, arrays, own_times, of_day & own))
        yield READINGS.name(_date(int(day))), b"".join([*parts, _TAIL])


def _rows(
    form: np.dtype[np.void], arrays: Mapping[str, np.ndarray], own_times: np.ndarray | None, chosen: np.ndarray
) -> bytes:
    rows = np.empty(int(chosen.sum()), dtype=form)
    rows["fields"], rows["l1"], rows["l2"] = 6, 4, 2
    rows["l3"] = rows["l4"] = rows["l6"] = 8
    rows["l5"] = -1
    for name, values in arrays.items():
        rows[name] = values[chosen]
    if own_times is not None:
        rows["l5"], rows["device_at"] = 8, own_times[chosen]
    return rows.tobytes()


def _latest_rows(newest: Mapping[Key, Newest]) -> list[Any]:
    """In the order of the keys, so that nobody waits for anybody in a circle."""
    rows = sorted(newest.items())
    return [
        [key[0] for key, _entry in rows],
        [key[1] for key, _entry in rows],
        [entry.at for _key, entry in rows],
        [entry.received for _key, entry in rows],
        [entry.value for _key, entry in rows],
        [entry.since for _key, entry in rows],
    ]


def _rejected_rows(refusals: Iterable[Refusal]) -> list[Any]:
    """One row for all repeats within an hour, with the first of them."""
    found: dict[tuple[str, str, str, int], list[Refusal]] = defaultdict(list)
    for one in refusals:
        found[_plain(one.topic, 200), one.reason, _plain(one.detail, 120), one.received // HOUR * 3600].append(one)
    keys = sorted(found)
    ordered = [sorted(found[key], key=lambda one: one.received) for key in keys]
    return [
        [same[0].device for same in ordered],
        [key[0] for key in keys],
        [key[1] for key in keys],
        [key[2] for key in keys],
        [same[0].raw[:MOST_RAW] for same in ordered],
        [key[3] for key in keys],
        [same[0].received for same in ordered],
        [same[-1].received for same in ordered],
        [len(same) for same in ordered],
    ]


def _plain(text: str, most: int) -> str:
    """Text that the database takes: whatever a device sends may stand in it."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()[:most]


def _position(reached: Reached) -> list[Any]:
    return [reached.stream, reached.born, reached.lanes, reached.lane, reached.sequence, reached.at]


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
