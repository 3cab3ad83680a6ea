"""Readings in the database: once each, in the partition of their day, with the newest beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from zhen.kernel.telemetry.models import Latest, Position, Reading, Rejected, RuleParameter
from zhen.kernel.telemetry.storage import partitions
from zhen.kernel.telemetry.storage.batch import Batch, Message, Reached, Refusal
from zhen.kernel.telemetry.storage.partitions import HOURS, MINUTES, READINGS
from zhen.kernel.telemetry.storage.writing import DAY, Writer, Written, metric_ids, write_all

NOW = int(datetime(2026, 9, 15, 2, 0, tzinfo=UTC).timestamp()) * 1_000_000


def at(micro: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)


def a_writer() -> Writer:
    metric_ids(["heat", "smoke"])
    writer = Writer()
    writer.forget()
    return writer


def heat(value: float, when: int, *, device: int = 7) -> Message:
    return Message(device, when, NOW, [("heat", value)])


@pytest.fixture
def writer(db: None) -> Writer:
    return a_writer()


def values() -> list[float]:
    return list(Reading.objects.order_by("device_id", "at").values_list("value", flat=True))


def test_a_batch_lands_with_all_its_times(writer: Writer) -> None:
    written = write_all(writer, Batch([heat(20.5, NOW - 1), heat(21.25, NOW)], device_times={1: 5}))

    assert written == Written(new=2)
    first, second = Reading.objects.order_by("at")
    assert (first.value, first.at, first.received_at, first.device_at) == (20.5, at(NOW - 1), at(NOW), None)
    assert (second.value, second.device_at) == (21.25, at(5))
    latest = Latest.objects.get()
    assert (latest.value, latest.at, latest.unsummed_from) == (21.25, at(NOW), at(NOW - 1))


def test_what_is_repeated_counts_once_however_it_comes(writer: Writer) -> None:
    twice = Batch([heat(1, NOW), heat(1, NOW), heat(2, NOW + 1)])

    assert write_all(writer, twice) == Written(new=2, repeated=1)
    assert write_all(writer, twice) == Written(repeated=3)
    assert write_all(a_writer(), twice) == Written(repeated=3)
    assert values() == [1, 2]


def test_what_comes_late_finds_its_place_and_is_not_the_newest(writer: Writer) -> None:
    write_all(writer, Batch([heat(3, NOW)]))
    Latest.objects.update(unsummed_from=None)

    assert write_all(writer, Batch([heat(1, NOW - 2 * DAY), heat(2, NOW - 1)])) == Written(late=2)
    assert values() == [1, 2, 3]
    latest = Latest.objects.get()
    assert (latest.value, latest.at, latest.unsummed_from) == (3, at(NOW), at(NOW - 2 * DAY))
    assert partitions.existing(READINGS) == ["telemetry_reading_20260913", "telemetry_reading_20260915"]


def test_the_database_itself_refuses_a_reading_a_second_time(writer: Writer) -> None:
    write_all(writer, Batch([heat(1, NOW)]))
    writer.newest.clear()

    with pytest.raises(psycopg.errors.UniqueViolation):
        write_all(writer, Batch([heat(1, NOW)]))


def test_a_failure_leaves_nothing_behind_and_a_writer_that_forgets_goes_on(writer: Writer) -> None:
    with transaction.atomic():
        writer.write(Batch([heat(1, NOW)]))
        transaction.set_rollback(True)

    writer.forget()
    assert write_all(writer, Batch([heat(1, NOW)])) == Written(new=1)


def test_no_number_no_reading(writer: Writer) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        write_all(writer, Batch([heat(float("nan"), NOW)]))


def test_what_is_refused_is_kept_once_an_hour_and_counted(writer: Writer) -> None:
    def refusal(raw: bytes, received: int, detail: str = "x\0\ud800") -> Refusal:
        return Refusal(None, "d/S-1/r", "no_json", detail, raw, received)

    write_all(writer, Batch([], [refusal(b"b", NOW + 2), refusal(b"a", NOW + 1), refusal(b"c", NOW, "y")]))
    write_all(writer, Batch([], [refusal(b"d", NOW + 9), refusal(b"e", NOW + 3_600_000_000)]))

    rows = Rejected.objects.order_by("detail", "first_at")
    assert [(bytes(row.raw), row.count) for row in rows] == [(b"a", 3), (b"e", 1), (b"c", 1)]
    assert (rows[0].first_at, rows[0].last_at) == (at(NOW + 1), at(NOW + 9))


def test_the_position_of_the_stream_goes_with_the_readings(writer: Writer) -> None:
    for sequence in (5, 9):
        reached = Reached(stream="S", born=NOW, lanes=1, lane=0, sequence=sequence, at=NOW)
        write_all(writer, Batch([heat(1, NOW + sequence)], reached=reached))

    assert Position.objects.get().sequence == 9


class AnyOrder(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(st.integers(1, 3), st.integers(-3 * DAY, 3_000_000), st.floats(-1e6, 1e6)), min_size=1),
        st.integers(1, 4),
    )
    def test_any_order_in_any_batches_gives_the_first_of_each_moment(
        self, read: list[tuple[int, int, float]], size: int
    ) -> None:
        writer = a_writer()
        messages = [heat(value, NOW + offset, device=device) for device, offset, value in read]

        for start in range(0, len(messages), size):
            write_all(writer, Batch(messages[start : start + size]))

        expected: dict[tuple[int, datetime], float] = {}
        for one in messages:
            expected.setdefault((one.device, at(one.at)), one.values[0][1])
        found = {(row.device_id, row.at): row.value for row in Reading.objects.all()}
        assert found == expected
        for latest in Latest.objects.all():
            newest = max(key for key in expected if key[0] == latest.device_id)
            assert (latest.at, latest.value) == (newest[1], expected[newest])


def test_partitions_are_made_ahead_once(db: None) -> None:
    made = partitions.make_ahead(datetime(2026, 12, 28, 12, 0, tzinfo=UTC))

    assert [name for name in made if "reading" in name][:2] == [
        "telemetry_reading_20261227",
        "telemetry_reading_20261228",
    ]
    assert partitions.existing(MINUTES) == ["telemetry_minute_202612", "telemetry_minute_202701"]
    assert partitions.existing(HOURS) == ["telemetry_hour_2026", "telemetry_hour_2027"]
    assert partitions.make_ahead(datetime(2026, 12, 28, 12, 0, tzinfo=UTC)) == []


def test_a_partition_goes_whole(writer: Writer) -> None:
    write_all(writer, Batch([heat(1, NOW - DAY), heat(2, NOW)]))

    partitions.drop(READINGS, "telemetry_reading_20260914")

    assert values() == [2]


def test_the_registry_has_a_new_edition_with_every_change(db: None) -> None:
    def edition() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM telemetry_edition")
            return int(cursor.fetchone()[0])

    before = edition()
    RuleParameter.objects.update(value=1)
    assert edition() == before + 1
