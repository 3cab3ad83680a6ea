"""Many dispatchers at one inbox, over HTTP, on real web workers: no case twice, no number skipped, no edit lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, NewCase, receive
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event

from .dispatchers import Dispatcher

WORDS = "A manhole cover is missing"
PATIENCE = 120


def signed_in(user: User, address: str) -> httpx.Client:
    """A browser with a session as signing in makes it."""
    client = Client()
    client.force_login(user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return httpx.Client(base_url=address, cookies={**cookies, "django_language": "en"}, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("crowd", "cases"),
    [pytest.param(5, 3, id="few"), pytest.param(50, 25, id="fifty", marks=pytest.mark.chaos)],
)
def test_no_case_is_taken_twice_no_number_skipped_and_no_edit_lost(web: str, crowd: int, cases: int) -> None:
    unit = a_unit("centre")
    dispatchers = []
    for number in range(crowd):
        user = a_user(f"d{number}")
        a_post(user, "dispatcher", unit)
        dispatchers.append(Dispatcher(user_id=user.pk, word=f"w{number}", browser=signed_in(user, web)))
    free = [receive(Actor.system("test"), "grid.case", NewCase(title=f"{WORDS} {n}")) for n in range(cases)]
    # what all of them write on lies with one of them already
    asked = receive(Actor.system("test"), "grid.case", NewCase(title="Everybody adds a word"))
    Case.objects.filter(pk=asked.pk).update(person=dispatchers[0].user_id)
    start = Barrier(crowd)

    def work(dispatcher: Dispatcher) -> None:
        start.wait(PATIENCE)
        dispatcher.take_all_he_can()
        dispatcher.write_on(asked.number)
        dispatcher.register(f"Caller of {dispatcher.word}")
        dispatcher.take_all_he_can()

    began = time.monotonic()
    with_everybody(work, dispatchers)
    took = time.monotonic() - began

    # each case was assigned once, to whom was told so
    taken = Counter(number for one in dispatchers for number in one.took)
    numbers = {case.number for case in free} | {number for one in dispatchers for number in one.registered}
    assert taken == Counter(numbers)
    assigned = Event.objects.filter(kind="cases.assigned").values_list("data__number", "actor_id")
    assert Counter(assigned) == Counter((number, one.user_id) for one in dispatchers for number in one.took)
    holders = dict(Case.objects.filter(number__in=numbers).values_list("number", "person_id"))
    assert holders == {number: one.user_id for one in dispatchers for number in one.took}
    # every word is there once, and the journal has each edit
    asked.refresh_from_db()
    assert Counter(asked.text.split()) == Counter(one.word for one in dispatchers)
    assert asked.revision == 1 + crowd
    assert Event.objects.filter(kind="cases.edited", subject_id=str(asked.pk)).count() == crowd
    # numbers have no gap
    serials = sorted(int(number.rsplit("-", 1)[1]) for number in Case.objects.values_list("number", flat=True))
    assert serials == list(range(1, cases + 1 + crowd + 1))
    late = sum(one.late for one in dispatchers)
    print(f"\n{crowd} dispatchers, {len(numbers)} cases, {crowd} edits of one: {late} times too late; {took:.0f} s")


def with_everybody(work: Callable[[Dispatcher], None], dispatchers: list[Dispatcher]) -> None:
    """At the same time, each in a thread; the first fault is raised when all are through."""
    with ThreadPoolExecutor(len(dispatchers)) as pool:
        for done in [pool.submit(work, one) for one in dispatchers]:
            done.result()
    for one in dispatchers:
        one.browser.close()
