"""A month of raw readings as one Parquet file below the data home, for whoever wants to look at years of them.

A month leaves once it has been over for so long that nothing can come late. The file is written beside its place and
then moved there, so that there is never half of one. Columns: device and metric (codes), at, received_at, device_at,
value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.models import MonthFile
from zhen.kernel.telemetry.storage import partitions
from zhen.kernel.telemetry.storage.keeping import LEAST_DAYS
from zhen.kernel.telemetry.storage.partitions import MINUTES, READINGS

ROWS = 50_000
_READ = """
SELECT device.code, metric.code, reading.at, reading.received_at, reading.device_at, reading.value
FROM telemetry_reading reading
JOIN telemetry_device device ON device.id = reading.device_id
JOIN telemetry_metriccode metric ON metric.id = reading.metric_id
WHERE reading.at >= %s AND reading.at < %s
"""


def write_months() -> None:
    """Write the file of every month that is over and has none."""
    today = clock.now().astimezone(UTC).date()
    known = set(MonthFile.objects.values_list("month", flat=True))
    months = {READINGS.day_of(name).replace(day=1) for name in partitions.existing(READINGS)}
    for month in sorted(months - known):
        if MINUTES.end(month) + timedelta(days=LEAST_DAYS) <= today:
            write_month(month)


def write_month(month: date) -> MonthFile:
    """Write the file of a month. Written again it is the same."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    moment = pa.timestamp("us", tz="UTC")
    schema = pa.schema(
        [
            ("device", pa.dictionary(pa.int32(), pa.string())),
            ("metric", pa.dictionary(pa.int32(), pa.string())),
            ("at", moment),
            ("received_at", moment),
            ("device_at", moment),
            ("value", pa.float64()),
        ]
    )
    path = Path(f"readings/{month:%Y}/{month:%Y-%m}.parquet")
    place = Path(settings.ZHEN_HOME) / path
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".unfinished")
    count = 0
    with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for rows in _rows(month):
            columns = [
                pa.array(column, type=field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            count += len(rows)
    with unfinished.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    unfinished.replace(place)
    told = {"path": str(path), "rows": count, "bytes": place.stat().st_size, "sha256": checksum}
    made, _new = MonthFile.objects.update_or_create(month=month, defaults={**told, "written_at": clock.now()})
    return made


def _rows(month: date) -> Iterator[list[Any]]:
    """The readings of a month, day by day, device by device."""
    day = datetime(month.year, month.month, 1, tzinfo=UTC)
    while day.month == month.month:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"DECLARE month_rows CURSOR FOR {_READ} ORDER BY reading.device_id, reading.metric_id, reading.at",
                [day, day + timedelta(days=1)],
            )
            while True:
                cursor.execute(f"FETCH {ROWS} FROM month_rows")
                rows = cursor.fetchall()
                if not rows:
                    break
                yield rows
            cursor.execute("CLOSE month_rows")
        day += timedelta(days=1)
