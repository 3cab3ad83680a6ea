"""OGC API – Features, as a client sees it."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from zhen.gateways.ogc import parameters
from zhen.gateways.ogc.problems import BadParameter
from zhen.gateways.ogc.tests.conftest import ON, SPLIT, SYSTEM
from zhen.kernel.places.api import Place, rename

N = "/api/ogc/collections/neighbourhood/items"


def get(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(address, headers=headers or None)
    assert response.status_code == status, response.content
    return response.json() if status not in (304,) else response


def test_the_landing_page_leads_everywhere(client: Client, town: dict[str, Place]) -> None:
    links = {link["rel"]: link for link in get(client, "/api/ogc/")["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= links.keys()
    for link in links.values():
        assert client.get(link["href"]).headers["Content-Type"] == link["type"]


def test_it_says_what_it_keeps_of_the_standard(client: Client, db: None) -> None:
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in get(client, "/api/ogc/conformance")["conformsTo"]
    )


def test_the_description_is_openapi_3_0(client: Client, db: None) -> None:
    document = get(client, "/api/ogc/openapi")
    assert document["openapi"].startswith("3.0")
    assert "/api/ogc/collections/{collection_id}/items" in document["paths"]


def test_each_kind_that_is_there_is_a_collection(client: Client, town: dict[str, Place]) -> None:
    found = get(client, "/api/ogc/collections")["collections"]
    assert [one["id"] for one in found] == ["town", "precinct", "neighbourhood", "cell", "street", "building"]
    west, south, east, north = found[0]["extent"]["spatial"]["bbox"][0]
    assert west < 121.38 < east
    assert south < 31.24 < north
    assert get(client, "/api/ogc/collections/town")["id"] == "town"
    get(client, "/api/ogc/collections/castle", 404)


def test_datetime_selects_the_version_of_that_day(client: Client, town: dict[str, Place]) -> None:
    def codes(query: str) -> set[str]:
        return {feature["id"] for feature in get(client, f"{N}{query}")["features"]}

    old = {f"31010710200{n}" for n in range(1, 5)}
    assert codes("?datetime=2020-05-31") == old
    assert codes("?datetime=2020-06-01") == codes("") == old | {"N9"}
    assert codes("?datetime=2020-05-31T15:59:59Z") == old
    assert codes("?datetime=2020-05-31T16:00:00Z") == old | {"N9"}
    assert codes("?datetime=2009-01-01") == set()
    assert codes("?datetime=2019-01-01/..") == codes("?datetime=../2020-12-31") == old | {"N9"}
    before = get(client, f"{N}/{SPLIT}?datetime=2020-05-31")
    after = get(client, f"{N}/{SPLIT}")
    assert shape(before["geometry"]).area > shape(after["geometry"]).area
    get(client, f"{N}/N9?datetime=2020-05-31", 404)


def test_an_interval_gives_each_place_once_as_it_was_last(client: Client, town: dict[str, Place]) -> None:
    features = get(client, f"{N}?datetime=2019-01-01/2021-01-01&limit=1000")["features"]
    assert len({feature["id"] for feature in features}) == len(features) == 5


def test_pages_follow_each_other_to_the_end(client: Client, town: dict[str, Place]) -> None:
    address: str | None = "/api/ogc/collections/building/items?limit=40"
    seen: list[str] = []
    while address:
        page = get(client, address)
        assert page["numberReturned"] == len(page["features"]) <= 40
        assert page["numberMatched"] == Place.objects.filter(kind="building").count()
        seen += [feature["id"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == Place.objects.filter(kind="building").count()


def test_a_box_selects_what_it_meets(client: Client, town: dict[str, Place]) -> None:
    one = get(client, "/api/ogc/collections/building/items?limit=1")["features"][0]
    box = ",".join(str(side) for side in one["bbox"])
    found = get(client, f"/api/ogc/collections/building/items?bbox={box}")["features"]
    assert one["id"] in {feature["id"] for feature in found}
    assert len(found) < 5
    assert get(client, f"{N}?bbox=0,0,1,1")["features"] == []
    flat = get(client, f"{N}?bbox=121.3,31.2,0,121.5,31.3,100")
    assert flat["numberMatched"] == 5


@pytest.mark.parametrize(
    "query",
    [
        *("bbox=1,2,3", "bbox=5,0,1,1", "bbox=a,b,c,d", "bbox=nan,0,1,1", "limit=0", "limit=x", "limit=-1"),
        *("datetime=yesterday", "datetime=2020-13-01", "datetime=../..", "datetime=2021-01-01/2020-01-01"),
        *("after=x", "colour=red"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(client: Client, town: dict[str, Place], query: str) -> None:
    response = client.get(f"{N}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert query.split("=")[0] in response.json()["detail"]


def test_more_than_the_most_is_the_most(client: Client, town: dict[str, Place]) -> None:
    assert get(client, f"{N}?limit=100000")["numberReturned"] == 5
    assert parameters.limit_of("99999999999") == parameters.MAX_LIMIT


def test_an_unchanged_page_is_not_sent_again(
    client: Client, town: dict[str, Place], django_assert_num_queries: Any
) -> None:
    etag = client.get(N).headers["ETag"]
    with django_assert_num_queries(1):
        get(client, N, 304, **{"If-None-Match": etag})
    rename(SYSTEM, town["P1"], on=ON, name="怒江新片区")
    assert client.get(N, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("limit", [1, 100])
def test_a_page_takes_three_queries_however_long(
    client: Client, town: dict[str, Place], limit: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        get(client, f"/api/ogc/collections/building/items?limit={limit}")


def test_a_feature_says_what_it_is_and_that_it_is_synthetic(client: Client, town: dict[str, Place]) -> None:
    one = get(client, "/api/ogc/collections/building/items?limit=1")["features"][0]
    assert one["properties"]["synthetic"] is True
    assert one["properties"]["parent"].startswith("310107102")
    assert one["properties"]["floors"] > 0
    assert one["properties"]["address"]


@given(st.text(max_size=30))
def test_whatever_comes_as_a_parameter_is_read_or_refused(text: str) -> None:
    for read in (parameters.box_of, parameters.limit_of, parameters.after_of, lambda one: parameters.days_of(one, ON)):
        try:
            read(text)
        except BadParameter:
            continue
