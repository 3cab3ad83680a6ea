"""The command `zhen audit`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import READ, Event, record, seal_next
from zhen.kernel.journal.tests.superuser import tamper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events() -> list[Event]:
    """Seven events in three seals: 3, 3 and 1."""
    with transaction.atomic():
        made = [record(READ, by=Actor.system("Alice"), subject=("test.thing", n)) for n in range(7)]
    while seal_next(limit=3):
        pass
    return made


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_names_the_row_and_fails(events: list[Event], tmp_path: Path) -> None:
    assert "3 seals over 7 events checked, 0 newer events not sealed yet: no fault." in run("verify")
    heads = tmp_path / "heads"
    heads.write_text(run("head", "--all"))
    assert "no fault" in run("verify", "--from", "2", "--to", "3", "--anchor", str(heads))
    tamper("UPDATE journal_event SET actor_name = 'Bob' WHERE id = %s", events[0].id)
    out = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("audit", "verify", stdout=out)
    assert status.value.code == 1
    assert f"event {events[0].id}: was changed after seal 1 of " in out.getvalue()
    assert "1 faults." in out.getvalue()


def test_the_command_proves_and_checks(events: list[Event], tmp_path: Path) -> None:
    heads, proof = tmp_path / "heads", tmp_path / "proof"
    heads.write_text(run("head", "--all"))
    proof.write_text(run("prove", str(events[2].id)))
    assert run("check", str(proof), "--anchor", str(heads)).startswith("The proof holds.")
    proof.write_text(proof.read_text().replace("Alice", "Bob"))
    with pytest.raises(CommandError, match="does not lead to the root"):
        run("check", str(proof))
