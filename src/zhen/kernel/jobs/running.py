"""What the worker needs: every declared job as a task, and jobs of dead workers back in the queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any

import croniter
from django.db import DatabaseError, transaction
from procrastinate import App, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.periodic import PeriodicTask

from zhen.kernel.jobs.declarations import JOBS, Job
from zhen.kernel.jobs.models import Run
from zhen.kernel.lib import clock

log = logging.getLogger(__name__)

PAUSE_BASE = 4
"""Seconds before the second attempt; before the third their square, and so on."""
HEARTBEAT = 2.0
DEAD_AFTER = 10.0
"""Seconds between a worker's signs of life, and of silence after which its jobs go to another."""


class _TownTime(PeriodicTask[..., None, ...]):
    """A periodic task whose cron line means the town's time; procrastinate's own means UTC."""

    @cached_property
    def croniter(self) -> croniter.croniter:
        return croniter.croniter(self.cron, clock.now().astimezone(clock.TOWN_ZONE))


def register(app: App) -> None:
    """Make every declared job a task of `app`, the periodic ones with their times."""
    for job in JOBS:
        if job.id in app.tasks:
            continue
        retry = RetryStrategy(max_attempts=job.attempts - 1, exponential_wait=PAUSE_BASE) if job.attempts > 1 else False
        task = app.task(name=job.id, queue=job.queue, retry=retry)(runner(job))
        if job.every:
            app.periodic_registry.periodic_tasks[task.name, job.id] = _TownTime(
                task=task,
                cron=job.every,
                periodic_id=job.id,
                configure_kwargs={"lock": f"every:{job.id}", "queueing_lock": f"every:{job.id}"},
            )


def runner(job: Job) -> Callable[..., None]:
    """The job's function, with the outcome noted for the jobs page."""

    def run(timestamp: int | None = None, **arguments: Any) -> None:
        started = clock.now()
        try:
            job.run(**arguments)
        except Exception as error:
            with suppress(DatabaseError):  # if the database is gone, the job's own error says so
                _note(job, started, error)
            raise
        _note(job, started, None)

    return run


def _note(job: Job, started: datetime, error: Exception | None) -> None:
    ended = clock.now()
    with transaction.atomic():
        Run.objects.bulk_create([Run(job=job.id, started_at=started, ended_at=ended)], ignore_conflicts=True)
        run = Run.objects.select_for_update().get(pk=job.id)
        run.started_at, run.ended_at, run.runs = started, ended, run.runs + 1
        run.error = f"{type(error).__name__}: {error}"[:500] if error else ""
        if error:
            run.failures, run.failed_at = run.failures + 1, ended
        run.save()


async def rescue_until_cancelled(app: App) -> None:
    """Put the jobs of workers that died back in the queue, again and again."""
    while True:
        await rescue(app)
        await asyncio.sleep(HEARTBEAT)


async def rescue(app: App) -> None:
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        declared = JOBS.get(job.task_name)
        try:
            if declared is None or job.attempts + 1 < declared.attempts:
                log.warning("job %s of a dead worker goes back in the queue", job.call_string)
                await manager.retry_job(job)
            else:
                log.error("job %s: its worker died %s times; it is not tried again", job.call_string, job.attempts + 1)
                await manager.finish_job(job, Status.FAILED, delete_job=False)
        except ConnectorException as error:
            # Another worker was faster: the job is no longer running.
            log.info("job %s was rescued by another worker (%s)", job.call_string, error)
