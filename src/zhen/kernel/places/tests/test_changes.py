"""Renaming, moving, splitting, merging, closing: each from a day on, and never before it."""

from datetime import date, timedelta

import pytest
from shapely import Point

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.journal.models import Event
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import queries
from zhen.kernel.places.api import (
    NewPlace,
    Part,
    Place,
    Refused,
    Succession,
    amend,
    close,
    create,
    descendants,
    merge,
    move,
    place_at,
    rename,
    split,
)
from zhen.kernel.places.models import PlaceVersion
from zhen.kernel.places.tests.conftest import FOUNDED, KEEPER, TODAY, Town, square

ON = date(2020, 7, 1)
EVE = ON - timedelta(days=1)


def codes(place: Place, day: date) -> set[str]:
    return {version.place.code for version in descendants(place, day)}


def parent_of(place: Place, day: date) -> str:
    version = place_at(place, day)
    assert version is not None
    assert version.parent is not None
    return version.parent.code


def area_of(place: Place, day: date) -> float:
    version = place_at(place, day)
    assert version is not None
    assert version.shape is not None
    return version.shape.area


def refusal(call: object) -> str:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]  # a lambda of the test
    assert str(refused.value)
    return str(refused.value.code)


def test_a_renamed_place_keeps_its_old_name_before_the_day(town: Town) -> None:
    rename(KEEPER, town["N1"], on=ON, name="梅岭居委会")
    assert [str(place_at(town["N1"], day)) for day in (EVE, ON)] == ["梅岭北路居委会", "梅岭居委会"]


def test_a_split_by_members_moves_cells_and_buildings_to_the_part_they_lie_in(town: Town) -> None:
    parts = [Part(code="N1", name="梅岭第一居委会", members=frozenset({"C1a"})), Part(code="N5", name="梅岭第二居委会")]
    kept, fresh = split(KEEPER, town["N1"], on=ON, parts=parts, decision="普府〔2020〕1号")
    assert kept == town["N1"]
    assert codes(town["N1"], EVE) == {"C1a", "C1b", "B1"}
    assert codes(town["N1"], ON) == {"C1a"}
    assert codes(fresh, ON) == {"C1b", "B1"}
    assert place_at(fresh, EVE) is None
    assert parent_of(fresh, ON) == "P1"


def test_a_split_by_boundaries_conserves_the_area(town: Town) -> None:
    before = area_of(town["N1"], EVE)
    parts = [
        Part(code="N5", name="西居委会", boundary=square(0, 0)),
        Part(code="N6", name="东居委会", boundary=square(1, 0)),
    ]
    west, east = split(KEEPER, town["N1"], on=ON, parts=parts)
    assert area_of(west, ON) + area_of(east, ON) == pytest.approx(before)
    assert place_at(town["N1"], ON) is None
    assert codes(west, ON) == {"C1a"}
    rows = queries.successions(town["N1"])
    assert {(row.kind, row.successor.code if row.successor else "") for row in rows} == {
        ("split", "N5"),
        ("split", "N6"),
    }


def test_a_split_through_a_cell_is_refused(town: Town) -> None:
    parts = [Part(code="N5", name="西", boundary=square(0, 0, 1, 1).buffer(0.001)), Part(code="N6", name="东")]
    assert refusal(lambda: split(KEEPER, town["N1"], on=ON, parts=parts)) in {"tiling", "astride"}
    line = geometry.intersection(square(0, 0, 2, 1), square(0, 0, 1, 1).buffer(0.001, join_style="mitre"))
    parts = [Part(code="N5", name="西", boundary=line), Part(code="N6", name="东")]
    assert refusal(lambda: split(KEEPER, town["N1"], on=ON, parts=parts)) == "astride"


def test_parts_that_leave_a_hole_or_overlap_are_refused(town: Town) -> None:
    def parts(*shapes: tuple[int, int, int, int]) -> list[Part]:
        return [Part(code=f"N{5 + i}", name="部分", boundary=square(*shape)) for i, shape in enumerate(shapes)]

    assert refusal(lambda: split(KEEPER, town["N2"], on=ON, parts=parts((0, 1, 1, 1), (0, 1, 2, 1)))) == "overlap"
    assert refusal(lambda: split(KEEPER, town["N2"], on=ON, parts=parts((0, 1, 1, 1), (2, 1, 1, 1)))) == "tiling"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([Part(code="N5", name="一")], "too_few"),
        ([Part(code="N5", name="一"), Part(code="N5", name="二")], "duplicate"),
        ([Part(code="N2", name="一"), Part(code="N5", name="二")], "duplicate"),
        ([Part(code="N5", name=""), Part(code="N6", name="二")], "text"),
        ([Part(code="N5", name="一"), Part(code="N6", name="二")], "rest"),
        ([Part(code="N5", name="一", members=frozenset({"C3a"})), Part(code="N6", name="二")], "unknown_member"),
        ([Part(code="N5", name="一", members=frozenset({"C1a", "C1b"})), Part(code="N6", name="二")], "empty"),
        (
            [Part(code="N5", name="一", members=frozenset({"C1a"}), boundary=Point(0, 0)), Part(code="N6", name="二")],
            "twice",
        ),
    ],
)
def test_a_split_says_what_is_wrong_with_its_parts(town: Town, parts: list[Part], code: str) -> None:
    assert refusal(lambda: split(KEEPER, town["N1"], on=ON, parts=parts)) == code


def test_a_building_is_not_split(town: Town) -> None:
    parts = [Part(code="B2", name="一"), Part(code="B3", name="二")]
    assert refusal(lambda: split(KEEPER, town["B1"], on=ON, parts=parts)) == "not_an_area"


def test_merged_areas_become_one_with_everything_below_them(town: Town) -> None:
    merged = merge(KEEPER, [town["N3"], town["N4"]], on=ON, code="N9", name="怒江居委会")
    assert codes(merged, ON) == {"C3a", "C3b"}
    assert area_of(merged, ON) == pytest.approx(area_of(town["N3"], EVE) + area_of(town["N4"], EVE))
    assert place_at(town["N3"], ON) is None
    assert codes(town["N3"], EVE) == {"C3a", "C3b"}


def test_one_of_the_merged_areas_may_go_on(town: Town) -> None:
    merged = merge(KEEPER, [town["N1"], town["N2"]], on=ON, code="N2", name="梅岭居委会")
    assert merged == town["N2"]
    assert codes(merged, ON) == {"C1a", "C1b", "B1"}


def test_areas_of_different_parents_are_not_merged(town: Town) -> None:
    assert refusal(lambda: merge(KEEPER, [town["N1"], town["N3"]], on=ON, code="N9", name="一")) == "unlike"
    assert refusal(lambda: merge(KEEPER, [town["N1"], town["N1"]], on=ON, code="N9", name="一")) == "too_few"
    assert refusal(lambda: merge(KEEPER, [town["N1"], town["N2"]], on=ON, code="N3", name="一")) == "duplicate"


def test_a_moved_neighbourhood_takes_its_surface_from_one_precinct_to_the_other(town: Town) -> None:
    total = area_of(town["T"], EVE)
    own = area_of(town["N4"], EVE)
    move(KEEPER, town["N4"], on=ON, parent=town["P1"])
    assert area_of(town["P2"], ON) == pytest.approx(total / 2 - own)
    assert area_of(town["P1"], ON) == pytest.approx(total / 2 + own)
    assert area_of(town["P1"], EVE) == pytest.approx(total / 2)
    assert area_of(town["T"], ON) == pytest.approx(total)
    assert parent_of(town["N4"], EVE) == "P2"


def test_what_lies_in_a_moved_cell_goes_along(town: Town) -> None:
    move(KEEPER, town["C1b"], on=ON, parent=town["N3"])
    assert codes(town["N1"], ON) == {"C1a"}
    assert codes(town["N3"], ON) == {"C1b", "C3a", "C3b", "B1"}
    assert area_of(town["P2"], ON) > area_of(town["P2"], EVE)
    assert codes(town["P1"], EVE) == {"N1", "N2", "C1a", "C1b", "B1"}


def test_the_last_cell_of_a_neighbourhood_is_not_moved_away(town: Town) -> None:
    move(KEEPER, town["C1b"], on=ON, parent=town["N3"])
    assert refusal(lambda: move(KEEPER, town["C1a"], on=ON, parent=town["N3"])) == "emptied"


def test_two_changes_may_fall_on_one_day(town: Town) -> None:
    rename(KEEPER, town["N1"], on=ON, name="梅岭居委会")
    move(KEEPER, town["N1"], on=ON, parent=town["P2"])
    version = place_at(town["N1"], ON)
    assert version is not None
    assert (version.name, parent_of(town["N1"], ON)) == ("梅岭居委会", "P2")
    assert PlaceVersion.objects.filter(place=town["N1"]).count() == 2


def test_a_change_before_a_later_one_is_refused(town: Town) -> None:
    rename(KEEPER, town["N1"], on=ON, name="梅岭居委会")
    assert refusal(lambda: rename(KEEPER, town["N1"], on=EVE, name="梅岭")) == "later_change"
    parts = [Part(code="P8", name="一", members=frozenset({"N1"})), Part(code="P9", name="二")]
    assert refusal(lambda: split(KEEPER, town["P1"], on=EVE, parts=parts)) == "later_change"


def test_a_change_in_the_past_cites_its_decision(town: Town) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert refusal(lambda: rename(KEEPER, town["N1"], on=yesterday, name="梅岭")) == "decision"
    rename(KEEPER, town["N1"], on=yesterday, name="梅岭", decision="普府〔2020〕1号")


def test_a_place_that_is_not_there_on_the_day_is_not_changed(town: Town) -> None:
    day = FOUNDED - timedelta(days=1)
    assert refusal(lambda: rename(KEEPER, town["N1"], on=day, name="梅岭", decision="一")) == "later_change"
    close(KEEPER, town["B1"], on=ON)
    assert refusal(lambda: rename(KEEPER, town["B1"], on=ON, name="梅岭")) == "not_there"


def test_a_closed_building_is_gone_from_the_day_on(town: Town) -> None:
    close(KEEPER, town["B1"], on=ON)
    assert place_at(town["B1"], EVE) is not None
    assert place_at(town["B1"], ON) is None
    assert queries.successions(town["B1"]).get().kind == Succession.Kind.CLOSE


def test_an_area_is_not_closed_but_merged(town: Town) -> None:
    assert refusal(lambda: close(KEEPER, town["N1"], on=ON)) == "hole"
    assert refusal(lambda: close(KEEPER, town["T"], on=ON)) == "not_empty"
    site = create(
        KEEPER, NewPlace(kind="site", code="S1", name="工地", parent="T", valid_from=ON, shape=Point(121.381, 31.241))
    )
    assert refusal(lambda: close(KEEPER, site, on=ON)) == "same_day"


def test_an_amended_building_has_its_new_address_from_the_day_on(town: Town) -> None:
    amend(KEEPER, town["B1"], on=ON, address=("怒江路", "690", "12"))
    version = place_at(town["B1"], ON)
    assert version is not None
    assert version.address == "怒江路690弄12号"
    assert refusal(lambda: amend(KEEPER, town["B1"], on=ON)) == "nothing"
    assert refusal(lambda: amend(KEEPER, town["N1"], on=ON, shape=square(0, 0))) == "shared_border"
    assert refusal(lambda: amend(KEEPER, town["B1"], on=ON, shape=Point(121.5, 31.3))) == "outside_parent"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"code": "N1"}, "duplicate"),
        ({"name": " "}, "text"),
        ({"kind": "castle"}, "unknown_kind"),
        ({"parent": "N8"}, "unknown_parent"),
        ({"parent": None}, "no_parent"),
        ({"parent": "C1a"}, "nesting"),
        ({"shape": None}, "surface"),
        ({"shape": square(9, 9)}, "outside_parent"),
        ({"shape": square(0, 1)}, "overlap_sibling"),
        ({"valid_to": FOUNDED}, "dates"),
    ],
)
def test_a_new_place_that_does_not_fit_is_refused(town: Town, facts: dict[str, object], code: str) -> None:
    good: dict[str, object] = {
        "kind": "neighbourhood",
        "code": "N9",
        "name": "新居委会",
        "parent": "P1",
        "valid_from": ON,
    }
    new = NewPlace(**{**good, "shape": square(0, 1), "valid_from": FOUNDED, **facts})  # type: ignore[arg-type]
    assert refusal(lambda: create(KEEPER, new)) == code


def test_every_change_is_in_the_journal(town: Town) -> None:
    rename(KEEPER, town["N1"], on=ON, name="梅岭居委会", decision="普府〔2020〕1号")
    event = Event.objects.filter(kind="places.renamed").get()
    assert event.data == {
        "code": "N1",
        "on": "2020-07-01",
        "decision": "普府〔2020〕1号",
        "old": "梅岭北路居委会",
        "new": "梅岭居委会",
    }
    assert Event.objects.filter(kind="places.created").count() == 12


def test_the_public_changes_nothing(town: Town) -> None:
    with pytest.raises(Denied):
        rename(Actor.anonymous(), town["N1"], on=ON, name="梅岭居委会")
    assert PlaceVersion.objects.count() == 12


def test_a_split_takes_a_fixed_number_of_queries(town: Town, django_assert_max_num_queries: object) -> None:
    parts = [Part(code="P8", name="一", members=frozenset({"N1"})), Part(code="P9", name="二")]
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # a fixture of pytest-django
        split(KEEPER, town["P1"], on=ON, parts=parts)
