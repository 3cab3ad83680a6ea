"""Device profiles: everything about one kind of device that is shape, as a table that can be read at a glance.

Limits are parameters: what stands here is where the town begins; `RuleParameter` rows change it without a release.

A profile speaks of a building. Its metrics are numbers with a unit of the closed list `UNITS`, or flags: no pictures,
no text, no places on the earth. So no camera, no reader of faces or plates and no tracker of persons can be declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import IntEnum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise

CODE_FORM = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_METRICS = 64
NOTHING = timedelta(0)

UNITS: frozenset[str] = frozenset(
    {
        "°C",
        "%",
        "%LEL",
        "ppm",
        "Pa",
        "kPa",
        "MPa",
        "mm",
        "m",
        "mm/m",
        "m/s",
        "L/s",
        "m³/h",
        "m³/min",
        "m³",
        "V",
        "A",
        "mA",
        "W",
        "kW",
        "kWh",
        "Hz",
        "lx",
        "dBm",
        "kg",
        "s",
        "min",
        "h",
        "1/min",
    }
)
"""What a building can be measured in. Degrees of longitude and latitude are missing on purpose, and so is sound."""

CAUSES: Mapping[str, Text] = {
    "fire": _("real fire"),
    "real": _("real event"),
    "cooking": _("cooking or smoking"),
    "dust": _("dust, steam or insects"),
    "works": _("building works"),
    "misuse": _("operated by mistake"),
    "fault": _("device fault"),
    "power": _("power or line failure"),
    "test": _("test or drill"),
    "malicious": _("malicious"),
    "unknown": _("cause not found"),
    "passed": _("over by itself"),
}
"""Why an alarm came; a profile chooses from these."""


class Severity(IntEnum):
    NOTICE = 1
    MINOR = 2
    MAJOR = 3
    CRITICAL = 4

    @property
    def label(self) -> Text:
        return _SEVERITIES[self]

    @classmethod
    def choices(cls) -> list[tuple[int, Text]]:
        return [(one.value, one.label) for one in cls]


_SEVERITIES: Mapping[Severity, Text] = {
    Severity.NOTICE: _("notice"),
    Severity.MINOR: _("minor"),
    Severity.MAJOR: _("major"),
    Severity.CRITICAL: _("critical"),
}


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number that a device measures.

    A reading outside `low` … `high` is rejected as impossible. `resolution` is the step of the sensor. A flag is
    low=0, high=1, resolution=1 and has no unit.
    """

    code: str
    name: Text
    unit: str = ""
    low: float | None = None
    high: float | None = None
    resolution: float | None = None

    @property
    def is_flag(self) -> bool:
        return (self.low, self.high, self.resolution) == (0, 1, 1)


@dataclass(frozen=True)
class Above:
    """The metric is above `limit`; it is over once it is not above `clear` (default: the limit)."""

    metric: str
    limit: float
    clear: float | None = None


@dataclass(frozen=True)
class Below:
    """The metric is below `limit`; it is over once it is not below `clear` (default: the limit)."""

    metric: str
    limit: float
    clear: float | None = None


@dataclass(frozen=True)
class Equals:
    metric: str
    value: float


@dataclass(frozen=True)
class Rate:
    """The metric rises by more than `above` within `per`; a negative `above` means that it falls by more than that."""

    metric: str
    per: timedelta
    above: float


@dataclass(frozen=True)
class Silent:
    """Nothing was heard for `after`; `None`: three times the interval of the profile."""

    after: timedelta | None = None


@dataclass(frozen=True, init=False)
class AllOf:
    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)


@dataclass(frozen=True, init=False)
class AnyOf:
    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)


Condition = Above | Below | Equals | Rate | Silent | AllOf | AnyOf


@dataclass(frozen=True, kw_only=True)
class Window:
    """Hours of the week in the town's time. `days`: 0 is Monday. An `end` not after `start` is on the next day."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a rule looks: in the town's working hours (True), outside them (False), or in weekly windows."""

    working_hours: bool | None = None
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlarmRule:
    """When a device alarms.

    `lasting`: the condition holds for so long. `times` within `within`: it comes true so often. `grows`: once the
    alarm is so old, its severity is this. `clears_after`: it clears when the condition has not come true again for
    so long; without it, as soon as the condition is over.
    """

    code: str
    name: Text
    severity: Severity
    when: Condition
    lasting: timedelta = NOTHING
    times: int = 1
    within: timedelta | None = None
    during: Schedule | None = None
    grows: tuple[tuple[timedelta, Severity], ...] = ()
    clears_after: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something a device can be told to do."""

    code: str
    name: Text


@dataclass(frozen=True, kw_only=True)
class DeviceProfile:
    """A kind of device.

    `interval`: a healthy device is heard at least so often. `case_type`: what an alarm of severity major or worse
    opens. `causes`: why its alarms come, from `CAUSES`. `stands_in_for` names the plain profile of a gateway: what the
    gateway finds by itself gets this one instead. Raw readings stay `keep_raw_days`, sums per minute
    `keep_minutes_days`, sums per hour `keep_hours_days`; months that are over leave as Parquet files.
    """

    code: str
    name: Text
    metrics: tuple[Metric, ...]
    rules: tuple[AlarmRule, ...] = ()
    interval: timedelta
    commands: tuple[Command, ...] = ()
    case_type: str | None = None
    causes: tuple[str, ...] = ("real", "fault", "test", "unknown")
    stands_in_for: str = ""
    keep_raw_days: int = 30
    keep_minutes_days: int = 400
    keep_hours_days: int = 3660

    @property
    def id(self) -> str:
        return self.code

    def metric(self, code: str) -> Metric:
        return next(metric for metric in self.metrics if metric.code == code)

    def rule(self, code: str) -> AlarmRule:
        return next(rule for rule in self.rules if rule.code == code)


def profile_found(code: str) -> str:
    """The profile of what a gateway found: the one that stands in for the gateway's plain one, or that one itself."""
    return next((profile.code for profile in PROFILES if profile.stands_in_for == code), code)


def parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and all that it is made of."""
    yield condition
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from parts_of(part)


def _check_profiles(profiles: Mapping[str, Entry[DeviceProfile]]) -> Iterable[Problem]:
    units: dict[str, tuple[str, str]] = {}
    for entry in profiles.values():
        profile = entry.value
        where = f"{entry.owner}: device profile {profile.code}"
        yield from _check_metrics(where, profile)
        for metric in profile.metrics:
            unit, first = units.setdefault(metric.code, (metric.unit, profile.code))
            if unit != metric.unit:
                yield Problem(
                    where=where,
                    what=f"measures {metric.code} in “{metric.unit}”, but {first} in “{unit}”",
                    remedy="Use one unit for a metric, or give it another code",
                )
        codes = [rule.code for rule in profile.rules]
        for rule in profile.rules:
            if codes.count(rule.code) > 1:
                yield Problem(where=where, what=f"has two rules {rule.code}", remedy="Rename one of the two")
            yield from faults_of_rule(f"{where}, rule {rule.code}", profile, rule)
        yield from _check_keeping(where, profile)
        if profile.case_type is not None and profile.case_type not in CASE_TYPES.candidate:
            yield Problem(
                where=where, what=f"opens the unknown case type {profile.case_type}", remedy="Declare that case type"
            )
        for cause in profile.causes:
            if cause not in CAUSES:
                yield Problem(where=where, what=f"has the unknown cause {cause}", remedy=f"Use of {', '.join(CAUSES)}")
    yield from _check_stand_ins({code: entry.value for code, entry in profiles.items()})


def _check_stand_ins(profiles: Mapping[str, DeviceProfile]) -> Iterable[Problem]:
    """A plain profile has one that stands in for it, and that one measures all that it does."""
    taken: dict[str, str] = {}
    for profile in profiles.values():
        if not profile.stands_in_for:
            continue
        first = taken.setdefault(profile.stands_in_for, profile.code)
        where = f"device profile {profile.code}"
        if first != profile.code:
            yield Problem(
                where=where,
                what=f"stands in for {profile.stands_in_for}, as {first} does",
                remedy="Let one of the two stand in",
            )
        plain = profiles.get(profile.stands_in_for)
        known = {metric.code for metric in profile.metrics}
        missing = sorted(metric.code for metric in plain.metrics if metric.code not in known) if plain else []
        if missing:
            yield Problem(
                where=where,
                what=f"does not measure {', '.join(missing)}, as {profile.stands_in_for} does",
                remedy="Add these metrics: what the gateway tells would be refused",
            )


def _check_metrics(where: str, profile: DeviceProfile) -> Iterable[Problem]:
    codes = [metric.code for metric in profile.metrics]
    if not codes or len(codes) > MOST_METRICS or len(set(codes)) < len(codes):
        yield Problem(where=where, what="has no metrics, too many, or one twice", remedy=f"Use 1 to {MOST_METRICS}")
    for metric in profile.metrics:
        if not CODE_FORM.fullmatch(metric.code):
            yield Problem(
                where=where, what=f"the code {metric.code} is no lower-case word", remedy="Use a form like water_level"
            )
        if not metric.is_flag and metric.unit not in UNITS:
            yield Problem(
                where=where,
                what=f"the metric {metric.code} is in “{metric.unit}”, which is no unit of a building",
                remedy="Use a unit of UNITS, or make it a flag: devices watch buildings, not people",
            )
        if metric.low is not None and metric.high is not None and metric.low >= metric.high:
            yield Problem(where=where, what=f"the range of {metric.code} is empty", remedy="Let low be below high")


def faults_of_rule(where: str, profile: DeviceProfile, rule: AlarmRule) -> Iterable[Problem]:
    """What is wrong with a rule, as it is declared or with other numbers."""
    known = {metric.code for metric in profile.metrics}
    if not CODE_FORM.fullmatch(rule.code):
        yield Problem(where=where, what="the code is no lower-case word", remedy="Use a form like too_hot")
    for part in parts_of(rule.when):
        metric = getattr(part, "metric", None)
        if metric is not None and metric not in known:
            yield Problem(where=where, what=f"looks at the unknown metric {metric}", remedy="Declare that metric")
        match part:
            case Above(limit=limit, clear=clear) if clear is not None and clear > limit:
                yield Problem(where=where, what="clears above its limit", remedy="Let clear be at most the limit")
            case Below(limit=limit, clear=clear) if clear is not None and clear < limit:
                yield Problem(where=where, what="clears below its limit", remedy="Let clear be at least the limit")
            case Rate(per=per, above=above) if per <= NOTHING or above == 0:
                yield Problem(where=where, what="has a rate without a time or a step", remedy="Give per and above")
            case AllOf(conditions=parts) | AnyOf(conditions=parts) if len(parts) < 2:
                yield Problem(where=where, what="joins fewer than two conditions", remedy="Name the conditions")
    if rule.times < 1 or (rule.times > 1) != (rule.within is not None):
        yield Problem(where=where, what="counts without a time", remedy="Give times (2 or more) and within together")
    silences = sum(isinstance(part, Silent) for part in parts_of(rule.when))
    if silences > 1 or (silences and rule.clears_after is not None):
        yield Problem(
            where=where,
            what="waits for silence twice, or clears by the clock while silence lasts",
            remedy="Use one Silent and leave out clears_after: it clears when data return",
        )
    if rule.lasting < NOTHING or (rule.clears_after is not None and rule.clears_after <= NOTHING):
        yield Problem(where=where, what="has a negative time", remedy="Use times above zero")
    steps = [(NOTHING, rule.severity), *rule.grows]
    if any(after[0] <= before[0] or after[1] <= before[1] for before, after in pairwise(steps)):
        yield Problem(where=where, what="does not grow step by step", remedy="Let times and severities rise")
    if rule.during is not None and (rule.during.working_hours is None) == (not rule.during.windows):
        yield Problem(where=where, what="has an unclear schedule", remedy="Give working_hours or windows, not both")


def _check_keeping(where: str, profile: DeviceProfile) -> Iterable[Problem]:
    if profile.interval <= NOTHING:
        yield Problem(where=where, what="has no interval", remedy="Say how often a healthy device is heard")
    if not 1 <= profile.keep_raw_days <= profile.keep_minutes_days <= profile.keep_hours_days:
        yield Problem(
            where=where, what="keeps sums shorter than what they sum up", remedy="Let the days of keeping rise"
        )


PROFILES: Registry[DeviceProfile] = Registry(DeviceProfile, label="device profile", check=_check_profiles)
