"""Auditors read the journal, system administrators watch the machine, and nobody else does either."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhen.kernel.access.api import Actor, ActorKind, Denied, grants_of
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.jobs.api import JOBS, Run, enqueue
from zhen.kernel.journal.api import READ, Event, Position, read_of
from zhen.kernel.oversight import actions, queries

pytestmark = pytest.mark.django_db

AUDITOR = Actor(kind=ActorKind.USER, id=1, name="Ann", grants=grants_of(("auditor",)))
SYSTEM_ADMINISTRATOR = Actor(kind=ActorKind.USER, id=2, name="Sam", grants=grants_of(("system_administrator",)))
CLERK = Actor(kind=ActorKind.USER, id=3, name="Cleo", grants=grants_of(("unit_clerk",)))


@pytest.fixture(autouse=True)
def _demo(settings: LazySettings) -> None:
    """Demo accounts administer without a second factor."""
    settings.ZHEN_DEMO = True


@pytest.fixture
def events() -> list[Event]:
    return [read_of(("test.person", n), by=CLERK, purpose="a visit") for n in (1, 2, 3)]


def sign_in(role: str) -> Client:
    user = a_user(role, role, is_demo=True)
    a_post(user, role, a_unit("office", "党政办公室"))
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def test_only_auditors_read_the_journal(events: list[Event]) -> None:
    assert set(queries.events(AUDITOR).filter(kind=READ)) == set(events)
    assert not queries.events(SYSTEM_ADMINISTRATOR).exists()
    assert not queries.events(CLERK).exists()


def test_the_journal_page_tells_what_happened(events: list[Event]) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/desk/oversight/events/", {"kind": READ, "by": "user", "days": "7"})
    assert page.status_code == 200
    assert page.content.decode().count("read personal data for “a visit”") == 3
    one = auditor.get(f"/desk/oversight/events/{events[0].id}/")
    assert "a visit" in one.content.decode()
    assert "not yet; the journal is sealed every minute" in one.content.decode()


def test_an_event_that_is_not_there_is_missing() -> None:
    auditor = sign_in("auditor")
    assert [auditor.get(f"/desk/oversight/events/{key}/").status_code for key in ("999999999", "x", "9" * 30)] == [
        404
    ] * 3


@pytest.mark.parametrize(
    ("role", "status"),
    [("auditor", [200, 200, 403, 403]), ("system_administrator", [403, 403, 200, 200]), ("unit_clerk", [403] * 4)],
)
def test_each_page_is_for_whom_it_is_for(role: str, status: list[int]) -> None:
    client = sign_in(role)
    pages = ("events", "seals", "consumers", "jobs")
    assert [client.get(f"/desk/oversight/{page}/").status_code for page in pages] == status


def test_the_journal_page_costs_as_much_for_many_events_as_for_few(
    events: list[Event], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    auditor = sign_in("auditor")
    auditor.get("/desk/oversight/events/")
    with django_assert_num_queries(7) as few:
        auditor.get("/desk/oversight/events/")
    for n in range(20):
        read_of(("test.person", n), by=CLERK, purpose="a visit")
    with django_assert_num_queries(len(few)):
        auditor.get("/desk/oversight/events/")


def test_the_jobs_are_listed_whether_they_ran_or_not() -> None:
    now = datetime(2020, 6, 1, tzinfo=UTC)
    Run.objects.create(job="journal.seal", started_at=now, ended_at=now, error="OSError: disk full", runs=3, failures=1)
    enqueue("jobs.tidy")
    listed = {work.job.id: work for work in queries.work(SYSTEM_ADMINISTRATOR)}
    assert set(listed) == {job.id for job in JOBS}
    assert listed["journal.seal"].run is not None
    assert (listed["jobs.tidy"].waiting, listed["jobs.tidy"].run) == (1, None)
    page = sign_in("system_administrator").get("/desk/oversight/jobs/").content.decode()
    assert "OSError: disk full" in page


def test_a_stopped_consumer_goes_on_and_the_journal_tells_who_let_it() -> None:
    Position.objects.create(consumer="test.stopped", state=Position.State.FAILED, failures=8, error="no ink")
    Position.objects.create(consumer="test.running")
    assert actions.restart(SYSTEM_ADMINISTRATOR, Position.objects.all()) == 1
    assert Position.objects.get(pk="test.stopped").state == "running"
    event = Event.objects.get(kind="journal.consumer.restarted")
    assert (event.actor_name, event.subject_id) == ("Sam", "test.stopped")


def test_an_auditor_touches_nothing() -> None:
    with pytest.raises(Denied, match=r"Ann lacks the permission oversight\.consumer\.restart"):
        actions.restart(AUDITOR, Position.objects.all())
