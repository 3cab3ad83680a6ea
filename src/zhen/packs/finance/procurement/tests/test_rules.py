"""Method, splitting, times, points and rank: the tables of the rules, and what holds for all amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib import calendar
from zhen.packs.finance.procurement import rules
from zhen.packs.finance.procurement.rules import Offer, Row

ON = date(2026, 9, 15)
WAN = 1_000_000
CENTRAL = Row(
    code="limit",
    category="services",
    level="central",
    amount=100 * WAN,
    unit="fen",
    valid_from=date(2020, 1, 1),
    source="central",
    confirmed=True,
)
OPEN = replace(CENTRAL, code="open", amount=200 * WAN)
CITY = replace(OPEN, level="city", amount=400 * WAN, confirmed=False)
ROWS = (CENTRAL, OPEN, CITY)
amounts = st.integers(1, 1000 * WAN)


@pytest.mark.parametrize(
    ("amount", "method", "exception"),
    [
        (100 * WAN - 1, "small", False),
        (100 * WAN, "consultation", False),
        (400 * WAN - 1, "consultation", False),
        (400 * WAN, "open", True),
    ],
)
def test_the_amount_decides_the_method_by_the_nearest_level(amount: int, method: str, exception: bool) -> None:
    advice = rules.advise("services", amount, ROWS, ON)
    assert (advice.method, advice.exception) == (method, exception)


def test_a_later_row_holds_from_its_day_on() -> None:
    later = replace(CITY, amount=300 * WAN, valid_from=date(2026, 10, 1))
    assert rules.figure((*ROWS, later), "open", "services", date(2026, 9, 30)) == CITY
    assert rules.figure((*ROWS, later), "open", "services", date(2026, 10, 1)) == later


def test_without_a_figure_everything_is_an_open_tender() -> None:
    assert rules.advise("works", 1, ROWS, ON).method == "open"


@given(less=amounts, more=amounts)
def test_a_larger_amount_never_frees_another_method(less: int, more: int) -> None:
    less, more = min(less, more), max(less, more)
    assert rules.advise("services", more, ROWS, ON).free <= rules.advise("services", less, ROWS, ON).free


@given(amount=amounts, others=st.lists(amounts, max_size=6))
def test_needs_are_one_exactly_where_they_reach_together_what_none_reaches_alone(
    amount: int, others: list[int]
) -> None:
    split = rules.splitting("services", amount, others, ROWS, ON)
    crossed = [row for row in (CITY, CENTRAL) if others and max(amount, *others) < row.amount <= amount + sum(others)]
    assert (split.by if split else None) == (crossed[0] if crossed else None)
    assert split is None or split.total == amount + sum(others)


@given(parts=st.lists(st.integers(1, 99 * WAN), min_size=2, max_size=12))
def test_no_order_of_parts_hides_a_split(parts: list[int]) -> None:
    """Whoever asks for the parts one after another is told at the latest with the last one."""
    told = any(
        rules.splitting("services", part, parts[:number], ROWS, ON) is not None for number, part in enumerate(parts)
    )
    assert told == (sum(parts) >= CENTRAL.amount)


def test_periods_are_counted_as_the_law_counts() -> None:
    days = calendar.seed()
    tender = replace(CENTRAL, code="tender_days", category="", amount=20, unit="days")
    talks = replace(tender, code="negotiation_days", amount=3, unit="working_days")
    assert rules.earliest_opening("open", ON, (tender, talks), days) == (date(2026, 10, 5), tender)
    assert rules.earliest_opening("enquiry", date(2026, 9, 17), (tender, talks), days)[0] == days.add(
        date(2026, 9, 17), 3
    )
    assert rules.earliest_opening("small", ON, (tender, talks), days) == (ON, None)


@pytest.mark.parametrize("start", [date(2045, 3, 3), date(2045, 3, 4), date(2045, 3, 5), date(2045, 3, 6)])
def test_days_that_nobody_has_published_count_from_monday_to_friday(start: date) -> None:
    row = replace(CENTRAL, amount=3, unit="working_days")
    day, counted = start, 0
    while counted < 3:
        day = date.fromordinal(day.toordinal() + 1)
        counted += day.weekday() < 5
    assert rules.after(row, start, calendar.seed()) == day


def test_points_of_the_price_follow_the_lowest() -> None:
    assert rules.price_points(100, 100, 40) == 40
    assert rules.price_points(120, 100, 40) == Decimal("33.33")
    assert rules.price_points(300, 200, 30) == 20


def test_a_comprehensive_score_is_the_mean_of_the_members_and_the_price() -> None:
    cheap = Offer(key="cheap", price=100, scores=((Decimal(40),), (Decimal(41),)))
    good = Offer(key="good", price=120, scores=((Decimal(60),), (Decimal(58),)))
    first, second = rules.rank((cheap, good), "scored", 40)
    assert (first.key, first.points, second.points) == ("good", Decimal("92.33"), Decimal("80.50"))


def test_what_is_equal_shares_its_rank() -> None:
    offers = [Offer(key=key, price=price) for key, price in (("a", 5), ("b", 4), ("c", 4), ("d", 9))]
    assert [(one.key, one.rank) for one in rules.rank(offers, "lowest")] == [("b", 1), ("c", 1), ("a", 3), ("d", 4)]


prices = st.lists(st.integers(1, 10**9), min_size=1, max_size=8)


@given(prices=prices, way=st.sampled_from(["lowest", "scored"]), data=st.data())
def test_the_order_in_which_bids_came_decides_nothing(prices: list[int], way: str, data: st.DataObject) -> None:
    offers = [
        Offer(key=str(number), price=price, scores=((Decimal(data.draw(st.integers(0, 60))),),))
        for number, price in enumerate(prices)
    ]
    shuffled = data.draw(st.permutations(offers))
    assert rules.rank(offers, way, 40) == rules.rank(shuffled, way, 40)


@given(prices=prices, cut=st.integers(1, 10**9))
def test_who_asks_for_less_never_falls_back(prices: list[int], cut: int) -> None:
    offers = [Offer(key=str(number), price=price) for number, price in enumerate(prices)]
    before = {one.key: one.rank for one in rules.rank(offers, "lowest")}
    offers[0] = replace(offers[0], price=max(1, offers[0].price - cut))
    after = {one.key: one.rank for one in rules.rank(offers, "lowest")}
    assert after["0"] <= before["0"]
