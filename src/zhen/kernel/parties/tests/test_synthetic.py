"""People who do not exist."""

from __future__ import annotations

from collections import Counter

import pytest

from zhen.kernel.parties import rules
from zhen.kernel.parties.synthetic import COUNTY, PHONE_PREFIX, Town
from zhen.kernel.parties.tests.conftest import TODAY

TOWN = list(Town(1, TODAY).households(5000))
PEOPLE = [(person, kin) for household in TOWN for person, kin in household.members]


def test_there_are_exactly_as_many_as_asked_for_and_each_is_one() -> None:
    assert len(PEOPLE) == 5000
    assert len({person.id_number for person, _kin in PEOPLE}) == 5000
    assert len({person.id for person, _kin in PEOPLE}) == 5000


def test_every_number_passes_the_rules_and_can_belong_to_nobody() -> None:
    for person, _kin in PEOPLE:
        read = rules.resident_number(person.id_number, today=TODAY)
        assert (read.born_on, read.is_male) == (person.born_on, person.is_male)
        assert person.id_number.startswith(COUNTY)
        assert not person.phone or person.phone.startswith(PHONE_PREFIX)


def test_every_household_has_one_head_who_is_grown_up() -> None:
    for household in TOWN:
        kins = [kin for _person, kin in household.members]
        assert kins.count("head") == 1
        assert kins[0] == "head"


def test_children_are_younger_than_the_head_and_parents_older() -> None:
    for household in TOWN:
        head = household.members[0][0]
        for person, kin in household.members:
            if kin in ("child", "grandchild"):
                assert person.born_on > head.born_on
            if kin == "parent":
                assert person.born_on < head.born_on


def test_the_town_looks_like_one() -> None:
    sizes = Counter(len(household.members) for household in TOWN)
    assert 2.0 < 5000 / len(TOWN) < 3.2
    assert sizes.most_common(1)[0][0] in (1, 2, 3)
    old = sum(person.born_on.year < 1960 for person, _kin in PEOPLE) / 5000
    assert 0.15 < old < 0.5


@pytest.mark.parametrize("persons", [0, 1, 2])
def test_small_towns_work_too(persons: int) -> None:
    assert sum(len(household.members) for household in Town(1, TODAY).households(persons)) == persons
