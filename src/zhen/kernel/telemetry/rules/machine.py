"""One alarm rule as a machine: a state and a reading, or a moment, give the next state and what follows from it.

The order of things: parts of the condition → the condition, where the schedule looks → held for `lasting` → come true
`times` within a time → the alarm, which grows and clears. Timers lie in the state as moments (`due`), so it makes no
difference whether a later reading or a sweep of the clock comes past them.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhen.kernel.lib.deadlines.api import Calendar
from zhen.kernel.telemetry.declarations import AlarmRule
from zhen.kernel.telemetry.rules.conditions import compile_condition, step_leaves
from zhen.kernel.telemetry.rules.schedules import Looks, Timetable
from zhen.kernel.telemetry.rules.values import IDLE, MICROSECOND, Effect, Kind, State

LOOK_AGAIN = 10 * 1_000_000
"""A silent device is looked at again after a third of its time, at least so much later."""

Outcome = tuple[State, list[Effect]]
Values = Sequence[tuple[str, float]]


class Machine:
    """A compiled rule. It holds no state of its own."""

    def __init__(self, rule: AlarmRule, interval: int, calendar: Calendar) -> None:
        self.code = rule.code
        self.severity = int(rule.severity)
        self.tree = compile_condition(rule.when, interval)
        self.lasting = rule.lasting // MICROSECOND
        self.times = rule.times
        self.within = rule.within // MICROSECOND if rule.within is not None else 0
        self.grows = tuple((after // MICROSECOND, int(severity)) for after, severity in rule.grows)
        self.clears_after = rule.clears_after // MICROSECOND if rule.clears_after is not None else None
        self.looks: Looks | None = Timetable(rule.during, calendar) if rule.during is not None else None
        self.momentary = self.tree.single and not self.lasting and self.times == 1
        """A single value is enough for an alarm: one that arrives late is then told all the same."""

    def on_readings(self, device: int, state: State, at: int, values: Values) -> Outcome:
        """What a device read at one moment, each value newer than all of its metric before it.

        They count together: a message that brings heat and takes smoke away never looks like both.
        """
        run = _Run(self, device, state)
        run.until(at)
        looked_at = False
        for metric, value in values:
            leaves = self.tree.leaves.get(metric)
            if leaves is not None:
                run.truth, run.windows = step_leaves(leaves, run.truth, run.windows, at, value)
                run.metric, run.value = (run.metric, run.value) if looked_at else (metric, value)
                looked_at = True
        run.heard(at)
        run.advance(at, fresh=looked_at)
        return run.end()

    def on_late(self, device: int, state: State, at: int, metric: str, value: float, newest: int) -> Outcome:
        """A reading that is older than the newest of its metric, or that very one again.

        It says nothing about now, except that the device is alive. But what was enough for an alarm is not lost because
        it came late: the alarm is told, and that it was over by the newest reading.
        """
        run = _Run(self, device, state)
        if self.tree.silent & run.truth:
            run.heard(at)
            run.advance(at, fresh=False)
        elif self._missed(state, at, metric, value, newest):
            run.metric, run.value = metric, value
            run.open(at)
            run.clear(newest)
            run.moment = newest if run.moment is None else max(run.moment, newest)
        return run.end()

    def _missed(self, state: State, at: int, metric: str, value: float, newest: int) -> bool:
        if not self.momentary or at >= newest or state.opened is not None:
            return False
        if (state.cleared is not None and at <= state.cleared) or metric not in self.tree.leaves:
            return False
        if self.looks is not None and not self.looks.active(at):
            return False
        truth, _windows = step_leaves(self.tree.leaves[metric], 0, (), at, value)
        return self.tree.join(truth)

    def on_time(self, device: int, state: State, now: int) -> Outcome:
        """Everything that is due by now."""
        run = _Run(self, device, state)
        run.until(now)
        return run.end()

    def on_silence(self, device: int, state: State, now: int, heard: int) -> Outcome:
        """A look at a device last heard at `heard`: silent, or looked at again when it can be."""
        run = _Run(self, device, state)
        if not self.tree.silent:
            run.silent_due = None
            return run.end()
        due = heard + self.tree.after
        if due > now or (run.hushed and not run.truth & self.tree.silent):
            # what it hangs on has just come back: the device gets its full time to be heard again
            if run.truth & self.tree.silent:
                run.heard(heard)
                run.advance(heard, fresh=False)
            run.silent_due, run.hushed = max(due, now + self.tree.after if run.hushed else due), False
        else:
            # a gateway can be heard through what is behind it, so it is looked at again while it is silent
            run.silent_due = now + max(self.tree.after // 3, LOOK_AGAIN)
            if run.truth & self.tree.silent:
                return run.end()
            run.truth |= self.tree.silent
            run.advance(due, fresh=True)
            run.until(now)
        return run.end()

    def on_hush(self, device: int, state: State, later: int) -> Outcome:
        """What the device hangs on is silent itself: look again later."""
        return state._replace(silent_due=later, hushed=True), []

    def on_cleared(self, device: int, state: State, at: int) -> Outcome:
        """A person has cleared the alarm. Does the condition go on, the next reading alarms anew."""
        run = _Run(self, device, state)
        if run.opened is not None:
            run.clear(at)
        run.since, run.held, run.hits = None, False, ()
        run.truth &= ~self.tree.silent
        if self.tree.silent:
            run.silent_due = at + self.tree.after
        return run.end()


class _Run:
    """A state while it is worked on."""

    __slots__ = (
        "cleared", "device", "due", "effects", "held", "hits", "hushed", "last", "machine", "metric", "moment",
        "opened", "severity", "silent_due", "since", "truth", "value", "windows",
    )  # fmt: skip

    def __init__(
        self, machine: Machine, device: int, state: State, metric: str = "", value: float | None = None
    ) -> None:
        self.machine, self.device, self.metric, self.value = machine, device, metric, value
        (
            self.truth, self.windows, self.since, self.held, self.hits, self.opened, self.last, self.severity,
            self.cleared, self.due, self.silent_due, self.hushed, self.moment,
        ) = state  # fmt: skip
        self.effects: list[Effect] = []

    def end(self) -> Outcome:
        return State(
            self.truth, self.windows, self.since, self.held, self.hits, self.opened, self.last, self.severity,
            self.cleared, self.due, self.silent_due, self.hushed, self.moment,
        ), self.effects  # fmt: skip

    def until(self, at: int) -> None:
        """Let every timer up to a moment go off, in order."""
        while self.due is not None and self.due <= at:
            metric, value = self.metric, self.value
            self.metric, self.value = "", None
            self.advance(self.due, fresh=False)
            self.metric, self.value = metric, value

    def heard(self, at: int) -> None:
        """The device is alive: it is not silent, and is looked at again in due time."""
        silent = self.machine.tree.silent
        if silent & self.truth:
            self.truth &= ~silent
            self.silent_due, self.hushed = at + self.machine.tree.after, False

    def advance(self, at: int, *, fresh: bool) -> None:
        """What holds at a moment. `fresh`: a reading has just said so."""
        machine = self.machine
        at = at if self.moment is None else max(at, self.moment)
        self.moment = at
        joined = machine.tree.join(self.truth)
        raw = joined and (machine.looks is None or machine.looks.active(at))
        eventful = machine.clears_after is not None
        if raw and self.since is None and (fresh or not eventful):
            self.since, self.held = at, False
        if raw and self.since is not None:
            if not self.held and at - self.since >= machine.lasting:
                self.held = True
                self.hit(at)
            elif self.held and fresh:
                self.again(at)
        elif not raw:
            self.since, self.held = None, False
            if self.opened is not None and not eventful:
                self.clear(at)
        self.age(at)
        self.due = self.next_due(at, joined)

    def again(self, at: int) -> None:
        """A reading confirms what held already: it counts where each reading does, and keeps an alarm alive."""
        if self.opened is not None or not self.machine.lasting:
            self.hit(at)

    def hit(self, at: int) -> None:
        if self.opened is not None:
            if self.machine.clears_after is not None:
                self.last = at
            return
        if self.machine.times > 1:
            if self.hits and self.hits[-1] == at:
                return
            self.hits = (*(hit for hit in self.hits if hit > at - self.machine.within), at)
            if len(self.hits) < self.machine.times:
                return
        self.open(at)

    def open(self, at: int) -> None:
        self.opened = self.last = at
        self.severity, self.hits = self.machine.severity, ()
        self.tell(Kind.OPEN, at)

    def clear(self, at: int) -> None:
        """End the alarm; never before it began."""
        assert self.opened is not None, "only an alarm can be cleared"
        at = max(at, self.opened)
        self.tell(Kind.CLEAR, at)
        self.opened = self.last = None
        self.severity, self.cleared = 0, at

    def age(self, at: int) -> None:
        """Growing worse with time, and clearing when it did not come again."""
        machine = self.machine
        if self.opened is None or self.last is None:
            return
        for after, severity in machine.grows:
            if self.opened + after <= at and severity > self.severity:
                self.severity = severity
                self.tell(Kind.GROW, self.opened + after)
        if machine.clears_after is not None and self.last + machine.clears_after <= at:
            self.clear(at)
            self.since, self.held = None, False

    def next_due(self, at: int, joined: bool) -> int | None:
        machine = self.machine
        found: list[int] = []
        if self.since is not None and not self.held:
            found.append(self.since + machine.lasting)
        if self.opened is not None and self.last is not None:
            found += [self.opened + after for after, severity in machine.grows if severity > self.severity][:1]
            if machine.clears_after is not None:
                found.append(self.last + machine.clears_after)
        if machine.looks is not None and (self.since is not None or (joined and machine.clears_after is None)):
            change = machine.looks.next_change(at)
            found += [] if change is None else [change]
        return min(found, default=None)

    def tell(self, kind: Kind, at: int) -> None:
        self.effects.append(Effect(self.device, self.machine.code, kind, at, self.severity, self.metric, self.value))


def unchanged(before: State | None, after: State) -> bool:
    """Whether a state is as it was, but for the moment of the look."""
    return (before or IDLE)[:-1] == after[:-1]
