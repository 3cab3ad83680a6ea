"""The loop that lets every consumer read: woken by NOTIFY, and by a slow poll for what that misses."""

from __future__ import annotations

import logging
import threading

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from zhen.kernel.journal.actions import CHANNEL
from zhen.kernel.journal.consuming import Step, horizon, step
from zhen.kernel.journal.declarations import CONSUMERS
from zhen.kernel.journal.models import Event

log = logging.getLogger(__name__)

POLL = 2.0
GATHER = 0.15
HELD_BACK = 0.05
LOST = 1.0
"""Seconds between looks: in quiet times, while events keep coming (so that they are read many at a time), while a
running transaction holds events back, and while the database is gone."""


def run_until(stop: threading.Event) -> None:
    """Read for all consumers until told to stop. A lost database is waited for, not fatal."""
    while not stop.is_set():
        try:
            with _listening() as listener:
                while not stop.is_set():
                    steps = pass_over_all()
                    if Step.MOVED in steps:
                        stop.wait(GATHER)
                    elif Step.FULL not in steps:
                        _wait(listener, stop)
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            log.warning("the journal's consumers lost the database: %s", str(error).strip().splitlines()[0])
            connection.close()
            stop.wait(LOST)
        finally:
            close_old_connections()
    connection.close()


def pass_over_all() -> frozenset[Step]:
    """One step of every consumer; what became of them. `MOVED` is left out where more waits than was read."""
    steps = frozenset(step(consumer) for consumer in CONSUMERS)
    return steps - {Step.MOVED} if Step.FULL in steps else steps


def _wait(listener: psycopg.Connection[object], stop: threading.Event) -> None:
    held_back = Event.objects.filter(transaction__gte=horizon()).exists()
    if held_back:
        stop.wait(HELD_BACK)
        return
    for _ in range(4):
        if stop.is_set() or any(True for _ in listener.notifies(timeout=POLL / 4, stop_after=1)):
            return


def _listening() -> psycopg.Connection[object]:
    parameters = connection.get_connection_params()
    for django_only in ("cursor_factory", "context"):
        parameters.pop(django_only, None)
    listener: psycopg.Connection[object] = psycopg.connect(**parameters, autocommit=True, connect_timeout=5)
    listener.execute(f"LISTEN {CHANNEL}")
    return listener
