"""Every number equals the rows behind it, for every reader, period, area of its day, class and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, ActorKind, Denied, Grant, Reach
from zhen.kernel.cases.api import Category
from zhen.kernel.cases.figures import sums
from zhen.kernel.cases.figures.asking import VIEW, Asked, Question, evidence, numbers, total
from zhen.kernel.cases.figures.periods import Period, Step, start_of
from zhen.kernel.cases.figures.tables import COUNTED_AS
from zhen.kernel.cases.models import Tally
from zhen.kernel.cases.tests.conftest import REPAIR, Cast, a_case
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.api import Fact, Kind, Part, Place, areas_of_facts, create_many, merge, split
from zhen.kernel.places.tests.conftest import CAST, KEEPER

pytestmark = pytest.mark.django_db
TODAY = date(2020, 10, 14)
FIRST = date(2018, 1, 1)
UNITS = (11, 12, 13)
HEXAGONS = (0, *(geometry.parent(geometry.cell(lon, 31.24), 9) for lon in (121.38, 121.39)))
MANY = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def filled(cast: Cast) -> dict[str, int]:
    """Three years of random tallies, in a town whose neighbourhoods are split in mid-July and merged in September."""
    with clock.frozen(datetime(2020, 6, 1, 2, tzinfo=UTC)):
        town = {place.code: place for place in create_many(KEEPER, CAST)}
        parts = [Part(code="N1", name="一", members=frozenset({"C1a"})), Part(code="N5", name="五")]
        split(KEEPER, town["N1"], on=date(2020, 7, 15), parts=parts, decision="test")
        merge(KEEPER, [town["N3"], town["N4"]], on=date(2020, 9, 10), code="N9", name="九", decision="test")
        case = a_case(cast, category=None)
    table = Category.objects.create(
        scheme="dummy_pack", code="0102", name="Table", family="01", valid_from=FIRST, source="test"
    )
    areas = dict(Place.objects.exclude(kind=Kind.BUILDING).values_list("code", "id"))
    random = Random(5)
    Tally.objects.bulk_create(
        Tally(
            event=0,
            case=case,
            what=random.choice(list(Tally.What)),
            day=FIRST + timedelta(days=random.randint(0, 1030)),
            type=REPAIR,
            unit=random.choice((0, *UNITS)),
            area=random.choice([0, *(areas[code] for code in ("C1a", "C1b", "C3a", "C3b", "N2", "N4"))]),
            category=random.choice([0, cast.bench.pk, table.pk]),
            source=random.choice(["staff", "portal"]),
            h3_9=random.choice(HEXAGONS),
            minutes=random.randint(0, 40_000),
        )
        for _ in range(4000)
    )
    sums.add("true")
    return areas


def a_reader(*grants: dict[str, Any]) -> Actor:
    rights = frozenset({VIEW, "dummy_pack.view"})
    return Actor(
        kind=ActorKind.USER,
        id=1,
        name="reader",
        grants=tuple(Grant(role="test", permissions=rights, **grant) for grant in grants),
    )


def readers(areas: dict[str, int]) -> list[Actor]:
    unit = {"reach": Reach.UNIT, "units": frozenset({11, 12})}
    area = {"reach": Reach.AREA, "areas": frozenset({areas["C1a"], areas["C1b"], areas["N2"]})}
    return [a_reader({"reach": Reach.TOWN}), a_reader(unit), a_reader(area), a_reader(unit, area)]


def a_question(random: Random, areas: dict[str, int], bench: Category) -> Question:
    first = FIRST + timedelta(days=random.randint(-30, 1000))
    last = min(first + timedelta(days=random.choice([0, 6, 40, 400, 1100])), date(2020, 12, 31))
    if random.random() < 0.3:
        first, last = date(2018, 1, 1), date(2020, 12, 31)
    maybe: Callable[..., Any] = lambda *values: random.choice(values) if random.random() < 0.35 else None  # noqa: E731
    return Question(
        period=Period(min(first, last), last),
        today=TODAY,
        types=(REPAIR,),
        units=maybe(frozenset({11}), frozenset({0})),
        area=maybe(areas["P1"], areas["N1"], areas["N9"], areas["C3a"], areas["P2"]),
        categories=maybe(frozenset({bench.pk}), frozenset({0})),
        source=maybe("staff"),
        h3_9=maybe(HEXAGONS[1]),
    )


@MANY
@given(seed=st.integers(0, 10**6))
def test_each_number_opens_exactly_as_many_rows(filled: dict[str, int], cast: Cast, seed: int) -> None:
    random = Random(seed)
    asked = a_question(random, filled, cast.bench)
    for reader in readers(filled):
        found = total(Asked.by(reader, asked))
        rows = Counter(Asked.by(reader, asked).rows().values_list("what", flat=True))
        for measure, whats in COUNTED_AS.items():
            assert found[measure] == sum(rows[what] for what in whats), measure
        measure = random.choice(list(COUNTED_AS))
        assert evidence(reader, asked, measure).count() == found[measure]


@MANY
@given(seed=st.integers(0, 10**6))
def test_each_group_is_the_naive_count_of_its_rows(filled: dict[str, int], cast: Cast, seed: int) -> None:
    random = Random(seed)
    asked = a_question(random, filled, cast.bench)
    step = random.choice([None, *Step])
    group, level = random.choice(
        [("unit", ""), ("category", ""), ("source", ""), ("area", Kind.PRECINCT), ("area", Kind.NEIGHBOURHOOD)]
    )
    reader = random.choice(readers(filled))
    rows = list(Asked.by(reader, asked).rows())
    keys: list[Any] = [getattr(row, group) for row in rows]
    if level:
        keys = areas_of_facts([Fact(day=row.day, place=row.area or None) for row in rows], level)
    naive = Counter(
        (key, start_of(row.day, step) if step else None, row.what) for key, row in zip(keys, rows, strict=True)
    )
    told = numbers(Asked.by(reader, asked), group=group, level=level, step=step)
    found = Counter(
        {
            (key, at, what.value): value.by[what.name.lower()]
            for (key, at), value in told.items()
            for what in Tally.What
            if value.by[what.name.lower()]
        }
    )
    assert found == naive
    if step is None:
        drilled = next(((key, value) for (key, _at), value in told.items() if group == "unit"), None)
        if drilled is not None and asked.units is None:
            one = Asked.by(reader, Question(**{**vars(asked), "units": frozenset({drilled[0]})}))
            assert total(one)["received"] == drilled[1]["received"]


def test_what_falls_due_later_today_does_not_count_yet(cast: Cast) -> None:
    for day in (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9)):
        Tally.objects.create(event=0, case_id=1, what=Tally.What.ON_TIME, day=day, type=REPAIR)
    sums.add("true")
    asked = Question(period=Period(date(2020, 1, 1), date(2020, 12, 31)), today=TODAY, types=(REPAIR,))
    reader = a_reader({"reach": Reach.TOWN})
    assert total(Asked.by(reader, asked))["due"] == 1
    assert evidence(reader, asked, "due").count() == 1


def test_who_has_not_the_right_is_refused(cast: Cast) -> None:
    asked = Question(period=Period(TODAY, TODAY), today=TODAY, types=(REPAIR,))
    with pytest.raises(Denied):
        Asked.by(cast.alice, asked)


def test_a_question_takes_two_queries(filled: dict[str, int], django_assert_num_queries: Any) -> None:
    asked = Question(period=Period(FIRST, TODAY), today=TODAY, types=(REPAIR,), area=filled["P1"])
    reader = a_reader({"reach": Reach.TOWN})
    total(Asked.by(reader, asked))
    with django_assert_num_queries(2):  # the areas' edition, and the sums
        numbers(Asked.by(reader, asked), group="unit", step=Step.MONTH)
