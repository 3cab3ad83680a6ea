"""What effects do: alarms opened, grown and cleared, with a few statements for any number of them.

It runs in the transaction of the readings (or of the sweep) that brought the effects. The partial unique index decides
who opens an alarm where two transactions want to: the other one finds it there and does nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal.api import NewEvent, record_many
from zhen.kernel.telemetry.alarms import incidents, states
from zhen.kernel.telemetry.alarms.suppressing import Windows, windows
from zhen.kernel.telemetry.alarms.values import OPENS_CASE, PASSED, RULES
from zhen.kernel.telemetry.declarations import PROFILES, Severity
from zhen.kernel.telemetry.models import Alarm, Device
from zhen.kernel.telemetry.rules.values import Changes, Effect, Kind, instant

FOLLOW = "telemetry.follow_alarms"

_OPEN = """
INSERT INTO telemetry_alarm (device_id, rule, profile, place_id, unit_id, suppression_id, severity, metric, value,
    opened_at, received_at, cause, note, steps, waits_since, next_step_at)
SELECT device, rule, profile, place, unit, suppression, severity, metric, value, opened, %(now)s, '', '', 0,
    CASE WHEN suppression IS NULL THEN %(now)s END, CASE WHEN suppression IS NULL THEN %(now)s END
FROM unnest(%(device)s::int[], %(rule)s::text[], %(profile)s::text[], %(place)s::bigint[], %(unit)s::bigint[],
    %(suppression)s::bigint[], %(severity)s::int[], %(metric)s::text[], %(value)s::float8[],
    %(opened)s::timestamptz[])
    AS new(device, rule, profile, place, unit, suppression, severity, metric, value, opened)
ON CONFLICT (device_id, rule) WHERE cleared_at IS NULL DO NOTHING
RETURNING id, device_id, rule, severity, suppression_id
"""
_GROW = """
UPDATE telemetry_alarm SET severity = greatest(telemetry_alarm.severity, new.severity)
FROM unnest(%s::int[], %s::text[], %s::int[]) AS new(device, rule, severity)
WHERE device_id = new.device AND telemetry_alarm.rule = new.rule AND cleared_at IS NULL
RETURNING id, device_id, telemetry_alarm.rule, telemetry_alarm.severity, incident_id
"""
# A notice that is over by itself needs nobody. A grave alarm goes on calling until somebody has looked.
_CLEAR = """
UPDATE telemetry_alarm SET cleared_at = greatest(new.at, opened_at),
    next_step_at = CASE WHEN severity >= %(grave)s THEN next_step_at END,
    closed_at = CASE WHEN severity = %(notice)s AND closed_at IS NULL THEN %(now)s ELSE closed_at END,
    cause = CASE WHEN severity = %(notice)s AND closed_at IS NULL THEN %(passed)s ELSE cause END
FROM unnest(%(device)s::int[], %(rule)s::text[], %(at)s::timestamptz[]) AS new(device, rule, at)
WHERE device_id = new.device AND telemetry_alarm.rule = new.rule AND cleared_at IS NULL
RETURNING id, device_id, telemetry_alarm.rule, severity
"""


@dataclass(frozen=True)
class Changed:
    """An alarm after an effect."""

    id: int
    device: Device
    rule: str
    severity: int
    suppression: int | None = None
    incident: int | None = None

    def event(self, kind: str) -> NewEvent:
        profile = PROFILES.get(self.device.profile)
        rule = next((rule for rule in profile.rules if rule.code == self.rule), None) if profile else None
        return NewEvent(
            kind,
            (Alarm._meta.label_lower, self.id),
            self.device.place_id,
            self.device.unit_id,
            {
                "device": self.device.code,
                "name": self.device.name,
                "rule": self.rule,
                "rule_name": str(rule.name) if rule else self.rule,
                "severity": self.severity,
            },
        )


def apply(changes: Changes, now: datetime) -> list[Changed]:
    """Write states and effects; gives the alarms that were opened. Each has its event."""
    assert connection.in_atomic_block, "states and alarms belong into the transaction of what brought them"
    states.keep(changes.states)
    if not changes.effects:
        return []
    devices = Device.objects.in_bulk({effect.device for effect in changes.effects})
    opened: list[Changed] = []
    events: list[NewEvent] = []
    for wave in _waves(changes.effects):
        by_kind: dict[Kind, list[Effect]] = defaultdict(list)
        for effect in wave:
            if effect.device in devices:
                by_kind[effect.kind].append(effect)
        new = _open(by_kind[Kind.OPEN], devices, now)
        grown = _grow(by_kind[Kind.GROW], devices)
        cleared = _clear(by_kind[Kind.CLEAR], devices, now)
        opened += new
        events += [
            one.event("telemetry.alarm_opened" if one.suppression is None else "telemetry.alarm_suppressed")
            for one in new
        ]
        events += [one.event("telemetry.alarm_grew") for one in grown]
        events += [one.event("telemetry.alarm_over") for one in cleared]
    record_many(events, by=RULES)
    if any(one.suppression is None for one in opened) or any(effect.kind is Kind.GROW for effect in changes.effects):
        enqueue(FOLLOW)
    return opened


def _waves(effects: Iterable[Effect]) -> list[list[Effect]]:
    """The effects in order, at most one for each device and rule in a wave: nearly always there is one wave."""
    waves: list[list[Effect]] = []
    count: dict[tuple[int, str], int] = defaultdict(int)
    for effect in sorted(effects, key=lambda effect: (effect.device, effect.rule)):
        number = count[effect.device, effect.rule]
        count[effect.device, effect.rule] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(effect)
    return waves


def _open(effects: Sequence[Effect], devices: dict[int, Device], now: datetime) -> list[Changed]:
    if not effects:
        return []
    quiet: Windows = windows(min(instant(effect.at) for effect in effects), now)
    of = [devices[effect.device] for effect in effects]
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "now": now,
                "device": [device.pk for device in of],
                "rule": [effect.rule for effect in effects],
                "profile": [device.profile for device in of],
                "place": [device.place_id for device in of],
                "unit": [device.unit_id for device in of],
                "suppression": [
                    quiet.covering(device, instant(effect.at)) for device, effect in zip(of, effects, strict=True)
                ],
                "severity": [effect.severity for effect in effects],
                "metric": [effect.metric for effect in effects],
                "value": [effect.value for effect in effects],
                "opened": [instant(effect.at) for effect in effects],
            },
        )
        new = [
            Changed(id, devices[device], rule, severity, suppression)
            for id, device, rule, severity, suppression in cursor.fetchall()
        ]
    incidents.gather([(one.id, one.device, one.severity) for one in new if one.suppression is None], now)
    return new


def _grow(effects: Sequence[Effect], devices: dict[int, Device]) -> list[Changed]:
    if not effects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _GROW,
            [
                [effect.device for effect in effects],
                [effect.rule for effect in effects],
                [effect.severity for effect in effects],
            ],
        )
        rows = cursor.fetchall()
    grown = [Changed(id, devices[device], rule, severity, None, of) for id, device, rule, severity, of in rows]
    incidents.raise_severity([(one.incident, one.severity) for one in grown if one.incident is not None])
    return grown


def _clear(effects: Sequence[Effect], devices: dict[int, Device], now: datetime) -> list[Changed]:
    if not effects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _CLEAR,
            {
                "now": now,
                "grave": int(OPENS_CASE),
                "notice": int(Severity.NOTICE),
                "passed": PASSED,
                "device": [effect.device for effect in effects],
                "rule": [effect.rule for effect in effects],
                "at": [instant(effect.at) for effect in effects],
            },
        )
        return [Changed(id, devices[device], rule, severity) for id, device, rule, severity in cursor.fetchall()]
