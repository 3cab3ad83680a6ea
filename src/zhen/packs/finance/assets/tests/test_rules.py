"""Depreciation to the fen: worked examples, and what holds for every life."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.packs.finance.assets.rules import Begins, Life, begins_on, next_month, worn_by, worn_in

JANUARY = date(2026, 1, 1)


def life(yuan: str, years: int, acquired_on: date, rule: Begins = Begins.SAME_MONTH) -> Life:
    whole, _point, part = yuan.replace(",", "").partition(".")
    fen = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    return Life(value=fen, months=years * 12, begins=begins_on(acquired_on, rule))


@pytest.mark.parametrize(
    ("what", "bought", "month", "in_month", "by_then"),
    [
        ("a computer, its first month", life("7,200", 6, date(2026, 1, 28)), JANUARY, 100_00, 100_00),
        ("nothing before it was bought", life("7,200", 6, date(2026, 2, 1)), JANUARY, 0, 0),
        ("a printer that does not divide", life("4,999", 6, date(2026, 3, 5)), date(2026, 12, 1), 69_43, 694_30),
        ("… its last month takes the rest", life("4,999", 6, date(2026, 3, 5)), date(2032, 2, 1), 69_47, 4_999_00),
        ("… and then nothing", life("4,999", 6, date(2026, 3, 5)), date(2032, 3, 1), 0, 4_999_00),
        ("a car over eight years", life("186,000", 8, date(2024, 6, 30)), date(2026, 5, 1), 1_937_50, 46_500_00),
        ("desks over fifteen", life("31,250.50", 15, date(2026, 11, 2)), date(2027, 1, 1), 173_61, 520_83),
        ("an office building", life("12,345,678.90", 50, date(1998, 8, 1)), date(2026, 7, 1), 20_576_13, 6_913_579_68),
        (
            "in a village collective's books, from the month after",
            life("7,200", 6, date(2026, 1, 28), Begins.NEXT_MONTH), date(2026, 2, 1), 100_00, 100_00,
        ),
        ("… not in its own", life("7,200", 6, date(2026, 1, 28), Begins.NEXT_MONTH), JANUARY, 0, 0),
    ],
)  # fmt: skip
def test_worked_examples(what: str, bought: Life, month: date, in_month: int, by_then: int) -> None:
    assert (worn_in(bought, month), worn_by(bought, month)) == (in_month, by_then), what


lives = st.builds(
    Life,
    value=st.integers(1, 10**13),
    months=st.integers(1, 600),
    begins=st.dates(date(1980, 1, 1), date(2030, 1, 1)).map(lambda day: day.replace(day=1)),
)


@given(lives)
def test_all_months_come_to_the_value_and_none_takes_back(bought: Life) -> None:
    month, total, before = bought.begins, 0, 0
    for _number in range(bought.months):
        amount = worn_in(bought, month)
        total += amount
        assert amount >= 0
        assert worn_by(bought, month) == total >= before
        before, month = total, next_month(month)
    assert total == bought.value
    assert worn_in(bought, month) == 0


@given(lives)
def test_every_month_but_the_last_writes_off_the_same(bought: Life) -> None:
    usual = bought.value // bought.months
    assert worn_by(bought, bought.begins) in {usual, bought.value}
    assert bought.value - usual * (bought.months - 1) >= usual


def test_the_year_turns() -> None:
    assert next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert begins_on(date(2026, 12, 31), Begins.NEXT_MONTH) == date(2027, 1, 1)
