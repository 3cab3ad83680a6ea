"""The figures are held against the journal: what differs is found, told by the command, and mended with an event."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Category
from zhen.kernel.cases.figures import checking, sums
from zhen.kernel.cases.figures.booking import CONSUMER, book
from zhen.kernel.cases.figures.checking import check_figures
from zhen.kernel.cases.models import Tally, TallySum
from zhen.kernel.cases.tests.conftest import Cast, Hands
from zhen.kernel.cases.tests.test_figures_booking import Life, booked, summed
from zhen.kernel.journal.api import Event, Position

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
START = date(2026, 1, 1)


@pytest.fixture
def life(cast: Cast, hands: Hands) -> Life:
    other = Category.objects.create(
        scheme="dummy_pack", code="0102", name="Table", family="01", valid_from="2020-01-01", source="test"
    )
    life = Life(cast, Random(7), [cast.bench, other])
    life.go(60)
    hands.now = life.now
    book(list(Event.objects.order_by("id")))
    last = Event.objects.order_by("transaction", "id").last()
    assert last is not None
    Position.objects.update_or_create(pk=CONSUMER.id, defaults={"transaction": last.transaction, "event": last.pk})
    return life


def check(*, mend: bool = False, start: date = START) -> checking.Found:
    return check_figures(SYSTEM, start, mend=mend)


def test_what_was_booked_rightly_is_found_right_and_nothing_is_written(life: Life) -> None:
    before = (booked(), summed(), Event.objects.count())
    found = check(mend=True)
    assert found.right
    assert found.cases > 10
    assert (booked(), summed(), Event.objects.count()) == before


def lose(life: Life) -> None:
    Tally.objects.order_by("pk")[3].delete()


def double(life: Life) -> None:
    row = Tally.objects.order_by("pk")[5]
    row.pk = None
    row.save()


def invent(life: Life) -> None:
    row = Tally.objects.order_by("pk")[5]
    row.pk, row.event, row.what = None, 10**12, Tally.What.SOLVED
    row.save()


def put_elsewhere(life: Life) -> None:
    row = Tally.objects.order_by("pk")[2]
    row.unit += 1
    row.save()


def misclass(life: Life) -> None:
    Tally.objects.filter(case_id=Tally.objects.order_by("pk")[4].case_id).update(category=4711)


def miscount(life: Life) -> None:
    row = TallySum.objects.filter(grain=TallySum.Grain.UNIT_MONTH, received__gt=0).order_by("pk")[0]
    row.received += 1
    row.save()


def lose_sums(life: Life) -> None:
    TallySum.objects.filter(grain=TallySum.Grain.AREA_DAY).delete()


@pytest.mark.parametrize("damage", [lose, double, invent, put_elsewhere, misclass, miscount, lose_sums])
def test_any_damage_is_found_and_mended_with_an_event(life: Life, damage: object) -> None:
    before = (booked(), summed())
    damage(life)  # type: ignore[operator]
    found = check()
    assert not found.right
    assert not check().right  # a check mends nothing
    mended = check(mend=True)
    assert mended.facts()["wrong_cases"] == found.facts()["wrong_cases"]
    assert (booked(), summed()) == before
    assert check().right
    event = Event.objects.get(kind="cases.figures_mended")
    assert event.data["from"] == "2026-01-01"


def test_the_sums_of_units_are_the_totals_of_every_other_grain(life: Life) -> None:
    def total(grain: int) -> dict[str, int]:
        rows = TallySum.objects.filter(grain=grain).values_list(*sums.COUNTERS.values())
        return dict(zip(sums.COUNTERS.values(), map(sum, zip(*rows, strict=True)), strict=True))

    whole = total(TallySum.Grain.UNIT_MONTH)
    assert sum(whole.values()) == Tally.objects.count()
    for grain in TallySum.Grain:
        if grain != TallySum.Grain.HEXAGON_MONTH:
            assert total(grain) == whole, grain.label


def test_what_lies_before_the_day_is_left_alone(life: Life) -> None:
    row = TallySum.objects.filter(grain=TallySum.Grain.UNIT_MONTH).order_by("start")[0]
    row.received += 1
    row.save()
    later = row.start + timedelta(days=63)
    assert check(start=later).right
    assert not check(start=row.start).right


def test_what_the_consumer_has_not_read_yet_is_no_fault(life: Life) -> None:
    life.go(5)
    assert check().right


def test_the_nightly_job_mends_what_was_lost_last_week(life: Life) -> None:
    before = (booked(), summed())
    newest = Tally.objects.order_by("-event").first()
    assert newest is not None
    newest.delete()
    checking.check_lately()
    assert (booked(), summed()) == before


def test_the_command_checks_mends_and_books_anew(life: Life) -> None:
    before = (booked(), summed())
    lose(life)
    out = StringIO()
    with pytest.raises(CommandError, match="differ"):
        call_command("cases", "figures", "--check", stdout=out)
    assert json.loads(out.getvalue())["wrong_cases"] == 1
    call_command("cases", "figures", "--rebuild", "--from", "2026-01-01", stdout=out)
    assert (booked(), summed()) == before
    lose(life)
    call_command("cases", "figures", "--rebuild", stdout=out)
    assert (booked(), summed()) == before
    call_command("cases", "figures", "--check", stdout=out)
