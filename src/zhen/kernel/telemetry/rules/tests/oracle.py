"""What a rule should tell, found the slow way: minute by minute, looking back over everything that was read.

It knows no timers and no states to store. Readings come on whole minutes, in order, each once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhen.kernel.lib.clock import TOWN_ZONE
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
    Silent,
    parts_of,
)
from zhen.kernel.telemetry.rules.tests.driving import START, minutes

Read = Mapping[int, Mapping[str, float]]


def told(rule: AlarmRule, read: Read, until: int) -> list[str]:
    """The effects up to a minute, as `Driven.told` writes them."""
    return _Oracle(rule, read).run(until)


class _Oracle:
    def __init__(self, rule: AlarmRule, read: Read) -> None:
        self.rule, self.read = rule, read
        self.metrics = {part.metric for part in parts_of(rule.when) if hasattr(part, "metric")}
        self.effects: list[str] = []
        self.holds: list[tuple[int, bool]] = []
        self.hits: list[int] = []
        self.opened: int | None = None
        self.last = 0
        self.severity = rule.severity
        self.counted = False

    def run(self, until: int) -> list[str]:
        for minute in range(until + 1):
            self.look(minute, before=True)
            if minute in self.read:
                self.look(minute, before=False)
        return self.effects

    def look(self, minute: int, *, before: bool) -> None:
        """What holds at a minute: `before` what is read at it, or with it. What was seen is in its order."""
        seen = {at: values for at, values in sorted(self.read.items()) if at < minute or (at == minute and not before)}
        fresh = not before and bool(self.metrics & set(self.read[minute]))
        eventful = self.rule.clears_after is not None
        raw = holds(self.rule.when, seen, minute) and looks(self.rule.during, minute)
        if raw and not (self.holds and self.holds[-1][1]) and eventful and not fresh:
            raw = False  # an event is news, not a state that was left behind
        if not raw and self.opened is not None and not eventful:
            self.close(minute)
        self.holds.append((minute, raw))
        if raw:
            self.holding(minute, fresh)
        else:
            self.counted = False
        self.age(minute)

    def holding(self, minute: int, fresh: bool) -> None:
        long_enough = minute - self.holding_since() >= self.rule.lasting / minutes(1)
        first = long_enough and not self.counted
        self.counted = self.counted or long_enough
        if first or (self.counted and fresh and (self.opened is not None or not self.rule.lasting)):
            self.hit(minute)

    def holding_since(self) -> int:
        since = self.holds[-1][0]
        for minute, raw in reversed(self.holds):
            if not raw:
                break
            since = minute
        return since

    def hit(self, minute: int) -> None:
        self.last = minute
        if self.opened is not None:
            return
        if minute not in self.hits:
            self.hits.append(minute)
        within = self.rule.within / minutes(1) if self.rule.within is not None else 1
        if len([hit for hit in self.hits if hit > minute - within]) >= self.rule.times:
            self.opened, self.hits, self.severity = minute, [], self.rule.severity
            self.effects.append(f"open {minute}")

    def age(self, minute: int) -> None:
        if self.opened is None:
            return
        for after, severity in self.rule.grows:
            if minute - self.opened >= after / minutes(1) and severity > self.severity:
                self.severity = severity
                self.effects.append(f"grow {minute} {severity.name.lower()}")
        if self.rule.clears_after is not None and minute - self.last >= self.rule.clears_after / minutes(1):
            self.close(minute)
            self.holds.append((minute, False))
            self.counted = False

    def close(self, minute: int) -> None:
        self.effects.append(f"clear {minute}")
        self.opened = None


def holds(condition: Condition, seen: Read, minute: int) -> bool:
    match condition:
        case AllOf(conditions=parts):
            return all(holds(part, seen, minute) for part in parts)
        case AnyOf(conditions=parts):
            return any(holds(part, seen, minute) for part in parts)
        case Silent(after=after):
            assert after is not None
            return minute - max(seen, default=0) >= after / minutes(1)
        case Rate(metric=metric, per=per, above=above):
            at = [(when, values[metric]) for when, values in seen.items() if metric in values]
            if not at:
                return False
            last, value = at[-1]
            earlier = [before for when, before in at[:-1] if last - when < per / minutes(1)]
            if above > 0:
                return any(value - before > above for before in earlier)
            return any(before - value > -above for before in earlier)
        case Above() | Below() | Equals():
            return hysteresis(
                condition, [v[condition.metric] for _at, v in sorted(seen.items()) if condition.metric in v]
            )


def hysteresis(condition: Above | Below | Equals, values: list[float]) -> bool:
    """Over the limit since some value, and never back behind `clear` from then on."""
    if isinstance(condition, Equals):
        return bool(values) and values[-1] == condition.value
    sign = 1 if isinstance(condition, Above) else -1
    limit = sign * condition.limit
    clear = limit if condition.clear is None else sign * condition.clear
    for value in reversed(values):
        if sign * value > limit:
            return True
        if sign * value <= clear:
            return False
    return False


def looks(schedule: Schedule | None, minute: int) -> bool:
    if schedule is None:
        return True
    local: datetime = (START + minutes(minute)).astimezone(TOWN_ZONE)
    return any(
        local.weekday() in window.days and window.start <= local.time() < window.end for window in schedule.windows
    )
