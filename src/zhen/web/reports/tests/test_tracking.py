"""With number and secret: how far it has come, adding to it, rating it, and saying that it is not solved in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, CaseAttachment, Category, Comment, follow
from zhen.kernel.lib.testing import Hands
from zhen.web.reports import tracking, views
from zhen.web.reports.tests.test_reports import KEY, TRACK, a_report, bench, closed

__all__ = ["bench"]

pytestmark = pytest.mark.django_db
SAY, LEAVE, RATE = "/report/track/say/", "/report/track/leave/", "/report/track/rate/"
SECRET = "a-secret-that-nobody-guesses"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def hands() -> Iterator[Hands]:
    with Hands(datetime(2026, 9, 15, 2, tzinfo=UTC)) as held:
        yield held


@pytest.fixture
def mine(client: Client, bench: Category) -> Case:
    """A report of mine, opened in this browser."""
    a_report(client, category=str(bench.pk), text="Both legs")
    case = Case.objects.get()
    client.post(TRACK, {"number": case.number, "secret": views.secret_of(KEY)})
    return case


def text(client: Client) -> str:
    return str(client.get(TRACK).content.decode())


def reopening(case: Case) -> str:
    return f"/report/track/{'reopen' if case.type == 'grid.case' else 'not_whole'}/"


def a_photo() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return SimpleUploadedFile("bench.jpg", data.getvalue(), "image/jpeg")


def test_the_stages_say_how_far_it_has_come(client: Client, mine: Case, hands: Hands) -> None:
    page = text(client)
    assert page.count("still ahead") >= 2
    assert "To be done by" in page

    hands.go(hours=2)
    closed(mine)

    page = text(client)
    assert "still ahead" not in page
    assert "Mended" in page


def test_what_is_opened_again_has_its_stages_ahead_once_more(client: Client, mine: Case, hands: Hands) -> None:
    hands.go(hours=1)
    closed(mine)
    hands.go(hours=1)
    client.post(reopening(mine), {"reason": "It wobbles"})

    assert text(client).count("still ahead") >= 2


def test_the_reporter_adds_words_and_a_photo(client: Client, mine: Case) -> None:
    response = client.post(SAY, {"text": "The third leg, too", "photos-new": a_photo()})

    assert response.status_code == 302
    assert "The third leg, too" in text(client)
    said = Comment.objects.get(kind=Comment.Kind.REPORTER)
    assert said.public
    assert CaseAttachment.objects.filter(case=mine).count() == 1


@pytest.mark.parametrize("words", ["", "x" * 2001])
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(client: Client, mine: Case, words: str) -> None:
    response = client.post(SAY, {"text": words})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Comment.objects.filter(kind=Comment.Kind.REPORTER).exists()


def test_too_late_is_said_before_anybody_writes(client: Client, mine: Case, hands: Hands) -> None:
    closed(mine)
    assert f'action="{reopening(mine)}"' in text(client)
    hands.go(days=400)
    if mine.type == "grid.case":  # the type sets a limit
        page = text(client)
        assert "too long ago" in page
        assert f'action="{reopening(mine)}"' not in page


def test_a_follower_sees_the_way_and_nothing_that_the_reporter_wrote(client: Client, mine: Case) -> None:
    client.post(SAY, {"text": "Ring me: 13800000000"})
    follow(Actor.anonymous(), mine.number, SECRET)
    closed(mine)
    neighbour = Client()
    neighbour.post(TRACK, {"number": mine.number, "secret": SECRET})

    page = text(neighbour)

    assert "It was reported." in page
    assert not any(word in page for word in ("The bench wobbles", "Both legs", "13800000000", "No such street"))
    assert RATE not in page
    for address in (SAY, RATE):
        assert neighbour.post(address, {"text": "x", "rating": "1", "reason": "x"}).status_code == 302
    mine.refresh_from_db()
    assert mine.rating is None
    assert Comment.objects.filter(kind=Comment.Kind.REPORTER).count() == 1


def test_leaving_forgets_and_a_follower_stops_following(client: Client, mine: Case) -> None:
    follow(Actor.anonymous(), mine.number, SECRET)
    neighbour = Client()
    neighbour.post(TRACK, {"number": mine.number, "secret": SECRET})
    neighbour.post(LEAVE, {"unfollow": "1"})
    client.post(LEAVE, {"unfollow": "1"})

    mine.refresh_from_db()
    assert mine.followers == 0
    assert "The bench wobbles" not in text(client)


def test_the_page_costs_a_known_number_of_queries(client: Client, mine: Case, hands: Hands) -> None:
    client.post(SAY, {"text": "First"})
    with CaptureQueriesContext(connection) as few:
        client.get(TRACK)
    for _ in range(5):
        client.post(SAY, {"text": "More", "photos-new": a_photo()})
    hands.go(hours=1)
    with CaptureQueriesContext(connection) as more:
        client.get(TRACK)
    assert len(few) == len(more) <= 8


def test_many_words_from_one_connection_wait(client: Client, mine: Case) -> None:
    for _ in range(tracking.WORDS_AN_HOUR):
        client.post(SAY, {"text": "More"})
    assert client.post(SAY, {"text": "Still more"}).status_code == 422


@given(number=st.text(max_size=50), secret=st.text(max_size=90), words=st.text(max_size=60))
def test_any_guess_gets_the_same_answer(number: str, secret: str, words: str) -> None:
    client = Client(raise_request_exception=True)
    assert client.post(TRACK, {"number": number, "secret": secret}).status_code == 422
    for address in (SAY, LEAVE, RATE):
        assert client.post(address, {"text": words}).status_code == 302
