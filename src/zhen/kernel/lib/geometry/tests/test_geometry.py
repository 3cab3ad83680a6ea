"""Coordinates, distances, cells and shapes."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.api import Box, Crs, Fault, ShapeError, TooFar

china = st.tuples(st.floats(74, 134), st.floats(19, 52))
near_town = st.tuples(st.floats(121.2, 121.6), st.floats(31.1, 31.4))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), inner),
    max_leaves=20,
)


@given(china)
def test_the_way_back_from_gcj02_ends_where_it_began(at: tuple[float, float]) -> None:
    lon, lat = geometry.gcj02_to_wgs84(*geometry.wgs84_to_gcj02(*at))
    assert geometry.distance(lon, lat, *at) < 0.001


def test_the_shift_in_shanghai_is_some_hundred_metres() -> None:
    assert 400 < geometry.distance(121.38, 31.24, *geometry.wgs84_to_gcj02(121.38, 31.24)) < 600


def test_outside_china_nothing_is_shifted() -> None:
    assert geometry.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)


def test_a_known_pair_of_gcj02_and_wgs84() -> None:
    """Tiananmen as published by both kinds of maps."""
    lon, lat = geometry.wgs84_to_gcj02(116.391265, 39.907357)
    assert (lon, lat) == pytest.approx((116.397507, 39.908760), abs=2e-5)


@given(near_town)
def test_a_shape_is_converted_point_by_point(at: tuple[float, float]) -> None:
    moved = geometry.shape_to_wgs84(Point(at), Crs.GCJ02)
    assert (moved.x, moved.y) == pytest.approx(geometry.gcj02_to_wgs84(*at), abs=1e-12)
    assert geometry.shape_to_wgs84(Point(at), Crs.WGS84) == Point(at)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert geometry.distance(121, 31, 121, 32) == pytest.approx(111_195, abs=1)


def test_a_box_of_a_hundredth_of_a_degree_has_the_area_it_should() -> None:
    side = geometry.distance(121.38, 31.245, 121.39, 31.245) * geometry.distance(121.38, 31.24, 121.38, 31.25)
    assert geometry.area(box(121.38, 31.24, 121.39, 31.25)) == pytest.approx(side, rel=1e-4)


@given(near_town, near_town, st.floats(1, 15_000))
def test_everything_within_a_distance_lies_in_its_disk_and_its_box(
    middle: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    disk = geometry.disk(*middle, metres)
    assert len(disk.cells) <= 469
    if geometry.distance(*middle, *other) <= metres:
        assert geometry.cell(*other, disk.resolution) in disk.cells
        assert Box.around(*middle, metres).meets(Box(*other, *other))


def test_near_has_an_end() -> None:
    with pytest.raises(TooFar):
        geometry.disk(121.38, 31.24, 100_000)


def test_a_box_says_what_is_wrong_with_it() -> None:
    with pytest.raises(ValueError, match="not a box"):
        Box(10, 0, 5, 1)


def test_a_shape_survives_writing_and_reading() -> None:
    hollow = Polygon(box(0, 0, 3, 3).exterior.coords, [box(1, 1, 2, 2).exterior.coords])
    for shape in (Point(121.38, 31.24), box(0, 0, 1, 1), hollow, MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)])):
        written = json.loads(json.dumps(geometry.write_shape(shape)))
        read, repaired = geometry.read_shape(written)
        assert not repaired
        assert read.equals(shape)
        assert geometry.load_shape(written).equals(shape)


def test_rings_are_written_right_handed() -> None:
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    ring = geometry.write_shape(clockwise)["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


def test_a_small_self_intersection_is_repaired() -> None:
    spike = [[0, 0], [10, 0], [10, 10], [5, 10], [5.01, 10.01], [5, 10.01], [5.01, 10], [0, 10], [0, 0]]
    shape, repaired = geometry.read_shape({"type": "Polygon", "coordinates": [spike]})
    assert repaired
    assert shape.is_valid


def test_a_bow_tie_is_refused() -> None:
    tie = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    with pytest.raises(ShapeError) as refused:
        geometry.read_shape({"type": "Polygon", "coordinates": [tie]})
    assert refused.value.fault is Fault.BROKEN


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        (None, Fault.NOT_A_SHAPE),
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, Fault.KIND),
        ({"type": "Point", "coordinates": [200, 0]}, Fault.OUT_OF_RANGE),
        ({"type": "Point", "coordinates": [float("nan"), 0]}, Fault.COORDINATES),
        ({"type": "Point", "coordinates": ["1", 0]}, Fault.COORDINATES),
        ({"type": "Polygon", "coordinates": []}, Fault.EMPTY),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, Fault.COORDINATES),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [2, 0], [0, 0]]]}, Fault.BROKEN),
        ({"type": "Polygon", "coordinates": [[[0, 0]] * 60_000]}, Fault.TOO_LARGE),
    ],
)
def test_what_is_no_shape_is_refused_with_its_fault(drawn: object, fault: Fault) -> None:
    with pytest.raises(ShapeError) as refused:
        geometry.read_shape(drawn)
    assert refused.value.fault is fault


@given(json_values)
def test_whatever_is_read_is_a_shape_or_a_shape_error(value: object) -> None:
    try:
        shape, _ = geometry.read_shape(value)
    except ShapeError:
        return
    assert shape.is_valid


polygons = st.lists(st.tuples(st.floats(121.3, 121.5), st.floats(31.2, 31.3)), min_size=3, max_size=12)


@given(polygons)
def test_whatever_polygon_is_read_is_valid_and_on_the_grid(corners: list[tuple[float, float]]) -> None:
    try:
        shape, _ = geometry.read_shape(
            {"type": "Polygon", "coordinates": [[list(at) for at in [*corners, corners[0]]]]}
        )
    except ShapeError:
        return
    assert shape.is_valid
    assert shape.area > 0
    again, repaired = geometry.read_shape(geometry.write_shape(shape))
    assert not repaired
    assert again.equals(shape)
    lon, lat = geometry.inner_point(shape)
    assert shapely.distance(shape, Point(lon, lat)) <= 2 * geometry.GRID
