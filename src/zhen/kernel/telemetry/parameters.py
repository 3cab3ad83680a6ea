"""The numbers of alarm rules: named in the declaration, changed by the town in dated rows.

    numbers_of(rule)        → {"limit": 60.0, "clear": 55.0, "lasting": 300.0}
    with_numbers(rule, …)   → the rule with other numbers

In AllOf and AnyOf a number carries the place of its condition: "0.limit", "1.after". Times are in seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, restrict
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.declarations import (
    PROFILES,
    AlarmRule,
    AllOf,
    AnyOf,
    Condition,
    DeviceProfile,
    faults_of_rule,
)
from zhen.kernel.telemetry.models import Device, RuleParameter

VIEW = "telemetry.rules.view"
CHANGE = "telemetry.rules.change"
SHIPPED = "declared with the profile"
IN_CONDITIONS = ("limit", "clear", "value", "per", "above", "after")
IN_RULES = ("lasting", "times", "within", "clears_after")


def numbers_of(rule: AlarmRule) -> dict[str, float]:
    """Every number of a rule by its name."""
    return {**_numbers(rule.when, ""), **_fields(rule, IN_RULES, "")}


def with_numbers(rule: AlarmRule, numbers: Mapping[str, float]) -> AlarmRule:
    """The rule with other numbers; names that it does not have make no difference."""
    changes = _changes(rule, IN_RULES, numbers, "")
    return replace(rule, when=_changed(rule.when, numbers, ""), **changes)


def effective(profile: DeviceProfile, rows: Iterable[RuleParameter], device: int | None) -> tuple[AlarmRule, ...]:
    """The rules of a profile with the numbers of rows in force, those of the device before those of the profile."""
    rows = list(rows)
    chosen: dict[str, dict[str, float]] = {}
    for own in (None, device):
        latest = sorted((row for row in rows if row.device_id == own), key=lambda row: row.valid_from)
        for row in latest:
            chosen.setdefault(row.rule, {})[row.parameter] = row.value
    return tuple(with_numbers(rule, chosen.get(rule.code, {})) for rule in profile.rules)


def in_force(now: datetime) -> QuerySet[RuleParameter]:
    """All rows that have begun; a later one of the same number goes before an earlier one."""
    return RuleParameter.objects.filter(valid_from__lte=now)


def parameters(actor: Actor) -> QuerySet[RuleParameter]:
    return restrict(actor, VIEW, RuleParameter.objects.select_related("device"))


@action(CHANGE)
def set_parameter(
    actor: Actor,
    *,
    profile: str,
    rule: str,
    parameter: str,
    value: float,
    source: str,
    device: Device | None = None,
    valid_from: datetime | None = None,
    approved_by: str = "",
) -> RuleParameter:
    """Give a number of a rule another value from a moment on. Raises Refused where the rule then makes no sense."""
    now = clock.now()
    declared = _rule(profile, rule)
    if parameter not in numbers_of(declared):
        raise Refused(
            field=_("number"),
            value=parameter,
            reason=_("the rule has no such number"),
            remedy=_("Use one of: %(names)s") % {"names": "、".join(numbers_of(declared))},
        )
    if not source.strip():
        raise Refused(field=_("source"), value="", reason=_("it is empty"), remedy=_("Say by whose decision"))
    start = valid_from or now
    mine = Q(device=None) | Q(device=device)
    rows = [*in_force(start).filter(mine, profile=profile, rule=rule)]
    row = RuleParameter(
        profile=profile,
        device=device,
        rule=rule,
        parameter=parameter,
        value=value,
        valid_from=start,
        source=source.strip(),
        approved_by=approved_by,
    )
    _check(PROFILES[profile], rule, [*rows, row], row)
    row.save()
    journal.record(
        "telemetry.parameter_set",
        by=actor,
        subject=row,
        unit=device.unit_id if device else None,
        area=device.place_id if device else None,
        data={"profile": profile, "rule": rule, "parameter": parameter, "value": value, "source": source.strip()},
    )
    return row


def seed(now: datetime) -> int:
    """Rows for the numbers that the profiles declare and that have none yet. What the town set stays."""
    held = set(RuleParameter.objects.filter(device=None).values_list("profile", "rule", "parameter"))
    rows = [
        RuleParameter(profile=profile.code, rule=rule.code, parameter=name, value=value, valid_from=now, source=SHIPPED)
        for profile in PROFILES
        for rule in profile.rules
        for name, value in numbers_of(rule).items()
        if (profile.code, rule.code, name) not in held
    ]
    return len(RuleParameter.objects.bulk_create(rows))


def _rule(profile: str, rule: str) -> AlarmRule:
    found = PROFILES.get(profile)
    for declared in found.rules if found else ():
        if declared.code == rule:
            return declared
    raise Refused(
        field=_("rule"),
        value=f"{profile}/{rule}",
        reason=_("there is no such rule"),
        remedy=_("Choose one of the list"),
    )


def _check(profile: DeviceProfile, code: str, rows: list[RuleParameter], row: RuleParameter) -> None:
    """That the rule is still one: a faulty number must not silence it."""
    if not math.isfinite(row.value) or abs(row.value) > 1e9:
        fault = str(_("it is no number that a limit can have"))
    else:
        changed = next(rule for rule in effective(profile, rows, row.device_id) if rule.code == code)
        problems = list(faults_of_rule("", profile, changed))
        fault = problems[0].what if problems else ""
    if fault:
        raise Refused(field=row.parameter, value=row.value, reason=fault, remedy=_("Choose another value"))


def _numbers(condition: Condition, before: str) -> dict[str, float]:
    if isinstance(condition, AllOf | AnyOf):
        found: dict[str, float] = {}
        for place, part in enumerate(condition.conditions):
            found |= _numbers(part, f"{before}{place}.")
        return found
    return _fields(condition, IN_CONDITIONS, before)


def _changed(condition: Condition, numbers: Mapping[str, float], before: str) -> Condition:
    if isinstance(condition, AllOf | AnyOf):
        parts = (_changed(part, numbers, f"{before}{place}.") for place, part in enumerate(condition.conditions))
        return type(condition)(*parts)
    return replace(condition, **_changes(condition, IN_CONDITIONS, numbers, before))


def _fields(thing: Any, names: tuple[str, ...], before: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in names:
        value = getattr(thing, name, None)
        if isinstance(value, timedelta):
            found[before + name] = value.total_seconds()
        elif value is not None:
            found[before + name] = float(value)
    return found


def _changes(thing: Any, names: tuple[str, ...], numbers: Mapping[str, float], before: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in names:
        value = getattr(thing, name, None)
        if value is None or before + name not in numbers:
            continue
        given = numbers[before + name]
        if isinstance(value, timedelta):
            changes[name] = timedelta(seconds=given)
        else:
            changes[name] = int(given) if name == "times" else given
    return changes
