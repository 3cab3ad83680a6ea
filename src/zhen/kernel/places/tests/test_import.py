"""Importing places: what is taken, what is refused and why, and that nothing half-done remains."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import osmium
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.journal.models import Event
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.api import Crs
from zhen.kernel.places.api import Place, PlaceVersion, Refused
from zhen.kernel.places.importing import geojson
from zhen.kernel.places.importing.actions import apply
from zhen.kernel.places.importing.preview import preview
from zhen.kernel.places.importing.values import Format, Preview, Reason, Unreadable
from zhen.kernel.places.tests.conftest import FOUNDED, KEEPER, SIDE, SOUTH, WEST, Town, square

DAY = date(2020, 6, 1)
TIE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[121.38, 31.24], [121.381, 31.241], [121.381, 31.24], [121.38, 31.241], [121.38, 31.24]]],
}


def feature(shape: BaseGeometry | dict[str, Any] | None, **properties: object) -> dict[str, Any]:
    drawn = geometry.write_shape(shape) if isinstance(shape, BaseGeometry) else shape
    return {"type": "Feature", "geometry": drawn, "properties": properties}


def house(column: float, row: float) -> BaseGeometry:
    west, south = WEST + SIDE * column, SOUTH + SIDE * row
    return box(west, south, west + 0.0003, south + 0.0002)


def written(tmp_path: Path, *features: object) -> Path:
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def reasons(report: Preview) -> dict[str, Reason]:
    return {refusal.where.split()[-1]: refusal.reason for refusal in report.refused}


def test_buildings_find_the_cell_they_stand_in(town: Town, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature(
            house(0.5, 0.5),
            kind="building",
            code="H1",
            name="一号楼",
            street="怒江路",
            lane="690",
            number="1",
            floors=6,
        ),
        feature(house(0.5, 1.5), 类别="楼宇", 编码="H2", 名称="二号楼"),
    )
    report = preview(path, valid_from=DAY)
    assert not report.refused
    assert {new.code: new.parent for new in report.accepted} == {"H1": "C1a", "H2": "N2"}
    assert not Place.objects.filter(code="H1").exists()
    apply(KEEPER, report)
    version = PlaceVersion.objects.get(place__code="H1")
    assert (version.address, version.attributes) == ("怒江路690弄1号", {"floors": 6})
    event = Event.objects.get(kind="places.imported")
    assert event.data["count"] == 2
    assert event.data["sha256"] == report.sha256


def test_everything_refused_has_its_reason(town: Town, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature(house(0.5, 0.5), kind="castle", code="a", name="堡"),
        feature(house(0.5, 0.5), kind="building", name="b"),
        feature(house(0.5, 0.5), kind="building", code="c", name="楼" * 201),
        feature(house(0.5, 0.5), kind="building", code="B1", name="楼"),
        feature(house(9, 9), kind="building", code="e", name="楼"),
        feature(TIE, kind="building", code="f", name="楼"),
        feature({"type": "Point", "coordinates": [500, 0]}, kind="building", code="g", name="楼"),
        feature(None, kind="cell", code="h", name="网格", parent="N2"),
        feature(house(0.5, 0.5), kind="building", code="i", name="楼", parent="nowhere"),
        feature(house(0.5, 0.5), kind="room", code="j", name="室", parent="N1"),
        feature(square(0, 1), kind="cell", code="k", name="网格", parent="N1"),
        feature(square(0, 0), kind="cell", code="l", name="网格", parent="N1"),
        feature(house(0.6, 0.5), kind="building", code="m", name="楼"),
        feature(house(0.7, 0.5), kind="building", code="m", name="楼"),
        {"type": "Sunset"},
        float("nan"),
    )
    report = preview(path, valid_from=DAY)
    assert [new.code for new in report.accepted] == ["m"]
    assert report.read == 16
    assert report.refused_by_reason == Counter(
        {
            Reason.UNKNOWN_KIND: 1,
            Reason.NO_CODE: 1,
            Reason.BAD_VALUE: 1,
            Reason.DUPLICATE: 2,
            Reason.OUTSIDE: 1,
            Reason.SELF_INTERSECTION: 1,
            Reason.BAD_GEOMETRY: 1,
            Reason.NO_GEOMETRY: 1,
            Reason.UNKNOWN_PARENT: 1,
            Reason.NESTING: 1,
            Reason.NOT_IN_PARENT: 1,
            Reason.OVERLAP: 1,
            Reason.NO_FEATURE: 2,
        }
    )
    assert all(str(refusal) for refusal in report.refused)


@pytest.mark.django_db
def test_a_whole_town_comes_from_one_file_in_any_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature(house(0.5, 0.5), kind="building", code="H1", name="楼"),
        feature(square(0, 0), kind="cell", code="C", name="网格", parent="N"),
        feature(square(0, 0, 2, 1), kind="neighbourhood", code="N", name="居委会"),
        feature(square(0, 0, 2, 1), kind="town", code="T", name="镇"),
    )
    report = preview(path, valid_from=FOUNDED)
    assert not report.refused
    apply(KEEPER, report)
    parents = dict(PlaceVersion.objects.values_list("place__code", "parent__code"))
    assert parents == {"T": None, "N": "T", "C": "N", "H1": "C"}


def test_gcj02_is_converted_and_said(town: Town, tmp_path: Path) -> None:
    at = geometry.inner_point(house(0.5, 0.5))
    path = written(tmp_path, feature(Point(geometry.wgs84_to_gcj02(*at)), kind="site", code="S", name="点"))
    report = preview(path, valid_from=DAY, crs=Crs.GCJ02)
    (new,) = report.accepted
    assert new.shape is not None
    assert geometry.distance(*geometry.inner_point(new.shape), *at) < 0.05
    assert report.facts()["converted"] is True


def test_what_no_longer_holds_is_not_applied_at_all(town: Town, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature(house(0.5, 0.5), kind="building", code="H1", name="楼"),
        feature(house(0.7, 0.5), kind="building", code="H2", name="楼"),
    )
    report = preview(path, valid_from=DAY)
    again = preview(path, valid_from=DAY)
    apply(KEEPER, report)
    with pytest.raises(Refused):
        apply(KEEPER, again)
    assert Place.objects.filter(code__startswith="H").count() == 2


def test_importing_needs_its_permission(town: Town, tmp_path: Path) -> None:
    report = preview(written(tmp_path), valid_from=DAY)
    with pytest.raises(Denied):
        apply(Actor.anonymous(), report)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "neither"),
        (b"PK\x03\x04", "neither"),
        (b'{"type": "FeatureCollection"', "not valid JSON"),
        (b'{"type": "FeatureCollection"}', "no GeoJSON features"),
        (b'{"features": [{}', "not valid JSON"),
        (b'{"features": []} x', "goes on"),
        (b'{"features": [' + b"[" * 100_000, "nests deeper"),
        (b'{"features": ["\xff"]}', "UTF-8"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x05broken", "OSM PBF"),
    ],
)
@pytest.mark.django_db
def test_a_broken_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "places"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        preview(path, valid_from=DAY)


def test_the_reader_takes_features_alone_in_lines_and_in_sequences() -> None:
    one = json.dumps(feature(Point(1, 2), kind="site", code="S1", name="点"))
    two = json.dumps(feature(Point(1, 2), kind="site", code="S2", name="点"))
    for text, codes in (
        (one, ["S1"]),
        (f"{one}\n{two}\n", ["S1", "S2"]),
        (f"\x1e{one}\n\x1e{two}\n", ["S1", "S2"]),
        ("\ufeff" + json.dumps({"features": [json.loads(one)], "name": "x", "crs": {"a": [1, 2.5]}}), ["S1"]),
    ):
        assert [found.code for found in geojson.read_features(io.BytesIO(text.encode()))] == codes


def test_the_reader_holds_no_more_than_a_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_FEATURES", 10)
    many = {"features": [feature(None, code=str(number)) for number in range(11)]}
    with pytest.raises(Unreadable, match="more than 10"):
        list(geojson.read_features(io.BytesIO(json.dumps(many).encode())))
    monkeypatch.setattr(geojson, "MAX_FEATURE", 1000)
    long = {"features": [feature(None, code="x" * 300_000)]}
    with pytest.raises(Unreadable, match="8 million"):
        list(geojson.read_features(io.BytesIO(json.dumps(long).encode())))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(["building", "cell", "site", "town", "镇", "castle", ""])
numbers = st.floats(121.375, 121.4) | st.floats(31.23, 31.26) | st.floats()
rings = st.lists(st.tuples(st.floats(121.37, 121.41), st.floats(31.23, 31.26)).map(list), min_size=3, max_size=8)
shapes = st.one_of(
    values,
    st.builds(lambda ring: {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, rings),
    st.builds(lambda x, y: {"type": "Point", "coordinates": [x, y]}, numbers, numbers),
)
features = st.one_of(
    values,
    st.builds(
        lambda shape, kind, code, name, parent, more: {
            "type": "Feature",
            "geometry": shape,
            "properties": {**more, "kind": kind, "code": code, "name": name, "parent": parent},
        },
        shapes,
        kinds | values,
        st.text(max_size=3) | values,
        st.text(max_size=3) | values,
        st.sampled_from(["", "N1", "T", "C1a", "nowhere"]) | values,
        st.dictionaries(st.text(max_size=4), values, max_size=3),
    ),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(content=st.lists(features, max_size=5))
def test_whatever_features_come_each_is_accepted_or_refused_and_the_accepted_can_be_written(
    town: Town, tmp_path: Path, content: list[object]
) -> None:
    from django.db import connection, transaction

    report = preview(written(tmp_path, *content), valid_from=DAY)
    assert report.read == len(content)
    assert len(report.accepted) + sum(report.refused_by_reason.values()) == report.read
    with transaction.atomic():
        apply(KEEPER, report)
        connection.check_constraints()
        transaction.set_rollback(True)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.builds(lambda tail: b'{"features": [' + tail, st.binary(max_size=60)))
def test_whatever_bytes_come_they_are_read_or_refused(content: bytes) -> None:
    try:
        list(geojson.read_features(io.BytesIO(content)))
    except Unreadable:
        return


def osm_file(path: Path) -> Path:
    """A PBF with a building, one outside the town, a broken building, a road in two pieces, and a neighbourhood."""
    nodes: dict[tuple[float, float], int] = {}
    ways: list[tuple[list[int], dict[str, str]]] = []

    def way(at: list[tuple[float, float]], **tags: str) -> None:
        ways.append(([nodes.setdefault(one, len(nodes) + 1) for one in at], tags))

    def ring(shape: BaseGeometry) -> list[tuple[float, float]]:
        return [(round(x, 7), round(y, 7)) for x, y in geometry.write_shape(shape)["coordinates"][0]]

    way(ring(house(0.5, 0.5)), building="apartments", **{"addr:street": "怒江路", "addr:housenumber": "690弄12号"})
    way(ring(house(9, 9)), building="yes")
    way([(lon, lat) for lon, lat in TIE["coordinates"][0]], building="yes")
    way([(WEST + SIDE * at, SOUTH + 0.9 * SIDE) for at in (0.1, 0.5)], highway="primary", name="怒江路")
    way([(WEST + SIDE * at, SOUTH + 0.9 * SIDE) for at in (0.5, 0.9)], highway="primary", name="怒江路")
    way(ring(square(0, 1)), boundary="administrative", admin_level="10", name="梅川居委会", ref="N21")
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for (lon, lat), number in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), version=1))
        for number, (refs, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
    return path


def test_buildings_roads_and_boundaries_come_from_osm(town: Town, tmp_path: Path) -> None:
    report = preview(osm_file(tmp_path / "town.osm.pbf"), valid_from=DAY)
    assert report.format is Format.OSM_PBF
    assert {new.code: (new.kind, new.parent) for new in report.accepted} == {
        "osm-way-4": ("street", "T"),
        "osm-way-1": ("building", "C1a"),
    }
    building = next(new for new in report.accepted if new.kind == "building")
    assert (building.street, building.lane, building.number) == ("怒江路", "690", "12")
    assert "OpenStreetMap" in building.attributes["origin"]
    assert report.refused_by_reason[Reason.OVERLAP] + report.refused_by_reason[Reason.NOT_IN_PARENT] == 1
    assert len(apply(KEEPER, report)) == 2


def test_a_truncated_osm_file_is_refused(town: Town, tmp_path: Path) -> None:
    whole = osm_file(tmp_path / "town.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable, match="OSM PBF"):
        preview(path, valid_from=DAY)


def test_the_command_previews_applies_and_tells(town: Town, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature(house(0.5, 0.5), kind="building", code="H1", name="楼"),
        feature(house(9, 9), kind="building", code="H2", name="楼"),
    )
    out = io.StringIO()
    call_command("places", "import", str(path), "--dry-run", stdout=out)
    assert "H2" in out.getvalue()
    assert not Place.objects.filter(code="H1").exists()
    out = io.StringIO()
    call_command("places", "import", str(path), "--json", "--from", "2020-01-01", stdout=out)
    result = json.loads(out.getvalue())
    assert (result["count"], result["refused"], result["applied"]) == (1, {"outside": 1}, True)
    assert PlaceVersion.objects.get(place__code="H1").valid_from == date(2020, 1, 1)
    with pytest.raises(CommandError):
        call_command("places", "import", str(tmp_path / "missing.geojson"))
