"""Reading the journal in commit order, each event with its effect exactly once.

A consumer's position is locked while a batch is handled, so only one process reads for it at a
time; handling and moving the position are one transaction, so a crash between them is impossible.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import Enum

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.actions import RESTARTED, By, record
from zhen.kernel.journal.declarations import Consumer, TryAgain
from zhen.kernel.journal.models import Event, Position
from zhen.kernel.lib import clock
from zhen.kernel.lib.states import Machine, WrongMove

log = logging.getLogger(__name__)

ATTEMPTS = 8
LONGEST_PAUSE = timedelta(seconds=60)


MACHINE = Machine(
    id="journal.consumer",
    name=_("Consumer of the journal"),
    initial=Position.State.RUNNING,
    transitions={
        Position.State.RUNNING: frozenset({Position.State.RUNNING, Position.State.RETRYING}),
        Position.State.RETRYING: frozenset({Position.State.RUNNING, Position.State.RETRYING, Position.State.FAILED}),
        Position.State.FAILED: frozenset({Position.State.RUNNING}),
    },
)


class Step(Enum):
    """What became of one attempt to read."""

    IDLE = "nothing to read"
    MOVED = "read what there was"
    FULL = "read a whole batch: there may be more"
    BUSY = "another process reads for this consumer"
    WAITING = "pausing after an error"
    STOPPED = "stopped after too many errors"
    ERROR = "an error just now"


def horizon() -> int:
    """Every transaction below it has ended, and what it committed can be seen by the next query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_horizon()")
        return int(cursor.fetchone()[0])


def step(consumer: Consumer) -> Step:
    """Let a consumer read its next batch, if there is one and nobody else is at it."""
    now = clock.now()
    _ensure(consumer)
    try:
        with transaction.atomic():
            position = Position.objects.select_for_update(skip_locked=True).filter(pk=consumer.id).first()
            if position is None:
                return Step.BUSY
            if position.state == Position.State.FAILED:
                return Step.STOPPED
            if position.retry_at is not None and position.retry_at > now:
                return Step.WAITING
            return _read(consumer, position, now)
    except Exception as error:
        if not connection.is_usable():
            raise  # the database itself is gone: not the consumer's fault, and nothing can be noted
        _note(consumer, error, now)
        return Step.ERROR


def _ensure(consumer: Consumer) -> None:
    if Position.objects.filter(pk=consumer.id).exists():
        return
    start = horizon() if consumer.from_now else 0
    Position.objects.bulk_create([Position(consumer=consumer.id, transaction=start)], ignore_conflicts=True)


def _read(consumer: Consumer, position: Position, now: datetime) -> Step:
    # The horizon is read before the events. Whatever ends in between is left for the next time.
    end = horizon()
    unread = _between(position, end)
    wanted = unread.filter(kind__in=consumer.kinds) if consumer.kinds else unread
    events = list(wanted.order_by("transaction", "id")[: consumer.batch])
    if len(events) == consumer.batch:
        position.transaction, position.event = events[-1].transaction, events[-1].id
    elif events or unread.exists():
        position.transaction, position.event = end, 0  # all below the horizon has been seen
    else:
        return Step.IDLE if position.state == Position.State.RUNNING else _running(position, Step.IDLE)
    if not events:
        return _running(position, Step.IDLE)
    consumer.handle(events)
    position.moved_at = now
    return _running(position, Step.FULL if len(events) == consumer.batch else Step.MOVED)


def _between(position: Position, end: int) -> QuerySet[Event]:
    after = Q(transaction__gt=position.transaction) | Q(id__gt=position.event)
    return Event.objects.filter(after, transaction__gte=position.transaction, transaction__lt=end)


def _running(position: Position, step: Step) -> Step:
    _go_on(position)
    return step


def _go_on(position: Position) -> None:
    MACHINE.require(position.state, Position.State.RUNNING)
    position.state, position.failures, position.error, position.retry_at = Position.State.RUNNING, 0, "", None
    position.save()


def restart(consumer: str, *, by: By) -> None:
    """Let a consumer that has stopped go on where it stopped, once the cause is mended."""
    with transaction.atomic():
        position = Position.objects.select_for_update().get(pk=consumer)
        if position.state != Position.State.FAILED:
            raise WrongMove(MACHINE, position.state, Position.State.RUNNING)
        _go_on(position)
        record(RESTARTED, by=by, subject=position, data={"consumer": consumer})


def _note(consumer: Consumer, error: Exception, now: datetime) -> None:
    """Keep the error with the position, and decide when to try again. Nothing is ever skipped."""
    with transaction.atomic():
        position = Position.objects.select_for_update(skip_locked=True).filter(pk=consumer.id).first()
        if position is None:
            return  # another process has taken over; it will meet the same error
        position.failures += 1
        outside = isinstance(error, TryAgain | OperationalError)
        failed = position.failures >= ATTEMPTS and not outside
        state = Position.State.FAILED if failed else Position.State.RETRYING
        MACHINE.require(position.state, state)
        position.state = state
        position.error = f"{type(error).__name__}: {error}"[:500]
        position.retry_at = None if failed else now + pause(position.failures)
        position.save()
    level = logging.ERROR if failed else logging.WARNING
    log.log(level, "journal consumer %s: %s", consumer.id, position.error, exc_info=None if outside else error)


def pause(failures: int) -> timedelta:
    """1 s after the first error in a row, then twice as long each time, at most a minute."""
    return min(timedelta(seconds=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
