"""Jobs of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from procrastinate.contrib.django import app

from zhen.kernel.jobs.api import JOBS, Job
from zhen.kernel.jobs.contributes import BUNDLE
from zhen.kernel.lib.registry import Bundle

DONE: list[dict[str, Any]] = []
TROUBLE: list[Exception] = []


def work(**arguments: Any) -> None:
    if TROUBLE:
        raise TROUBLE[0]
    DONE.append(arguments)


WORK = Job(id="test.work", name="Work", run=work, attempts=2)
NIGHTLY = Job(id="test.nightly", name="Nightly work", run=work, every="0 2 * * *")


@pytest.fixture(autouse=True)
def _jobs() -> Iterator[None]:
    """The tests' jobs in the registry, and as tasks for the time of one test."""
    entries, candidate = JOBS._entries, JOBS._candidate
    assert JOBS.gather([BUNDLE, Bundle(owner="test", items=(WORK, NIGHTLY))]) == []
    assert JOBS.validate() == []
    JOBS.commit()
    tasks = dict(app.tasks)
    yield
    JOBS._entries, JOBS._candidate = entries, candidate
    app.tasks.clear()
    app.tasks.update(tasks)
    DONE.clear()
    TROUBLE.clear()
