"""What everybody may see: class, rough place and progress; never a word of anybody, a name, or an exact place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Category, NewCase, NewReporter, Period, merge, receive
from zhen.kernel.cases.figures.booking import book
from zhen.kernel.cases.figures.published import told
from zhen.kernel.cases.models import Tally
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.testing import Hands
from zhen.web.reports import figures, near, views
from zhen.web.reports.tests.test_reports import closed
from zhen.web.reports.tests.test_where import HOUSE, bench, town

__all__ = ["bench", "town"]

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
NEAR, MAP, FIGURES = "/near/", "/near/map.geojson", "/figures/"
AREA = "310107102001"
WORLD = {"bbox": "121,31,122,32", "zoom": "15"}


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def hands() -> Iterator[Hands]:
    with Hands(datetime(2026, 9, 15, 2, tzinfo=UTC)) as held:
        yield held


def a_case(bench: Category, **given: Any) -> Case:
    new: dict[str, Any] = {
        "title": "王先生家门口",
        "text": "电话 13800000000",
        "address": "梅岭北路400弄1号502室",
        "category": bench,
        "point": HOUSE,
        "reporter": NewReporter(secret="s" * 32, phone="13800000000"),
    }
    return receive(SYSTEM, views.public_type().id, NewCase(**{**new, **given}))


def spots(client: Client, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(MAP, {**WORLD, **query}).content)["features"]
    return found


def test_neither_list_nor_map_nor_page_holds_words_a_name_or_an_exact_place(
    client: Client, town: None, bench: Category
) -> None:
    case = a_case(bench)
    texts = [
        client.get(NEAR).content.decode(),
        client.get(MAP, WORLD).content.decode(),
        client.get(f"{NEAR}{case.number}/").content.decode(),
    ]

    assert "梅岭北路居委会" in texts[0]
    for text in texts:
        assert case.number in text
        assert not any(word in text for word in ("王先生", "13800000000", "502室"))
        assert f"{HOUSE[0]:.4f}" not in text
    (spot,) = spots(client)
    assert case.h3_9 is not None
    assert spot["geometry"]["coordinates"] == pytest.approx(geometry.centre(case.h3_9), abs=1e-6)


def test_ever_smaller_boxes_tell_no_more_than_the_hexagon(client: Client, town: None, bench: Category) -> None:
    case = a_case(bench)
    lon, lat = geometry.centre(case.h3_9 or 0)
    around_it = f"{HOUSE[0] - 1e-5},{HOUSE[1] - 1e-5},{HOUSE[0] + 1e-5},{HOUSE[1] + 1e-5}"
    around_centre = f"{lon - 1e-5},{lat - 1e-5},{lon + 1e-5},{lat + 1e-5}"

    assert spots(client, bbox=around_it) == []
    assert len(spots(client, bbox=around_centre)) == 1


def test_what_is_hidden_repeated_not_taken_on_or_old_is_not_there(
    client: Client, town: None, bench: Category, hands: Hands
) -> None:
    old = a_case(bench)
    hands.go(days=91)
    hidden, first, again = a_case(bench, visible=False), a_case(bench), a_case(bench)
    merge(SYSTEM, again.pk, first.pk)

    page = client.get(NEAR).content.decode()

    assert first.number in page
    for case in (old, hidden, again):
        assert case.number not in page
    assert client.get(f"{NEAR}{hidden.number}/").status_code == 404
    assert client.get(f"{NEAR}WG-2026-999999/").status_code == 404


def test_three_steps_of_progress_are_counted_and_narrow(client: Client, town: None, bench: Category) -> None:
    waiting, done = a_case(bench), closed(a_case(bench))

    assert done.number not in client.get(NEAR, {"progress": "waiting"}).content.decode()
    page = client.get(NEAR, {"progress": "done"})
    assert waiting.number not in page.content.decode()
    assert [one["count"] for one in page.context["counts"]] == [1, 0, 1]
    assert spots(client, progress="waiting")[0]["properties"]["number"] == waiting.number
    (spot,) = spots(client)
    assert spot["properties"]["point_count"] == 2
    assert "closed 1" in spot["properties"]["name"]
    listed = client.get(spot["properties"]["url"].partition("#")[0]).content.decode()
    assert waiting.number in listed
    assert done.number in listed


def test_from_afar_hexagons_become_larger(client: Client, town: None, bench: Category) -> None:
    for n in range(4):
        a_case(bench, point=(HOUSE[0] + n * 0.002, HOUSE[1] + n * 0.002))
    assert len(spots(client, zoom="9")) < len(spots(client, zoom="16"))
    assert all("url" not in one["properties"] for one in spots(client, zoom="9"))


def test_a_place_narrows_to_what_lies_around_it(client: Client, town: None, bench: Category) -> None:
    here, far = a_case(bench), a_case(bench, point=(HOUSE[0] + 0.0085, HOUSE[1] + 0.0085))

    page = client.get(NEAR, {"place": "梅岭北路400弄1号"}).content.decode()

    assert here.number in page
    assert far.number not in page
    assert "everything is shown" in client.get(NEAR, {"place": "nowhere at all"}).content.decode()


def test_pages_follow_one_another_without_gaps_and_cost_the_same(
    client: Client, town: None, bench: Category, hands: Hands
) -> None:
    numbers = {a_case(bench).number for _ in range(3)}
    client.get(NEAR)
    with CaptureQueriesContext(connection) as few:
        client.get(NEAR)
    numbers |= {a_case(bench).number for _ in range(42)}
    hands.go(minutes=1)
    assert sum(one["count"] for one in client.get(NEAR).context["counts"]) == 45
    with CaptureQueriesContext(connection) as many:
        page = client.get(NEAR)
    with CaptureQueriesContext(connection) as drawn:
        spots(client)
    assert len(few) == len(many) <= 7
    assert len(drawn) <= 4
    seen: set[str] = set()
    for _ in range(3):
        found = page.context["found"]
        assert not seen & {one.number for one in found}
        seen |= {one.number for one in found}
        after = page.context["after"]
        if after:
            page = client.get(after)
    assert seen == numbers
    assert not page.context["after"]


def test_a_case_is_followed_from_its_page(client: Client, town: None, bench: Category) -> None:
    case = a_case(bench)
    response = client.get(f"{NEAR}{case.number}/")
    followed = client.post("/report/follow/", {"key": response.context["key"], "number": case.number})
    assert followed.status_code == 200
    assert "2 neighbours, with you" in followed.content.decode()
    closed(case)
    assert (
        client.post("/report/follow/", {"key": response.context["key"][::-1], "number": case.number}).status_code == 422
    )


@pytest.mark.parametrize(
    "query",
    [{"progress": "x"}, {"area": "x"}, {"cell": "x"}, {"after": "x"}, {"after": "2026~1"}],
)
def test_what_nobody_can_choose_is_refused(client: Client, town: None, query: dict[str, str]) -> None:
    assert client.get(NEAR, query).status_code == 422


def test_the_map_waits_after_many_questions(client: Client, town: None) -> None:
    for _ in range(near.MAPS_A_MINUTE):
        client.get(MAP)
    assert client.get(MAP, WORLD).status_code == 429


# open figures


@pytest.fixture
def told_of(town: None, bench: Category, hands: Hands) -> None:
    """Twelve reports in August, three of them at a place that no neighbourhood holds."""
    hands.now = datetime(2026, 8, 20, 2, tzinfo=UTC)
    for n in range(12):
        a_case(bench, point=HOUSE if n < 9 else (121.5, 31.3))
    hands.now = datetime(2026, 9, 15, 2, tzinfo=UTC)
    book(list(Event.objects.order_by("id")))


def test_figures_of_the_town_and_of_a_neighbourhood(client: Client, told_of: None) -> None:
    assert Tally.objects.filter(what=Tally.What.RECEIVED).count() == 12
    whole, one = client.get(FIGURES), client.get(FIGURES, {"area": AREA})
    received = [page.context["figures"][0].value for page in (whole, one)]

    assert received == [12, 9]
    assert whole.context["rows"][0].name == "梅岭北路居委会"
    assert whole.context["rows"][0].values[0] == 9
    assert whole.context["months"][-1].name == "2026-08"
    assert whole.context["months"][-1].values[0] == 12


def test_small_numbers_are_not_told(client: Client, town: None, bench: Category, hands: Hands) -> None:
    hands.now = datetime(2026, 8, 20, 2, tzinfo=UTC)
    a_case(bench)
    hands.now = datetime(2026, 9, 15, 2, tzinfo=UTC)
    book(list(Event.objects.order_by("id")))

    page = client.get(FIGURES, {"area": AREA})

    assert page.context["figures"][0].value is None
    assert page.context["rows"][0].values[0] is None
    assert "too few to be told" in page.content.decode()


def test_the_current_month_is_not_told(client: Client, town: None, bench: Category) -> None:
    for _ in range(6):
        a_case(bench)
    book(list(Event.objects.order_by("id")))
    assert client.get(FIGURES).context["figures"][0].value == 0


def test_csv_holds_the_same_and_no_formula(client: Client, told_of: None) -> None:
    response = client.get(FIGURES, {"form": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = list(csv.reader(io.StringIO(text)))
    assert len(head) == len(row)
    assert row[:4] == ["梅岭北路居委会", "2025-09-01", "2026-08-31", "9"]


def test_figures_cost_a_known_number_of_queries(client: Client, told_of: None) -> None:
    client.get(FIGURES)
    with CaptureQueriesContext(connection) as queries:
        client.get(FIGURES, {"area": AREA})
    assert len(queries) <= 9


def test_where_one_alone_is_too_small_another_is_left_out_with_it() -> None:
    assert told([9, 3, 7, 0]) == [9, None, None, 0]
    assert told([9, 3, 2]) == [9, None, None]
    assert told([3]) == [None]
    assert told([9, 7]) == [9, 7]


@given(st.dates(date(2000, 3, 1), date(2100, 1, 1)), st.sampled_from(sorted(figures.PERIODS)))
def test_periods_are_whole_months_that_are_over(today: date, chosen: str) -> None:
    period = figures.period_of(chosen, today)
    assert isinstance(period, Period)
    assert period.first.day == 1
    assert (period.last + timedelta(days=1)).day == 1
    assert period.first <= period.last < today.replace(day=1)


NAMES = st.sampled_from(["area", "place", "cell", "progress", "after", "bbox", "zoom", "period", "form"])
ODD = st.text(max_size=30) | st.sampled_from(["nan", "-1", "9" * 18, "\x00", "1,2,3,4", "2026-09-15T00:00:00+00:00~5"])


@given(st.sampled_from([NEAR, MAP, FIGURES]), st.dictionaries(NAMES, ODD))
def test_anything_asked_is_answered(address: str, asked: dict[str, str]) -> None:
    answer = Client(raise_request_exception=True).get(address, asked)
    assert answer.status_code in (200, 400, 422, 429)


@given(st.text(min_size=1, max_size=50).filter(lambda text: "/" not in text))
def test_any_number_is_missing(number: str) -> None:
    assert Client(raise_request_exception=True).get(f"{NEAR}{quote(number)}/").status_code == 404
