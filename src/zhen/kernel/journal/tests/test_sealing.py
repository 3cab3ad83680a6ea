"""Seals: what was changed behind the application's back is named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.journal.api import Event, NoProof, Report, Seal, check_proof, prove, seal_all, seal_next, verify
from zhen.kernel.journal.canonical import ALGORITHMS
from zhen.kernel.journal.tests.conftest import happen
from zhen.kernel.journal.tests.superuser import tamper
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["zhen.kernel.jobs", "zhen.kernel.journal"])


def faults(**options: object) -> list[str]:
    """Where and what, of each fault found."""
    report = Report()
    return [f"{p.where} {p.what.split(' after seal')[0].split(';')[0]}" for p in verify(report, **options)]  # type: ignore[arg-type]


@pytest.fixture
def events() -> list[Event]:
    """Seven events in three seals: 3, 3 and 1."""
    made = [*happen(1, 2, what="报告", amount=1.1), *happen(3, 4, 5), *happen(6, 7)]
    while seal_next(limit=3):
        pass
    return made


def test_an_untouched_log_has_no_fault(events: list[Event]) -> None:
    report = Report()
    assert list(verify(report)) == []
    assert (report.seals, report.events, report.unsealed) == (3, 7, 0)
    happen(8)
    assert list(verify(report := Report())) == []
    assert report.unsealed == 1


def test_seals_are_chained_and_cover_everything_once(events: list[Event]) -> None:
    seals = list(Seal.objects.order_by("number"))
    assert [(seal.number, seal.count) for seal in seals] == [(1, 3), (2, 3), (3, 1)]
    assert [bytes(seal.previous) for seal in seals] == [bytes(32), *(bytes(seal.hash) for seal in seals[:-1])]
    assert seal_next() is None


def test_events_of_a_running_transaction_are_not_sealed_yet() -> None:
    with transaction.atomic():
        happen(1)
        assert seal_next() is None
    assert seal_next() is not None


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Bob'",
        "at = at + interval '1 microsecond'",
        "data = jsonb_set(data, '{what}', '\"报吿\"')",
        "data = jsonb_set(data, '{amount}', '1.10')",
        "area_id = 3",
        "kind = 'test.seen'",
    ],
)
def test_a_changed_row_is_named(events: list[Event], change: str) -> None:
    tamper(f"UPDATE journal_event SET {change} WHERE id = %s", events[1].id)
    assert faults() == [f"event {events[1].id} was changed"]


def test_a_row_moved_to_another_place_is_named(events: list[Event]) -> None:
    tamper("UPDATE journal_event SET transaction = transaction + 1000000 WHERE id = %s", events[1].id)
    assert faults() == [f"event {events[1].id} was changed"]


def test_missing_and_inserted_rows_are_named(events: list[Event]) -> None:
    tamper("DELETE FROM journal_event WHERE id = %s", events[4].id)
    copy = (
        "INSERT INTO journal_event SELECT 900, at, transaction, kind, actor_kind, actor_id, actor_name, subject_type,"
        " subject_id, area_id, unit_id, data FROM journal_event WHERE id = %s"
    )
    tamper(copy, events[0].id)
    assert faults() == [
        "event 900 was inserted into the stretch of seal 1 after it was sealed",
        f"event {events[4].id} is missing",
    ]


def test_a_row_put_before_the_beginning_is_named(events: list[Event]) -> None:
    tamper(
        "INSERT INTO journal_event (id, at, transaction, kind, actor_kind, actor_name, subject_type, subject_id, data)"
        " VALUES (901, now(), -5, 'test.done', 'user', 'Mallory', 'x', '1', '{}')"
    )
    assert faults() == ["event 901 was inserted into the stretch of seal 1 after it was sealed"]


def test_a_log_that_was_sealed_anew_as_a_whole_is_caught_by_what_was_kept_outside(events: list[Event]) -> None:
    honest = Seal.objects.get(number=1)
    tamper("UPDATE journal_event SET actor_name = 'Bob' WHERE id = %s", events[0].id)
    tamper("DELETE FROM journal_seal")
    with clock.frozen(honest.sealed_at):
        seal_next(limit=3)
    assert faults() == []
    assert faults(anchors={1: bytes(honest.hash).hex()}) == ["seal 1 is not the one that was anchored outside"]
    assert faults(anchors={3: "00" * 32}) == ["seal 3 is missing"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE journal_seal SET count = 4 WHERE number = 2",
            ["does not match its own hash", "has leaves that do not"],
        ),
        ("UPDATE journal_seal SET previous = hash WHERE number = 2", ["does not match", "does not continue seal 1"]),
        ("UPDATE journal_seal SET algorithm = 'md5' WHERE number = 2", ["names the unknown algorithm md5"]),
    ],
)
def test_a_changed_seal_is_named(events: list[Event], statement: str, found: list[str]) -> None:
    tamper(statement)
    seen = faults()
    assert len(seen) == len(found)
    assert all(one.startswith(f"seal 2 {part}") for one, part in zip(seen, found, strict=True))


def test_a_missing_seal_is_named(events: list[Event]) -> None:
    tamper("DELETE FROM journal_seal WHERE number = 2")
    assert "seal 2 is missing" in faults()


def test_only_the_wanted_seals_are_checked(events: list[Event]) -> None:
    tamper("UPDATE journal_event SET actor_name = 'Bob' WHERE id IN (%s, %s)", events[0].id, events[6].id)
    assert faults(first=2, last=2) == []
    assert len(faults(first=2)) == len(faults(last=2)) == 1


def test_seals_cannot_be_changed(events: list[Event]) -> None:
    for statement in ("UPDATE journal_seal SET count = 1", "DELETE FROM journal_seal"):
        with pytest.raises(IntegrityError, match="journal_seal is append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_national_algorithm_seals_too(settings: object) -> None:
    settings.ZHEN_CIPHERS = "sm"  # type: ignore[attr-defined]
    happen(1, 2)
    seal_all()
    assert Seal.objects.get().algorithm == "sm3"
    assert faults() == []


def test_sm3_gives_the_digest_of_the_standard() -> None:
    """GB/T 32905-2016, appendix A.1."""
    assert ALGORITHMS["sm3"](b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_every_sealed_event_can_be_proved(events: list[Event]) -> None:
    heads = {seal.number: bytes(seal.hash).hex() for seal in Seal.objects.all()}
    for event in events:
        proof = json.loads(json.dumps(prove(event.id)))
        assert check_proof(proof, heads) == ""
        assert json.loads(proof["event"])[0] == event.id


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (lambda p: p.update(event=p["event"].replace("Alice", "Bob")), "does not lead to the root"),
        (lambda p: p["path"].pop(), "does not lead to the root"),
        (lambda p: p["seal"].update(sealed_at=0), "does not match its own hash"),
        (lambda p: p["seal"].update(number=4), "does not match its own hash"),
    ],
)
def test_a_forged_proof_does_not_hold(
    events: list[Event], forge: Callable[[dict[str, object]], None], fault: str
) -> None:
    proof = prove(events[0].id)
    forge(proof)
    assert fault in check_proof(proof)


def test_a_proof_must_fit_the_anchors(events: list[Event]) -> None:
    assert check_proof(prove(events[0].id), {1: "00"}) == "seal 1 is another one"
    assert check_proof(prove(events[0].id), {}) == "seal 1 is not among the anchors"


def test_there_is_no_proof_for_what_is_not_sealed_or_was_changed(events: list[Event]) -> None:
    (new,) = happen(8)
    with pytest.raises(NoProof, match="not sealed yet"):
        prove(new.id)
    with pytest.raises(NoProof, match="there is no event 999999"):
        prove(999_999)
    tamper("UPDATE journal_event SET actor_name = 'Bob' WHERE id = %s", events[0].id)
    with pytest.raises(NoProof, match="not as it was sealed"):
        prove(events[0].id)
