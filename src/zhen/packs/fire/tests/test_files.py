"""Fire files: who writes them, what falls due, and the month in numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import case_for
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.api import unwatched
from zhen.kernel.telemetry.testing import read
from zhen.packs.fire import actions, queries
from zhen.packs.fire.models import FireFile, Upkeep
from zhen.packs.fire.profiles import CODES
from zhen.packs.fire.rules import month_of, months_later
from zhen.packs.fire.tests.conftest import Cast, Hands, a_fire, step

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 15)


def a_file(cast: Cast, place: str = "B1", **given: Any) -> FireFile:
    facts = {"unit": cast.safety, "building_class": FireFile.BuildingClass.HIGH_2, **given}
    return actions.open_file(cast.bob, cast.places[place], facts)


def a_task(cast: Cast, **given: Any) -> Upkeep:
    facts = {"what": "Pump test", "due_on": TODAY, "every_months": 1, **given}
    return actions.plan_upkeep(cast.alice, FireFile.objects.get(), facts)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 5), 3, date(2027, 2, 5)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, then: date) -> None:
    assert months_later(day, months) == then


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "26-01", "2026-1-1", "x-y", "²026-01"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_of(text) is None


def test_a_building_has_one_fire_file_and_an_area_none(cast: Cast, hands: Hands) -> None:
    a_file(cast)
    with pytest.raises(Refused, match="it has a fire file already"):
        a_file(cast)
    with pytest.raises(Refused, match="an area has no fire file"):
        a_file(cast, "N")


def test_nobody_opens_a_file_for_another_unit(cast: Cast, hands: Hands) -> None:
    with pytest.raises(Denied):
        a_file(cast, unit=cast.other)
    assert not FireFile.objects.exists()


def test_a_keeper_reaches_his_building_and_no_other(cast: Cast, hands: Hands) -> None:
    mine, other = a_file(cast), a_file(cast, "B2")
    assert [file.place.code for file in queries.files(cast.ken)] == ["B1"]
    drill = {"kind": "evacuation", "held_on": TODAY, "people": 80, "minutes": 4, "found": ""}
    assert actions.record_drill(cast.ken, mine, drill).by_id == cast.ken.id
    with pytest.raises(Denied):
        actions.record_drill(cast.ken, other, drill)
    with pytest.raises(Missing):
        queries.file_for(cast.ken, "B2")
    with pytest.raises(Denied):
        actions.edit_file(cast.ken, mine, {"contractor": "Mine"})


def test_a_task_that_repeats_is_due_again_and_is_done_once(cast: Cast, hands: Hands) -> None:
    a_file(cast)
    task = a_task(cast)
    actions.finish_upkeep(cast.alice, task, done_on=TODAY, found="All well")
    assert list(Upkeep.objects.filter(done_on=None).values_list("due_on", flat=True)) == [date(2026, 10, 15)]
    with pytest.raises(Outdated, match="somebody was faster"):
        actions.finish_upkeep(cast.alice, task, done_on=TODAY)
    with pytest.raises(Refused, match="it has not come yet"):
        actions.finish_upkeep(cast.alice, Upkeep.objects.get(done_on=None), done_on=TODAY + timedelta(days=1))


def test_reminders_tell_of_all_that_falls_due_and_whom(cast: Cast, hands: Hands) -> None:
    file = a_file(cast, contractor="Firm", contract_until=TODAY + timedelta(days=5))
    a_task(cast)
    equipment = {"kind": "extinguisher", "count": 6, "spot": "Hall", "check_due_on": TODAY, "replace_by": None}
    piece = actions.add_equipment(cast.alice, file, equipment)
    found = {due.values["what"] for due in queries.due_dates(TODAY, TODAY + timedelta(days=7))}
    assert found == {"Pump test", str(piece), "Firm"}
    assert all(due.units == {cast.safety.pk} for due in queries.due_dates(TODAY, TODAY))
    actions.check_equipment(cast.alice, piece, next_on=TODAY + timedelta(days=90))
    assert [due.values["what"] for due in queries.due_dates(TODAY, TODAY)] == ["Pump test"]


def test_a_hazard_reaches_its_unit_and_its_keeper_and_is_closed_by_another(cast: Cast, hands: Hands) -> None:
    file = a_file(cast)
    case = actions.report_hazard(cast.ken, file, title="Stairs blocked", text="", kind="疏散通道堵塞")
    assert case.number == "XF-2026-000001"
    assert case_for(cast.ken, case.number) == case
    case = step(cast.alice, case, "rectified", result="Cleared", reason="Nothing to show")
    with pytest.raises(Refused, match="you have handled it yourself"):
        step(cast.alice, case, "close", outcome="rectified")
    assert step(cast.bob, case, "close", outcome="rectified").open is False


def test_the_month_counts_what_happened_in_the_building(cast: Cast, hands: Hands) -> None:
    file = a_file(cast)
    case = step(cast.alice, a_fire(cast), "check", result="Toast", reason="Nothing to show")
    step(cast.alice, case, "close", outcome="cooking")
    read(cast.device("S-5", "fire.smoke", "B2"), smoke=1)
    a_task(cast)
    month = queries.month_for(cast.bob, "B1.2026-09")
    found = queries.numbers(cast.bob, month)
    assert (found.alarms, found.by_cause, found.unclosed) == (1, [("cooking", 1)], 0)
    assert (found.upkeep_due, found.upkeep_done) == (1, 0)
    assert queries.numbers(cast.bob, queries.Month(file=file, first=date(2026, 8, 1))).alarms == 0


@pytest.mark.parametrize("key", ["B1.2026-10", "B1.2026-99", "B1", "Nowhere.2026-09", ".", "B1.2026-09.2026-09"])
def test_a_month_that_is_none_is_missing(cast: Cast, hands: Hands, key: str) -> None:
    a_file(cast)
    with pytest.raises(Missing):
        queries.month_for(cast.bob, key)


def test_a_building_is_covered_while_a_device_in_it_works(cast: Cast, hands: Hands) -> None:
    def missing() -> set[str]:
        return {version.place.code for version in unwatched(CODES, clock.today())}

    assert missing() == {"B1", "B2", "P"}
    device = cast.device("S-1", "fire.smoke", "B1-F3")
    assert missing() == {"B1", "B2", "P"}, "it was never heard"
    read(device, smoke=0)
    read(cast.device("S-2", "fire.smoke", "B2"), smoke=0)
    assert missing() == set(), "a park is covered by its building"
    read(device, fault=1)
    assert missing() == {"B1"}, "it says itself that it is faulty"
    read(device, fault=0)
    hands.go(days=4)
    assert missing() == {"B1", "B2", "P"}, "nothing was heard for three days"
    assert clock.today() == date(2026, 9, 19)
