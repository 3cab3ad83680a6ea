"""Key rotation on a populated table: with a writer at work, killed in the middle, and gone on with."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from zhen.kernel.journal.api import Event
from zhen.kernel.lib.crypto import Keeper, RingFault, Use, header_of, keeper
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import api as parties
from zhen.kernel.parties.actions.keys import outdated, uses_of_keys
from zhen.kernel.parties.models import ContactPoint, Person, RetiredKey
from zhen.kernel.parties.synthetic import Town
from zhen.kernel.parties.tests.conftest import NOW, SYSTEM, TODAY, ZHANG, Cast, number

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3000


def populate(persons: int, seed: int = 7) -> dict[Any, str]:
    """Record synthetic people; gives each one's number."""
    found = list(Town(seed, TODAY).households(persons))
    parties.record_households(SYSTEM, (new_household(household) for household in found), NOW)
    return {person.id: person.id_number for household in found for person, _kin in household.members}


def new_household(household: Any) -> parties.NewHousehold:
    return parties.NewHousehold(
        id=household.id,
        since=date(2010, 1, 1),
        members=[
            parties.NewPerson(id=person.id, name=person.name, id_number=person.id_number, kin=kin, phone=person.phone)
            for person, kin in household.members
        ],
    )


def clear(person: Person) -> str:
    assert person.id_number is not None
    return person.id_number.clear()


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_rotation_with_a_writer_at_work_loses_nothing_and_leaves_nothing_behind() -> None:
    numbers = populate(MANY)
    old = keeper().ring().current(Use.FIELD).id
    stop = threading.Event()
    written: dict[Any, str] = {}
    faults: list[BaseException] = []

    def write() -> None:
        pick = random.Random(1)
        keys = list(numbers)
        order = 100
        try:
            while not stop.is_set() or order < 120:
                order += 1
                key, new = pick.choice(keys), number(date(1931, 1, 1), order % 1000)
                if order % 2:
                    parties.change_person(SYSTEM, key, id_number=new)
                else:
                    # A whole-row save of a row that was read a while ago, as a careless module would do it.
                    person = Person.objects.get(pk=key)
                    time.sleep(0.02)
                    person.id_number = new
                    person.save()
                written[key] = new
        except BaseException as fault:  # noqa: BLE001 handed to the test
            faults.append(fault)

    writer = in_thread(write)
    new = parties.rotate_key(SYSTEM, Use.FIELD)
    newer_lookup = parties.rotate_key(SYSTEM, Use.LOOKUP)
    progress = parties.reencrypt(SYSTEM, NOW, batch=100)
    stop.set()
    writer.join()
    parties.reencrypt(SYSTEM, NOW)

    assert faults == []
    assert progress.damaged == {}
    assert progress.done["parties.person"] > MANY * 0.9
    expected = numbers | written
    for person in Person.objects.all():
        assert clear(person) == expected[person.pk]
    assert set(uses_of_keys()) == {new.hex(), newer_lookup.hex()}
    for key in random.Random(2).sample(list(expected), 50):
        found = parties.person_with_number(SYSTEM, expected[key])
        assert found is not None
        assert found.pk == key
    parties.retire_key(SYSTEM, Use.FIELD, old)
    assert old not in {key.id for key in keeper().ring().keys}
    assert clear(Person.objects.order_by("pk")[0])


@pytest.mark.chaos
def test_a_killed_run_is_gone_on_with(own_keys: Path) -> None:
    numbers = populate(MANY)
    old = keeper().ring().current(Use.FIELD).id
    parties.rotate_key(SYSTEM, Use.FIELD)
    process = subprocess.Popen(
        [sys.executable, "-m", "zhen.project.cli", "parties", "reencrypt", "--batch", "10"],
        env={**os.environ, "DATABASE_URL": address_of_test_database(), "ZHEN_KEY_RING": str(own_keys)},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: outdated(Person).count() < MANY - 200, process)
    finally:
        process.kill()
        process.wait()
    left = outdated(Person).count()
    assert 0 < left < MANY
    assert all(clear(person) == numbers[person.pk] for person in Person.objects.all())

    with pytest.raises(Refused):
        parties.retire_key(SYSTEM, Use.FIELD, old)
    progress = parties.reencrypt(SYSTEM, NOW)
    assert progress.done["parties.person"] == left
    assert outdated(Person).count() == outdated(ContactPoint).count() == 0
    assert all(clear(person) == numbers[person.pk] for person in Person.objects.all())
    parties.retire_key(SYSTEM, Use.FIELD, old)


def wait_until(reached: Any, process: subprocess.Popen[bytes]) -> None:
    while not reached():
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.01)


def address_of_test_database() -> str:
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


def test_steps_are_journalled_without_content(cast: Cast) -> None:
    parties.rotate_key(SYSTEM, Use.FIELD)
    parties.reencrypt(SYSTEM, NOW)
    events = Event.objects.filter(kind__startswith="parties.keys").order_by("id")
    assert [(event.kind, event.data) for event in events] == [
        ("parties.keys.rotated", {"use": "field"}),
        ("parties.keys.reencrypted", {"model": "parties.person", "count": 1, "damaged": []}),
    ]
    assert parties.reencrypt(SYSTEM, NOW).done == {}


def test_a_key_that_rows_still_use_cannot_be_retired(cast: Cast) -> None:
    old = keeper().ring().current(Use.FIELD).id
    with pytest.raises(Refused):
        parties.retire_key(SYSTEM, Use.FIELD, old)
    parties.rotate_key(SYSTEM, Use.FIELD)
    with pytest.raises(Refused, match=old.hex()):
        parties.retire_key(SYSTEM, Use.FIELD, old)
    assert keeper().ring().get(Use.FIELD, old)
    assert not RetiredKey.objects.exists()


def test_a_process_with_yesterdays_ring_cannot_write_with_a_retired_key(
    cast: Cast, own_keys: Path, tmp_path: Path, settings: Any
) -> None:
    yesterday = tmp_path / "yesterday.json"
    yesterday.write_text(own_keys.read_text())
    yesterday.chmod(0o600)
    old = keeper().ring().current(Use.FIELD).id
    parties.rotate_key(SYSTEM, Use.FIELD)
    parties.reencrypt(SYSTEM, NOW)
    parties.retire_key(SYSTEM, Use.FIELD, old)

    settings.ZHEN_KEY_RING = yesterday
    with pytest.raises(IntegrityError, match="retired key"), transaction.atomic():
        parties.add_person(SYSTEM, name="李四", id_number=number(date(1950, 1, 1), 7))


def test_while_look_up_keys_change_a_known_number_is_still_refused(cast: Cast) -> None:
    parties.rotate_key(SYSTEM, Use.LOOKUP)
    with pytest.raises(Refused):
        parties.add_person(SYSTEM, name="李四", id_number=ZHANG)
    assert parties.person_with_number(SYSTEM, ZHANG) == cast.zhang


def test_changing_the_cipher_by_setting_seals_anew_with_sm4(cast: Cast, settings: Any) -> None:
    settings.ZHEN_CIPHERS = "sm"
    assert parties.person_with_number(SYSTEM, ZHANG) == cast.zhang
    assert parties.reencrypt(SYSTEM, NOW).done == {"parties.person": 1}
    raw: Any = Person.objects.values_list("id_number", flat=True).get()
    assert header_of(bytes(raw)).cipher.name == "SM4_GCM"
    assert clear(Person.objects.get()) == ZHANG
    assert parties.person_with_number(SYSTEM, ZHANG) == cast.zhang


def test_a_row_that_does_not_open_is_reported_and_the_rest_goes_on(cast: Cast) -> None:
    other = parties.add_person(SYSTEM, name="李四", id_number=number(date(1950, 1, 1), 7))
    raw: Any = Person.objects.values_list("id_number", flat=True).get(pk=other.pk)
    Person.objects.filter(pk=other.pk).update(id_number=bytes(raw)[:-1] + bytes([bytes(raw)[-1] ^ 1]))
    parties.rotate_key(SYSTEM, Use.FIELD)
    progress = parties.reencrypt(SYSTEM, NOW)
    assert progress.done == {"parties.person": 1}
    assert progress.damaged == {"parties.person": [str(other.pk)]}


def test_the_key_of_proofs_is_never_changed(cast: Cast, own_keys: Path) -> None:
    with pytest.raises(Refused):
        parties.rotate_key(SYSTEM, Use.PROOF)
    kept: Keeper = keeper()
    with pytest.raises(RingFault):
        kept.remove(Use.PROOF, kept.ring().current(Use.PROOF).id)


def test_ids_and_rows_are_the_same_for_the_same_seed() -> None:
    one, other = (list(Town(3, TODAY).households(200)) for _ in range(2))
    assert one == other
    assert one != list(Town(4, TODAY).households(200))


def test_the_clock_of_a_key_is_when_it_was_made(cast: Cast) -> None:
    parties.rotate_key(SYSTEM, Use.FIELD)
    assert keeper().ring().current(Use.FIELD).made_at == datetime(2020, 6, 1, 2, 0, tzinfo=UTC)


def say(*words: str) -> str:
    out = StringIO()
    call_command("parties", *words, stdout=out)
    return out.getvalue()


def test_the_command_rotates_seals_anew_and_retires(cast: Cast) -> None:
    old = keeper().ring().current(Use.FIELD).id.hex()
    assert f"{old}  field   2020-06-01  current  1" in say("keys")
    new = say("rotate").strip()
    assert f"{old}  field   2020-06-01  opens only  1" in say("keys")
    assert say("reencrypt") == "parties.person: 1\n"
    say("retire", old)
    assert old not in say("keys")
    assert f"{new}  field   2020-06-01  current  1" in say("keys")
    with pytest.raises(CommandError, match="is no id of a key"):
        say("retire", "xyz")
    with pytest.raises(CommandError, match="is in use"):
        say("retire", new)
