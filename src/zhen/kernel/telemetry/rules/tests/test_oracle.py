"""Whatever rule, whatever readings, whenever swept, restarted or repeated: the machine tells what the oracle tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from zhen.kernel.telemetry.declarations import (
    Above,
    AlarmRule,
    AllOf,
    AnyOf,
    Below,
    Condition,
    Equals,
    Rate,
    Schedule,
    Severity,
    Silent,
    Window,
)
from zhen.kernel.telemetry.rules.tests.driving import Driven, minutes, rule
from zhen.kernel.telemetry.rules.tests.oracle import told

UNTIL = 100
SPAN = st.integers(1, 15).map(minutes)
METRIC = st.sampled_from(("heat", "smoke"))
VALUE = st.integers(0, 10)
MINUTES = st.integers(0, UNTIL)
READ = st.dictionaries(MINUTES, st.dictionaries(METRIC, VALUE, min_size=1), min_size=1, max_size=40)


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    metric, limit = draw(METRIC), draw(st.integers(2, 8))
    match draw(st.sampled_from(("above", "below", "equals", "rate"))):
        case "above":
            return Above(metric, limit, clear=draw(st.none() | st.integers(0, limit)))
        case "below":
            return Below(metric, limit, clear=draw(st.none() | st.integers(limit, 10)))
        case "equals":
            return Equals(metric, limit)
        case _:
            return Rate(metric, minutes(16), draw(st.sampled_from((-4, -1, 1, 4))))


def join(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3)
    return parts.map(lambda found: AllOf(*found)) | parts.map(lambda found: AnyOf(*found))


TREES: st.SearchStrategy[Condition] = st.recursive(leaves(), join, max_leaves=4)
CLEARS = st.none() | SPAN
GROWS = st.sampled_from(
    (
        (),
        ((minutes(7), Severity.MAJOR),),
        ((minutes(3), Severity.MAJOR), (minutes(20), Severity.CRITICAL)),
    )
)


@st.composite
def windows(draw: st.DrawFn) -> Schedule:
    start = draw(st.integers(9, 10))
    end = draw(st.integers(start + 1, 11))
    return Schedule(windows=(Window(days=frozenset({0}), start=time(start, 20), end=time(end, 10)),))


@st.composite
def rules(
    draw: st.DrawFn,
    when: st.SearchStrategy[Condition] = TREES,
    clears: st.SearchStrategy[timedelta | None] = CLEARS,
) -> AlarmRule:
    times = draw(st.integers(1, 3))
    return rule(
        draw(when),
        lasting=draw(st.just(minutes(0)) | SPAN),
        times=times,
        within=draw(SPAN) if times > 1 else None,
        grows=draw(GROWS),
        clears_after=draw(clears),
        during=draw(st.none() | windows()),
    )  # fmt: skip


@settings(max_examples=150)
@given(rules(), READ, st.sets(MINUTES, max_size=12), st.randoms(use_true_random=False))
def test_the_machine_tells_what_the_oracle_tells(declared, read, sweeps, chance) -> None:  # type: ignore[no-untyped-def]
    """Sweeps come at any time; batches are of any size; what was read comes again, and again late."""
    driven = Driven(declared)
    momentary = driven.program.machines["rule"].momentary
    waiting: list[tuple[float, Mapping[str, float]]] = []
    for minute in sorted({*read, *sweeps}):
        if minute in read:
            waiting.append((minute, read[minute]))
            if chance.random() < 0.3:
                waiting.append((minute, read[minute]))
            if chance.random() < 0.3 and not momentary:
                known = dict.fromkeys(read[minute], 10)
                waiting.append((minute - chance.randint(1, 9), known))
        if chance.random() < 0.5 or minute in sweeps:
            driven.messages(*waiting)
            waiting = []
        if minute in sweeps:
            driven.sweep(minute + 0.5)
    driven.messages(*waiting).sweep(UNTIL)
    assert driven.told == told(declared, read, UNTIL)


@settings(max_examples=80)
@given(rules(st.builds(Silent, SPAN), st.none()), st.dictionaries(MINUTES, st.just({"heat": 1}), max_size=20))
def test_silence_is_what_the_oracle_calls_silence(declared, read) -> None:  # type: ignore[no-untyped-def]
    """Swept every minute: what a silence is worth shows only when somebody looks."""
    driven = Driven(declared)
    for minute in range(UNTIL + 1):
        driven.sweep(minute)
        if minute in read:
            driven.read(minute, **read[minute])
    assert driven.told == told(declared, read, UNTIL)


@settings(max_examples=80)
@given(rules(TREES), st.lists(st.tuples(MINUTES, METRIC, VALUE), max_size=60))
def test_in_whatever_order_readings_come_alarms_follow_one_another(declared, read) -> None:  # type: ignore[no-untyped-def]
    driven = Driven(declared)
    for minute, metric, value in read:
        driven.read(minute, **{metric: value})
    kinds = [effect.kind for effect in driven.effects if effect.kind != "grow"]
    assert kinds == ["open", "clear"] * (len(kinds) // 2) + ["open"] * (len(kinds) % 2)
