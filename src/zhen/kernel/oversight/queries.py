"""Reading the journal, its consumers, and the jobs, each for whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.jobs.api import JOBS, Job, Run
from zhen.kernel.journal.api import Event, Position, Seal
from zhen.kernel.lib import clock
from zhen.kernel.oversight.rights import READ_JOURNAL, READ_SEALS, READ_WORK
from zhen.kernel.pages.api import Missing


def events(actor: Actor) -> QuerySet[Event]:
    return restrict(actor, READ_JOURNAL, Event.objects.all())


def event(actor: Actor, key: str) -> Event:
    found = events(actor).filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(f"event {key}")
    return found


def since_days(rows: QuerySet[Event], days: str) -> QuerySet[Event]:
    """The events of the last days, today included."""
    if not days.isdecimal() or len(days) > 4:
        return rows
    first = clock.today() - timedelta(days=int(days) - 1)
    return rows.filter(at__gte=datetime.combine(first, datetime.min.time(), clock.TOWN_ZONE))


def seals(actor: Actor) -> QuerySet[Seal]:
    return restrict(actor, READ_SEALS, Seal.objects.defer("leaves"))


def seal_over(actor: Actor, event: Event) -> Seal | None:
    """The seal that covers an event, if it is sealed."""
    first = seals(actor).filter(last_transaction__gte=event.transaction).order_by("number")[:2]
    here = (event.transaction, event.id)
    return next((seal for seal in first if (seal.last_transaction, seal.last_event) >= here), None)


def consumers(actor: Actor) -> QuerySet[Position]:
    return restrict(actor, READ_WORK, Position.objects.all())


@dataclass(frozen=True, kw_only=True)
class Work:
    """How a declared job is doing."""

    job: Job
    run: Run | None
    waiting: int
    running: int
    failed: int


def work(actor: Actor) -> list[Work]:
    """Every declared job, in the order of their ids."""
    runs = {run.job: run for run in restrict(actor, READ_WORK, Run.objects.all())}
    counts: dict[tuple[str, str], int] = {}
    if actor.may(READ_WORK):
        queue = ProcrastinateJob.objects.values_list("task_name", "status").annotate(jobs=Count("id")).order_by()
        counts = {(name, status): count for name, status, count in queue}
    return [
        Work(
            job=job,
            run=runs.get(job.id),
            waiting=counts.get((job.id, "todo"), 0),
            running=counts.get((job.id, "doing"), 0),
            failed=counts.get((job.id, "failed"), 0),
        )
        for job in sorted(JOBS, key=lambda job: job.id)
    ]
