"""The desk's pages of places, and what the search finds."""

from datetime import date
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.clock import today
from zhen.kernel.pages.api import Missing
from zhen.kernel.places import screens, search
from zhen.kernel.places.api import Kind, NewPlace, Part, create, rename, split
from zhen.kernel.places.tests.conftest import KEEPER, Town, square

ON = date(2020, 6, 1)
PUBLIC = Actor.anonymous()


def rows(**params: str) -> list[str]:
    found = screens.AREA_LIST.rows(PUBLIC, params)
    return [row.place.code for row in found.order_by("place__code")]


def test_areas_are_listed_as_they_are_on_the_chosen_day(town: Town) -> None:
    parts = [Part(code="N1", name="一", members=frozenset({"C1a"})), Part(code="N5", name="二")]
    split(KEEPER, town["N1"], on=ON, parts=parts)
    assert "N5" in rows()
    assert "N5" not in rows(day="2020-05-31")
    assert rows(day="1999-01-01") == []
    with pytest.raises(ValueError, match="isoformat"):
        screens.DAY.apply(None, "yesterday")


def test_a_list_takes_one_query_and_names_parents_and_counts(town: Town, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = {row.place.code: (row.parent_name, row.below) for row in screens.AREA_LIST.rows(PUBLIC, {})}
    assert found["N1"] == ("新城片区", 3)
    assert found["T"] == (None, 2)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("梅岭", ["N1"]),
        ("mlbl", ["N1"]),
        ("meiling", ["N1"]),
        ("N1", ["N1"]),
        ("怒江", ["B1", "N3", "N4"]),
        ("怒江路690弄12号", ["B1"]),
        ("690弄", ["B1"]),
        ("怒江 第二", ["N4"]),
        ("無此地", []),
    ],
)
def test_places_are_found_by_name_sound_code_and_address(town: Town, words: str, codes: list[str]) -> None:
    from zhen.kernel.places.api import amend, readable

    amend(KEEPER, town["B1"], on=ON, address=("怒江路", "690", "12"))
    found = screens.by_words(readable(PUBLIC, today()), words)
    assert sorted(row.place.code for row in found) == codes


def test_the_search_puts_the_whole_name_first_and_says_why(town: Town, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        hits = list(search.find(PUBLIC, ("怒江第二", "怒江", "第二"), 8))
    assert hits[0].title == "怒江第二居委会"
    assert all(str(hit.why) for hit in hits)
    assert hits[0].url == "/desk/places/areas/N4/"
    assert [hit.title for hit in search.find(PUBLIC, ("mlbl",), 8)] == ["梅岭北路居委会"]


def test_a_place_shows_its_versions_and_successions(town: Town) -> None:
    rename(KEEPER, town["N1"], on=ON, name="梅岭居委会", decision="普府〔2020〕1号")
    version = screens.subject(PUBLIC, "N1")
    assert version.name == "梅岭居委会"
    assert screens.subject(PUBLIC, "N1@2020-05-31").name == "梅岭北路居委会"
    panels = {panel.id: panel.source(PUBLIC, version) for panel in screens.PLACE.panels}
    assert [row.name for row in panels["versions"]] == ["梅岭居委会", "梅岭北路居委会"]
    assert {row.parent_name for row in panels["versions"]} == {"新城片区"}
    assert panels["successions"].get().decision == "普府〔2020〕1号"
    assert len(panels["map"]["features"]) == 4
    assert [entry.kind for entry in panels["journal"]] == ["places.renamed", "places.created"]
    hectares = next(fact.value for fact in panels["facts"] if fact.kind == "number")
    assert hectares == pytest.approx(2 * 38.1 * 44.5 / 100, rel=0.01)


@pytest.mark.parametrize("key", ["N9", "N1@1999-01-01", "N1@2020-99-99", "", "a@b@c", "\x00"])
def test_what_is_not_there_is_missing(town: Town, key: str) -> None:
    with pytest.raises(Missing):
        screens.subject(PUBLIC, key)


def test_a_place_of_the_future_or_the_past_says_that_it_is_not_in_force(town: Town) -> None:
    later = date(2021, 1, 1)
    create(
        KEEPER,
        NewPlace(
            kind=Kind.SITE, code="S1", name="工地", parent="T", valid_from=later, shape=square(0, 0), synthetic=True
        ),
    )
    version = screens.subject(PUBLIC, "S1")
    assert len(screens.chips(version)) == 2


@pytest.mark.parametrize("code", ["a/b", "", " ", "x" * 41, "-a", "a b", "a?b"])
def test_a_code_can_stand_in_an_address(town: Town, code: str) -> None:
    from zhen.kernel.places.api import Refused

    with pytest.raises(Refused) as refused:
        create(KEEPER, NewPlace(kind=Kind.SITE, code=code, name="点", parent="T", valid_from=ON))
    assert refused.value.code == "code_form"
