"""Security alarms: what opens a case, and how the grid is called in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case, Move, case_for, move
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib.testing import Hands
from zhen.kernel.notify.api import Message
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import Kind, NewPlace, Place, create
from zhen.kernel.plan.api import Period, evaluate
from zhen.kernel.telemetry.api import PROFILES as ALL_PROFILES
from zhen.kernel.telemetry.api import Alarm
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place, follow, read, sweep_due
from zhen.packs.security.indicators import INDICATORS
from zhen.packs.security.profiles import PROFILES

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
ALLOWED = {"°C", "%", "mm", ""}


class Town:
    """A town with a building, whose house office has the devices, and a grid worker of another unit."""

    def __init__(self) -> None:
        self.house, self.grid = a_unit("house"), a_unit("grid")
        self.town = a_place("T")
        new = NewPlace(kind=Kind.SITE, code="S1", name="S1", parent="T", valid_from=date(2021, 1, 1))
        self.site = create(TESTER, new)
        self.worker = a_user("wei")
        a_post(self.worker, "grid_worker", self.grid, area=self.town)
        self.alice = self.holding("alice", "unit_head", self.house)
        self.stranger = self.holding("charlie", "unit_clerk", self.grid)

    def holding(self, name: str, role: str, unit: Unit) -> Actor:
        user = a_user(name)
        grant = Grant.of(ROLES[role], units=frozenset({unit.pk}), areas=None)
        return Actor(kind=ActorKind.USER, id=user.pk, name=name, grants=(grant,))

    def case(self, profile: str, values: dict[str, Any], place: Place | None = None) -> Case:
        read(a_device("D-1", place or self.site, self.house, profile=profile), **values)
        follow()
        return Case.objects.get(type="security.alarm")


@pytest.fixture
def town(db: Any) -> Any:
    with Hands(NOW) as hands:
        found = Town()
        found.hands = hands  # type: ignore[attr-defined]
        yield found


def test_no_profile_knows_a_person() -> None:
    words = {"face", "plate", "card", "person", "name", "image", "photo", "phone", "longitude", "latitude"}
    for profile in PROFILES:
        assert {metric.unit for metric in profile.metrics} <= ALLOWED, profile.code
        assert not words & {part for metric in profile.metrics for part in metric.code.split("_")}, profile.code
        assert ALL_PROFILES[profile.code] is profile


@pytest.mark.parametrize(
    ("profile", "values"),
    [
        ("security.door", {"forced": 1}),
        ("security.window", {"broken": 1}),
        ("security.perimeter", {"crossed": 1}),
        ("security.lift", {"trapped": 1}),
        ("security.flooding", {"depth": 80}),
        ("security.button", {"pressed": 1}),
    ],
)
def test_what_is_grave_opens_a_case(town: Town, profile: str, values: dict[str, float]) -> None:
    assert town.case(profile, values).number == "AF-2026-000001"


def test_a_door_that_stands_open_opens_none(town: Any) -> None:
    read(a_device("D-1", town.site, town.house, profile="security.door"), open=1)
    town.hands.go(minutes=11)
    sweep_due()
    follow()
    assert [alarm.rule for alarm in Alarm.objects.all()] == ["held_open"]
    assert not Case.objects.exists()


def test_a_lift_that_stops_with_somebody_in_it_calls_though_nobody_presses(town: Any) -> None:
    read(a_device("D-1", town.site, town.house, profile="security.lift"), occupied=1, door_shut=1, stopped=1)
    town.hands.go(minutes=2)
    sweep_due()
    assert [alarm.rule for alarm in Alarm.objects.all()] == ["trapped_unsaid"]


def test_the_grid_is_called_in_and_told(town: Town) -> None:
    case = town.case("security.button", {"pressed": 1})
    with pytest.raises(Missing):
        case_for(town.stranger, case.number)
    case = move(town.alice, case.pk, case.revision, "call_in", Move(reason="Nobody of ours is near"))
    assert (case.unit, case.shared_units, case.state) == (town.house, [town.grid.pk], "new")
    assert case_for(town.stranger, case.number) == case
    assert Message.objects.filter(template="security.called_in", recipient=town.worker).count() == 1


def test_the_cause_closes_case_and_alarms(town: Town) -> None:
    case = town.case("security.lift", {"trapped": 1})
    case = move(town.alice, case.pk, case.revision, "check", Move(result="Freed", reason="Nothing to show"))
    case = move(town.alice, case.pk, case.revision, "close", Move(outcome="real", reason="Brake worn"))
    assert (case.open, Alarm.objects.get().cause) == (False, "real")


def test_coverage_is_measured_even_where_nothing_is(town: Town) -> None:
    (covered,) = INDICATORS
    found = evaluate(covered, Period.year(2026))
    assert [found.numerator, found.denominator, found.value] == [0, 0, None]
