"""What is booked from random lives of cases is what a naive recount finds, and a rebuild books the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Category, Clock, Move
from zhen.kernel.cases.figures import sums
from zhen.kernel.cases.figures.booking import CONSUMER, book, rebuild
from zhen.kernel.cases.models import Tally, TallySum
from zhen.kernel.cases.tests.conftest import NOW, Cast, Hands, a_case
from zhen.kernel.journal.api import Event, Position
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db
What = Tally.What
Line = tuple[int, int, str, int, int]
"""case, what, day, unit, class"""


def day_of(at: datetime) -> str:
    return at.astimezone(clock.TOWN_ZONE).date().isoformat()


@dataclass
class Life:
    """Takes random steps with cases, and notes on paper what should count."""

    cast: Cast
    random: Random
    classes: list[Category]
    now: datetime = NOW
    noted: list[tuple[int, int, str, int]] = field(default_factory=list)

    def note(self, case: Case, what: int, unit: int | None = None, at: datetime | None = None) -> None:
        self.noted.append((case.pk, what, day_of(at or self.now), (case.unit_id or 0) if unit is None else unit))

    def go(self, steps: int) -> None:
        for _ in range(steps):
            self.now += timedelta(minutes=self.random.choice([7, 300, 2000, 30_000]))
            with clock.frozen(self.now):
                self.step()

    def step(self) -> None:
        every = list(Case.objects.order_by("pk"))
        if not every or self.random.random() < 0.3:
            received_at = self.now - timedelta(minutes=self.random.choice([0, 0, 3000]))
            case = a_case(self.cast, category=self.random.choice([*self.classes, None]), received_at=received_at)
            self.note(case, What.RECEIVED, at=received_at)
            return
        case = self.random.choice(every)
        if self.random.random() < 0.2:
            self.correct(case)
            return
        steps = cases.CASE_TYPES[case.type].steps_from(case.state)
        self.take(case, self.random.choice([step.id for step in steps if cases.Need.EVIDENCE not in step.needs]))

    def correct(self, case: Case) -> None:
        other = self.random.choice([one.pk for one in self.classes if one.pk != case.category_id])
        cases.edit(self.cast.dispatcher, case.pk, case.revision, {"category_id": other})

    def take(self, case: Case, name: str) -> None:
        before, running = case.unit_id or 0, self.running_whole(case)
        unit = self.random.choice([self.cast.carpenters, self.cast.painters])
        outcome = self.random.choice(["solved", "explained"]) if name == "close" else "void" if name == "void" else ""
        rating = self.random.randint(1, 5) if name == "rate" else None
        given = Move(
            unit_id=unit.pk if name == "dispatch" else None, reason="so", result="done", outcome=outcome, rating=rating
        )
        case = cases.move(the_town(), case.pk, case.revision, name, given)
        match name:
            case "dispatch":
                self.note(case, What.DISPATCHED)
            case "give_back":
                self.note(case, What.RETURNED, unit=before)
            case "again":
                self.note(case, What.REWORKED)
            case "not_whole":
                self.note(case, What.REOPENED)
                ends = (What.SOLVED, What.EXPLAINED)
                self.noted = [
                    (pk, What.UNDONE if pk == case.pk and what in ends else what, day, unit)
                    for pk, what, day, unit in self.noted
                ]
            case "void" | "take_back":
                self.note(case, What.OTHER)
            case "rate":
                self.note(case, rating + What.RATED_1 - 1 if rating else 0)
            case "close":
                self.note(case, What.SOLVED if outcome == "solved" else What.EXPLAINED)
                for row in running:
                    late = row.due_at is not None and row.due_at < self.now
                    self.note(case, What.LATE if late else What.ON_TIME, at=row.due_at)

    @staticmethod
    def running_whole(case: Case) -> list[Clock]:
        return list(Clock.objects.filter(case=case, deadline="whole", stopped_at=None, due_at__isnull=False))


def the_town() -> Actor:
    return Actor.system("test")


def booked() -> Counter[Line]:
    rows = Tally.objects.values_list("case_id", "what", "day", "unit", "category")
    return Counter((case, what, day.isoformat(), unit, category) for case, what, day, unit, category in rows)


def summed() -> dict[tuple[object, ...], tuple[int, ...]]:
    rows = TallySum.objects.values_list(*sums.KEY, *sums.COLUMNS)
    split = len(sums.KEY)
    return {row[:split]: row[split:] for row in rows if any(row[split:])}


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_the_roll_up_is_the_naive_recount_and_a_rebuild_gives_the_same(cast: Cast, seed: int) -> None:
    with transaction.atomic():
        random = Random(seed)
        other = Category.objects.create(
            scheme="dummy_pack", code="0102", name="Table", family="01", valid_from="2020-01-01", source="test"
        )
        life = Life(cast, random, [cast.bench, other])
        life.go(40)
        events = list(Event.objects.order_by("id"))
        while events:
            size = random.randint(1, 15)
            book(events[:size])
            del events[:size]
        classes = dict(Case.objects.values_list("pk", "category_id"))
        expected = Counter((case, what, day, unit, classes[case] or 0) for case, what, day, unit in life.noted)
        assert booked() == expected
        for grain in TallySum.Grain:
            rows = TallySum.objects.filter(grain=grain)
            if grain != TallySum.Grain.HEXAGON_MONTH:
                total = sum(getattr(row, name) for row in rows for name in sums.COUNTERS.values())
                assert total == len(life.noted), grain.label
        lines, before = booked(), summed()
        last = Event.objects.order_by("transaction", "id").last()
        assert last is not None
        Position.objects.update_or_create(pk=CONSUMER.id, defaults={"transaction": last.transaction, "event": last.pk})
        rebuild()
        assert (booked(), summed()) == (lines, before)
        transaction.set_rollback(True)


def test_a_missed_deadline_stays_with_its_day_and_its_unit_when_a_case_is_reopened(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    case = cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))
    case = cases.move(cast.alice, case.pk, case.revision, "mended", Move(result="A new leg"))
    hands.go(days=60)
    case = cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    book(list(Event.objects.order_by("id")))
    late = Tally.objects.get(what=What.LATE)
    assert (late.day.isoformat(), late.unit) == ("2026-10-19", cast.carpenters.pk)
    seen = Event.objects.count()
    case = cases.move(the_town(), case.pk, case.revision, "not_whole", Move(reason="It wobbles"))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "give_back", Move(reason="Not ours"))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.painters.pk))
    book(list(Event.objects.order_by("id"))[seen:])
    assert Tally.objects.get(what=What.LATE) == late
    assert Tally.objects.get(what=What.RETURNED).unit == cast.carpenters.pk
    assert Tally.objects.filter(what=What.REOPENED).count() == 1


def test_a_case_that_is_void_was_never_due(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    cases.move(cast.dispatcher, case.pk, case.revision, "void", Move(reason="A joke", outcome="void"))
    book(list(Event.objects.order_by("id")))
    assert set(Tally.objects.values_list("what", flat=True)) == {What.RECEIVED, What.OTHER}


def test_a_corrected_class_holds_for_all_that_was_counted_before(cast: Cast, hands: Hands) -> None:
    case = a_case(cast, category=None)
    book(list(Event.objects.order_by("id")))
    assert Tally.objects.get().category == 0
    cases.edit(cast.dispatcher, case.pk, case.revision, {"category_id": cast.bench.pk})
    book(list(Event.objects.order_by("id"))[1:])
    assert Tally.objects.get().category == cast.bench.pk
    rows = TallySum.objects.filter(grain=TallySum.Grain.UNIT_MONTH).values_list("category", "received")
    assert sorted(rows) == [(0, 0), (cast.bench.pk, 1)]


def test_a_batch_is_booked_in_few_statements(cast: Cast, hands: Hands, django_assert_max_num_queries: object) -> None:
    for _ in range(30):
        a_case(cast)
    events = list(Event.objects.order_by("id"))
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        book(events)
