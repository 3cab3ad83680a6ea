"""Work that is done in the background, as modules and packs declare it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from croniter import croniter
from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something the worker does: when it is enqueued, or by itself at the times of `every`.

    `run` gets the arguments that it was enqueued with (JSON; none when the clock starts it). It may
    run more than once (a worker can be killed at the end of it), so it looks at what is there and
    does what is missing. `every` is a cron line in the town's time: "0 2 * * *" is two in the
    morning; while a run waits or goes on, no second one of it starts. After an error it is tried
    again, `attempts` times in all, 4 s, 16 s, 64 s, … later.
    """

    id: str
    name: Text
    run: Callable[..., None]
    every: str = ""
    queue: str = "default"
    attempts: int = 5


def _check_jobs(jobs: Mapping[str, Entry[Job]]) -> Iterable[Problem]:
    for entry in jobs.values():
        job = entry.value
        where = f"{entry.owner}: job {job.id}"
        if job.every and not croniter.is_valid(job.every):
            yield Problem(
                where=where,
                what=f"“{job.every}” is not a cron line",
                remedy="Use minute, hour, day, month, weekday, such as 0 2 * * *",
            )
        if not 1 <= job.attempts <= 20:
            yield Problem(where=where, what=f"is tried {job.attempts} times", remedy="Use 1 to 20 attempts")


JOBS: Registry[Job] = Registry(Job, label="job", check=_check_jobs)
