"""Answers, draws, ways and schedules: the rules alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.forms.api import Faulty
from zhen.kernel.rounds.declarations import FindingRule, Item, ItemKind, Match, Option, When, problems_of
from zhen.kernel.rounds.rules import answers
from zhen.kernel.rounds.rules.assigning import Target, assign
from zhen.kernel.rounds.rules.drawing import Lists, draw
from zhen.kernel.rounds.rules.routing import distances, length, order
from zhen.kernel.rounds.rules.schedule import round_on, spread

BLOCKED = FindingRule(on=Match(values=("no",)), title="Exit blocked", case_type="dummy_pack.finding")
WEAK = FindingRule(on=Match(below=0.05), title="No pressure", case_type="dummy_pack.finding")
LIST = (
    Item(id="exit", text="Is the exit free?", points=10, findings=(BLOCKED,), shown=Match(values=("no",))),
    Item(id="pressure", text="Pressure", kind=ItemKind.READING, low=0, high=2.5, findings=(WEAK,), needed=False),
    Item(
        id="fuel", text="Fuel", kind=ItemKind.CHOICE,
        choices=(Option(value="gas", text="Gas"), Option(value="el", text="El")),
    ),
    Item(id="valve", text="Valve?", when=When(item="fuel", match=Match(values=("gas",))), points=5),
    Item(id="hall", text="The hall", kind=ItemKind.PHOTO),
    Item(
        id="rooms", text="Rooms", kind=ItemKind.LIST, needed=False,
        items=(Item(id="alarm", text="Alarm?", findings=(BLOCKED,)), Item(id="sign", text="Sign?", needed=False)),
    ),
    Item(id="keeper", text="Keeper", kind=ItemKind.SIGNATURE, needed=False),
)  # fmt: skip
GOOD = {"exit": "yes", "fuel": "gas", "valve": "yes"}


def faults(given: dict[str, object], *photos: str) -> dict[str, str]:
    with pytest.raises(Faulty) as caught:
        answers.check(LIST, given, frozenset(photos))
    return {path: str(fault.reason) for path, fault in caught.value.faults.items()}


def test_answers_that_fit_are_kept_without_what_was_not_asked() -> None:
    given = {**GOOD, "fuel": "el", "keeper": "王先生", "rooms": [{"alarm": "yes"}]}
    kept = answers.check(LIST, given, {"hall"})
    assert kept == {"exit": "yes", "fuel": "el", "rooms": [{"alarm": "yes"}], "keeper": "王先生"}


def test_every_fault_is_told_at_once() -> None:
    found = faults({"exit": "maybe", "fuel": "gas", "pressure": 9, "rooms": [{}], "keeper": "x" * 61}, "nowhere")
    assert found == {
        "exit": "it is none of the choices",
        "pressure": "it is too large",
        "valve": "it is not answered",
        "hall": "there is no photo of it",
        "rooms.0.alarm": "it is not answered",
        "keeper": "it is no name",
        "nowhere": "nothing was asked there",
    }


@pytest.mark.parametrize("number", ["1", True, float("nan"), float("inf"), [1]])
def test_what_is_no_number_is_refused(number: object) -> None:
    assert faults({**GOOD, "pressure": number}, "hall") == {"pressure": "it is no number"}


def test_a_bad_answer_must_be_shown() -> None:
    assert faults({**GOOD, "exit": "no"}, "hall") == {"exit": "there is no photo of it"}


def test_findings_name_their_answer_also_within_lists() -> None:
    given = {**GOOD, "exit": "no", "pressure": 0.01, "rooms": [{"alarm": "yes"}, {"alarm": "no"}]}
    assert [(one.path, one.rule.title) for one in answers.findings(LIST, given)] == [
        ("exit", "Exit blocked"),
        ("pressure", "No pressure"),
        ("rooms.1.alarm", "Exit blocked"),
    ]


def test_what_does_not_apply_counts_in_no_score() -> None:
    assert answers.score(LIST, GOOD).share == 100
    assert answers.score(LIST, {**GOOD, "valve": "no"}).share == 66.7
    assert answers.score(LIST, {**GOOD, "exit": "na"}).most == 5
    assert answers.score(LIST, {"exit": "na", "fuel": "el"}).share is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_answer_breaks_the_check(anything: object) -> None:
    for item in LIST:
        try:
            kept = answers.check(LIST, {**GOOD, item.id: anything}, {"hall"})
        except Faulty:
            continue
        answers.findings(LIST, kept)
        answers.score(LIST, kept)


def test_a_faulty_checklist_says_what_is_wrong() -> None:
    items = (
        Item(id="a", text="", choices=(Option(value="x", text="X"),), when=When(item="b", match=Match())),
        Item(id="a", text="A", shown=Match(values=("perhaps",)), low=3, high=2),
    )
    assert {str(what) for _id, what, _remedy in problems_of(items)} >= {
        "it says nothing",
        "its condition names no earlier item",
        "two items have this id",
        "“perhaps” is no answer to it",
        "its lowest number is not below its highest",
    }


# draws


def lists(subjects: int, inspectors: int, **given: object) -> Lists:
    names = {
        "subjects": tuple(f"s{n}" for n in range(subjects)),
        "inspectors": tuple(f"i{n}" for n in range(inspectors)),
    }
    return Lists(**{**names, "count": subjects // 4, "people": 2, "recused": {}, **given})  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_draw_and_another_one_another() -> None:
    first = draw(lists(200, 9), "2026105-03-08-19")
    assert first == draw(lists(200, 9), "2026105-03-08-19")
    assert first != draw(lists(200, 9), "2026105-03-08-20")
    assert lists(200, 9).digest != lists(201, 9).digest


def test_the_order_in_which_lists_are_given_changes_nothing() -> None:
    given = lists(80, 5)
    turned = replace(given, subjects=given.subjects[::-1], inspectors=given.inspectors[::-1])
    assert (draw(turned, "seed"), turned.digest) == (draw(given, "seed"), given.digest)


@given(st.integers(1, 60), st.integers(2, 9), st.text(min_size=1))
def test_everybody_has_his_share_and_nobody_goes_where_he_is_recused(subjects: int, inspectors: int, seed: str) -> None:
    given = lists(subjects, inspectors, count=subjects, recused={"s0": ("i0",)})
    drawn = draw(given, seed)
    load = dict.fromkeys(given.inspectors, 0)
    for subject, people in drawn:
        assert len(set(people)) == min(2, inspectors - (subject == "s0"))
        assert not (subject == "s0" and "i0" in people)
        for one in people:
            load[one] += 1
    assert {subject for subject, _people in drawn} == set(given.subjects)
    share = -(-subjects * 2 // inspectors)
    assert max(load.values()) <= 1.5 * share + 1


def test_each_subject_is_drawn_about_as_often_as_any_other() -> None:
    times = dict.fromkeys((f"s{n}" for n in range(20)), 0)
    for number in range(400):
        for subject, _people in draw(lists(20, 3, count=5), f"seed {number}"):
            times[subject] += 1
    assert all(65 <= count <= 140 for count in times.values())


# ways


def a_day(seed: int, visits: int = 40) -> list[tuple[float, float]]:
    chance = Random(seed)
    return [(121.36 + chance.random() * 0.03, 31.22 + chance.random() * 0.03) for _ in range(visits + 1)]


SHORTEST_KNOWN = (14562, 17612, 14235, 14220, 15300, 16713, 15865, 13981, 14463, 13657)
"""Metres: the best that OR-Tools 9.15 (guided local search) found in 60 s for each of the ten days."""


@pytest.mark.parametrize(("seed", "shortest"), list(enumerate(SHORTEST_KNOWN)))
def test_a_way_passes_everything_once_and_is_near_the_shortest_known(seed: int, shortest: int) -> None:
    far = distances(a_day(seed))
    start = perf_counter()
    way = order(far)
    assert perf_counter() - start < 2
    assert sorted(way) == list(range(41))
    assert way[0] == 0
    assert length(way, far) <= 1.05 * shortest


@pytest.mark.parametrize("count", range(5))
def test_a_short_day_has_a_way(count: int) -> None:
    way = order(distances(a_day(1, 40)[:count]))
    assert sorted(way) == list(range(count))


def test_places_at_the_same_spot_end_no_loop() -> None:
    assert len(order(distances([(121.37, 31.23)] * 12))) == 12


# schedules


@pytest.mark.parametrize(
    ("every", "day", "number", "first", "last"),
    [
        ("once", date(2026, 5, 1), 1, date(2026, 1, 31), date(2026, 12, 31)),
        ("week", date(2026, 2, 7), 2, date(2026, 2, 7), date(2026, 2, 13)),
        ("month", date(2026, 2, 27), 1, date(2026, 1, 31), date(2026, 2, 27)),
        ("month", date(2026, 3, 30), 2, date(2026, 2, 28), date(2026, 3, 30)),
        ("quarter", date(2026, 12, 31), 4, date(2026, 10, 31), date(2026, 12, 31)),
    ],
)
def test_rounds_are_counted_from_the_beginning(every: str, day: date, number: int, first: date, last: date) -> None:
    found = round_on(every, date(2026, 1, 31), date(2026, 12, 31), day)
    assert found is not None
    assert (found.number, found.first, found.last) == (number, first, last)


def test_outside_its_days_a_campaign_has_no_round() -> None:
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        assert round_on("month", date(2026, 1, 1), date(2026, 12, 31), day) is None


@given(st.sampled_from(["week", "month", "quarter", "half_year", "year"]), st.dates(date(2020, 1, 1), date(2023, 1, 1)))
def test_rounds_follow_one_another_without_a_gap(every: str, start: date) -> None:
    end, day, number = date(2026, 1, 1), start, 1
    while day <= end:
        found = round_on(every, start, end, day)
        assert found is not None
        assert (found.first, found.number) == (day, number)
        day, number = date.fromordinal(found.last.toordinal() + 1), number + 1


def test_visits_are_spread_over_the_days() -> None:
    days = [date(2026, 9, day) for day in (14, 15, 16)]
    assert [day.day for day in spread(6, days, 40)] == [14, 14, 15, 15, 16, 16]
    assert [day.day for day in spread(5, days, 1)] == [14, 15, 16, 16, 16]
    assert [day.day for day in spread(2, days, 40)] == [14, 15], "not all on the first days"
    assert spread(0, days, 40) == []


# who goes where


def town(count: int) -> list[Target]:
    chance = Random(7)
    return [Target(n, 121.36 + chance.random() / 30, 31.22 + chance.random() / 30, n % 3) for n in range(count)]


def test_work_is_even_and_each_stays_in_his_part() -> None:
    areas = {1: frozenset({0}), 2: frozenset({1, 2}), 3: None, 4: frozenset({1, 2})}
    found = assign(town(90), [1, 2, 3, 4], areas, per_visit=2)
    first = [people[0] for people in found.values()]
    assert {one: first.count(one) for one in (1, 2, 3, 4)} == {1: 30, 2: 30, 3: 0, 4: 30}
    assert all(people[1] != people[0] for target, people in found.items() if target % 3)
    assert len(assign(town(7), [8], {})) == 7


def test_who_has_more_already_gets_less() -> None:
    areas = {1: frozenset({0, 1}), 2: frozenset({1, 2}), 3: frozenset({2})}
    found = assign(town(90), [1, 2, 3], areas)
    first = [people[0] for people in found.values()]
    assert max(first.count(one) for one in (1, 2, 3)) == 30


def test_the_proof_is_json_of_plain_lists() -> None:
    assert json.loads(json.dumps(lists(3, 2).as_json()))["inspectors"] == ["i0", "i1"]
