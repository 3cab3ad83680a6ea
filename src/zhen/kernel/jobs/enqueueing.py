"""Putting jobs in the queue, in the transaction of the change that calls for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import configure_task

from zhen.kernel.jobs.declarations import JOBS


def enqueue(job: str, *, at: datetime | None = None, once: str = "", lock: str = "", **arguments: Any) -> bool:
    """Enqueue a declared job with JSON arguments; it runs only if the transaction commits.

    `at`: not before that instant. `once`: while a job with the same word waits, no second one is
    added (the answer is then False). `lock`: jobs with the same word run one after another.
    """
    declared = JOBS[job]
    # not app.configure_task: inside the worker it finds the worker's own task, whose connection is another
    deferrer = configure_task(
        name=declared.id,
        job_manager=app.job_manager,
        queue=declared.queue,
        schedule_at=at,
        queueing_lock=once or None,
        lock=lock or None,
    )
    try:
        with transaction.atomic():  # a refused duplicate must not end the caller's transaction
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
