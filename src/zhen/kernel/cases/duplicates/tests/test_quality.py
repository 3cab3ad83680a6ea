"""How good the suggestions are, on reports that we made up: repeats in other words, and other things near by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from zhen.kernel.cases.api import Case, Category, NewReport, similar, similar_for_public
from zhen.kernel.cases.duplicates.suggesting import new_of
from zhen.kernel.cases.tests.conftest import NOW, REPAIR, Cast
from zhen.kernel.cases.tests.writing import STREETS, THINGS, WHERE, tell
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.searching.api import LIKELY

pytestmark = pytest.mark.django_db
FACILITY = {"manhole", "lamp", "leak", "charging", "lift", "tree"}
LON, LAT = 121.39, 31.24
METRE = 1 / 111_195


@dataclass(frozen=True)
class Incident:
    thing: str
    street: str
    where: str
    lon: float
    lat: float
    at: datetime


def classes() -> dict[str, Category]:
    """Two families; each thing is a minor class under a major one that two things share."""
    made: dict[str, Category] = {}
    for family, things in (("F", sorted(FACILITY)), ("E", sorted(set(THINGS) - FACILITY))):
        top = _category(family, family, None)
        for place, thing in enumerate(things):
            major = made.get(f"{family}{place // 2}") or _category(f"{family}{place // 2}", family, top)
            made[f"{family}{place // 2}"] = major
            made[thing] = _category(f"{family}{place // 2}-{place}", family, major)
    return made


def _category(code: str, family: str, parent: Category | None) -> Category:
    return Category.objects.create(
        scheme="dummy_pack", code=code, name=code, family=family, parent=parent,
        valid_from=date(2020, 1, 1), source="test",
    )  # fmt: skip


def incidents(random: Random, count: int) -> list[Incident]:
    """In a square kilometre and a half within three weeks: several other things lie within reach of each."""
    return [
        Incident(
            random.choice(sorted(THINGS)),
            random.choice(STREETS),
            random.choice(WHERE),
            LON + random.uniform(-600, 600) * METRE,
            LAT + random.uniform(-600, 600) * METRE,
            NOW - timedelta(days=random.uniform(0, 21)),
        )
        for _ in range(count)
    ]


def reported(random: Random, incident: Incident, days: float, kinds: dict[str, Category]) -> Case:
    """One report of it: pins miss by some 20 m, and one in eight chooses another class of the family."""
    told = tell(random, incident.thing, incident.street, incident.where)
    lon, lat = incident.lon + random.gauss(0, 20) * METRE, incident.lat + random.gauss(0, 20) * METRE
    kind = kinds[incident.thing]
    if random.random() < 0.125:
        kind = random.choice([one for one in kinds.values() if one.family == kind.family and one.parent_id])
    cell = geometry.cell(lon, lat)
    return Case(
        type=REPAIR, state="received", title=told.title, text=told.text, category=kind, lon=lon, lat=lat,
        h3_11=cell, h3_9=geometry.parent(cell, 9), visible=True, received_at=incident.at + timedelta(days=days),
        changed_at=NOW,
    )  # fmt: skip


def test_repeats_are_suggested_and_other_things_near_by_are_not(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    random = Random(7)  # the weights were chosen with other seeds
    kinds = classes()
    truth: dict[str, int] = {}
    cases: list[Case] = []
    for which, incident in enumerate(incidents(random, 150)):
        for repeat in range(random.choice((1, 1, 1, 2, 2, 3))):
            case = reported(random, incident, repeat * random.uniform(0, 4), kinds)
            case.number = f"Q-{len(cases)}"
            truth[case.number] = which
            cases.append(case)
    cases.sort(key=lambda case: case.received_at)
    first: set[int] = set()
    right = wrong = repeats = recalled = public = 0
    for case in cases:
        found = [one for one in similar(cast.dispatcher, new_of(case)) if one.score >= LIKELY]
        same = [one for one in found if truth[one.case.number] == truth[case.number]]
        right, wrong = right + len(same), wrong + len(found) - len(same)
        if truth[case.number] in first:
            repeats, recalled = repeats + 1, recalled + bool(same)
        public += len(similar_for_public(new_of(case)))
        first.add(truth[case.number])
        case.save()
    precision, recall = right / (right + wrong), recalled / repeats
    with capsys.disabled():
        print(f"\n  repeats: {repeats} of {len(cases)}, precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.85
    assert recall >= 0.80
    assert public == right + wrong


def test_the_public_learns_number_class_state_distance_and_day_only(cast: Cast) -> None:
    kinds = classes()
    incident = Incident("manhole", "青柳路", "路口", LON, LAT, NOW)
    case = reported(Random(1), incident, 0, kinds)
    case.number, case.followers = "Q-1", 11
    case.save()
    new = NewReport(
        case_type=REPAIR, title=case.title, text=case.text, category=case.category, point=(LON, LAT), at=NOW
    )
    (found,) = similar_for_public(new)
    assert (found.number, found.state, found.reports) == ("Q-1", "We have it", 12)
    assert found.metres is not None
    assert found.metres % 10 == 0
    assert case.title not in str(found)
    Case.objects.update(visible=False)
    assert similar_for_public(new) == ()


def test_another_unit_is_not_told_of_reports_it_may_not_read(cast: Cast) -> None:
    case = reported(Random(1), Incident("manhole", "青柳路", "路口", LON, LAT, NOW), 0, classes())
    case.number, case.unit = "Q-1", cast.carpenters
    case.save()
    assert similar(cast.alice, new_of(case))
    assert not similar(cast.bob, new_of(case))


def test_comparing_many_asks_the_database_few_times(cast: Cast, django_assert_max_num_queries: Any) -> None:
    random, kinds = Random(3), classes()
    incident = Incident("manhole", "青柳路", "路口", LON, LAT, NOW)
    for number in range(12):
        case = reported(random, incident, 0, kinds)
        case.number = f"Q-{number}"
        case.save()
    similar(cast.dispatcher, new_of(case))  # the town's rules are read once and kept
    with django_assert_max_num_queries(3):
        assert len(similar(cast.dispatcher, new_of(case))) == 5


def test_without_a_point_nothing_is_suggested(cast: Cast) -> None:
    new = NewReport(case_type=REPAIR, title="路灯不亮", at=NOW)
    assert similar(cast.dispatcher, new) == ()
    assert similar_for_public(new) == ()
