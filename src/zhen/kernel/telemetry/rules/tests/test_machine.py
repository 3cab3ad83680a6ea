"""What each kind of rule says to a few readings."""

from datetime import time

import pytest

from zhen.kernel.telemetry.declarations import (
    Above,
    AllOf,
    AnyOf,
    Below,
    Equals,
    Rate,
    Schedule,
    Severity,
    Silent,
    Window,
)
from zhen.kernel.telemetry.rules.evaluating import evaluate
from zhen.kernel.telemetry.rules.tests.driving import DEVICE, MINUTE, Driven, at, minutes, rule
from zhen.kernel.telemetry.storage.batch import Message

HOT = Above("heat", 60, clear=55)


def test_a_threshold_opens_above_its_limit_and_clears_below_its_hysteresis() -> None:
    driven = Driven(rule(HOT))
    for minute, heat in enumerate((60, 61, 58, 55.5, 55, 58)):
        driven.read(minute, heat=heat)
    assert driven.told == ["open 1", "clear 4"]


def test_a_threshold_below_turns_everything_round() -> None:
    driven = Driven(rule(Below("level", 2, clear=3)))
    for minute, level in enumerate((2, 1.9, 2.5, 3)):
        driven.read(minute, level=level)
    assert driven.told == ["open 1", "clear 3"]


def test_an_alarm_names_the_reading_that_did_it() -> None:
    driven = Driven(rule(HOT)).read(1, other=3, heat=80)
    assert (driven.effects[0].metric, driven.effects[0].value) == ("heat", 80)


def test_a_condition_must_last_and_a_sweep_notices_it_at_its_true_time() -> None:
    driven = Driven(rule(HOT, lasting=minutes(5))).read(1, heat=70).sweep(5.9)
    assert driven.told == []
    assert driven.sweep(9).told == ["open 6"]


def test_a_later_reading_notices_that_a_condition_has_lasted() -> None:
    assert Driven(rule(HOT, lasting=minutes(5))).read(1, heat=70).read(20, heat=20).told == ["open 6", "clear 20"]


def test_a_condition_that_is_broken_off_begins_anew() -> None:
    driven = Driven(rule(HOT, lasting=minutes(5))).read(1, heat=70).read(5, heat=20).read(6, heat=70).sweep(10.9)
    assert driven.told == []
    assert driven.sweep(11).told == ["open 11"]


def test_repeating_counts_readings_within_its_time() -> None:
    driven = Driven(rule(Equals("button", 1), times=3, within=minutes(10)))
    driven.read(0, button=1).read(6, button=1).read(11, button=1)
    assert driven.told == []
    assert driven.read(12, button=1).told == ["open 12"]


def test_repeating_counts_each_time_that_a_condition_lasted() -> None:
    driven = Driven(rule(HOT, lasting=minutes(2), times=2, within=minutes(30)))
    driven.read(0, heat=70).read(3, heat=70).read(4, heat=20)
    assert driven.told == []
    assert driven.read(10, heat=70).read(13, heat=70).told == ["open 12"]


def test_the_same_message_twice_counts_once() -> None:
    driven = Driven(rule(Equals("button", 1), times=2, within=minutes(10)))
    assert driven.read(1, button=1).read(1, button=1).told == []


def test_a_rise_is_measured_against_the_lowest_of_its_time() -> None:
    driven = Driven(rule(Rate("heat", minutes(16), 8)))
    driven.read(0, heat=20).read(5, heat=24).read(10, heat=28)
    assert driven.told == []
    assert driven.read(11, heat=28.5).told == ["open 11"]
    assert driven.read(30, heat=28.5).told == ["open 11", "clear 30"]


def test_a_fall_is_a_rate_below_nought() -> None:
    assert Driven(rule(Rate("level", minutes(16), -2))).read(0, level=5).read(5, level=2.9).told == ["open 5"]


def test_parts_are_joined_across_metrics() -> None:
    driven = Driven(rule(AllOf(HOT, AnyOf(Equals("smoke", 1), Above("gas", 20)))))
    driven.read(1, heat=70).read(2, smoke=1).read(3, smoke=0).read(4, gas=25)
    assert driven.told == ["open 2", "clear 3", "open 4"]


def test_what_one_message_brings_and_takes_away_never_holds_together() -> None:
    driven = Driven(rule(AllOf(HOT, Equals("smoke", 1)))).read(1, heat=20, smoke=1).read(2, heat=70, smoke=0)
    assert driven.told == []


def test_severity_grows_while_the_alarm_lasts() -> None:
    grows = ((minutes(10), Severity.MAJOR), (minutes(30), Severity.CRITICAL))
    driven = Driven(rule(HOT, grows=grows)).read(0, heat=70).sweep(15).sweep(15)
    assert driven.told == ["open 0", "grow 10 major"]
    assert driven.read(45, heat=20).told == ["open 0", "grow 10 major", "grow 30 critical", "clear 45"]


def test_an_alarm_clears_when_it_has_not_recurred() -> None:
    driven = Driven(rule(Equals("button", 1), clears_after=minutes(10)))
    driven.read(0, button=1).read(8, button=1).read(9, button=0).sweep(17.9)
    assert driven.told == ["open 0"]
    assert driven.sweep(60).told == ["open 0", "clear 18"]
    assert driven.read(61, button=1).told == ["open 0", "clear 18", "open 61"]


def test_a_device_that_never_says_that_it_is_over_alarms_again_after_it_was_cleared() -> None:
    driven = Driven(rule(Equals("button", 1), clears_after=minutes(10), lasting=minutes(1)))
    driven.read(0, button=1).sweep(20).sweep(40)
    assert driven.told == ["open 1", "clear 11"]
    assert driven.read(41, button=1).sweep(45).told == ["open 1", "clear 11", "open 42"]


def test_a_rule_looks_only_during_its_weekly_windows() -> None:
    night = Schedule(windows=(Window(days=frozenset(range(7)), start=time(22), end=time(6)),))
    driven = Driven(rule(Equals("door", 1), during=night)).read(0, door=1).sweep(12 * 60)
    assert driven.told == []
    assert driven.sweep(13 * 60).told == ["open 780"], "left open when the night begins"
    assert driven.sweep(24 * 60).told == ["open 780", "clear 1260"], "the night ends at six"


def test_working_hours_know_the_days_off() -> None:
    outside = Schedule(working_hours=False)
    driven = Driven(rule(Equals("door", 1), during=outside)).read(10, door=1).sweep(2 * 60)
    assert driven.told == []
    assert driven.sweep(3 * 60).told == ["open 180"], "the noon pause"
    friday_evening = 4 * 24 * 60 + 12 * 60
    driven.read(friday_evening, door=0).read(friday_evening + 1, door=1).sweep(6 * 24 * 60)
    assert driven.told[-1] == f"open {friday_evening + 1}", "the whole weekend lies outside"


def test_silence_is_noticed_and_clears_when_data_return() -> None:
    driven = Driven(rule(Silent()), interval=2).read(1, heat=20).sweep(6.9)
    assert driven.told == []
    driven.sweep(7)
    assert driven.told == ["open 7"]
    driven.sweep(8).read(30, heat=20)
    assert driven.told == ["open 7", "clear 30"]
    driven.sweep(36)
    assert driven.told == ["open 7", "clear 30", "open 36"]


def test_a_late_reading_proves_that_a_device_is_alive() -> None:
    driven = Driven(rule(Silent(minutes(5)))).read(1, heat=20).sweep(6).read(0.5, heat=20)
    assert driven.told == ["open 6", "clear 6"]


def test_a_device_behind_a_silent_gateway_is_not_called_silent() -> None:
    driven = Driven(rule(Silent(minutes(5)))).read(1, heat=20).sweep(7, hushed=12).sweep(11)
    assert driven.told == []
    driven.sweep(12).sweep(16.9)
    assert driven.told == [], "the gateway is back, and the device has its time to be heard"
    assert driven.sweep(17).told == ["open 6"]


def test_a_late_reading_does_not_change_what_holds_now() -> None:
    driven = Driven(rule(HOT, lasting=minutes(5))).read(10, heat=20).read(4, heat=70).sweep(30)
    assert driven.told == []


def test_a_late_alarm_is_not_lost() -> None:
    driven = Driven(rule(Equals("smoke", 1))).read(10, smoke=0).read(9, smoke=1).read(9.5, smoke=1)
    assert driven.told == ["open 9", "clear 10"]


def test_a_late_reading_of_an_alarm_that_was_told_is_no_second_alarm() -> None:
    driven = Driven(rule(Equals("smoke", 1))).read(10, smoke=1).read(12, smoke=0).read(11, smoke=1).read(10, smoke=1)
    assert driven.told == ["open 10", "clear 12"]


def test_a_clock_that_runs_ahead_does_not_shut_out_what_follows() -> None:
    driven = Driven(rule(HOT))
    future = Message(DEVICE, at(600_000), at(1), (("heat", 20.0),))
    evaluate([future], {DEVICE: driven.program}, driven.states, driven.newest)
    assert driven.read(2, heat=70).told == ["open 2"]


def test_a_person_clears_and_the_next_reading_alarms_anew() -> None:
    driven = Driven(rule(HOT)).read(1, heat=70).clear_by_hand(3).sweep(4)
    assert driven.told == ["open 1", "clear 3"]
    assert driven.read(5, heat=70).told == ["open 1", "clear 3", "open 5"]


@pytest.mark.parametrize("between", [1, 2, 3, 4])
def test_a_restart_between_the_halves_of_a_condition_changes_nothing(between: int) -> None:
    """`Driven` stores and reads every state; here the second half is another process."""
    first = Driven(rule(HOT, lasting=minutes(5))).read(0, heat=70)
    second = Driven(rule(HOT, lasting=minutes(5)))
    second.states, second.newest = first.states, {(DEVICE, "heat"): at(0)}
    assert second.read(between, heat=70).sweep(5).told == ["open 5"]


def test_one_idle_reading_costs_no_state() -> None:
    driven = Driven(rule(HOT)).read(1, heat=20)
    assert driven.states == {}


def test_a_value_that_confirms_an_alarm_writes_nothing() -> None:
    driven = Driven(rule(HOT)).read(1, heat=70)
    changes = evaluate(
        [Message(DEVICE, at(2), at(2), (("heat", 71.0),))], {DEVICE: driven.program}, driven.states, driven.newest
    )
    assert changes.states == {}


def test_a_rate_keeps_few_values() -> None:
    driven = Driven(rule(Rate("heat", minutes(16), 100)))
    for second in range(2000):
        driven.messages((second / 60, {"heat": second / 1000}))
    assert len(driven.states[DEVICE, "rule"].windows[0]) <= 16
    assert driven.program.machines["rule"].tree.leaves["heat"][0].width == MINUTE  # type: ignore[union-attr]
