"""The rules of each device, compiled with the numbers in force, and compiled anew when these change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from django.db.models import Count, Max, Min, Q

from zhen.kernel.cases.api import rulebook
from zhen.kernel.lib.deadlines.api import Calendar
from zhen.kernel.telemetry.declarations import PROFILES, Silent, parts_of
from zhen.kernel.telemetry.models import RuleParameter
from zhen.kernel.telemetry.parameters import effective, in_force
from zhen.kernel.telemetry.rules.evaluating import Program, compile_rules
from zhen.kernel.telemetry.rules.values import MICROSECOND

Edition = tuple[int, int, datetime | None]


class Programs:
    """All programs at one state of the numbers. Each is compiled when it is first asked for."""

    def __init__(self, edition: Edition, rows: list[RuleParameter], calendar: Calendar) -> None:
        self.edition = edition
        self.calendar = calendar
        self._shared: dict[str, list[RuleParameter]] = defaultdict(list)
        self._own: dict[int, list[RuleParameter]] = defaultdict(list)
        for row in rows:
            if row.device_id is None:
                self._shared[row.profile].append(row)
            else:
                self._own[row.device_id].append(row)
        self._compiled: dict[tuple[str, int | None], Program | None] = {}

    def of(self, profile: str, device: int) -> Program | None:
        """The program of a device; None where its profile is gone or has no rules."""
        own = device if device in self._own else None
        key = (profile, own)
        if key not in self._compiled:
            self._compiled[key] = self._compile(profile, own)
        return self._compiled[key]

    def for_devices(self, profiles: Mapping[int, str]) -> dict[int, Program]:
        found = {device: self.of(profile, device) for device, profile in profiles.items()}
        return {device: program for device, program in found.items() if program is not None}

    def _compile(self, profile: str, own: int | None) -> Program | None:
        declared = PROFILES.get(profile)
        if declared is None or not declared.rules:
            return None
        rows = self._shared[profile] + ([] if own is None else self._own[own])
        rules = effective(declared, (row for row in rows if row.profile == profile), own)
        return compile_rules(rules, declared.interval // MICROSECOND, self.calendar)

    def silent_rules(self) -> list[tuple[str, str, int]]:
        """Profile, rule and time of every rule that waits for silence."""
        found = []
        for declared in PROFILES:
            for rule in declared.rules:
                if any(isinstance(part, Silent) for part in parts_of(rule.when)):
                    program = self.of(declared.code, 0)
                    assert program is not None, "a profile with a rule has a program"
                    found.append((declared.code, rule.code, program.machines[rule.code].tree.after))
        return found


_lock = Lock()
_held: Programs | None = None


def programs(now: datetime) -> Programs:
    """The programs as they stand: two small queries, and a few more when a number has changed or begun to hold."""
    global _held
    calendar = rulebook().calendar
    began = Q(valid_from__lte=now)
    counts = RuleParameter.objects.aggregate(
        rows=Count("pk"), newest=Max("pk", default=0), next=Min("valid_from", filter=~began)
    )
    edition = (counts["rows"], counts["newest"], counts["next"])
    held = _held
    if held is None or held.edition != edition or held.calendar is not calendar:
        with _lock:
            held = _held = Programs(edition, list(in_force(now)), calendar)
    return held
