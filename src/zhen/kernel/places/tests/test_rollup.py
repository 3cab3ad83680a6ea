"""Show 7 of the ground: a neighbourhood is split on a date; figures before it are unchanged, after it they follow."""

from datetime import date, timedelta
from typing import Any

from zhen.kernel.places.api import Fact, Kind, Part, Place, areas_of_facts, merge, move, roll_up, split
from zhen.kernel.places.tests.conftest import KEEPER, SIDE, SOUTH, WEST, Town

ON = date(2020, 7, 1)
EVE = ON - timedelta(days=1)


def middle(column: float, row: float) -> tuple[float, float]:
    return WEST + SIDE * (column + 0.5), SOUTH + SIDE * (row + 0.5)


def facts(town: Town) -> list[Fact]:
    """Ten days around the day of the split: each day a report at a point in C1a, one in C1b, one at the building."""
    days = [EVE - timedelta(days=4) + timedelta(days=offset) for offset in range(10)]
    return [
        fact
        for day in days
        for fact in (
            Fact(day=day, point=middle(0, 0)),
            Fact(day=day, point=middle(1, 0)),
            Fact(day=day, place=town["B1"].pk, amount=3),
        )
    ]


def named(sums: dict[int | None, float]) -> dict[str, float]:
    codes = dict(Place.objects.values_list("id", "code"))
    return {codes[area] if area else "": amount for area, amount in sums.items()}


def test_a_split_leaves_figures_before_its_day_and_moves_those_after(town: Town) -> None:
    work = facts(town)
    before = [fact for fact in work if fact.day < ON]
    after = [fact for fact in work if fact.day >= ON]
    assert named(roll_up(work, Kind.NEIGHBOURHOOD)) == {"N1": 50}
    frozen = roll_up(before, Kind.NEIGHBOURHOOD)

    parts = [Part(code="N1", name="梅岭第一居委会", members=frozenset({"C1a"})), Part(code="N5", name="梅岭第二居委会")]
    split(KEEPER, town["N1"], on=ON, parts=parts, decision="普府〔2020〕1号")

    assert roll_up(before, Kind.NEIGHBOURHOOD) == frozen
    assert named(frozen) == {"N1": 25}
    assert named(roll_up(after, Kind.NEIGHBOURHOOD)) == {"N1": 5, "N5": 20}
    assert named(roll_up(work, Kind.NEIGHBOURHOOD)) == {"N1": 30, "N5": 20}
    assert named(roll_up(work, Kind.PRECINCT)) == {"P1": 50}


def test_a_moved_cell_counts_for_its_precinct_of_the_day(town: Town) -> None:
    move(KEEPER, town["C1b"], on=ON, parent=town["N3"])
    assert named(roll_up(facts(town), Kind.PRECINCT)) == {"P1": 30, "P2": 20}
    assert named(roll_up(facts(town), Kind.TOWN)) == {"T": 50}


def test_a_fact_of_a_merged_place_counts_for_what_it_became(town: Town) -> None:
    merged = merge(KEEPER, [town["N1"], town["N2"]], on=ON, code="N9", name="梅岭居委会")
    work = [Fact(day=day, place=town["N1"].pk) for day in (EVE, ON)]
    assert areas_of_facts(work, Kind.NEIGHBOURHOOD) == [town["N1"].pk, merged.pk]


def test_what_lies_nowhere_is_counted_and_shown_as_such(town: Town) -> None:
    work = [
        Fact(day=EVE, point=(120.0, 30.0)),
        Fact(day=EVE, place=town["T"].pk),
        Fact(day=date(1990, 1, 1), place=town["B1"].pk),
        Fact(day=EVE),
    ]
    assert roll_up(work, Kind.CELL) == {None: 4}


def test_a_fact_at_the_level_itself_counts_there(town: Town) -> None:
    assert roll_up([Fact(day=EVE, place=town["N1"].pk)], Kind.NEIGHBOURHOOD) == {town["N1"].pk: 1}
    assert roll_up([], Kind.NEIGHBOURHOOD) == {}


def test_rolling_up_takes_four_queries_at_most(town: Town, django_assert_max_num_queries: Any) -> None:
    work = facts(town) * 50
    with django_assert_max_num_queries(4):
        roll_up(work, Kind.NEIGHBOURHOOD)
