"""Jobs: they commit with the data, run once, are tried again, and survive their worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate import App
from procrastinate.contrib.django.models import ProcrastinateJob

from zhen.kernel.jobs import running
from zhen.kernel.jobs.api import JOBS, Job, Run, enqueue, register
from zhen.kernel.jobs.testing import rescue_now, run_waiting, worker_app
from zhen.kernel.jobs.tests.conftest import DONE, TROUBLE, work
from zhen.kernel.lib import clock
from zhen.kernel.lib.registry import Bundle

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["zhen.kernel.jobs", "zhen.kernel.journal"])


def waiting() -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.order_by("id").values("task_name", "status", "attempts", "args"))


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def test_an_enqueued_job_runs_with_its_arguments_and_leaves_a_note() -> None:
    assert enqueue("test.work", house=12)
    run_waiting()
    assert DONE == [{"house": 12}]
    assert waiting() == []
    run = Run.objects.get(pk="test.work")
    assert (run.runs, run.failures, run.error) == (1, 0, "")


def test_a_job_of_a_transaction_that_is_taken_back_never_runs() -> None:
    with transaction.atomic():
        enqueue("test.work")
        transaction.set_rollback(True)
    run_waiting()
    assert DONE == []


def test_a_job_that_nobody_declared_is_refused() -> None:
    with pytest.raises(KeyError, match=r"no job is called 'test\.nothing'"):
        enqueue("test.nothing")


def test_a_second_job_with_the_same_word_is_not_added_and_harms_no_transaction() -> None:
    with transaction.atomic():
        assert enqueue("test.work", once="house 12", n=1)
        assert not enqueue("test.work", once="house 12", n=2)
        assert enqueue("test.work", n=3)
    run_waiting()
    assert DONE == [{"n": 1}, {"n": 3}]


def test_a_job_for_later_waits() -> None:
    enqueue("test.work", at=datetime.now(UTC) + timedelta(hours=1))
    run_waiting()
    assert DONE == []


def test_a_failed_job_is_noted_and_tried_again_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PAUSE_BASE", 3600)  # however slow the machine, the second attempt is not due yet
    TROUBLE.append(ValueError("no such house"))
    enqueue("test.work")
    run_waiting()
    assert [(job["status"], job["attempts"]) for job in waiting()] == [("todo", 1)]
    run = Run.objects.get()
    assert (run.runs, run.failures, run.error) == (1, 1, "ValueError: no such house")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    run_waiting()
    assert [job["status"] for job in waiting()] == ["failed"]


def leave_running(*, attempts: int) -> None:
    """A job as a worker leaves it that was killed a while ago."""
    enqueue("test.work")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s,"
            " worker_id = (SELECT max(id) FROM procrastinate_workers)",
            [attempts],
        )


def test_the_job_of_a_killed_worker_goes_back_in_the_queue() -> None:
    leave_running(attempts=0)
    rescue_now()
    run_waiting()
    assert DONE == [{}]


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    leave_running(attempts=1)
    rescue_now()
    assert [job["status"] for job in waiting()] == ["failed"]


def test_periodic_jobs_follow_the_towns_time() -> None:
    app = App(connector=worker_app().connector)
    register(app)
    task = app.periodic_registry.periodic_tasks["test.nightly", "test.nightly"]
    noon_utc = datetime(2020, 6, 1, 12, tzinfo=UTC)
    following = task.croniter.get_next(ret_type=float, start_time=noon_utc.timestamp())
    assert datetime.fromtimestamp(following, clock.TOWN_ZONE) == datetime(2020, 6, 2, 2, tzinfo=clock.TOWN_ZONE)


@pytest.mark.parametrize(
    ("job", "message"),
    [
        (
            Job(id="test.bad", name="Bad", run=work, every="each noon"),
            "test: job test.bad: “each noon” is not a cron line. "
            "Use minute, hour, day, month, weekday, such as 0 2 * * *.",
        ),
        (
            Job(id="test.bad", name="Bad", run=work, attempts=0),
            "test: job test.bad: is tried 0 times. Use 1 to 20 attempts.",
        ),
    ],
)
def test_a_faulty_declaration_is_one_line(job: Job, message: str) -> None:
    JOBS.gather([Bundle(owner="test", items=(job,))])
    assert [str(problem) for problem in JOBS.validate()] == [message]
