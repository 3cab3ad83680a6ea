"""What is written at once: readings, what was refused, and how far the stream is read. Times are microseconds since
1970 in UTC, as the rules count them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zhen.kernel.telemetry.devices.orders import Answer


class Message(NamedTuple):
    """What one device said at one moment."""

    device: int
    at: int
    received: int
    values: Sequence[tuple[str, float]]


class Refusal(NamedTuple):
    """Something that is no reading, as it came."""

    device: int | None
    topic: str
    reason: str
    detail: str
    raw: bytes
    received: int


class Announcing(NamedTuple):
    """What a device announced of one thing: the row to keep, or none where it takes it back."""

    row: Mapping[str, Any] | None
    at: int


class Reached(NamedTuple):
    """How far one lane has read one stream. `born`: when the stream was made, since another one counts anew."""

    stream: str
    born: int
    lanes: int
    lane: int
    sequence: int
    at: int


@dataclass
class Batch:
    """`announcements`: the last of each device and name. `device_times`: the device's own time of a message (by its
    place), where that is not `at`.
    """

    messages: list[Message] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    announcements: dict[tuple[int, str], Announcing] = field(default_factory=dict)
    reached: Reached | None = None
    device_times: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(message.values) for message in self.messages)
