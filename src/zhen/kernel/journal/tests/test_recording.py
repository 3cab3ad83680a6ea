"""Events: what is written, what is refused, how it reads."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.journal.api import (
    Event,
    OutsideTransaction,
    entry,
    read_of,
    reads_of,
    record,
    sentence,
    subject_of,
    timeline,
)
from zhen.kernel.journal.models import Position
from zhen.kernel.journal.tests.conftest import ALICE, happen


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction, match=r"test\.done: record it inside the transaction"):
        record("test.done", by=ALICE, subject=("test.thing", 1))


@pytest.mark.django_db
def test_an_event_of_an_undeclared_kind_is_refused() -> None:
    with pytest.raises(KeyError, match=r"no event kind is called 'test\.unheard_of'"):
        record("test.unheard_of", by=ALICE, subject=("test.thing", 1))


@pytest.mark.django_db
def test_an_event_carries_the_transaction_that_wrote_it_whatever_the_client_says() -> None:
    forged = Event(
        transaction=5, at="2020-01-01T00:00Z", kind="test.done", actor_kind="user", subject_type="x", subject_id="1"
    )
    forged.save()
    forged.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_current_xact_id()::text)::bigint + shift FROM journal_clock")
        assert forged.transaction == cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE journal_event SET actor_name = 'Bob'", "UPDATE"),
        ("DELETE FROM journal_event", "DELETE"),
        ("DELETE FROM journal_event WHERE false", "DELETE"),
    ],
)
def test_changing_the_journal_is_refused_with_a_clear_message(statement: str, name: str) -> None:
    happen(1)
    with (
        pytest.raises(IntegrityError, match=f"journal_event is append-only: {name} is refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.get(kind="test.done").actor_name == "Alice"


@pytest.mark.django_db(transaction=True)
def test_truncating_the_journal_is_refused() -> None:
    happen(1)
    with pytest.raises(IntegrityError, match="journal_event is append-only: TRUNCATE is refused"):
        _truncate_as_outside_the_tests()
    assert Event.objects.exists()


def _truncate_as_outside_the_tests() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event ENABLE ALWAYS TRIGGER journal_event_no_truncate")
        cursor.execute("TRUNCATE journal_event")


@pytest.mark.django_db
def test_a_history_tells_sentences_newest_first_and_keeps_readers_out() -> None:
    happen(1, what="a report", whom="the town")
    happen(1, kind="test.seen")
    happen(2, kind="test.seen")
    read_of(("test.thing", 1), by=ALICE, purpose="a visit", fields=["phone", "name"])
    position = Position(pk="1")
    assert subject_of(position) == ("journal.position", "1")
    events = Event.objects.filter(subject_id="1").order_by("-id")
    assert [sentence(event) for event in events[1:]] == ["saw it", "did “a report” for the town"]
    assert timeline(position) == []
    assert entry(events[1]).actor == "Alice"


@pytest.mark.django_db
def test_a_sentence_shows_what_is_not_known() -> None:
    (event,) = happen(1, what="a report")
    assert sentence(event) == "did “a report” for …"


@pytest.mark.django_db
def test_reading_personal_data_is_an_event_with_its_purpose_and_without_the_values() -> None:
    read_of(("test.person", 4), by=ALICE, purpose="low-income check", fields=["income"])
    (event,) = reads_of(("test.person", 4))
    assert event.data == {"purpose": "low-income check", "fields": ["income"]}
    assert (event.actor_kind, event.actor_id) == ("user", 7)


@pytest.mark.django_db
def test_reading_personal_data_without_a_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="state the purpose"):
        read_of(("test.person", 4), by=ALICE, purpose="  ")
