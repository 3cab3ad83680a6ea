"""What a message says: its topic and its bytes as a device, a time and numbers. Pure, and safe for any bytes.

    d/CODE/r            {"t": 1767225600, "m": {"temperature": 21.5, "smoke": false}}, or a list of such
    d/CODE/r/METRIC     21.5
    d/CODE/a            {"id": 7, "ok": true, "say": "shut"}: the answer to an order

`t` may be missing: then the time of arrival counts. It is seconds since 1970 (milliseconds and microseconds are known
by their size) or ISO 8601; without a zone it is the town's time. A number that is true or false is 1 or 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from zhen.kernel.lib.clock import TOWN_ZONE
from zhen.kernel.telemetry.models.stream import Reason

MOST_BYTES = 16_384
MOST_MESSAGES = 200
SECOND = 1_000_000
LARGEST = {1e14: 1, 1e11: 1_000, 0.0: SECOND}
"""What a number for a time means, by its size: from here on microseconds, milliseconds, seconds."""
WORDS = {b"true": 1.0, b"on": 1.0, b"open": 1.0, b"1": 1.0, b"false": 0.0, b"off": 0.0, b"closed": 0.0, b"0": 0.0}


class Unreadable(Exception):
    """The bytes are no message. `reason` and `detail` are kept with them."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason, detail)


class Said(NamedTuple):
    """One moment of a message. `at` is the device's time in microseconds since 1970, if it gave one.

    `odd` names what was given for a time and is none.
    """

    at: int | None
    values: Sequence[tuple[str, float]]
    odd: str = ""


class _Message(msgspec.Struct):
    m: dict[str, float | bool]
    t: float | str | None = None


class _Answer(msgspec.Struct):
    id: int
    ok: bool = True
    say: str = ""


_answers = msgspec.json.Decoder(_Answer)
_decoder = msgspec.json.Decoder(_Message | list[_Message])


def read(levels: Sequence[str], payload: bytes) -> list[Said]:
    """What a message says; `levels` are those of its topic after the device's code. Raises Unreadable."""
    if len(payload) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE, f"{len(payload)} B")
    if len(levels) == 2 and levels[0] == "r":
        return [Said(None, ((levels[1], bare(payload)),))]
    if len(levels) != 1 or levels[0] != "r":
        raise Unreadable(Reason.TOPIC)
    try:
        message = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(Reason.NO_JSON, str(fault)[:120]) from None
    if isinstance(message, _Message):
        return [_said(message)]
    if len(message) > MOST_MESSAGES:
        raise Unreadable(Reason.TOO_LARGE, f"{len(message)} > {MOST_MESSAGES}")
    return [_said(one) for one in message]


def answer(payload: bytes) -> tuple[int, bool, str]:
    """The order that a device answers, whether it did it, and what it says. Raises Unreadable."""
    if len(payload) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE, f"{len(payload)} B")
    try:
        said = _answers.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(Reason.NO_JSON, str(fault)[:120]) from None
    if not 0 < said.id < 2**63:
        raise Unreadable(Reason.NO_JSON, "id")
    return said.id, said.ok, said.say.replace("\0", "�").encode("utf-8", "replace").decode()[:120]


def bare(payload: bytes) -> float:
    """A number, or a word that stands for one. Raises Unreadable."""
    text = payload.strip()
    known = WORDS.get(text.lower())
    if known is not None:
        return known
    try:
        value = float(text[:40].decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        raise Unreadable(Reason.NUMBER) from None
    if len(text) > 40 or b"_" in text or not math.isfinite(value):
        raise Unreadable(Reason.NUMBER)
    return value


def _said(message: _Message) -> Said:
    values = [(code, float(value)) for code, value in message.m.items()]
    given = message.t
    if given is None:
        return Said(None, values)
    at = moment(given)
    return Said(at, values) if at is not None else Said(None, values, str(given)[:60])


def moment(given: float | str) -> int | None:
    """A time in microseconds since 1970; None where it is none."""
    if isinstance(given, str):
        try:
            at = datetime.fromisoformat(given.strip())
            return round((at if at.tzinfo else at.replace(tzinfo=TOWN_ZONE)).timestamp() * SECOND)
        except (ValueError, OverflowError):
            return None
    for size, factor in LARGEST.items():
        if given >= size:
            return round(given * factor) if given < 1e17 else None
    return None
