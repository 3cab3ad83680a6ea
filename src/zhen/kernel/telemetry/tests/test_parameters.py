"""The numbers of alarm rules as dated rows."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.api import PROFILES, Above, AlarmRule, AllOf, Severity, Silent
from zhen.kernel.telemetry.models import RuleParameter
from zhen.kernel.telemetry.parameters import effective, in_force, numbers_of, seed, set_parameter, with_numbers
from zhen.kernel.telemetry.testing import a_device
from zhen.kernel.telemetry.tests.conftest import Cast

SEAT = PROFILES["dummy_pack.seat"]
BOTH = AlarmRule(
    code="both",
    name="both",
    severity=Severity.MINOR,
    when=AllOf(Above("load", 500, clear=400), Silent(timedelta(minutes=3))),
    times=3,
    within=timedelta(hours=1),
)


def limit(hands: Hands, device: int | None = None) -> float:
    rules = effective(SEAT, in_force(hands.now).filter(profile=SEAT.code), device)
    when = rules[0].when
    assert isinstance(when, Above)
    return when.limit


def test_every_number_of_a_rule_has_a_name_and_can_be_changed() -> None:
    numbers = numbers_of(BOTH)

    assert numbers == {"0.limit": 500, "0.clear": 400, "1.after": 180, "lasting": 0, "times": 3, "within": 3600}
    assert with_numbers(BOTH, numbers) == BOTH
    changed = with_numbers(BOTH, {"1.after": 60, "times": 2, "nothing": 7})
    assert changed.when == AllOf(Above("load", 500, clear=400), Silent(timedelta(minutes=1)))
    assert changed.times == 2


def test_the_declared_numbers_become_rows_once(db: None, hands: Hands) -> None:
    made = seed(hands.now)

    assert made == RuleParameter.objects.count()
    assert RuleParameter.objects.get(profile=SEAT.code, parameter="limit").value == 500
    assert seed(hands.now) == 0


def test_a_limit_holds_from_its_moment_for_all_or_for_one_device(cast: Cast, hands: Hands) -> None:
    seed(hands.now)
    one, other = a_device("S-1", cast.building, cast.fire), a_device("S-2", cast.building, cast.fire)
    set_limit = partial(
        set_parameter, cast.alice, profile=SEAT.code, rule="too_heavy", parameter="limit", source="minutes of 1 May"
    )

    set_limit(value=600, valid_from=hands.now + timedelta(hours=1))
    set_limit(value=450, device=one)

    assert (limit(hands, one.pk), limit(hands, other.pk), limit(hands)) == (450, 500, 500)
    hands.go(hours=1)
    assert (limit(hands, one.pk), limit(hands, other.pk), limit(hands)) == (450, 600, 600)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parameter": "size"}, "the rule has no such number"),
        ({"rule": "nothing"}, "there is no such rule"),
        ({"profile": "nothing"}, "there is no such rule"),
        ({"source": " "}, "it is empty"),
        ({"value": 399}, "clears above its limit"),
        ({"value": float("nan")}, "no number that a limit can have"),
    ],
)
def test_a_number_that_would_break_the_rule_is_refused(cast: Cast, changes: dict[str, object], why: str) -> None:
    given = {"profile": SEAT.code, "rule": "too_heavy", "parameter": "limit", "value": 450, "source": "x", **changes}

    with pytest.raises(Refused, match=why):
        set_parameter(cast.alice, **given)  # type: ignore[arg-type]

    assert not RuleParameter.objects.exists()


def test_a_stranger_sets_no_limits(cast: Cast) -> None:
    with pytest.raises(Denied):
        set_parameter(
            cast.charlie, profile=SEAT.code, rule="too_heavy", parameter="limit", value=1, source="my own idea"
        )
