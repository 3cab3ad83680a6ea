"""Sixteen dispatchers at one inbox, each in a thread with a connection of its own; fifty: tests/chaos."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, NewCase, receive
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event

CROWD = 16
CASES = 3
FOUGHT_FOR = 2


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.mark.django_db(transaction=True)
def test_sixteen_dispatchers_assign_no_case_twice_and_lose_no_edit() -> None:
    """All take what they see on top of one inbox; then all edit one case. Who came second is told so."""
    unit = a_unit("carpenters")
    clients = []
    for number in range(CROWD):
        user = a_user(f"d{number}")
        a_post(user, "dummy_pack.carpenter", unit)
        client = Client(raise_request_exception=True)
        client.force_login(user)
        clients.append((client, user))
    made = [
        receive(Actor.system("test"), "dummy_pack.repair", NewCase(title=f"Bench {n}", unit_id=unit.pk))
        for n in range(CASES)
    ]
    start = Barrier(CROWD)

    def work(pair: tuple[Client, Any]) -> tuple[int, int, int, int]:
        client, user = pair
        start.wait(60)
        taken = late = 0
        # everybody goes through the same rows from the top, with what he saw
        for case in made[:FOUGHT_FOR]:
            given = {"revision": case.revision, "unit": unit.pk, "person": user.pk}
            status = client.post(f"/desk/cases/{case.number}/assign/", given).status_code
            taken += status == 302
            late += status == 409
        said = client.post(f"/desk/cases/{made[-1].number}/comment/", {"text": f"words of {user}", "kind": "note"})
        title = {"revision": 1, "title": f"Title of {user}", "text": "", "address": ""}
        edited = client.post(f"/desk/cases/{made[-1].number}/edit/", title)
        return taken, late, int(said.status_code == 302), int(edited.status_code == 302)

    def closing(pair: tuple[Client, Any]) -> tuple[int, int, int, int]:
        try:
            return work(pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        results = list(pool.map(closing, clients))

    assert sum(taken for taken, _late, _said, _edited in results) == FOUGHT_FOR
    assert sum(late for _taken, late, _said, _edited in results) == FOUGHT_FOR * (CROWD - 1)
    assert sum(said for _taken, _late, said, _edited in results) == CROWD
    assert sum(edited for _taken, _late, _said, edited in results) == 1
    assigned = Counter(Event.objects.filter(kind="cases.assigned").values_list("subject_id", flat=True))
    assert set(assigned.values()) == {1}
    last = Case.objects.get(pk=made[-1].pk)
    (edit,) = Event.objects.filter(kind="cases.edited", subject_id=str(last.pk))
    assert last.title == f"Title of {edit.actor_name}"
    assert last.comments.count() == CROWD
    assert sorted(Case.objects.values_list("number", flat=True)) == [case.number for case in made]
