"""Vector tiles: what is on them, clipped, simplified without gaps, kept while nothing changes."""

from math import asinh, pi, radians, tan
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from shapely.geometry import box, shape

from zhen.gateways.ogc import tiles
from zhen.gateways.ogc.tests.conftest import ON, SYSTEM
from zhen.kernel.places.api import Place, rename

TILE = "/api/ogc/tiles"


@pytest.fixture(autouse=True)
def _no_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "CACHE", tiles.TileCache())


def at(z: int, lon: float = 121.38, lat: float = 31.24) -> str:
    count = 2**z
    x = int((lon + 180) / 360 * count)
    y = int((1 - asinh(tan(radians(lat))) / pi) / 2 * count)
    return f"{TILE}/{z}/{x}/{y}"


def decode(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return dict(mapbox_vector_tile.decode(response.content, default_options={"y_coord_down": True}))


def test_layers_appear_as_one_comes_nearer(client: Client, town: dict[str, Place]) -> None:
    assert {feature["properties"]["kind"] for feature in decode(client, at(5))["areas"]["features"]} == {"town"}
    assert set(decode(client, at(12))) == {"areas", "streets"}
    assert set(decode(client, at(14))) == {"areas", "streets", "buildings"}


def test_a_tile_is_clipped_to_itself_and_a_margin(client: Client, town: dict[str, Place]) -> None:
    frame = box(-81, -81, 4177, 4177)
    for layer in decode(client, at(15)).values():
        for feature in layer["features"]:
            drawn = shape(feature["geometry"])
            assert frame.contains(drawn)
            assert drawn.is_valid


def test_simplified_areas_still_meet_without_gaps(client: Client, town: dict[str, Place]) -> None:
    for zoom in (11, 13, 14):
        areas = decode(client, at(zoom))["areas"]["features"]
        parts = [shape(one["geometry"]) for one in areas if one["properties"]["kind"] == "neighbourhood"]
        whole = next(shape(one["geometry"]) for one in areas if one["properties"]["kind"] == "town")
        assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=0.002)


def test_a_tile_shows_its_day(client: Client, town: dict[str, Place]) -> None:
    def codes(query: str) -> set[str]:
        found = decode(client, f"{at(11)}{query}")["areas"]["features"]
        return {one["properties"]["code"] for one in found}

    assert "N9" in codes("")
    assert "N9" not in codes("?datetime=2020-05-31")


def test_an_empty_tile_is_empty(client: Client, town: dict[str, Place]) -> None:
    response = client.get(f"{TILE}/10/0/0")
    assert (response.status_code, response.content) == (200, b"")


def test_what_is_no_tile_is_not_found(client: Client, town: dict[str, Place]) -> None:
    assert client.get(f"{TILE}/3/8/0").status_code == 404
    assert client.get(f"{TILE}/30/0/0").status_code == 404
    assert client.get(f"{TILE}/-1/0/0").status_code == 404
    assert client.get(f"{TILE}/a/0/0").status_code in (400, 404)


def test_a_tile_takes_two_queries_then_one(
    client: Client, town: dict[str, Place], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        first = client.get(at(14))
    with django_assert_num_queries(1):
        again = client.get(at(14))
    assert again.content == first.content
    with django_assert_num_queries(1):
        assert client.get(at(14), headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    rename(SYSTEM, town["P1"], on=ON, name="怒江新片区")
    names = [one["properties"]["name"] for one in decode(client, at(12))["areas"]["features"]]
    assert "怒江新片区" in names


def test_the_cache_forgets_the_least_used() -> None:
    cache = tiles.TileCache()
    for number in range(40):
        cache.put((number,), b"x" * (1 << 20))
    assert cache.get((0,)) is None
    assert cache.get((39,)) is not None


def test_tilejson_tells_where_the_tiles_are(client: Client, town: dict[str, Place]) -> None:
    told = client.get(TILE).json()
    assert told["tiles"] == ["http://testserver/api/ogc/tiles/{z}/{x}/{y}"]
    assert {layer["id"] for layer in told["vector_layers"]} == set(tiles.LAYERS)
