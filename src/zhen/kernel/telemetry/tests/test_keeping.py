"""Sums, files of months, and forgetting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.models import Hour, Latest, Minute, MonthFile, Reading, Rejected
from zhen.kernel.telemetry.storage import partitions
from zhen.kernel.telemetry.storage.batch import Batch, Message, Refusal
from zhen.kernel.telemetry.storage.keeping import forget, keep
from zhen.kernel.telemetry.storage.monthly import write_months
from zhen.kernel.telemetry.storage.partitions import READINGS
from zhen.kernel.telemetry.storage.summing import sum_up
from zhen.kernel.telemetry.storage.writing import EPOCH, MICROSECOND, Writer, metric_ids, write_all
from zhen.kernel.telemetry.testing import a_device, a_place

NOON = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


@pytest.fixture
def writer(db: None) -> Writer:
    metric_ids(["load"])
    writer = Writer()
    writer.forget()
    return writer


def read(writer: Writer, *values: tuple[datetime, float], device: int = 7) -> None:
    now = (NOON - EPOCH) // MICROSECOND
    write_all(
        writer, Batch([Message(device, (at - EPOCH) // MICROSECOND, now, [("load", value)]) for at, value in values])
    )


def sums(model: Any) -> list[tuple[datetime, int, float, float, float]]:
    return list(model.objects.order_by("device_id", "at").values_list("at", "count", "low", "high", "total"))


def test_readings_are_summed_up_per_minute_and_hour(writer: Writer) -> None:
    second = timedelta(seconds=1)
    read(writer, (NOON, 1), (NOON + 59 * second, 5), (NOON + 60 * second, 2), (NOON + 3600 * second, 9))

    assert sum_up() == 1
    assert sums(Minute) == [
        (NOON, 2, 1, 5, 6),
        (NOON + timedelta(minutes=1), 1, 2, 2, 2),
        (NOON + timedelta(hours=1), 1, 9, 9, 9),
    ]
    assert sums(Hour) == [(NOON, 3, 1, 5, 8), (NOON + timedelta(hours=1), 1, 9, 9, 9)]
    assert sum_up() == 0


def test_what_comes_late_is_summed_up_again(writer: Writer) -> None:
    read(writer, (NOON, 1), (NOON + timedelta(hours=2), 3))
    sum_up()

    read(writer, (NOON + timedelta(seconds=30), 7), (NOON - timedelta(days=40), 4))
    sum_up()

    assert sums(Minute) == [
        (NOON - timedelta(days=40), 1, 4, 4, 4),
        (NOON, 2, 1, 7, 8),
        (NOON + timedelta(hours=2), 1, 3, 3, 3),
    ]
    assert [row[1] for row in sums(Hour)] == [1, 2, 1]


def test_many_devices_are_summed_up_in_several_steps(writer: Writer) -> None:
    for device in range(1, 1203):
        read(writer, (NOON, device), device=device)

    assert sum_up() == 1202
    assert Minute.objects.count() == 1202
    assert not Latest.objects.exclude(unsummed_from=None).exists()


def test_a_month_leaves_as_a_file_and_then_its_days_go(writer: Writer, settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_HOME = tmp_path
    device = a_device("S-1", a_place(), a_unit("fire"))
    times = [
        datetime(2026, 5, 31, 23, 59, tzinfo=UTC),
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 6, 30, 9, tzinfo=UTC),
    ]
    read(writer, *((at, number) for number, at in enumerate(times)), device=device.pk)

    with clock.frozen(datetime(2026, 7, 8, 23, 0, tzinfo=UTC)):
        write_months()
    assert [file.month for file in MonthFile.objects.all()] == [date(2026, 5, 1)]
    with clock.frozen(datetime(2026, 7, 9, 0, 0, tzinfo=UTC)):
        write_months()
        write_months()

    june = MonthFile.objects.get(month=date(2026, 6, 1))
    table = pq.read_table(tmp_path / june.path)
    assert (june.rows, table.column("value").to_pylist()) == (2, [1.0, 2.0])
    assert table.column("at").to_pylist() == times[1:]
    assert set(table.column("device").to_pylist()) == {"S-1"}
    assert forget(datetime(2026, 9, 15, tzinfo=UTC)) == [
        "telemetry_reading_20260531",
        "telemetry_reading_20260601",
        "telemetry_reading_20260630",
    ]


def test_a_day_whose_month_has_not_left_stays(writer: Writer) -> None:
    read(writer, (NOON - timedelta(days=200), 1))

    assert forget(NOON) == []
    assert Reading.objects.count() == 1


def test_refused_input_goes_after_a_month(writer: Writer) -> None:
    old, new = ((NOON - timedelta(days=days) - EPOCH) // MICROSECOND for days in (31, 29))
    write_all(
        writer,
        Batch([], [Refusal(None, "d/x/r", "device", "", b"", old), Refusal(None, "d/y/r", "device", "", b"", new)]),
    )

    forget(NOON)

    assert [row.topic for row in Rejected.objects.all()] == ["d/y/r"]


def test_partitions_are_made_by_the_job(db: None) -> None:
    with clock.frozen(NOON):
        keep()

    assert "telemetry_reading_20260916" in partitions.existing(READINGS)
