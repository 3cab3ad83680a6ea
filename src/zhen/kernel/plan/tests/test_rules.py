"""Where a promise stands: examples, and what must hold for any promise."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.plan.quantities import convert, plain, unit_of
from zhen.kernel.plan.rules import (
    CEILINGS,
    Standing,
    Terms,
    elapsed,
    measure_standing,
    satisfied,
    target_standing,
)

YEAR: dict[str, Any] = {"starts": date(2024, 1, 1), "due": date(2024, 12, 31)}
WORST_LAST = [Standing.KEPT, Standing.ON_TRACK, Standing.DUE_SOON, Standing.BEHIND, Standing.OVERDUE]


def terms(comparator: str = "=", low: str = "7", *, accumulates: bool = True, **more: object) -> Terms:
    values: dict[str, Any] = {"high": None, "baseline": None, **YEAR, **more}
    return Terms(comparator=comparator, low=Decimal(low), accumulates=accumulates, **values)


@pytest.mark.parametrize(
    ("value", "today", "standing"),
    [
        ("7", date(2024, 2, 1), Standing.KEPT),
        ("8", date(2024, 2, 1), Standing.KEPT),
        ("3", date(2024, 5, 1), Standing.ON_TRACK),
        ("1", date(2024, 7, 1), Standing.BEHIND),
        ("6.7", date(2024, 12, 20), Standing.DUE_SOON),
        ("6", date(2025, 1, 1), Standing.OVERDUE),
    ],
)
def test_a_count_grows_towards_its_promise(value: Any, today: Any, standing: Any) -> None:
    assert target_standing(terms(), Decimal(value), today) is standing


@pytest.mark.parametrize(
    ("value", "today", "standing"),
    [
        ("6.2", date(2024, 6, 1), Standing.ON_TRACK),
        ("5.9", date(2024, 6, 1), Standing.BEHIND),
        ("6.2", date(2025, 1, 1), Standing.KEPT),
        ("5.9", date(2025, 1, 1), Standing.OVERDUE),
    ],
)
def test_a_rate_must_hold_all_along(value: Any, today: Any, standing: Any) -> None:
    assert target_standing(terms(low="6", accumulates=False), Decimal(value), today) is standing


def test_a_ceiling_is_kept_only_when_the_time_is_over() -> None:
    ceiling = terms("<=", "100")
    assert target_standing(ceiling, Decimal(90), date(2024, 6, 1)) is Standing.ON_TRACK
    assert target_standing(ceiling, Decimal(101), date(2024, 6, 1)) is Standing.BEHIND
    assert target_standing(ceiling, Decimal(90), date(2025, 1, 1)) is Standing.KEPT


def test_late_figures_are_not_a_late_town() -> None:
    growth = terms(low="6", accumulates=False)
    in_january: dict[str, Any] = {"today": date(2025, 1, 10), "covered": date(2024, 12, 1)}
    assert target_standing(growth, Decimal(5), **in_january) is Standing.BEHIND
    assert target_standing(growth, Decimal(7), **in_january) is Standing.ON_TRACK
    half_way = target_standing(terms(low="12"), Decimal(6), date(2024, 9, 1), covered=date(2024, 7, 1))
    assert half_way is Standing.ON_TRACK


def test_a_multiple_needs_the_value_at_the_start() -> None:
    assert satisfied(terms("multiple", "2"), Decimal(10)) is None
    assert satisfied(terms("multiple", "2", baseline=Decimal(5)), Decimal(10)) is True


def test_what_has_no_number_is_not_measurable() -> None:
    for comparator in ("qualitative", "relative"):
        assert target_standing(terms(comparator), Decimal(1), date(2025, 6, 1)) is Standing.NOT_MEASURABLE
    assert target_standing(terms(), None, date(2025, 6, 1)) is Standing.NOT_MEASURABLE


@pytest.mark.parametrize(
    ("state", "today", "standing"),
    [
        ("not_reported", date(2024, 3, 1), Standing.NOT_REPORTED),
        ("not_started", date(2024, 3, 1), Standing.ON_TRACK),
        ("not_started", date(2024, 8, 1), Standing.BEHIND),
        ("under_way", date(2024, 8, 1), Standing.ON_TRACK),
        ("under_way", date(2024, 12, 20), Standing.DUE_SOON),
        ("at_risk", date(2024, 3, 1), Standing.BEHIND),
        ("under_way", date(2025, 1, 1), Standing.OVERDUE),
        ("done", date(2025, 6, 1), Standing.KEPT),
    ],
)
def test_a_measure_stands_where_its_owner_reported_it(state: Any, today: Any, standing: Any) -> None:
    assert measure_standing(state=state, today=today, **YEAR) is standing


days = st.dates(min_value=date(2023, 6, 1), max_value=date(2025, 6, 1))
numbers = st.decimals(min_value=0, max_value=1000, places=2)


@given(
    low=numbers,
    a=numbers,
    b=numbers,
    today=days,
    accumulates=st.booleans(),
    comparator=st.sampled_from(["=", ">=", ">", "≈"]),
)
def test_more_never_looks_worse(low: Any, a: Any, b: Any, today: Any, accumulates: Any, comparator: Any) -> None:
    promise = terms(comparator, str(low), accumulates=accumulates)
    less, more = sorted((a, b))
    assert WORST_LAST.index(target_standing(promise, more, today)) <= WORST_LAST.index(
        target_standing(promise, less, today)
    )


@given(
    low=numbers,
    value=numbers,
    today=days,
    accumulates=st.booleans(),
    comparator=st.sampled_from(["=", ">=", "<=", "<", ">", "≈"]),
)
def test_after_the_due_date_there_is_only_kept_and_overdue(
    low: Any, value: Any, today: Any, accumulates: Any, comparator: Any
) -> None:
    standing = target_standing(terms(comparator, str(low), accumulates=accumulates), value, today)
    assert (standing is Standing.OVERDUE) <= (today > YEAR["due"])
    if today > YEAR["due"]:
        assert standing in (Standing.KEPT, Standing.OVERDUE)


@given(
    low=numbers, value=numbers, day=days, later=st.integers(0, 400), comparator=st.sampled_from(["=", ">=", ">", "≈"])
)
def test_waiting_alone_never_helps_what_accumulates(
    low: Any, value: Any, day: Any, later: Any, comparator: Any
) -> None:
    promise = terms(comparator, str(low))
    now, then = (target_standing(promise, value, d) for d in (day, day + timedelta(days=later)))
    assert WORST_LAST.index(then) >= WORST_LAST.index(now)


@given(value=numbers, comparator=st.sampled_from(sorted(CEILINGS)), today=days)
def test_a_ceiling_that_is_exceeded_is_never_on_track(value: Any, comparator: Any, today: Any) -> None:
    standing = target_standing(terms(comparator, "500"), value, today)
    assert (standing in (Standing.BEHIND, Standing.OVERDUE)) == (value > 500 or (comparator == "<" and value == 500))


@given(start=days, length=st.integers(0, 800), today=days)
def test_elapsed_time_is_a_part_of_the_whole(start: Any, length: Any, today: Any) -> None:
    part = elapsed(start, start + timedelta(days=length), today)
    assert 0 <= part <= 1


def test_units_of_plans() -> None:
    assert unit_of("万平方米") == unit_of("万平方米")
    assert convert(Decimal(52000), "亩", "万亩") == Decimal("5.2")
    assert convert(Decimal(3), "家", "个") == 3
    assert convert(Decimal(3), "人次", "人") is None
    assert convert(Decimal(1), "亿元", "万元") == 10000
    assert unit_of("千瓦").base == "千瓦"
    assert plain(Decimal("100.000000")) == "100"
