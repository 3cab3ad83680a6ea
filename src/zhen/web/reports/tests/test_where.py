"""Where something is: addresses complete themselves, a pin is said in words, and what is known shows up in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Category, Follow, KeywordRule, NewCase, NewReporter, followed, receive
from zhen.kernel.lib.testing import Hands
from zhen.kernel.places.api import Kind, NewPlace, create_many
from zhen.web.reports import views, where

SYSTEM = Actor.system("tests")
KEY = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
WEST, SOUTH = 121.38, 31.24
HOUSE = (WEST + 0.001, SOUTH + 0.001)
NEW, PLACES, HERE, LOOK, FOLLOW = (
    "/report/",
    "/report/places/",
    "/report/here/",
    "/report/look/",
    "/report/follow/",
)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(datetime(2026, 9, 15, 2, tzinfo=UTC)) as held:
        yield held


@pytest.fixture
def town(db: None) -> None:
    since = date(2020, 1, 1)
    area, (lon, lat) = box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), HOUSE

    def new(kind: Kind, code: str, name: str, parent: str | None, shape: Any, **more: Any) -> NewPlace:
        return NewPlace(kind=kind, code=code, name=name, parent=parent, shape=shape, valid_from=since, **more)

    houses = [
        new(
            Kind.BUILDING,
            f"310107102001-{n:03d}",
            f"梅岭北路400弄{n}号",
            "310107102001",
            box(lon + n * 0.0002, lat, lon + n * 0.0002 + 0.0001, lat + 0.0001),
            street="梅岭北路",
            lane="400",
            number=str(n),
        )
        for n in range(1, 12)
    ]
    create_many(
        SYSTEM,
        [
            new(Kind.TOWN, "310107102000", "镇", None, area),
            new(Kind.NEIGHBOURHOOD, "310107102001", "梅岭北路居委会", "310107102000", area),
            *houses,
        ],
    )


@pytest.fixture
def bench(db: None) -> Category:
    made = Category.objects.create(
        scheme=views.public_type().scheme,
        code="9901",
        name="长椅",
        english="Bench",
        valid_from=date(2020, 1, 1),
        source="t",
    )
    KeywordRule.objects.create(category=made, word="长椅", weight=9, valid_from=date(2020, 1, 1))
    return made


def a_neighbours_report(bench: Category) -> Case:
    return receive(
        SYSTEM,
        views.public_type().id,
        NewCase(
            title="王先生家门口的长椅坏了",
            text="长椅坏了，电话 13800000000",
            category=bench,
            point=HOUSE,
            reporter=NewReporter(secret="s" * 32, phone="13800000000"),
        ),
    )


def test_an_address_completes_itself_a_page_at_a_time(
    client: Client, town: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the limit (two, once a minute), the places
        first = client.get(PLACES, {"q": "梅岭北路"}).json()
    second = client.get(PLACES, {"q": "梅岭北路", "page": "1"}).json()

    assert len(first["places"]) == where.A_PAGE
    assert (first["more"], second["more"]) == (True, False)
    names = [one["name"] for one in (*first["places"], *second["places"])]
    assert len(set(names)) == 11
    assert client.get(PLACES, {"q": "梅岭北路400弄7号"}).json()["places"][0]["name"] == "梅岭北路400弄7号"
    assert client.get(PLACES, {"q": "mlbl"}).json()["places"]
    assert client.get(PLACES, {"q": " "}).json() == {"places": [], "more": False}


def test_a_pin_is_said_in_words(client: Client, town: None, django_assert_num_queries: Any) -> None:
    lon, lat = HOUSE[0] + 0.00025, HOUSE[1]
    client.post(HERE, {"lon": lon, "lat": lat})
    with django_assert_num_queries(4):  # the limit, the places near, the edition of the areas, their names
        said = client.post(HERE, {"lon": lon, "lat": lat}).json()

    assert said["in_town"]
    assert "梅岭北路400弄1号" in said["words"]
    assert "梅岭北路居委会" in said["words"]


def test_a_pin_outside_the_town_is_refused_and_nothing_typed_is_lost(
    client: Client, town: None, bench: Category
) -> None:
    assert not client.post(HERE, {"lon": 121.5, "lat": 31.24}).json()["in_town"]
    response = client.post(NEW, {"key": KEY, "title": "Wobbles", "text": "Both legs", "lon": "121.5", "lat": "31.24"})

    assert response.status_code == 422
    assert "outside the town" in response.content.decode()
    assert "Both legs" in response.content.decode()
    assert not Case.objects.exists()


def test_a_pin_without_an_address_is_enough(client: Client, town: None, bench: Category) -> None:
    lon, lat = HOUSE[0] + 0.00025, HOUSE[1]
    client.post(NEW, {"key": KEY, "title": "Wobbles", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"})

    case = Case.objects.get()
    assert [case.lon, case.lat] == pytest.approx([lon, lat])
    assert "梅岭北路400弄1号" in case.address
    assert case.area is not None


def test_an_address_of_the_town_gives_the_point_without_scripts(client: Client, town: None, bench: Category) -> None:
    client.post(NEW, {"key": KEY, "title": "Wobbles", "address": "梅岭北路400弄3号"})

    case = Case.objects.select_related("place").get()
    assert case.lon is not None
    assert case.place is not None
    assert case.place.code == "310107102001-003"


def test_neither_pin_nor_address_is_refused(client: Client, bench: Category) -> None:
    response = client.post(NEW, {"key": KEY, "title": "Wobbles"})
    assert response.status_code == 422
    assert "put the pin on the map" in response.content.decode()


def test_the_kind_is_suggested_with_its_reason_and_never_forced(client: Client, bench: Category) -> None:
    page = client.post(LOOK, {"title": "长椅坏了"}).content.decode()
    assert f'value="{bench.pk}"' in page
    assert "Because of: 长椅" in page

    client.post(NEW, {"key": KEY, "title": "长椅坏了", "address": "somewhere"})
    assert Case.objects.get().category is None


def test_a_suggested_kind_is_taken_without_scripts_and_nothing_is_sent(client: Client, bench: Category) -> None:
    page = client.post(NEW, {"key": KEY, "title": "长椅坏了", "address": "somewhere", "take": str(bench.pk)})
    assert f'<option value="{bench.pk}" selected' in page.content.decode()
    assert not Case.objects.exists()


def test_what_neighbours_reported_is_shown_before_sending_without_their_words(
    client: Client, town: None, bench: Category
) -> None:
    case = a_neighbours_report(bench)
    mine = {"title": "长椅坏了", "lon": str(HOUSE[0]), "lat": str(HOUSE[1])}
    pages = [client.post(LOOK, mine), client.post(NEW, {"key": KEY, **mine})]

    for page in pages:
        text = page.content.decode()
        assert case.number in text
        assert "王先生" not in text
        assert "13800000000" not in text
    assert Case.objects.count() == 1
    client.post(NEW, {"key": KEY, **mine, "confirmed": "1"})
    assert Case.objects.count() == 2


def test_following_gives_a_secret_of_ones_own_and_twice_is_once(client: Client, town: None, bench: Category) -> None:
    case = a_neighbours_report(bench)
    first = client.post(FOLLOW, {"key": KEY, "number": case.number}).content.decode()
    second = client.post(FOLLOW, {"key": KEY, "number": case.number}).content.decode()

    secret = views.secret_of(KEY + case.number)
    assert secret in first
    assert secret in second
    assert Follow.objects.count() == 1
    assert followed(case.number, secret) == case
    assert "王先生" not in first


def test_what_cannot_be_followed_is_said_on_the_form_as_it_was(client: Client, bench: Category) -> None:
    response = client.post(FOLLOW, {"key": KEY, "number": "WG-2026-999999", "title": "Wobbles", "address": "here"})
    assert response.status_code == 422
    assert "Wobbles" in response.content.decode()
    assert not Follow.objects.exists()


def test_the_form_costs_a_known_number_of_queries(client: Client, town: None, bench: Category) -> None:
    client.get(NEW)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(NEW)
    with CaptureQueriesContext(connection) as looked:
        client.post(LOOK, {"title": "长椅坏了", "lon": str(HOUSE[0]), "lat": str(HOUSE[1])})
    assert len(few) <= 3
    assert len(looked) <= 8


@pytest.mark.parametrize(
    ("address", "method", "most"),
    [(PLACES, "get", where.ASKED_A_MINUTE), (HERE, "post", where.ASKED_A_MINUTE), (LOOK, "post", views.LOOKS_A_MINUTE)],
)
def test_many_questions_from_one_connection_wait(
    client: Client, bench: Category, hands: Hands, address: str, method: str, most: int
) -> None:
    answers = [getattr(client, method)(address, {"q": " "}).status_code for _ in range(most + 1)]
    assert 429 not in answers[:most]
    assert answers[most] == 429
    hands.go(minutes=1)
    assert getattr(client, method)(address, {"q": " "}).status_code != 429


TEXT = st.text(max_size=40)
NAMES = st.sampled_from(["q", "page", "lon", "lat", "title", "text", "category", "address", "number", "key", "take"])


@pytest.mark.django_db
@given(
    st.sampled_from([PLACES, HERE, LOOK, FOLLOW, NEW]),
    st.dictionaries(NAMES, TEXT | st.sampled_from(["nan", "1e400", "-0", "9" * 30, "\x00", "٣"])),
)
def test_anything_sent_is_answered(address: str, sent: dict[str, str]) -> None:
    client = Client(raise_request_exception=True)
    answer = client.get(address, sent) if address == PLACES else client.post(address, sent)
    assert answer.status_code in (200, 422, 429)
