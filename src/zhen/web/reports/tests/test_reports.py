"""A resident reports, follows, rates and reopens; a stranger learns nothing by guessing."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import (
    CASE_TYPES,
    Case,
    Category,
    Move,
    NewCase,
    NewReporter,
    Reporter,
    follow,
    move,
    receive,
)
from zhen.kernel.identity.testing import a_unit
from zhen.web.reports import tracking, views

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
KEY = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
NEW, TRACK = "/report/", "/report/track/"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def bench(db: None) -> Category:
    return Category.objects.create(
        scheme=views.public_type().scheme, code="9901", name="Bench", valid_from=date(2020, 1, 1), source="test"
    )


def a_report(client: Client, **given: str) -> Any:
    said = {"key": KEY, "title": "The bench wobbles", "address": "No such street 1", "confirmed": "1", **given}
    return client.post(NEW, said)


def closed(case: Case) -> Case:
    """The case, closed by way of whatever steps its type has."""
    type_ = CASE_TYPES[case.type]
    unit = a_unit("carpenters").pk
    end = next(state.id for state in type_.states if state.end and state.id != "voided")
    outcome = next(one.id for one in type_.outcomes if one.solved)
    category = Category.objects.filter(scheme=type_.scheme, leaf=True).first()
    for step in ("dispatch", "finish", "mended", "confirm", "close"):
        case.refresh_from_db()
        known = type_.transition(step)
        if known is not None and case.state in known.before:
            given = Move(unit_id=unit, category=category, result="Mended", outcome=outcome, reason="so")
            case = move(SYSTEM, case.pk, case.revision, step, given)
    assert case.state == end
    return case


def test_a_report_gets_a_number_and_a_secret(client: Client, bench: Category) -> None:
    response = a_report(client, category=str(bench.pk), phone="13800000000")
    assert response.status_code == 200
    case = Case.objects.get()
    assert case.number in response.content.decode()
    assert views.secret_of(KEY) in response.content.decode()
    assert (case.source, case.category) == ("portal", bench)
    assert not Reporter.objects.get().anonymous


def test_a_doubled_press_is_one_report_with_one_secret(client: Client, bench: Category) -> None:
    first, second = a_report(client), a_report(client)
    assert Case.objects.count() == 1
    assert views.secret_of(KEY) in first.content.decode()
    assert views.secret_of(KEY) in second.content.decode()


def test_what_is_missing_is_named_and_nothing_typed_is_lost(client: Client, bench: Category) -> None:
    response = a_report(client, title="", text="Both legs of it")
    assert response.status_code == 422
    assert "Both legs of it" in response.content.decode()
    assert Case.objects.count() == 0


def test_number_and_secret_open_the_report_and_stand_in_no_address(client: Client, bench: Category) -> None:
    a_report(client)
    number = Case.objects.get().number
    response = client.post(TRACK, {"number": number, "secret": views.secret_of(KEY)})
    assert response.status_code == 302
    assert response["Location"] == TRACK
    page = client.get(TRACK)
    assert "The bench wobbles" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


UNKNOWN = "ZZ-2026-999999"
FOLLOWS = "f" * 32


@pytest.fixture
def guesses(client: Client, bench: Category) -> list[tuple[str, str]]:
    """Number and secret as somebody may try them who has one of the two, or none."""
    a_report(client)
    mine = Case.objects.get()
    other = receive(SYSTEM, mine.type, NewCase(title="Another", reporter=NewReporter(secret="r" * 32)))
    follow(Actor.anonymous(), mine.number, FOLLOWS)
    return [
        (mine.number, "x" * 32),  # a report that there is, and somebody follows
        (UNKNOWN, "x" * 32),  # none
        (UNKNOWN, views.secret_of(KEY)),  # the secret of a report, without its number
        (UNKNOWN, FOLLOWS),  # the secret of a follower, without its number
        (other.number, views.secret_of(KEY)),  # the number of one report, the secret of another
        (other.number, FOLLOWS),
    ]


def test_a_stranger_learns_nothing_by_guessing(client: Client, guesses: list[tuple[str, str]]) -> None:
    answers = set()
    for number, secret in guesses:
        page = client.post(TRACK, {"number": number, "secret": secret})
        bare = page.content.decode().replace(number, "NUMBER").replace(secret, "SECRET")
        answers.add((page.status_code, page.headers.get("Cache-Control"), _without_token(bare)))
    ((status, _cached, _page),) = answers
    assert status == 422


def test_a_guess_causes_the_same_work_whatever_of_it_is_right(client: Client, guesses: list[tuple[str, str]]) -> None:
    """So the time of an answer tells nothing: the same statements, and none that the number has a part in."""
    client.post(TRACK, {"number": UNKNOWN, "secret": "z" * 32})  # what is done once, is done
    work = []
    for number, secret in guesses:
        with CaptureQueriesContext(connection) as queries:
            client.post(TRACK, {"number": number, "secret": secret})
        said = [query["sql"] for query in queries]
        assert [sql for sql in said if number in sql] == []
        work.append([_shape(sql) for sql in said])
    assert [one for one in work if one != work[0]] == []
    for table in ("cases_reporter", "cases_follow"):
        assert sum(table in sql for sql in work[0]) == 1


def test_who_tries_often_learns_no_more_than_who_guesses(client: Client, guesses: list[tuple[str, str]]) -> None:
    """Beyond the limit the right secret gets the very answer of a wrong one, and nothing is looked up."""
    number = guesses[0][0]
    wrong = client.post(TRACK, {"number": number, "secret": "x" * 32})
    for _ in range(tracking.TRIES_A_MINUTE):
        client.post(TRACK, {"number": number, "secret": "x" * 32})
    with CaptureQueriesContext(connection) as queries:
        right = client.post(TRACK, {"number": number, "secret": views.secret_of(KEY)})
    bare = [
        _without_token(page.content.decode().replace(secret, "SECRET"))
        for page, secret in ((wrong, "x" * 32), (right, views.secret_of(KEY)))
    ]
    assert (right.status_code, bare[1]) == (wrong.status_code, bare[0])
    assert [query for query in queries if "cases_reporter" in query["sql"] or "cases_follow" in query["sql"]] == []


def _shape(sql: str) -> str:
    return re.sub(r"'[^']*'|\d+", "?", sql)


def _without_token(page: str) -> str:
    return "\n".join(
        line for line in page.splitlines() if not any(word in line for word in ("csrf", "nonce", "+00:00"))
    )


def test_after_many_tries_even_the_right_secret_waits(client: Client, bench: Category) -> None:
    a_report(client)
    number = Case.objects.get().number
    for _ in range(tracking.TRIES_A_MINUTE):
        client.post(TRACK, {"number": number, "secret": "wrong"})
    assert client.post(TRACK, {"number": number, "secret": views.secret_of(KEY)}).status_code == 422


def test_the_reporter_rates_and_reopens(client: Client, bench: Category) -> None:
    a_report(client, category=str(bench.pk))
    case = closed(Case.objects.get())
    client.post(TRACK, {"number": case.number, "secret": views.secret_of(KEY)})
    poor = client.post(reverse("reports:step", args=["rate"]), {"rating": "1", "reason": ""})
    assert poor.status_code == 422
    client.post(reverse("reports:step", args=["rate"]), {"rating": "2", "reason": "Still wobbles"})
    case.refresh_from_db()
    assert (case.rating, case.rating_reason) == (2, "Still wobbles")
    again = next(step for step in CASE_TYPES[case.type].transitions if step.id in ("reopen", "not_whole"))
    client.post(reverse("reports:step", args=[again.id]), {"reason": "It wobbles"})
    case.refresh_from_db()
    assert (case.open, case.reopened) == (True, 1)


def test_who_has_not_shown_the_secret_takes_no_step(client: Client, bench: Category) -> None:
    a_report(client, category=str(bench.pk))
    case = closed(Case.objects.get())
    response = Client().post(reverse("reports:step", args=["rate"]), {"rating": "5"})
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.rating is None


def test_a_step_that_is_not_the_reporters_is_not_there(client: Client, bench: Category) -> None:
    a_report(client)
    client.post(TRACK, {"number": Case.objects.get().number, "secret": views.secret_of(KEY)})
    assert client.post("/report/track/dispatch/", {"reason": "x"}).status_code == 404


def test_many_reports_from_one_connection_are_slowed_down(client: Client, bench: Category) -> None:
    for number in range(views.REPORTS_AN_HOUR):
        a_report(client, key=f"6f9619ff-8b86-4d01-b42d-{number:012d}")
    assert Case.objects.count() == views.REPORTS_AN_HOUR
    response = a_report(client, key=f"6f9619ff-8b86-4d01-b42d-{99:012d}")
    assert response.status_code == 422
    assert Case.objects.count() == views.REPORTS_AN_HOUR
