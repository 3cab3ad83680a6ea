"""A device with one rule, driven by hand: minutes after nine on a Monday, and what was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from zhen.kernel.lib.calendar import seed
from zhen.kernel.lib.deadlines.api import Calendar
from zhen.kernel.telemetry.declarations import AlarmRule, Condition, Severity
from zhen.kernel.telemetry.rules.evaluating import compile_rules, evaluate, sweep
from zhen.kernel.telemetry.rules.values import MICROSECOND, Effect, State, from_json, instant, micro, to_json
from zhen.kernel.telemetry.storage.batch import Message

START = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine o'clock on a Monday in the town
MINUTE = timedelta(minutes=1) // MICROSECOND
CALENDAR = Calendar(seed())
DEVICE = 7


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def at(minute: float) -> int:
    return micro(START) + round(minute * MINUTE)


def rule(when: Condition, **more: object) -> AlarmRule:
    return AlarmRule(code="rule", name="rule", severity=Severity.MINOR, when=when, **more)  # type: ignore[arg-type]


class Driven:
    """Readings and sweeps in, effects out. Every state goes through its stored form, as over a restart."""

    def __init__(self, declared: AlarmRule, interval: float = 1) -> None:
        self.program = compile_rules([declared], round(interval * MINUTE), CALENDAR)
        self.states: dict[tuple[int, str], State] = {}
        self.newest: dict[tuple[int, str], int] = {}
        self.effects: list[Effect] = []
        self.heard = at(0)
        if self.program.silent:
            self.states[DEVICE, "rule"] = State(silent_due=at(0) + self.program.silent[0].tree.after)

    def read(self, minute: float, **values: float) -> Driven:
        return self.messages((minute, values))

    def messages(self, *given: tuple[float, Mapping[str, float]]) -> Driven:
        """Several messages in one batch, received as they were sent."""
        batch = [Message(DEVICE, at(minute), at(minute), tuple(values.items())) for minute, values in given]
        changes = evaluate(batch, {DEVICE: self.program}, self.states, self.newest)
        self.heard = max([self.heard, *(message.received for message in batch)])
        return self._keep(changes.states, list(changes.effects))

    def sweep(self, minute: float, *, hushed: float | None = None) -> Driven:
        due = {
            key: state
            for key, state in self.states.items()
            if (look := state.next_look()) is not None and look <= at(minute)
        }
        hush = {} if hushed is None else {DEVICE: at(hushed)}
        changes = sweep(at(minute), {DEVICE: self.program}, due, {DEVICE: self.heard}, hush)
        return self._keep(changes.states, list(changes.effects))

    def clear_by_hand(self, minute: float) -> Driven:
        machine = self.program.machines["rule"]
        state, effects = machine.on_cleared(DEVICE, self.states[DEVICE, "rule"], at(minute))
        return self._keep({(DEVICE, "rule"): state}, effects)

    def _keep(self, states: Mapping[tuple[int, str], State], effects: list[Effect]) -> Driven:
        for key, state in states.items():
            stored = from_json(to_json(state))
            assert stored == state, "a state must survive being stored"
            self.states[key] = stored
        self.effects += effects
        return self

    @property
    def told(self) -> list[str]:
        """The effects as words: "open 5", "grow 10 major", "clear 12"."""
        return [_word(effect) for effect in self.effects]


def _word(effect: Effect) -> str:
    minute = (instant(effect.at) - START) / minutes(1)
    worse = f" {Severity(effect.severity).name.lower()}" if effect.kind == "grow" else ""
    return f"{effect.kind} {minute:g}{worse}"
