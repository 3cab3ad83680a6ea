"""The queues of a desk, against the naive way of making them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from zhen.kernel.access.api import Actor, Reach
from zhen.kernel.cases.api import (
    Box,
    Case,
    Mark,
    Queue,
    Wanted,
    assign_many,
    case_for,
    count_up_to,
    hands,
    inbox,
    readable,
    spots,
)
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.tests.conftest import NOW, REPAIR, Cast, a_case
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated

pytestmark = pytest.mark.django_db
FAR = timedelta(days=400)


@pytest.fixture
def many(cast: Cast, hands: Any) -> list[Case]:
    """Sixty cases of two units, some due at the same moment, some without a date, some shared, some closed."""
    dice = random.Random(7)
    made = []
    for number in range(60):
        hands.go(minutes=dice.choice([0, 7, 50]))
        unit = dice.choice([cast.carpenters, cast.painters])
        case = a_case(cast, title=f"Bench {number}", unit_id=unit.pk, point=(121.4 + number / 5000, 31.23))
        fields: dict[str, Any] = {"due_at": dice.choice([None, NOW, NOW + timedelta(hours=3), NOW + timedelta(days=9)])}
        if number % 7 == 0:
            other = cast.painters if unit == cast.carpenters else cast.carpenters
            fields["shared_units"] = [other.pk]
        if number % 5 == 0:
            fields |= {"open": False, "closed_at": NOW, "due_at": None, "state": "closed"}
        if number % 3 == 0:
            fields["person_id"] = cast.alice.id
        Case.objects.filter(pk=case.pk).update(**fields)
        made.append(case)
    return made


def walked(actor: Actor, wanted: Wanted, *, size: int = 7) -> list[int]:
    found: list[int] = []
    after: Mark | None = None
    while True:
        page = inbox(actor, wanted, clock.now(), after=after, size=size)
        found += [case.pk for case in page.cases]
        after = page.after
        if after is None:
            return found


def naive(actor: Actor, wanted: Wanted) -> list[int]:
    now = clock.now()
    rows = list(readable(actor))
    if wanted.queue is not Queue.ALL:
        rows = [row for row in rows if row.open]
    if wanted.unit is not None:
        rows = [row for row in rows if wanted.unit in (row.unit_id, *row.shared_units)]
    match wanted.queue:
        case Queue.MINE:
            rows = [row for row in rows if row.person_id == actor.user_id]
        case Queue.OVERDUE:
            rows = [row for row in rows if row.due_at and row.due_at < now]
        case Queue.SOON:
            rows = [row for row in rows if row.due_at and now <= row.due_at < now + timedelta(hours=24)]
        case Queue.NEW:
            rows = [row for row in rows if row.state == "received"]
    if wanted.queue.newest_first:
        rows.sort(key=lambda row: (row.received_at, row.pk), reverse=True)
    else:
        rows.sort(key=lambda row: (row.due_at or NOW + FAR, row.pk))
    return [row.pk for row in rows]


@pytest.mark.parametrize("queue", list(Queue))
@pytest.mark.parametrize("who", ["alice", "bob", "dispatcher"])
def test_a_queue_page_by_page_is_the_whole_queue_in_order(cast: Cast, many: list[Case], queue: Queue, who: str) -> None:
    actor = getattr(cast, who)
    if queue is Queue.UNIT and who == "dispatcher":
        assert walked(actor, Wanted(queue=queue)) == []
        return
    expected = naive(actor, Wanted(queue=queue))
    assert walked(actor, Wanted(queue=queue)) == expected
    if queue is not Queue.ALL:  # counts are of open cases
        assert count_up_to(actor, [queue], clock.now()) == [len(expected)]


def test_a_unit_of_the_filter_brings_what_it_shares(cast: Cast, many: list[Case]) -> None:
    wanted = Wanted(queue=Queue.ALL, unit=cast.painters.pk)
    found = walked(cast.dispatcher, wanted)
    assert found == naive(cast.dispatcher, wanted)
    assert any(case.unit_id == cast.carpenters.pk for case in Case.objects.filter(pk__in=found))


def test_classes_and_areas_are_walked_along_their_indexes(cast: Cast, many: list[Case]) -> None:
    wanted = Wanted(queue=Queue.ALL, categories=(cast.bench.pk, cast.bench.pk + 1))
    assert walked(cast.dispatcher, wanted) == naive(cast.dispatcher, Wanted(queue=Queue.ALL))


def test_a_page_costs_two_queries(cast: Cast, many: list[Case], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        inbox(cast.alice, Wanted(queue=Queue.UNIT), clock.now())


def test_what_one_index_leads_along_costs_one_query(
    cast: Cast, many: list[Case], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        inbox(cast.dispatcher, Wanted(queue=Queue.ALL), clock.now(), size=5)


def test_counts_stop_at_a_bound(cast: Cast, many: list[Case]) -> None:
    assert count_up_to(cast.dispatcher, [Queue.OPEN, Queue.MINE], clock.now(), most=10) == [11, 0]


def test_clusters_hold_every_open_case_once_at_any_zoom(cast: Cast, many: list[Case]) -> None:
    box = Box(west=121.3, south=31.1, east=121.6, north=31.4)
    open_ones = Case.objects.filter(open=True)
    for zoom in (10.0, 12.0, 13.0, 14.5, 15.5, 17.0):
        found = spots(cast.dispatcher, Wanted(), clock.now(), box, zoom)
        assert sum(spot.count for spot in found) == open_ones.count()
        assert sum(spot.late for spot in found) == open_ones.filter(due_at__lt=clock.now()).count()
    assert len(spots(cast.dispatcher, Wanted(), clock.now(), box, 10.0)) < 5
    assert all(spot.case for spot in spots(cast.dispatcher, Wanted(), clock.now(), box, 17.0))


def test_a_unit_sees_no_other_units_cases_on_the_map(cast: Cast, many: list[Case]) -> None:
    box = Box(west=121.3, south=31.1, east=121.6, north=31.4)
    seen = {spot.case for spot in spots(cast.alice, Wanted(), clock.now(), box, 17.0)}
    assert seen == set(readable(cast.alice).filter(open=True).values_list("pk", flat=True))


def test_many_are_assigned_all_or_none(cast: Cast, many: list[Case]) -> None:
    first, second = readable(cast.alice).filter(open=True).order_by("pk")[:2]
    with pytest.raises(Outdated):
        assign_many(cast.alice, {first.pk: first.revision, second.pk: second.revision + 1}, person_id=cast.alice.id)
    assert case_for(cast.alice, first.pk).revision == first.revision
    done = assign_many(cast.alice, {first.pk: first.revision, second.pk: second.revision}, person_id=cast.alice.id)
    assert [case.person_id for case in done] == [cast.alice.id] * 2


def test_who_has_least_comes_first(cast: Cast, many: list[Case]) -> None:
    assert cast.alice.id is not None
    busy, idle = a_user("busy"), a_user("idle")
    for user in (busy, idle):
        a_post(user, "dummy_pack.carpenter", cast.carpenters)
    Case.objects.filter(pk__in=[case.pk for case in many if case.pk % 2], open=True).update(person=busy)
    found = hands(CASE_TYPES[REPAIR], [cast.carpenters.pk], clock.today())
    assert [hand.user for hand in found] == [idle, busy]
    assert found[0].load == 0
    assert found[1].load > 0


def test_reach_limits_every_queue(cast: Cast, many: list[Case]) -> None:
    nobody = replace(cast.alice, grants=tuple(replace(g, reach=Reach.OWN, units=None) for g in cast.alice.grants))
    assert set(walked(nobody, Wanted(queue=Queue.ALL))) == {
        case.pk for case in Case.objects.filter(person_id=nobody.id)
    }


def test_a_post_without_an_area_reaches_nothing(cast: Cast, many: list[Case]) -> None:
    lost = replace(cast.alice, grants=tuple(replace(g, reach=Reach.AREA, units=None) for g in cast.alice.grants))
    assert inbox(lost, Wanted(), clock.now()).cases == ()
    assert count_up_to(lost, [Queue.OPEN, Queue.NEW], clock.now()) == [0, 0]
