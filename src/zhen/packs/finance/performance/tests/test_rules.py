"""Scores, grades and slips."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.pages.api import Tone
from zhen.packs.finance.performance.rules import Bands, Comparator, Grade, achieved, executed, grade_of, points, tone_of

BANDS = Bands(excellent=90, good=80, fair=60)
numbers = st.decimals(-(10**6), 10**6, places=2)


@pytest.mark.parametrize(
    ("value", "target", "comparator", "share"),
    [
        ("95", "90", "ge", "1"),
        ("45", "90", "ge", "0.5"),
        ("-1", "90", "ge", "0"),
        ("3", "5", "le", "1"),
        ("10", "5", "le", "0.5"),
        ("1", "0", "le", "0"),
        ("12", "12", "eq", "1"),
        ("9", "12", "eq", "0.75"),
        ("30", "12", "eq", "0"),
        ("0", "0", "ge", "1"),
    ],
)
def test_how_much_of_a_target_is_reached(value: str, target: str, comparator: str, share: str) -> None:
    assert achieved(Decimal(value), Decimal(target), comparator) == Decimal(share)


@given(numbers, numbers, st.sampled_from(Comparator.values))
def test_a_share_is_between_nothing_and_all(value: Decimal, target: Decimal, comparator: str) -> None:
    assert 0 <= achieved(value, target, comparator) <= 1


@given(numbers, numbers, st.decimals(0, 10**6, places=2))
def test_more_is_never_worse_where_at_least_is_asked(value: Decimal, target: Decimal, more: Decimal) -> None:
    assert achieved(value + more, target, "ge") >= achieved(value, target, "ge")


@given(st.lists(st.integers(1, 20), min_size=1, max_size=9), st.data())
def test_points_come_to_no_more_than_their_weights(weights: list[int], data: st.DataObject) -> None:
    shares = [data.draw(st.decimals(0, 1, places=4)) for _weight in weights]
    total = sum(points(Decimal(weight), share) for weight, share in zip(weights, shares, strict=True))
    assert 0 <= total <= sum(weights)


@pytest.mark.parametrize(
    ("score", "grade"),
    [("100", "excellent"), ("90", "excellent"), ("89.99", "good"), ("80", "good"), ("60", "fair"), ("59.99", "poor")],
)
def test_grades(score: str, grade: str) -> None:
    assert grade_of(Decimal(score), BANDS) == Grade(grade)


def test_execution_is_capped_and_nothing_granted_is_nothing_done() -> None:
    assert [executed(50, 100), executed(120, 100), executed(0, 0)] == [Decimal("0.5"), 1, 0]


@pytest.mark.parametrize(
    ("share", "tone"),
    [
        (None, Tone.NEUTRAL),
        ("0.5", Tone.ON_TRACK),
        ("0.41", Tone.DUE_SOON),
        ("0.25", Tone.BEHIND),
        ("0.1", Tone.OVERDUE),
    ],
)
def test_slips_at_mid_year(share: str | None, tone: Tone) -> None:
    found = None if share is None else Decimal(share)
    assert tone_of(found, Decimal("0.5"), blue=10, yellow=30) == tone
