"""A device profile is checked before anything is used, and cannot express the watching of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from zhen.kernel.lib.registry import Bundle
from zhen.kernel.telemetry.api import (
    PROFILES,
    Above,
    AlarmRule,
    AllOf,
    Below,
    DeviceProfile,
    Metric,
    Rate,
    Schedule,
    Severity,
    Window,
    profile_found,
)

HEAT = Metric(code="heat", name="heat", unit="°C", low=-40, high=125)
SMOKE = Metric(code="smoke", name="smoke", low=0, high=1, resolution=1)
HOT = AlarmRule(code="hot", name="hot", severity=Severity.MAJOR, when=Above("heat", 60, clear=55))
GOOD = DeviceProfile(
    code="fire.test_smoke", name="smoke", metrics=(HEAT, SMOKE), rules=(HOT,), interval=timedelta(hours=1)
)


def faults(*profiles: DeviceProfile) -> list[str]:
    """What start-up says of profiles; the registry keeps what it held."""
    held = dict(PROFILES.candidate)
    found = PROFILES.gather([Bundle(owner="fire", items=profiles)]) + PROFILES.validate()
    PROFILES.candidate.clear()  # type: ignore[attr-defined]
    PROFILES.candidate.update(held)  # type: ignore[attr-defined]
    return [problem.what for problem in found]


def with_rule(**changes: object) -> DeviceProfile:
    return replace(GOOD, rules=(replace(HOT, **changes),))  # type: ignore[arg-type]


def test_a_good_profile_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("unit", ["", "°", "person", "frame", "plate", "dB", "degrees"])
def test_what_is_no_measure_of_a_building_cannot_be_declared(unit: str) -> None:
    camera = replace(GOOD, metrics=(replace(HEAT, unit=unit),), rules=())

    assert faults(camera) == [f"the metric heat is in “{unit}”, which is no unit of a building"]


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        (replace(GOOD, metrics=(HEAT, HEAT)), "has no metrics, too many, or one twice"),
        (replace(GOOD, metrics=(), rules=()), "has no metrics, too many, or one twice"),
        (replace(GOOD, metrics=(replace(HEAT, code="Heat"),), rules=()), "the code Heat is no lower-case word"),
        (replace(GOOD, metrics=(replace(HEAT, low=9, high=9),)), "the range of heat is empty"),
        (replace(GOOD, rules=(HOT, HOT)), "has two rules hot"),
        (with_rule(when=Above("cold", 1)), "looks at the unknown metric cold"),
        (with_rule(when=AllOf(Above("heat", 1), Above("cold", 1))), "looks at the unknown metric cold"),
        (with_rule(when=AllOf(Above("heat", 1))), "joins fewer than two conditions"),
        (with_rule(when=Above("heat", 60, clear=61)), "clears above its limit"),
        (with_rule(when=Below("heat", 60, clear=59)), "clears below its limit"),
        (with_rule(when=Rate("heat", timedelta(0), 5)), "has a rate without a time or a step"),
        (with_rule(times=3), "counts without a time"),
        (with_rule(within=timedelta(minutes=1)), "counts without a time"),
        (with_rule(lasting=timedelta(minutes=-1)), "has a negative time"),
        (with_rule(grows=((timedelta(minutes=5), Severity.MAJOR),)), "does not grow step by step"),
        (with_rule(during=Schedule()), "has an unclear schedule"),
        (replace(GOOD, interval=timedelta(0)), "has no interval"),
        (replace(GOOD, keep_minutes_days=1), "keeps sums shorter than what they sum up"),
        (replace(GOOD, case_type="fire.party"), "opens the unknown case type fire.party"),
        (replace(GOOD, causes=("boredom",)), "has the unknown cause boredom"),
    ],
)
def test_a_faulty_profile_stops_the_start(profile: DeviceProfile, fault: str) -> None:
    assert fault in faults(profile)


def test_a_metric_has_one_unit_everywhere() -> None:
    other = replace(GOOD, code="fire.other", metrics=(replace(HEAT, unit="%"),), rules=())

    assert faults(GOOD, other) == ["measures heat in “%”, but fire.test_smoke in “°C”"]


def test_a_schedule_is_hours_of_the_week_or_the_towns_working_hours() -> None:
    night = Window(days=frozenset(range(7)), start=time(22), end=time(6))

    assert faults(with_rule(during=Schedule(windows=(night,)))) == []
    assert faults(with_rule(during=Schedule(working_hours=False))) == []


def test_severities_grow_and_have_words() -> None:
    assert Severity.NOTICE < Severity.CRITICAL
    assert [str(word) for _value, word in Severity.choices()] == ["notice", "minor", "major", "critical"]


def test_who_stands_in_measures_all_that_the_plain_profile_does() -> None:
    other = replace(GOOD, code="fire.other", metrics=(HEAT,), rules=(), stands_in_for="fire.test_smoke")
    assert faults(GOOD, other) == ["does not measure smoke, as fire.test_smoke does"]
    twice = replace(GOOD, code="fire.twice", stands_in_for="fire.test_smoke")
    assert faults(GOOD, replace(other, metrics=GOOD.metrics), twice) == [
        "stands in for fire.test_smoke, as fire.other does"
    ]


def test_what_a_gateway_finds_gets_the_profile_that_stands_in() -> None:
    assert profile_found("park_gateway.thing") == "dummy_pack.seat"
    assert profile_found("dummy_pack.seat") == "dummy_pack.seat"
