"""Thresholds of consent, progress, dates: pure, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhen.packs.renewal.kinds import KINDS, Evidence, Kind
from zhen.packs.renewal.rules import Amount, Lack, Terms, Votes, days_of, due_days, lacking, months_later, progress

USE = Terms(part=(2, 3), agree=(1, 2), more_than=True)
ALTER = Terms(part=(2, 3), agree=(3, 4), more_than=False)
OLD = Terms(part=(2, 3), agree=(2, 3), more_than=False, of_all=True)


def votes(asked: int, agreed: int, against: int = 0, abstained: int = 0) -> Votes:
    rest = asked - agreed - against - abstained
    return Votes(
        asked=Decimal(asked), agreed=Decimal(agreed), against=Decimal(against), abstained=Decimal(abstained),
        unreached=Decimal(rest),
    )  # fmt: skip


def test_two_thirds_take_part_is_enough_and_one_less_is_not() -> None:
    assert lacking(votes(300, 150, 50), votes(300, 150, 50), USE) == ()
    assert lacking(votes(300, 150, 49), votes(300, 150, 50), USE) == (Lack.PART_HOUSEHOLDS,)


def test_exactly_half_is_not_more_than_half() -> None:
    assert lacking(votes(200, 100, 100), votes(200, 101, 99), USE) == (Lack.AGREE_HOUSEHOLDS,)
    assert lacking(votes(200, 101, 99), votes(200, 100, 100), USE) == (Lack.AGREE_AREA,)
    assert lacking(votes(200, 101, 99), votes(200, 101, 99), USE) == ()


def test_exactly_three_quarters_are_three_quarters_or_more() -> None:
    assert lacking(votes(400, 300, 100), votes(400, 300, 100), ALTER) == ()
    assert lacking(votes(400, 299, 101), votes(400, 300, 100), ALTER) == (Lack.AGREE_HOUSEHOLDS,)


def test_whoever_abstains_takes_part_and_does_not_agree() -> None:
    assert lacking(votes(300, 120, 0, 80), votes(300, 120, 0, 80), USE) == ()
    assert lacking(votes(300, 100, 0, 100), votes(300, 100, 0, 100), USE) == (Lack.AGREE_HOUSEHOLDS, Lack.AGREE_AREA)


def test_before_the_civil_code_two_thirds_of_all_owners_had_to_agree() -> None:
    few = votes(300, 190, 10)
    assert lacking(few, few, ALTER) == ()
    assert lacking(few, few, OLD) == (Lack.AGREE_HOUSEHOLDS, Lack.AGREE_AREA)
    assert lacking(votes(300, 200), votes(300, 200), OLD) == ()


def test_nobody_reached_agrees_to_nothing() -> None:
    none = votes(100, 0)
    assert set(lacking(none, none, USE)) == set(Lack)


@pytest.mark.parametrize(("agreed", "fits"), [(100, True), (101, False)])
def test_votes_add_up_to_those_asked(agreed: int, fits: bool) -> None:
    assert votes(100, agreed).adds_up is fits


def test_quantities_decide_the_progress_and_none_counts_for_more_than_was_planned() -> None:
    lines = [
        Amount(planned=Decimal(100), measured=Decimal(50), weight=60),
        Amount(planned=Decimal(10), measured=Decimal(30), weight=40),
    ]
    assert progress(lines, [(1, False)]) == 70
    assert progress([Amount(planned=Decimal(3), measured=Decimal("2.999"), weight=1)], []) == 99


def test_without_quantities_milestones_tell_the_progress() -> None:
    assert progress([], [(5, True), (10, True), (85, False)]) == 15
    assert progress([], []) == 0


def test_milestones_are_spread_over_the_plan_in_their_order() -> None:
    for kind in Kind:
        days = [day for _step, day in due_days(kind, date(2026, 1, 1), date(2026, 12, 31))]
        assert days == sorted(days)
        assert days[-1] == date(2026, 12, 31)
        assert sum(step.weight for step in KINDS[kind].steps) > 0
        assert KINDS[kind].steps[-1].evidence is Evidence.ACCEPTANCE


def test_days_of_publicity_count_both_ends_and_warranties_end_on_the_same_day() -> None:
    assert days_of(date(2026, 3, 1), date(2026, 3, 7)) == 7
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 11, 30), 60) == date(2031, 11, 30)
