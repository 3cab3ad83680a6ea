"""The pages of places as a signed-in reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from shapely import box

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places.api import NewPlace, create_many

KEEPER = Actor.system("test")


@pytest.fixture
def town(db: None) -> None:
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        since = date(2010, 1, 1)
        news = [
            NewPlace(kind="town", code="T", name="长征镇", valid_from=since, shape=box(121.38, 31.24, 121.4, 31.25))
        ]
        for number in range(12):
            west = 121.38 + 0.001 * number
            news.append(
                NewPlace(
                    kind="building",
                    code=f"B{number}",
                    name=f"怒江路{number}号",
                    parent="T",
                    valid_from=since,
                    street="怒江路",
                    number=str(number),
                    shape=box(west, 31.241, west + 0.0005, 31.2412),
                )
            )
        create_many(KEEPER, news)


def test_lists_lead_to_a_place_with_its_map_and_versions(reader: Client, town: None) -> None:
    areas = reader.get("/desk/places/areas/").content.decode()
    assert 'href="/desk/places/areas/T/"' in areas
    page = reader.get("/desk/places/areas/T/").content.decode()
    assert "长征镇" in page
    assert '"FeatureCollection"' in page
    assert reader.get("/desk/places/areas/T@2015-01-01/").status_code == 200
    assert reader.get("/desk/places/areas/nowhere/").status_code == 404


def test_a_list_on_a_day_that_is_none_is_refused(reader: Client, town: None) -> None:
    assert reader.get("/desk/places/buildings/?day=2000-01-01").status_code == 200
    assert reader.get("/desk/places/buildings/?day=yesterday").status_code == 422


@pytest.mark.parametrize("address", ["/desk/places/buildings/", "/desk/places/areas/", "/desk/places/areas/T/"])
def test_pages_take_as_many_queries_for_many_places_as_for_few(
    reader: Client, town: None, address: str, django_assert_max_num_queries: Any
) -> None:
    reader.get(address)
    with django_assert_max_num_queries(24):
        reader.get(address)
