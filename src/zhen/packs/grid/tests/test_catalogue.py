"""The shipped classes: whole, laid down once, and then the town's own."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases.api import Category, Move, NewCase, Route, TimeLimit, clocks_of, move, receive, rulebook
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.journal.api import Event
from zhen.packs.grid.catalogue import catalogue, lay_classes, lay_routes

SYSTEM = Actor.system("tests")
MAJOR = {
    "B": ["公用设施", "道路交通", "市容环境", "园林绿化", "其他"],
    "S": ["市容环境", "宣传广告", "施工管理", "街面秩序", "突发事件", "其他"],
}


def test_the_catalogue_has_two_families_with_their_major_classes() -> None:
    for family, names in MAJOR.items():
        assert [one.name for one in catalogue() if len(one.code) == 3 and one.code[0] == family] == names


def test_each_minor_class_says_all_that_a_clerk_needs() -> None:
    minor = [one for one in catalogue() if one.minor]
    assert 60 <= len(minor) <= 130
    units = set(TimeLimit.Unit.values)
    for one in minor:
        assert one.name, one.code
        assert one.english, one.code
        assert one.opening, one.code
        assert one.closing, one.code
        assert one.office, one.code
        assert one.source, one.code
        assert one.amount >= 1, one.code
        assert one.unit in units, one.code


def test_codes_and_names_are_used_once() -> None:
    assert max(Counter(one.code for one in catalogue()).values()) == 1
    within = Counter((one.above[:1], one.name) for one in catalogue() if one.minor)
    assert max(within.values()) == 1


@pytest.mark.django_db
def test_the_classes_are_laid_down_once_and_what_the_town_changed_stays() -> None:
    assert lay_classes(SYSTEM) == len(catalogue())
    Category.objects.filter(code="S0101").update(name="垃圾成堆")
    limits = TimeLimit.objects.count()
    assert lay_classes(SYSTEM) == 0
    assert Category.objects.get(code="S0101").name == "垃圾成堆"
    assert TimeLimit.objects.count() == limits == sum(one.minor for one in catalogue())
    assert Event.objects.filter(kind="grid.classes_laid").count() == 1


@pytest.mark.django_db
def test_a_later_edition_only_adds() -> None:
    lay_classes(SYSTEM)
    gone = Category.objects.get(code="S0610")
    TimeLimit.objects.filter(category=gone).delete()
    gone.delete()
    assert lay_classes(SYSTEM) == 1
    assert TimeLimit.objects.get(category__code="S0610").amount == 5


@pytest.mark.django_db
def test_nobody_lays_down_classes_without_the_right() -> None:
    with pytest.raises(Denied):
        lay_classes(Actor.anonymous())


@pytest.mark.django_db
def test_a_class_brings_its_limit_and_its_unit() -> None:
    enforcement = a_unit("enforcement")
    lay_classes(SYSTEM)
    assert lay_routes(SYSTEM, source="test") == sum(one.office == "enforcement" for one in catalogue())
    assert lay_routes(SYSTEM, source="test") == 0
    rubbish = rulebook().by_code["grid", "S0106"]
    case = receive(SYSTEM, "grid.case", NewCase(title="垃圾", category=rubbish))
    assert case.unit_id == enforcement.pk
    case = move(SYSTEM, case.pk, case.revision, "dispatch", Move())
    (clock,) = [clock for clock in clocks_of(case) if clock.deadline == "handle"]
    assert (clock.amount, clock.unit) == (4, "working_hours")


@pytest.mark.django_db
def test_routes_of_the_town_win_over_shipped_ones() -> None:
    a_unit("enforcement")
    own = a_unit("brigade")
    lay_classes(SYSTEM)
    rubbish = Category.objects.get(code="S0106")
    Route.objects.create(
        case_type="grid.case", category=rubbish, unit=own, valid_from=date(2020, 1, 1), source="the town"
    )
    lay_routes(SYSTEM, source="test")
    assert Route.objects.get(category=rubbish).unit == own
