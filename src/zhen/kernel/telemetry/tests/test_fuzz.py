"""Payloads with something wrong, as broken and as hostile devices send them: each is counted, none stops anything.

`make test` takes some thousand; `make chaos` a million (FUZZ_PAYLOADS says another number).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from zhen.kernel.telemetry.ingest.registry import Known, Registry
from zhen.kernel.telemetry.ingest.sorting import Arrived, Quotas, sort
from zhen.kernel.telemetry.models.stream import Reason
from zhen.kernel.telemetry.storage.batch import Batch

Limits = tuple[float, float]
FEW = 20_000
MANY = int(os.environ.get("FUZZ_PAYLOADS", "1000000"))
AT_ONCE = 500
MEMORY = 32_000_000
"""Bytes that a process may grow by, however much it has read."""
NOW = 1_800_000_000_000_000
MINUTE = 60_000_000

SEEDS = (
    ("d/S-1/r", b'{"t": 1767225600, "m": {"load": 21.5, "wet": false}}'),
    ("d/S-1/r", b'[{"m": {"load": 1}}, {"t": "2026-01-01T00:00:00Z", "m": {"wet": true}}]'),
    ("q/S-1/r/load", b"21.5"),
    ("d/S-1/r/wet", b"ON"),
    ("d/S-1/a", b'{"id": 7, "ok": true, "say": "shut"}'),
    ("d/S-1/state", b'{"load": {"value": 12}, "wet": "OFF"}'),
    (
        "homeassistant/sensor/S-1/load/config",
        b'{"~": "d/S-1", "stat_t": "~/state", "unit_of_meas": "kg", "val_tpl": "{{ value_json.load.value | float }}"}',
    ),
    (
        "homeassistant/device/S-1/config",
        b'{"stat_t": "d/S-1/state", "cmps": {"wet": {"p": "binary_sensor", "val_tpl": "{{ value_json.wet }}"}}}',
    ),
    ("d/S-9/r", b"{}"),
)
BYTES = b'{}[]",:\\0123456789eE+-.tfn \x00\xff\xc3\xed\xa0\x80'


def mutated(chance: random.Random, received: int) -> Arrived:
    """A message with something wrong, something that is none, or one as it should be."""
    topic, payload = chance.choice(SEEDS)
    raw = bytearray(payload)
    match chance.randrange(8):
        case 0:
            raw = bytearray(chance.randbytes(chance.randrange(300)))
        case 1:
            raw[chance.randrange(len(raw))] = chance.choice(BYTES)
        case 2:
            del raw[chance.randrange(len(raw)) :]
        case 3:
            at = chance.randrange(len(raw))
            raw[at:at] = bytes(chance.choice(BYTES) for _each in range(chance.randrange(1, 30)))
        case 4:
            raw = raw * chance.randrange(2, 60)
        case 5:
            levels = topic.split("/")
            levels[chance.randrange(len(levels))] = chance.choice(("", "\0", "r", "S-1", "config", "…", "x" * 300))
            topic = "/".join(levels)
        case 6:
            other, _payload = chance.choice(SEEDS)
            topic = other
    return Arrived(topic, bytes(raw), received)


def fuzz(count: int, *, seed: int) -> Counter[str]:
    """Sort so many messages; every one of them is a reading, an answer, an announcement, or refused with its reason."""
    chance, seen = random.Random(seed), Counter[str]()
    ranges = {"load": (0.0, 2000.0), "wet": (0.0, 1.0)}
    known = Known(id=7, active=True, profile="dummy_pack.seat", ranges=ranges, messages_per_minute=AT_ONCE)
    registry, quotas = Registry(devices={"S-1": known}), Quotas()
    for start in range(0, count, AT_ONCE):
        received = NOW + start * MINUTE
        for one in (mutated(chance, received) for _each in range(AT_ONCE)):
            batch = sort([one], registry, quotas)
            ways = (len(batch.messages), len(batch.answers), len(batch.announcements), len(batch.refusals))
            seen.update(dict(zip(("read", "answers", "announced", "refused"), ways, strict=True)))
            seen["empty"] += not any(ways)
            assert all(low <= value <= high for value, (low, high) in _values(batch, ranges))
            assert all(refusal.reason in Reason.values and len(refusal.raw) <= 1024 for refusal in batch.refusals)
        registry.devices["S-1"] = replace(registry.devices["S-1"], announced={}, sources={})
    return seen


def _values(batch: Batch, ranges: dict[str, Limits]) -> Iterator[tuple[float, Limits]]:
    return ((value, ranges[code]) for message in batch.messages for code, value in message.values)


def test_mutated_payloads_are_read_or_refused_with_their_reason() -> None:
    seen = fuzz(FEW, seed=1883)
    assert seen["read"] > FEW / 20
    assert seen["answers"] > FEW / 100
    assert seen["announced"] > FEW / 100
    assert seen["refused"] > FEW / 5
    assert seen["empty"] < FEW / 20, "only messages that say nothing, such as {}, count as nothing"


@pytest.mark.chaos
def test_a_million_mutated_payloads_leave_no_memory_behind() -> None:
    fuzz(FEW, seed=1)
    warm = psutil.Process().memory_info().rss
    for start in range(0, MANY, FEW):
        fuzz(FEW, seed=start + 2)
        assert psutil.Process().memory_info().rss - warm < MEMORY
