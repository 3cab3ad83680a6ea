"""The area tree under any sequence of splits, mergers, moves and renames (a hypothesis state machine).

Always: every day has exactly one tree, children lie inside their parents and fill them, no surface is
lost, and what a past day looked like never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places.api import (
    Kind,
    Part,
    Place,
    PlaceVersion,
    Refused,
    create_many,
    merge,
    move,
    rename,
    split,
    versions_on,
)
from zhen.kernel.places.tests.conftest import CAST, FOUNDED, KEEPER

FIRST = date(2020, 7, 1)
Picture = dict[int, tuple[int | None, str, str]]


def picture(day: date) -> Picture:
    """What the whole town looks like on a day."""
    return {version.place_id: (version.parent_id, version.name, str(version.boundary)) for version in versions_on(day)}


class AreaTree(RuleBasedStateMachine):
    @initialize()
    def found(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        create_many(KEEPER, CAST)
        self.day = FIRST
        self.past: dict[date, Picture] = {FOUNDED: picture(FOUNDED)}
        self.fresh = 0
        self.total = self.surface(Kind.TOWN)

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def surface(self, kind: str) -> float:
        return sum(version.shape.area for version in self.alive(kind) if version.shape is not None)

    def alive(self, *kinds: str) -> list[PlaceVersion]:
        return list(versions_on(self.day, *kinds).order_by("place__code"))

    def pick(self, data: st.DataObject, *kinds: str) -> PlaceVersion:
        return data.draw(st.sampled_from(self.alive(*kinds)))

    def code(self) -> str:
        self.fresh += 1
        return f"X{self.fresh}"

    def attempt(self, change: Any) -> None:
        """A change happens whole or is refused whole."""
        before = picture(self.day)
        try:
            with transaction.atomic():
                change()
                connection.check_constraints()
        except Refused:
            assert picture(self.day) == before

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.past[self.day] = picture(self.day)
        self.day += timedelta(days=days)

    @rule(data=st.data(), share=st.floats(0.2, 0.8), goes_on=st.booleans())
    def split_by_a_line(self, data: st.DataObject, share: float, goes_on: bool) -> None:
        version = self.pick(data, Kind.NEIGHBOURHOOD, Kind.CELL)
        assert version.west is not None
        assert version.east is not None
        assert version.south is not None
        assert version.north is not None
        line = version.west + share * (version.east - version.west)
        left = geometry.intersection(
            version.shape or BaseGeometry(),
            geometry.read_shape(_box(version.west, version.south, line, version.north))[0],
        )
        first = version.place.code if goes_on else self.code()
        parts = [Part(code=first, name="西", boundary=left), Part(code=self.code(), name="东")]
        self.attempt(lambda: split(KEEPER, version.place, on=self.day, parts=parts))

    @rule(data=st.data())
    def split_by_members(self, data: st.DataObject) -> None:
        version = self.pick(data, Kind.PRECINCT, Kind.NEIGHBOURHOOD)
        below = [
            child.place.code
            for child in self.alive(Kind.NEIGHBOURHOOD, Kind.CELL)
            if child.parent_id == version.place_id
        ]
        if below:
            members = data.draw(st.sets(st.sampled_from(below), min_size=1))
            parts = [Part(code=self.code(), name="一", members=frozenset(members)), Part(code=self.code(), name="二")]
            self.attempt(lambda: split(KEEPER, version.place, on=self.day, parts=parts))

    @rule(data=st.data(), goes_on=st.booleans())
    def merge_two(self, data: st.DataObject, goes_on: bool) -> None:
        one = self.pick(data, Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL)
        other = self.pick(data, one.place.kind)
        code = one.place.code if goes_on else self.code()
        self.attempt(lambda: merge(KEEPER, [one.place, other.place], on=self.day, code=code, name="合"))

    @rule(data=st.data())
    def move_one(self, data: st.DataObject) -> None:
        version = self.pick(data, Kind.NEIGHBOURHOOD, Kind.CELL, Kind.BUILDING)
        parent = self.pick(data, Kind.PRECINCT, Kind.NEIGHBOURHOOD, Kind.CELL)
        self.attempt(lambda: move(KEEPER, version.place, on=self.day, parent=parent.place))

    @rule(data=st.data(), name=st.text("甲乙丙", min_size=1, max_size=3))
    def rename_one(self, data: st.DataObject, name: str) -> None:
        version = self.pick(data, *Kind.values)
        self.attempt(lambda: rename(KEEPER, version.place, on=self.day, name=name))

    @invariant()
    def the_past_is_unchanged(self) -> None:
        for day, seen in getattr(self, "past", {}).items():
            assert picture(day) == seen

    @invariant()
    def the_day_has_one_tree_whose_parts_fill_it(self) -> None:
        if not hasattr(self, "past"):
            return
        versions = {version.place_id: version for version in self.alive()}
        assert len(versions) == versions_on(self.day).count()
        assert [version.place.code for version in versions.values() if version.parent_id is None] == ["T"]
        for kind in (Kind.TOWN, Kind.PRECINCT, Kind.NEIGHBOURHOOD):
            assert self.surface(kind) == pytest.approx(self.total, rel=1e-3)
        for version in versions.values():
            if version.parent_id is not None:
                self._lies_in(version, versions[version.parent_id])

    def _lies_in(self, version: PlaceVersion, parent: PlaceVersion) -> None:
        own, outer = version.shape, parent.shape
        assert own is not None
        assert outer is not None
        if version.place.kind == Kind.BUILDING:
            assert outer.distance(own.centroid) <= 1e-6
        else:
            assert own.difference(outer).area <= 1e-3 * own.area


def _box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.django_db
def test_the_area_tree_keeps_its_promises_through_any_changes() -> None:
    run_state_machine_as_test(
        AreaTree,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.fixture(autouse=True)
def _clean(db: None) -> Iterator[None]:
    yield
    assert Place.objects.count() == 0
