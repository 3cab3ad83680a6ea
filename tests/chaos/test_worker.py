"""A worker that is killed in the middle of a job: another one does the job; a worker that is told to stop does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from tests.dummy_pack import actions
from tests.dummy_pack.models import Bench

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.journal.api import Event

from .conftest import eventually
from .test_journal import address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
SYSTEM = Actor.system("test")


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.Popen((sys.executable, "-m", "zhen.project.cli", "worker"), env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def broken_bench() -> Bench:
    bench = actions.put_up(SYSTEM, "by the pond", a_unit("park", "绿化所"))
    actions.change_state(SYSTEM, bench, Bench.State.BROKEN)
    return bench


def reminders() -> int:
    return Event.objects.filter(kind="dummy_pack.reminded").count()


def status_of_job() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'dummy_pack.remind'")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def test_the_job_of_a_worker_killed_in_the_middle_is_done_by_the_next() -> None:
    bench = broken_bench()
    with connection.cursor() as cursor:  # whoever reminds of a bench waits for this lock
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE dummy_pack_bench IN ACCESS EXCLUSIVE MODE")
        with worker() as first:
            eventually(lambda: status_of_job() == "doing", 30)
            first.kill()
            first.wait()
        cursor.execute("ROLLBACK")
    assert reminders() == 0
    with worker():
        eventually(lambda: reminders() == 1, 40)
        eventually(lambda: Bench.objects.get(pk=bench.pk).times_seen == 3, 20)
    assert reminders() == 1


def test_a_worker_stops_within_five_seconds_even_while_a_job_runs() -> None:
    broken_bench()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE dummy_pack_bench IN ACCESS EXCLUSIVE MODE")
        with worker() as process:
            eventually(lambda: status_of_job() == "doing", 30)
            start = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
            assert time.monotonic() - start < 5
        cursor.execute("ROLLBACK")
