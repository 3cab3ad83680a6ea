"""Consumers: commit order without gaps, once in effect, and what happens on errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from zhen.kernel.journal.api import Consumer, Event, Position, Step, TryAgain, restart, step
from zhen.kernel.journal.consuming import ATTEMPTS, pause
from zhen.kernel.journal.running import run_until
from zhen.kernel.journal.tests.conftest import ALICE, happen
from zhen.kernel.lib import clock
from zhen.kernel.lib.states import WrongMove

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["zhen.kernel.jobs", "zhen.kernel.journal"])

NOON = datetime(2020, 6, 1, 4, tzinfo=UTC)


class Notebook:
    """A handler that remembers; `fails` makes it raise."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fails: Exception | None = None

    def __call__(self, events: Sequence[Event]) -> None:
        if self.fails:
            raise self.fails
        self.seen += [event.subject_id for event in events]


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def consumer(notebook: Notebook, **more: object) -> Consumer:
    return Consumer(**{"id": "test.notes", "name": "Notes", "handle": notebook} | more)  # type: ignore[arg-type]


def read_all(who: Consumer) -> None:
    while step(who) in (Step.MOVED, Step.FULL):
        pass


def in_another_session(work: Callable[[], object]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_events_are_read_in_batches_each_once(notebook: Notebook) -> None:
    happen(1, 2, 3)
    happen(4, 5)
    who = consumer(notebook, batch=2)
    read_all(who)
    assert notebook.seen == ["1", "2", "3", "4", "5"]
    assert step(who) is Step.IDLE
    happen(6)
    read_all(who)
    assert notebook.seen == ["1", "2", "3", "4", "5", "6"]


def test_only_the_wanted_kinds_are_read_and_the_rest_is_passed(notebook: Notebook) -> None:
    happen(1, 2)
    happen(3, kind="test.seen")
    happen(4)
    who = consumer(notebook, kinds=frozenset({"test.seen"}), batch=1)
    read_all(who)
    happen(5)
    assert step(who) is Step.IDLE
    assert notebook.seen == ["3"]
    last = Event.objects.order_by("id").last()
    assert last is not None
    assert Position.objects.get(pk="test.notes").transaction > last.transaction


def test_nothing_is_written_while_nothing_happens(notebook: Notebook) -> None:
    who = consumer(notebook)
    step(who)
    before = Position.objects.values().get()
    step(who)
    assert Position.objects.values().get() == before


def test_an_event_committed_late_is_read_and_what_came_after_it_waits(notebook: Notebook) -> None:
    who = consumer(notebook)
    with transaction.atomic():
        happen("early")
        in_another_session(lambda: happen("late"))
        in_another_session(lambda: read_all(who))
        assert notebook.seen == []
    read_all(who)
    assert notebook.seen == ["early", "late"]


def test_a_consumer_from_now_leaves_the_past(notebook: Notebook) -> None:
    happen("past")
    who = consumer(notebook, from_now=True)
    read_all(who)
    happen("future")
    read_all(who)
    assert notebook.seen == ["future"]


def test_while_one_process_reads_another_stands_back(notebook: Notebook) -> None:
    happen(1)
    who = consumer(notebook)
    outcome: list[Step] = []

    def handle(events: Sequence[Event]) -> None:
        in_another_session(lambda: outcome.append(step(who)))
        notebook(events)

    assert step(consumer(notebook, handle=handle)) is Step.MOVED
    assert outcome == [Step.BUSY]
    assert notebook.seen == ["1"]


def test_the_effect_of_a_failed_batch_is_taken_back_and_the_batch_comes_again(notebook: Notebook) -> None:
    happen(1)

    def handle(events: Sequence[Event]) -> None:
        happen("effect", kind="test.seen")
        notebook(events)

    who = consumer(notebook, handle=handle, kinds=frozenset({"test.done"}))
    notebook.fails = RuntimeError("no ink")
    with clock.frozen(NOON):
        assert step(who) is Step.ERROR
    assert not Event.objects.filter(kind="test.seen").exists()
    position = Position.objects.get()
    assert (position.state, position.failures, position.error) == ("retrying", 1, "RuntimeError: no ink")
    assert position.retry_at == NOON + timedelta(seconds=1)
    with clock.frozen(NOON + timedelta(milliseconds=999)):
        assert step(who) is Step.WAITING
    notebook.fails = None
    with clock.frozen(NOON + timedelta(seconds=1)):
        assert step(who) is Step.MOVED
    assert notebook.seen == ["1"]
    assert Event.objects.filter(kind="test.seen").count() == 1
    position = Position.objects.get()
    assert (position.state, position.failures, position.error, position.retry_at) == ("running", 0, "", None)


def fail_often(who: Consumer, times: int) -> Position:
    now = NOON
    for _ in range(times):
        with clock.frozen(now):
            assert step(who) is Step.ERROR
        now += timedelta(minutes=2)
    return Position.objects.get()


def test_after_many_errors_in_a_row_the_consumer_stops_and_skips_nothing(notebook: Notebook) -> None:
    happen(1)
    who = consumer(notebook, kinds=frozenset({"test.done"}))
    notebook.fails = RuntimeError("no ink")
    assert fail_often(who, ATTEMPTS - 1).state == "retrying"
    notebook.fails = RuntimeError("still no ink")
    with clock.frozen(NOON + timedelta(days=1)):
        assert step(who) is Step.ERROR
        assert step(who) is Step.STOPPED
    position = Position.objects.get()
    assert (position.state, position.error) == ("failed", "RuntimeError: still no ink")
    assert (position.transaction, position.event) == (0, 0)
    notebook.fails = None
    restart("test.notes", by=ALICE)
    assert step(who) is Step.MOVED
    assert notebook.seen == ["1"]
    with pytest.raises(WrongMove, match=r"journal\.consumer: running → running"):
        restart("test.notes", by=ALICE)


def test_what_cannot_be_reached_outside_is_tried_without_end(notebook: Notebook) -> None:
    happen(1)
    notebook.fails = TryAgain("NATS is away")
    position = fail_often(consumer(notebook), ATTEMPTS * 2)
    assert (position.state, position.failures) == ("retrying", ATTEMPTS * 2)


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause(n).total_seconds() for n in (1, 2, 3, 6, 7, 100)] == [1, 2, 4, 32, 60, 60]


def test_the_loop_reads_when_it_is_woken_and_ends_when_told(notebook: Notebook, declare: Callable[..., None]) -> None:
    read = threading.Event()

    def handle(events: Sequence[Event]) -> None:
        notebook(events)
        read.set()

    declare(consumer(notebook, handle=handle, kinds=frozenset({"test.done"})))
    stop = threading.Event()
    loop = threading.Thread(target=run_until, args=(stop,))
    loop.start()
    try:
        happen(1)
        assert read.wait(10)
    finally:
        stop.set()
        loop.join(10)
    assert not loop.is_alive()
    assert notebook.seen == ["1"]


def test_after_a_restore_into_a_new_cluster_new_events_still_come_last(notebook: Notebook) -> None:
    """A new cluster counts transactions from the beginning: simulated by events from far ahead."""
    (event,) = happen("old")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_event SET transaction = transaction + 1000000 WHERE id = %s", [event.id])
        cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_event ENABLE ALWAYS TRIGGER journal_event_append_only")
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_no_truncate")
    who = consumer(notebook)
    try:
        assert step(who) is Step.IDLE
        with connection.cursor() as cursor:
            cursor.execute("SELECT journal_mend_clock()")
            assert cursor.fetchone()[0] > 0
            cursor.execute("SELECT journal_mend_clock()")
            assert cursor.fetchone()[0] == 0
        happen("new")
        read_all(who)
        assert notebook.seen == ["old", "new"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_clock SET shift = 0")
