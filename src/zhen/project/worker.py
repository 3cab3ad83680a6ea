"""`zhen worker`: jobs and the journal's consumers in one process.

It stops within 5 s of SIGTERM: what has not ended by then is left to another worker, which finds
it by the missing heartbeat. A lost database is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from zhen.kernel.jobs import api as jobs
from zhen.kernel.journal import api as journal

log = logging.getLogger(__name__)

PATIENCE = 2.0
LAST_PATIENCE = 3.0
PAUSE = 1.0
"""Seconds: for running jobs to end, until the process leaves without them, and between two tries to
reach the database."""


def main(*, concurrency: int, queues: tuple[str, ...]) -> None:
    asyncio.run(_main(concurrency, queues))


async def _main(concurrency: int, queues: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with _consumers():
        log.info("worker %s is ready: %s jobs, %s consumers", os.getpid(), len(jobs.JOBS), len(journal.CONSUMERS))
        work = asyncio.create_task(_work(stop, concurrency, queues))
        await _first(work, stop.wait())
        await asyncio.wait({work}, timeout=LAST_PATIENCE)
    if not work.done():
        # A job in a thread cannot be stopped, and the interpreter would wait for it: leave at once.
        log.warning("worker %s leaves while jobs are running; another worker will do them again", os.getpid())
        logging.shutdown()
        os._exit(0)
    work.result()


@contextlib.contextmanager
def _consumers() -> Iterator[None]:
    """The consumers of the journal, in a thread with a database connection of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=journal.run_until, args=(stop,), name="journal", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(1.0)


async def _work(stop: asyncio.Event, concurrency: int, queues: tuple[str, ...]) -> None:
    connector = django_app.connector
    assert isinstance(connector, DjangoConnector)
    app = django_app.with_connector(connector.get_worker_connector())
    jobs.register(app)
    while not stop.is_set():
        session = asyncio.create_task(_session(app, concurrency, queues))
        await _first(session, stop.wait())
        if not session.done():
            session.cancel()
        try:
            await session
        except asyncio.CancelledError:
            continue
        except (ConnectorException, psycopg.Error, OSError) as error:
            log.warning("the worker lost the database: %s", str(error).strip() or type(error).__name__)
        await _first(stop.wait(), asyncio.sleep(PAUSE))


async def _session(app: App, concurrency: int, queues: tuple[str, ...]) -> None:
    """Work until cancelled, or until the database is lost. Cancelled, it lets running jobs end."""
    async with app.open_async():
        run = asyncio.create_task(
            app.run_worker_async(
                queues=queues or None,  # type: ignore[arg-type]  # None means all, and its own default is None
                name=f"zhen-{os.getpid()}",
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=PATIENCE,
                update_heartbeat_interval=jobs.HEARTBEAT,
                stalled_worker_timeout=jobs.DEAD_AFTER,
                delete_jobs="successful",
            )
        )
        rescue = asyncio.create_task(jobs.rescue_until_cancelled(app))
        try:
            await _first(run, rescue)
            for task in (run, rescue):
                if task.done():
                    await task  # raises what ended it
        finally:
            for task in (rescue, run):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _first(*waits: asyncio.Task[Any] | Coroutine[Any, Any, Any]) -> None:
    """Wait until the first of several ends. Coroutines are cancelled then, tasks go on."""
    tasks = [wait if isinstance(wait, asyncio.Task) else asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task, wait in zip(tasks, waits, strict=True):
        if task is not wait:
            task.cancel()
