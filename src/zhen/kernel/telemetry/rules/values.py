"""What goes into the rules and comes out of them. Times are whole microseconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micro(at: datetime) -> int:
    """An instant as the rules count it."""
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


class Kind(StrEnum):
    OPEN = "open"
    GROW = "grow"
    CLEAR = "clear"


class Effect(NamedTuple):
    """What became of a rule of a device. `metric` and `value` name the reading that did it; a timer has none."""

    device: int
    rule: str
    kind: Kind
    at: int
    severity: int
    metric: str = ""
    value: float | None = None


Windows = tuple[tuple[tuple[int, float], ...], ...]


class State(NamedTuple):
    """What a rule remembers of a device: all of it, so that a restart changes nothing.

    truth: which parts of the condition hold, a bit each
    windows: for each rate, the lowest values of its last buckets of time
    since, held: from when on the condition holds, and whether it has held long enough
    hits: when it came true, as far as that still counts
    opened, last, severity: the alarm, the last time that its condition came true again, and how bad it is
    cleared: when the last alarm ended
    due: the next moment at which something happens though nothing is read
    silent_due: when the device is looked at for silence; moved on lazily
    hushed: the last look found that what it hangs on was silent itself
    moment: when any of this last changed
    """

    truth: int = 0
    windows: Windows = ()
    since: int | None = None
    held: bool = False
    hits: tuple[int, ...] = ()
    opened: int | None = None
    last: int | None = None
    severity: int = 0
    cleared: int | None = None
    due: int | None = None
    silent_due: int | None = None
    hushed: bool = False
    moment: int | None = None

    def next_look(self) -> int | None:
        """The earlier of the two timers."""
        if self.due is None or self.silent_due is None:
            return self.silent_due if self.due is None else self.due
        return min(self.due, self.silent_due)


IDLE = State()
DEFAULTS: Mapping[str, Any] = IDLE._asdict()


def to_json(state: State) -> dict[str, Any]:
    """The state without what is as in an idle one."""
    return {name: value for name, value in state._asdict().items() if value != DEFAULTS[name]}


def from_json(stored: Mapping[str, Any]) -> State:
    """Raises TypeError for a field that a state does not have."""
    fields = dict(stored)
    if "hits" in fields:
        fields["hits"] = tuple(fields["hits"])
    if "windows" in fields:
        fields["windows"] = tuple(tuple((int(b), float(v)) for b, v in window) for window in fields["windows"])
    return State(**fields)


class Changes(NamedTuple):
    """What a batch did: the states that are other than before, and the effects in their order."""

    states: Mapping[tuple[int, str], State]
    effects: Sequence[Effect]
