"""Whatever bytes arrive: no crash, bounded memory, and every byte accounted for.

`make test` runs some thousand; `make chaos` ten million (FUZZ_FRAMES says another number).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import psutil
import pytest

from zhen.gateways.gb26875 import mapping
from zhen.gateways.gb26875.codec import application as codec
from zhen.gateways.gb26875.codec.describing import describe, raw_of
from zhen.gateways.gb26875.codec.frames import LONGEST, Frame
from zhen.gateways.gb26875.codec.splitter import Piece, Splitter
from zhen.gateways.gb26875.codec.tests.frames import EVERY_TYPE, PUBLISHED, framed

SEEDS = [*PUBLISHED, *(framed(data) for data in EVERY_TYPE.values()), framed(""), framed("00")]
NOW = datetime(2026, 3, 15, tzinfo=UTC)
FEW = 20_000
MANY = int(os.environ.get("FUZZ_FRAMES", "10000000"))
DESCRIBED = 50
"""One of so many frames also goes through JSON and back."""
MEMORY = 32_000_000
"""Bytes that a process may grow by, however much it has read."""


def mutated(chance: random.Random) -> bytes:
    """A frame with something wrong, something that is none, or a frame as it should be."""
    raw = bytearray(chance.choice(SEEDS))
    match chance.randrange(8):
        case 0:
            return chance.randbytes(chance.randrange(200))
        case 1:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        case 2:
            raw[24:26] = chance.randbytes(2)
        case 3:
            del raw[chance.randrange(len(raw)) :]
        case 4:
            raw[27:27] = chance.randbytes(chance.randrange(40))
        case 5:
            raw[chance.randrange(len(raw))] = 0x40 if chance.random() < 0.5 else 0x23
        case 6:
            for _ in range(chance.randrange(1, 9)):
                raw[chance.randrange(2, len(raw))] = chance.randrange(256)
            raw[-3] = sum(raw[2:-3]) & 0xFF
    return bytes(raw)


def look_at(piece: Piece, seen: Counter[str]) -> None:
    """Do with a piece what the gateway does with it."""
    if not isinstance(piece, Frame):
        seen["garbage"] += 1
        return
    seen["sound" if piece.is_sound else "refused"] += 1
    application = codec.read(piece)
    if application is not None:
        told = mapping.read(piece, application, now=NOW)
        seen["understood" if told.understood else "kept"] += 1
        seen["findings"] += len(application.findings)
    seen["findings"] += len(piece.findings)
    if seen.total() % DESCRIBED == 0:
        assert raw_of(describe(piece)) == piece.raw


def fuzz(count: int, *, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    splitter, seen = Splitter(), Counter[str]()
    went_in = came_out = 0
    for number in range(count):
        chunk = mutated(chance)
        went_in += len(chunk)
        pieces = [*splitter.feed(chunk)]
        if number % 100 == 0:
            pieces += splitter.flush()
        assert splitter.waiting < LONGEST
        for piece in pieces:
            came_out += len(piece.raw)
            look_at(piece, seen)
    for piece in splitter.flush():
        came_out += len(piece.raw)
        look_at(piece, seen)
    assert came_out == went_in
    return seen


def test_mutated_frames_are_read_or_kept_and_nothing_is_lost() -> None:
    seen = fuzz(FEW, seed=26875)
    assert seen["sound"] > FEW / 10
    assert seen["refused"] > FEW / 20
    assert seen["garbage"] > FEW / 20
    assert seen["kept"] > FEW / 50


def batch(start: int) -> int:
    """Fuzz a part of the many; how many bytes the process has grown since its first frames."""
    if not _resident:
        fuzz(FEW, seed=1)
        _resident.append(psutil.Process().memory_info().rss)
    fuzz(FEW, seed=start + 2)
    return int(psutil.Process().memory_info().rss) - _resident[0]


_resident: list[int] = []
"""What this process took once it was warm."""


@pytest.mark.chaos
def test_ten_million_mutated_frames_leave_no_memory_behind() -> None:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for grown in pool.map(batch, range(0, MANY, FEW)):
            assert grown < MEMORY
