"""Writing to the journal: `record`, always inside the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol

from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from zhen.kernel.journal.declarations import EVENT_KINDS
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock

CHANNEL = "zhen_journal"
READ = "journal.read"
RESTARTED = "journal.consumer.restarted"


class By(Protocol):
    """Whoever acts: access.Actor has this shape."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


class OutsideTransaction(RuntimeError):
    """An event was recorded outside a transaction. Remedy: record it inside an @action."""


_count: ContextVar[list[int] | None] = ContextVar("zhen_journal_count", default=None)


def record(
    kind: str,
    *,
    by: By,
    subject: models.Model | tuple[str, object],
    area: int | None = None,
    unit: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event of a declared kind. `data` is JSON; it never holds a secret or an identifier.

    `subject` is a model instance, or ("app.model", id) where the row is gone or lies elsewhere.
    """
    (event,) = record_many([NewEvent(kind, subject, area, unit, data)], by=by)
    return event


class NewEvent(NamedTuple):
    """One event among many, with what `record` asks for."""

    kind: str
    subject: models.Model | tuple[str, object]
    area: int | None = None
    unit: int | None = None
    data: Mapping[str, Any] | None = None


def record_many(entries: Iterable[NewEvent], *, by: By) -> list[Event]:
    """Append many events with one statement, in their order."""
    now, events = clock.now(), []
    for kind, subject, area, unit, data in entries:
        if not connection.in_atomic_block:
            raise OutsideTransaction(f"{kind}: record it inside the transaction of the change it tells")
        EVENT_KINDS[kind]
        subject_type, subject_id = subject_of(subject)
        events.append(
            Event(
                at=now,
                kind=kind,
                actor_kind=str(by.kind),
                actor_id=by.id,
                actor_name=by.name,
                subject_type=subject_type,
                subject_id=subject_id,
                area_id=area,
                unit_id=unit,
                data=dict(data or {}),
            )
        )
    if not events:
        return []
    written = [_append(events[0])] if len(events) == 1 else Event.objects.bulk_create(events)
    counter = _count.get()
    if counter is not None:
        counter[0] += len(written)
    _wake_at_commit()
    return written


APPEND = """
INSERT INTO journal_event (at, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, area_id, unit_id, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id, transaction
"""


def _append(event: Event) -> Event:
    """Write one event: almost every transaction does, and building this statement anew cost as much as running it."""
    values: list[Any] = [event.at, event.kind, event.actor_kind, event.actor_id, event.actor_name]
    values += [event.subject_type, event.subject_id, event.area_id, event.unit_id, Jsonb(event.data)]
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
        event.id, event.transaction = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias
    return event


def read_of(
    subject: models.Model | tuple[str, object],
    *,
    by: By,
    purpose: str,
    fields: Iterable[str] = (),
    roles: Iterable[str] = (),
    units: Iterable[str] = (),
) -> Event:
    """Record that somebody reads sensitive personal data, and what for. The values are not kept.

    `roles` and `units` are those of the posts that gave him the right: the person may know them.
    """
    if not purpose.strip():
        raise ValueError("read_of: state the purpose, as the reader gave it")
    with transaction.atomic():
        data: dict[str, Any] = {"purpose": purpose, "fields": sorted(fields)}
        for name, given in (("roles", roles), ("units", units)):
            held = list(dict.fromkeys(given))
            if held:
                data[name] = held
        return record(READ, by=by, subject=subject, data=data)


def _wake_at_commit() -> None:
    """Wake the consumers once per transaction, after it.

    Not by a trigger: NOTIFY inside a transaction makes all commits of the database wait for one
    another (docs/adr/0002).
    """
    if not any(waiting[1] is _wake for waiting in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def subject_of(subject: models.Model | tuple[str, object]) -> tuple[str, str]:
    if isinstance(subject, models.Model):
        return subject._meta.label_lower, str(subject.pk)
    return subject[0], str(subject[1])


@contextmanager
def counting() -> Iterator[Callable[[], int]]:
    """Count the events recorded inside the block (nested blocks count for the outer too)."""
    outer = _count.get()
    inner = [0]
    token = _count.set(inner)
    try:
        yield lambda: inner[0]
    finally:
        _count.reset(token)
        if outer is not None:
            outer[0] += inner[0]
