"""A schedule's days as parts of its width."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from zhen.kernel.pages.api import Lane, Mark, Schedule, Span
from zhen.web.pages.schedules import MOST_TICKS, laid_out, ticks

START, END = date(2026, 3, 1), date(2026, 9, 30)


def a_schedule() -> Schedule:
    spans = [Span(first=START, last=END, text="works"), Span(first=START, last=START, text="a day")]
    marks = [Mark(on=date(2026, 6, 1), text="half", done=True)]
    return Schedule(says="x", lanes=[Lane(label="A", spans=spans, marks=marks)], today=date(2026, 5, 1))


def part(text: str) -> float:
    return float(text.removesuffix("%"))


def test_every_day_lies_within_the_width_and_in_its_order() -> None:
    drawn = laid_out(a_schedule())
    works, day = drawn["lanes"][0]["spans"]
    (mark,) = drawn["lanes"][0]["marks"]
    assert 0 < part(works["x"]) < part(drawn["today"]) < part(mark["x"]) < part(works["x"]) + part(works["width"]) < 100
    assert 0 < part(day["width"]) < 1, "a single day is seen"


def test_the_table_says_the_same_in_the_order_of_the_days() -> None:
    with translation.override("en"):
        (row,) = laid_out(a_schedule())["rows"]
    assert row["texts"] == [
        "works 2026-03-01 – 2026-09-30",
        "a day 2026-03-01 – 2026-03-01",
        "half 2026-06-01 (reached)",
    ]


@pytest.mark.parametrize("years", [0, 1, 3, 9, 40, 120])
def test_ticks_never_crowd(years: int) -> None:
    found = ticks(date(2020, 1, 15), date(2020 + years, 12, 31))
    assert 0 < len(found) <= MOST_TICKS
    assert [day for _months, day in found] == sorted(day for _months, day in found)
