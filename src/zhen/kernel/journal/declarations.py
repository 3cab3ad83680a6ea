"""Kinds of events and consumers of the journal as modules and packs declare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

if TYPE_CHECKING:
    from zhen.kernel.journal.models import Event

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """Something that can happen, and the sentence that tells it.

    `text` may name keys of the event's data: "confirmed the target “{text}”".
    """

    id: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A reader of the journal that keeps its own position.

    `handle` gets events in commit order, in the transaction that also moves the position: each
    event has its effect exactly once. It therefore writes to the database only; what must go
    outside is enqueued there as a job. `kinds` empty means every kind. `from_now` leaves out what
    happened before the consumer first ran.
    """

    id: str
    name: Text
    handle: Callable[[Sequence[Event]], None]
    kinds: frozenset[str] = frozenset()
    batch: int = 500
    from_now: bool = False


class TryAgain(Exception):
    """Something outside cannot be reached now. Remedy: none; the consumer tries again, without end."""


def _check_consumers(consumers: Mapping[str, Entry[Consumer]]) -> Iterable[Problem]:
    for entry in consumers.values():
        consumer = entry.value
        where = f"{entry.owner}: journal consumer {consumer.id}"
        for kind in sorted(consumer.kinds):
            if kind not in EVENT_KINDS.candidate:
                yield Problem(
                    where=where, what=f"reads the unknown event kind {kind}", remedy="Declare it or remove it"
                )
        if not 1 <= consumer.batch <= 10_000:
            yield Problem(where=where, what=f"reads {consumer.batch} events at once", remedy="Use 1 to 10000")


EVENT_KINDS: Registry[EventKind] = Registry(EventKind, label="event kind")
CONSUMERS: Registry[Consumer] = Registry(Consumer, label="journal consumer", check=_check_consumers)
