"""Many readings at once. Nearly all of them change nothing, and are asked one short question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass

from zhen.kernel.lib.deadlines.api import Calendar
from zhen.kernel.telemetry.declarations import AlarmRule
from zhen.kernel.telemetry.rules.conditions import Quiet, quiet_of
from zhen.kernel.telemetry.rules.machine import Machine, Outcome, Values, unchanged
from zhen.kernel.telemetry.rules.values import IDLE, Changes, Effect, State
from zhen.kernel.telemetry.storage.batch import Message

AHEAD = 60 * 1_000_000
"""A device's clock may be so far ahead; what lies further in the future counts as of now."""

Key = tuple[int, str]
"""Device and rule."""


@dataclass(frozen=True)
class Program:
    """The rules of one profile (or of one device with limits of its own), compiled.

    `listeners`: for each metric the machines that look at it, each with its question.
    """

    machines: Mapping[str, Machine]
    listeners: Mapping[str, tuple[tuple[Machine, Quiet | None], ...]]
    silent: tuple[Machine, ...]


def compile_rules(rules: Iterable[AlarmRule], interval: int, calendar: Calendar) -> Program:
    """`interval` is the profile's, in microseconds."""
    machines = {rule.code: Machine(rule, interval, calendar) for rule in rules}
    listeners: dict[str, list[tuple[Machine, Quiet | None]]] = {}
    for machine in machines.values():
        for metric, leaves in machine.tree.leaves.items():
            listeners.setdefault(metric, []).append((machine, quiet_of(leaves)))
    return Program(
        machines=machines,
        listeners={metric: tuple(pairs) for metric, pairs in listeners.items()},
        silent=tuple(machine for machine in machines.values() if machine.tree.silent),
    )


def evaluate(
    messages: Iterable[Message],
    programs: Mapping[int, Program],
    states: Mapping[Key, State],
    newest: MutableMapping[tuple[int, str], int],
) -> Changes:
    """What messages do, in the order of their arrival.

    `programs` by device; a device without one has no rules. `states` holds what is not idle. `newest` is the time of
    the newest reading of each device and metric, and is carried on.
    """
    batch = _Batch(states)
    live = batch.live
    for device, at, received, values in messages:
        program = programs.get(device)
        if program is None:
            continue
        if at > received + AHEAD:
            at = received
        hot: dict[str, Machine] = {}
        fresh = []
        for metric, value in values:
            known = newest.get((device, metric))
            if known is not None and at <= known:
                batch.late(device, program, at, metric, value, known)
                continue
            newest[device, metric] = at
            fresh.append((metric, value))
            for machine, quiet in program.listeners.get(metric, ()):
                if quiet is None or not quiet(value):
                    hot[machine.code] = machine
                else:
                    state = live.get((device, machine.code))
                    if state is not None and (state.truth or state.opened is not None):
                        hot[machine.code] = machine
        for machine in program.silent:
            state = live.get((device, machine.code))
            if state is not None and state.truth & machine.tree.silent:
                hot[machine.code] = machine
        if fresh:
            for machine in hot.values():
                batch.take(device, machine, at, fresh)
    return Changes(batch.changed, batch.effects)


class _Batch:
    """The states as a batch goes on, and what it did so far."""

    def __init__(self, states: Mapping[Key, State]) -> None:
        self.live = dict(states)
        self.changed: dict[Key, State] = {}
        self.effects: list[Effect] = []

    def take(self, device: int, machine: Machine, at: int, values: Values) -> None:
        before = self.live.get((device, machine.code), IDLE)
        self.keep(device, machine, before, machine.on_readings(device, before, at, values))

    def late(self, device: int, program: Program, at: int, metric: str, value: float, newest: int) -> None:
        machines = {machine.code: machine for machine, _quiet in program.listeners.get(metric, ())}
        machines |= {machine.code: machine for machine in program.silent}
        for machine in machines.values():
            before = self.live.get((device, machine.code), IDLE)
            self.keep(device, machine, before, machine.on_late(device, before, at, metric, value, newest))

    def keep(self, device: int, machine: Machine, before: State, outcome: Outcome) -> None:
        after, effects = outcome
        self.effects += effects
        if not unchanged(before, after):
            self.live[device, machine.code] = self.changed[device, machine.code] = after


def sweep(
    now: int,
    programs: Mapping[int, Program],
    states: Mapping[Key, State],
    heard: Mapping[int, int],
    hushed: Mapping[int, int],
) -> Changes:
    """What is due by now though nothing was read.

    `heard`: when each device was last heard. `hushed`: devices that cannot be judged now, because what they hang on is
    silent itself, and when to look again.
    """
    batch = _Batch({})
    for (device, code), state in states.items():
        program = programs.get(device)
        machine = program.machines.get(code) if program is not None else None
        if machine is None:  # the rule is gone, or the device has other rules now
            batch.changed[device, code] = state._replace(due=None, silent_due=None)
            continue
        after, effects = machine.on_time(device, state, now)
        look = after.silent_due
        if look is not None and look <= now:
            if device in hushed:
                after, more = machine.on_hush(device, after, hushed[device])
            else:
                after, more = machine.on_silence(device, after, now, heard.get(device, look - machine.tree.after))
            effects = [*effects, *more]
        batch.keep(device, machine, state, (after, effects))
    return Changes(batch.changed, batch.effects)
