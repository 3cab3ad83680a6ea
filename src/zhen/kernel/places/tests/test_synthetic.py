"""The invented town: deterministic, exactly tiled, said to be synthetic."""

from collections import Counter
from datetime import date

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.api import Kind, NewPlace, Place, area_of_point, create_many
from zhen.kernel.places.synthetic import Outline, build_town
from zhen.kernel.places.synthetic.grouping import group_names

PRECINCTS = [("310107102-P1", "新城片区"), ("310107102-P2", "怒江片区"), ("310107102-P3", "金沙片区")]
NAMES = [f"{name}居委会" for name in ("怒江第一", "祥和", "怒江第二", "金沙雅苑", "祥和名邸", "北巷", "东旺", "万豪")]
OUTLINE = Outline(
    town=("310107102", "长征镇"),
    precincts=PRECINCTS,
    neighbourhoods=[(f"310107102{number:03d}", name) for number, name in enumerate(NAMES, 1)],
    valid_from=date(2010, 1, 1),
    cells=40,
    buildings=300,
)


@pytest.fixture(scope="module")
def town() -> list[NewPlace]:
    return build_town(OUTLINE, seed=7)


def shapes(town: list[NewPlace], kind: Kind) -> dict[str, BaseGeometry]:
    return {new.code: new.shape for new in town if new.kind == kind and new.shape is not None}


def test_the_same_seed_gives_the_same_town(town: list[NewPlace]) -> None:
    assert build_town(OUTLINE, seed=7) == town
    assert build_town(OUTLINE, seed=8) != town


def test_it_has_what_was_asked_for(town: list[NewPlace]) -> None:
    counts = Counter(new.kind for new in town)
    assert (counts[Kind.TOWN], counts[Kind.PRECINCT], counts[Kind.NEIGHBOURHOOD], counts[Kind.CELL]) == (1, 3, 8, 40)
    assert counts[Kind.BUILDING] == pytest.approx(300, abs=10)
    assert all(len(code) == 15 and code.isdigit() for code in shapes(town, Kind.CELL))
    (whole,) = shapes(town, Kind.TOWN).values()
    assert geometry.area(whole) == pytest.approx(11e6, rel=0.01)
    assert whole.contains(shapely.Point(121.38, 31.24))


@pytest.mark.parametrize("kind", [Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL])
def test_every_level_tiles_the_town_exactly(town: list[NewPlace], kind: Kind) -> None:
    parts = list(shapes(town, kind).values())
    (whole,) = shapes(town, Kind.TOWN).values()
    assert geometry.union(parts).symmetric_difference(whole).area == 0
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-12)
    assert all(isinstance(part, shapely.Polygon) for part in parts)


def test_buildings_stand_in_their_cells_and_not_upon_each_other(town: list[NewPlace]) -> None:
    cells = shapes(town, Kind.CELL)
    buildings = [new for new in town if new.kind == Kind.BUILDING]
    assert all(cells[new.parent or ""].contains(new.shape) for new in buildings)
    tree = shapely.STRtree([new.shape for new in buildings if new.shape is not None])
    assert all(len(tree.query(new.shape, predicate="intersects")) == 1 for new in buildings)
    assert len({(new.street, new.lane, new.number) for new in buildings}) > 0.9 * len(buildings)


def test_every_place_says_that_it_is_synthetic(town: list[NewPlace]) -> None:
    assert all(new.synthetic and new.attributes["origin"] == "synthetic" for new in town)


def test_names_that_begin_alike_lie_together() -> None:
    groups = group_names([name for _, name in PRECINCTS], NAMES)
    assert {0, 2} <= set(groups[1])
    assert 3 in groups[2]
    assert any({1, 4} <= set(group) for group in groups)
    assert sorted(map(len, groups)) == [2, 3, 3]


@pytest.mark.parametrize("seed", range(5))
def test_any_seed_gives_a_town(seed: int) -> None:
    places = build_town(OUTLINE, seed=seed)
    assert {isinstance(shape, shapely.Polygon) for shape in shapes(places, Kind.NEIGHBOURHOOD).values()} == {True}


@pytest.mark.django_db
def test_the_town_can_be_founded_and_points_found_in_it(town: list[NewPlace]) -> None:
    founded = create_many(Actor.system("demo"), town)
    assert Place.objects.filter(synthetic=True).count() == len(founded)
    by_id = {place.pk: place.code for place in founded}
    building = next(new for new in town if new.kind == Kind.BUILDING)
    assert building.shape is not None
    found = area_of_point(*geometry.inner_point(building.shape), OUTLINE.valid_from, Kind.CELL)
    assert found is not None
    assert by_id[found] == building.parent
