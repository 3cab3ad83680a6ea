"""Kinds of events and consumers of the journal as modules and packs declare them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from zhen.kernel.lib.registry import Registry

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
    event has its effect exactly once. `kinds` empty means every kind.
    """

    id: str
    name: Text
    handle: Callable[[Sequence[Event]], None]
    kinds: frozenset[str] = frozenset()
    batch: int = 500


EVENT_KINDS: Registry[EventKind] = Registry(EventKind, label="event kind")
CONSUMERS: Registry[Consumer] = Registry(Consumer, label="journal consumer")
