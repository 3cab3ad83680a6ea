"""What devices send, well formed and not."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.telemetry.ingest.payloads import MOST_BYTES, Said, Unreadable, moment, read
from zhen.kernel.telemetry.ingest.registry import Known, Registry
from zhen.kernel.telemetry.ingest.sorting import AHEAD, BEHIND, Arrived, Quotas, sort, when
from zhen.kernel.telemetry.models.stream import Reason

NOW = int(datetime(2026, 9, 15, 2, 0, tzinfo=UTC).timestamp()) * 1_000_000
HEAT = Known(id=7, active=True, profile="x", ranges={"heat": (-40, 125), "smoke": (0, 1)}, messages_per_minute=3)
REGISTRY = Registry(
    devices={"S-1": HEAT, "S-2": Known(id=8, active=False, profile="x", ranges={}, messages_per_minute=3)}
)


def test_a_message_is_a_time_and_numbers() -> None:
    assert read(["r"], b'{"t": 1757901600.25, "m": {"heat": 21, "smoke": false}}') == [
        Said(1_757_901_600_250_000, [("heat", 21.0), ("smoke", 0.0)])
    ]
    assert read(["r"], b'{"m": {}}') == [Said(None, [])]


def test_a_device_that_was_cut_off_sends_many_at_once() -> None:
    assert len(read(["r"], b'[{"t": 1, "m": {"heat": 1}}, {"t": 2, "m": {"heat": 2}}]')) == 2


@pytest.mark.parametrize(
    ("payload", "value"),
    [(b"21.5", 21.5), (b" -3e1\n", -30), (b"ON", 1), (b"true", 1), (b"off", 0), (b"closed", 0), (b"1", 1)],
)
def test_a_bare_number_needs_no_json(payload: bytes, value: float) -> None:
    assert read(["r", "heat"], payload) == [Said(None, (("heat", value),))]


@pytest.mark.parametrize(
    ("levels", "payload", "reason"),
    [
        (["r"], b"", Reason.NO_JSON),
        (["r"], b"21.5", Reason.NO_JSON),
        (["r"], b'{"t": 1}', Reason.NO_JSON),
        (["r"], b'{"m": {"heat": "hot"}}', Reason.NO_JSON),
        (["r"], b'{"m": {"heat": NaN}}', Reason.NO_JSON),
        (["r"], b'{"m": {"heat": 1e999}}', Reason.NO_JSON),
        (["r"], b"[" * 9_000, Reason.NO_JSON),
        (["r"], b"\xff\xfe{}", Reason.NO_JSON),
        (["r"], b" " * (MOST_BYTES + 1), Reason.TOO_LARGE),
        (["r"], json.dumps([{"m": {}}] * 201).encode(), Reason.TOO_LARGE),
        (["r", "heat"], b"warm", Reason.NUMBER),
        (["r", "heat"], b"nan", Reason.NUMBER),
        (["r", "heat"], b"inf", Reason.NUMBER),
        (["r", "heat"], b"1_0", Reason.NUMBER),
        (["r", "heat"], b"1" * 41, Reason.NUMBER),
        (["r", "heat"], "٣".encode(), Reason.NUMBER),
        (["r", "heat", "x"], b"1", Reason.TOPIC),
        (["x"], b"1", Reason.TOPIC),
        ([], b"1", Reason.TOPIC),
    ],
)
def test_what_is_no_message_says_why(levels: list[str], payload: bytes, reason: Reason) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(levels, payload)

    assert unreadable.value.reason == reason


@pytest.mark.parametrize(
    "given",
    [1_757_901_600, 1_757_901_600_000, 1_757_901_600_000_000, "2025-09-15T02:00:00Z", "2025-09-15 10:00:00"],
)
def test_a_time_is_written_in_many_ways(given: float | str) -> None:
    assert moment(given) == 1_757_901_600_000_000


@pytest.mark.parametrize("given", [-1, 1e18, "soon", "", "2025-13-01"])
def test_what_is_no_time_is_none(given: float | str) -> None:
    assert moment(given) is None


def test_three_times_are_kept_apart() -> None:
    assert when(None, NOW) == (NOW, None)
    assert when(NOW - BEHIND, NOW) == (NOW - BEHIND, None)
    assert when(NOW + AHEAD, NOW) == (NOW + AHEAD, None)
    assert when(NOW - BEHIND - 1, NOW) == (NOW, NOW - BEHIND - 1)
    assert when(NOW + AHEAD + 1, NOW) == (NOW, NOW + AHEAD + 1)
    assert when(0, NOW) == (NOW, 0)


def sorted_out(*arrived: Arrived) -> tuple[list[tuple[int, list[tuple[str, float]]]], list[tuple[int | None, str]]]:
    batch = sort(arrived, REGISTRY, Quotas())
    return (
        [(one.device, list(one.values)) for one in batch.messages],
        [(one.device, one.reason) for one in batch.refusals],
    )


def test_a_faulty_number_leaves_the_others() -> None:
    message = Arrived("d/S-1/r", b'{"m": {"heat": 999, "smoke": true, "plate": 5}}', NOW)

    assert sorted_out(message) == ([(7, [("smoke", 1.0)])], [(7, "range"), (7, "metric")])


def test_a_time_that_is_none_leaves_the_reading_and_is_noted() -> None:
    message = Arrived("d/S-1/r", b'{"t": "yesterday", "m": {"smoke": 1}}', NOW)

    assert sorted_out(message) == ([(7, [("smoke", 1.0)])], [(7, "time")])


def test_nothing_is_dropped_without_a_reason() -> None:
    known = Arrived("d/S-1/r/heat", b"20", NOW)

    assert sorted_out(Arrived("d/S-9/r", b"{}", NOW)) == ([], [(None, "device")])
    assert sorted_out(Arrived("d/S-2/r", b"{}", NOW)) == ([], [(8, "retired")])
    assert sorted_out(Arrived("x/S-1/r", b"{}", NOW)) == ([], [(None, "topic")])
    assert sorted_out(Arrived("d", b"{}", NOW)) == ([], [(None, "topic")])
    assert sorted_out(*[known] * 5) == ([(7, [("heat", 20.0)])] * 3, [(7, "quota")] * 2)


def test_a_quota_begins_again_with_each_minute() -> None:
    quotas = Quotas()

    assert [quotas.within(HEAT, NOW + second * 1_000_000) for second in (0, 1, 2, 3, 59, 60, 61)] == [
        True,
        True,
        True,
        False,
        False,
        True,
        True,
    ]


@given(st.text(max_size=30), st.binary(max_size=200))
def test_any_bytes_on_any_topic_are_taken_or_refused(topic: str, payload: bytes) -> None:
    for name in (topic, f"d/S-1/{topic}", "d/S-1/r", "d/S-1/r/heat"):
        batch = sort([Arrived(name, payload, NOW)], REGISTRY, Quotas())
        empty = payload.strip()[:1] in (b"[", b"{")  # a list without messages, or a message without numbers
        assert batch.messages or batch.refusals or empty


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "m", "heat", "x"]), inner),
)


@given(JSON)
def test_any_json_gives_finite_numbers_or_a_reason(message: object) -> None:
    batch = sort([Arrived("d/S-1/r", json.dumps(message).encode(), NOW)], REGISTRY, Quotas())

    for one in batch.messages:
        assert all(math.isfinite(value) for _code, value in one.values)
        assert abs(one.at - NOW) <= BEHIND
