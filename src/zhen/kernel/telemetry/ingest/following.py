"""What else looks at readings, in the transaction that writes them: the alarm rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime

from zhen.kernel.telemetry.alarms.taking import take
from zhen.kernel.telemetry.storage.batch import Message

Follow = Callable[[Sequence[Message], Mapping[int, str], MutableMapping[tuple[int, str], int], datetime], object]
"""(messages, profiles by device, newest, now). `newest` is when each device and metric (by code) was last read before
the messages, in microseconds; the follower carries it on."""

FOLLOWERS: tuple[Follow, ...] = (take,)
