"""Slips and milestones, without a clock or a database."""

from datetime import date, timedelta

import pytest

from zhen.packs.supervision import rules
from zhen.packs.supervision.models import Slip

START, END = date(2026, 1, 1), date(2026, 12, 31)
WHOLE = rules.Point("the whole task", END, whole=True)


@pytest.mark.parametrize(
    ("today", "tone"),
    [
        (END - timedelta(days=15), None),
        (END - timedelta(days=14), Slip.Tone.BLUE),
        (END, Slip.Tone.BLUE),
        (END + timedelta(days=1), Slip.Tone.RED),
    ],
)
def test_a_task_is_blue_before_its_day_and_red_after(today: date, tone: str | None) -> None:
    assert rules.tone(WHOLE, START, today) == tone


def test_a_short_task_is_not_blue_from_its_first_day() -> None:
    week = rules.Point("a week", START + timedelta(days=7), whole=True)
    assert rules.tone(week, START, START) is None
    assert rules.tone(week, START, START + timedelta(days=6)) == Slip.Tone.BLUE


def test_a_milestone_that_has_passed_is_yellow() -> None:
    point = rules.Point("tender", date(2026, 3, 1))
    assert rules.tone(point, START, date(2026, 3, 1)) is None
    assert rules.tone(point, START, date(2026, 3, 2)) == Slip.Tone.YELLOW


@pytest.mark.parametrize("kind", sorted(rules.TEMPLATES))
def test_the_milestones_of_a_template_lie_in_order_and_end_with_the_task(kind: str) -> None:
    days = [due_on for _name, due_on in rules.milestones(kind, START, END)]
    assert days == sorted(days)
    assert days[0] > START
    assert days[-1] == END
