"""Reading the tree, locating points, reaching of posts."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import queries
from zhen.kernel.places.api import (
    Kind,
    NewPlace,
    ancestors,
    area_of_point,
    areas_of,
    children,
    create,
    descendants,
    history,
    merge,
    move,
    near,
    place_at,
    places_at,
    scope_ids,
    scopes_of,
    versions_on,
)
from zhen.kernel.places.tests.conftest import KEEPER, SIDE, SOUTH, WEST, Town

ON = date(2020, 7, 1)
EVE = ON - timedelta(days=1)


def middle(column: float, row: float) -> tuple[float, float]:
    return WEST + SIDE * (column + 0.5), SOUTH + SIDE * (row + 0.5)


def test_ancestors_come_from_below(town: Town) -> None:
    assert [version.place.code for version in ancestors(town["C1a"], EVE)] == ["N1", "P1", "T"]
    assert ancestors(town["T"], EVE) == []
    assert ancestors(town["C1a"], date(1999, 1, 1)) == []


def test_descendants_are_everything_below_or_some_kinds(town: Town) -> None:
    assert [version.place.code for version in descendants(town["P1"], EVE)] == ["B1", "C1a", "C1b", "N1", "N2"]
    assert [version.place.code for version in descendants(town["P1"], EVE, Kind.CELL)] == ["C1a", "C1b"]
    assert [version.place.code for version in children(town["N1"], EVE)] == ["B1", "C1a", "C1b"]


def test_many_places_are_read_in_one_query(town: Town, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = places_at([place.pk for place in town.places.values()], EVE)
    assert len(found) == 12


def test_places_sort_by_their_sound_and_ordinals_by_value(town: Town) -> None:
    rows = versions_on(EVE, Kind.NEIGHBOURHOOD).order_by("name_key")
    assert [row.name for row in rows] == ["梅川第二居委会", "梅岭北路居委会", "怒江第一居委会", "怒江第二居委会"]


def test_a_point_lies_in_the_area_of_its_day(town: Town) -> None:
    at = middle(1, 0)
    assert area_of_point(*at, EVE) == town["N1"].pk
    move(KEEPER, town["C1b"], on=ON, parent=town["N3"])
    assert area_of_point(*at, ON) == town["N3"].pk
    assert area_of_point(*at, EVE) == town["N1"].pk
    assert areas_of([at, at], [EVE, ON], Kind.PRECINCT) == [town["P1"].pk, town["P2"].pk]


def test_a_point_outside_the_town_or_before_it_lies_nowhere(town: Town) -> None:
    assert area_of_point(120.0, 30.0, EVE) is None
    assert area_of_point(*middle(1, 0), date(1999, 12, 31)) is None
    assert areas_of([], EVE) == []


def test_a_point_on_a_shared_border_lies_in_exactly_one_area(town: Town) -> None:
    assert area_of_point(WEST + 2 * SIDE, SOUTH + 0.5 * SIDE, EVE) == town["N1"].pk


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(st.floats(121.37, 121.41), st.floats(31.23, 31.26)), max_size=20))
def test_the_index_agrees_with_trying_every_boundary(town: Town, points: list[tuple[float, float]]) -> None:
    areas = sorted(versions_on(EVE, Kind.NEIGHBOURHOOD), key=lambda version: version.place.code)
    plain = [
        next((area.place_id for area in areas if area.shape is not None and area.shape.intersects(Point(at))), None)
        for at in points
    ]
    assert areas_of(points, EVE) == plain


def test_locating_in_bulk_takes_one_query_once_the_areas_are_known(town: Town, django_assert_num_queries: Any) -> None:
    areas_of([middle(0, 0)], EVE)
    with django_assert_num_queries(1):
        areas_of([middle(column % 4, column % 2) for column in range(1000)], EVE)


def test_near_finds_by_distance_and_kind(town: Town, django_assert_num_queries: Any) -> None:
    at = geometry.inner_point(town["B1"].versions.get().shape)  # type: ignore[arg-type]  # it has one
    with django_assert_num_queries(1):
        found = near(*at, 300, EVE)
    assert [one.version.place.code for one in found][:2] == ["B1", "C1b"]
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert [one.version.place.code for one in near(*at, 2000, EVE, Kind.BUILDING)] == ["B1"]
    assert near(*at, 300, date(1999, 1, 1)) == []


def test_near_agrees_with_measuring_every_distance(town: Town) -> None:
    lon, lat = middle(1.2, 0.1)
    for metres in (10, 100, 250, 400, 700, 1500):
        plain = {
            version.place.code
            for version in versions_on(EVE)
            if version.lon is not None and geometry.distance(lon, lat, version.lon, version.lat or 0) <= metres
        }
        assert {one.version.place.code for one in near(lon, lat, metres, EVE)} == plain


def test_the_reach_of_a_post_is_the_place_and_all_that_ever_was_below(town: Town) -> None:
    before = scope_ids(town["N1"])
    assert before == {town[code].pk for code in ("N1", "C1a", "C1b", "B1")}
    move(KEEPER, town["C1b"], on=ON, parent=town["N3"])
    assert scope_ids(town["N1"]) == before
    assert town["C1b"].pk in scope_ids(town["N3"])


def test_reaches_are_remembered_until_a_place_changes(town: Town, django_assert_num_queries: Any) -> None:
    wanted = [town["P1"].pk, town["N3"].pk]
    with django_assert_num_queries(2):
        first = scopes_of(wanted)
    with django_assert_num_queries(1):
        assert scopes_of(wanted) == first
    site = create(
        KEEPER, NewPlace(kind="site", code="S1", name="工地", parent="P1", valid_from=ON, shape=Point(*middle(0, 0)))
    )
    assert scopes_of(wanted)[town["P1"].pk] == first[town["P1"].pk] | {site.pk}


def test_a_place_tells_its_history(town: Town) -> None:
    merge(KEEPER, [town["N1"], town["N2"]], on=ON, code="N2", name="梅岭居委会")
    assert [version.name for version in history(town["N2"])] == ["梅岭居委会", "梅川第二居委会"]
    assert {row.predecessor.code for row in queries.successions(town["N2"])} == {"N1", "N2"}
    assert place_at(town["N1"], ON) is None
