"""Reading and writing what rules remember."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from zhen.kernel.telemetry.rules.evaluating import Key
from zhen.kernel.telemetry.rules.values import State, from_json, instant, to_json

_OF_DEVICES = """
SELECT device_id, rule, state FROM telemetry_rulestate WHERE device_id = ANY(%s) ORDER BY device_id, rule FOR UPDATE
"""
# what another process works on is left to it
_DUE = """
SELECT device_id, rule, state FROM telemetry_rulestate WHERE due_at <= %s ORDER BY due_at LIMIT %s
FOR UPDATE SKIP LOCKED
"""
_KEEP = """
INSERT INTO telemetry_rulestate (device_id, rule, state, due_at)
SELECT * FROM unnest(%s::int[], %s::text[], %s::jsonb[], %s::timestamptz[])
ON CONFLICT (device_id, rule) DO UPDATE SET state = excluded.state, due_at = excluded.due_at
"""
_NOBODY_LISTENED = """
UPDATE telemetry_rulestate SET state = state || '{"hushed": true}' WHERE state ? 'silent_due'
"""
_FORGET = """
DELETE FROM telemetry_rulestate USING unnest(%s::int[], %s::text[]) AS gone(device, rule)
WHERE device_id = gone.device AND telemetry_rulestate.rule = gone.rule
"""


def of_devices(devices: Iterable[int]) -> dict[Key, State]:
    """The states of devices, locked until the end of the transaction."""
    return _read(_OF_DEVICES, [sorted(set(devices))])


def due_by(now: datetime, most: int) -> dict[Key, State]:
    """The states that are longest due, locked."""
    return _read(_DUE, [now, most])


def keep(states: Mapping[Key, State]) -> None:
    if not states:
        return
    rows = sorted(states.items())
    looks = (state.next_look() for _key, state in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                [device for (device, _rule), _state in rows],
                [rule for (_device, rule), _state in rows],
                [json.dumps(to_json(state), separators=(",", ":")) for _key, state in rows],
                [None if look is None else instant(look) for look in looks],
            ],
        )


def nobody_listened() -> None:
    """The town itself was away: each device gets its full time to be heard again before it is called silent."""
    with connection.cursor() as cursor:
        cursor.execute(_NOBODY_LISTENED)


def forget(keys: Iterable[Key]) -> None:
    keys = sorted(keys)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [[device for device, _rule in keys], [rule for _device, rule in keys]])


def _read(sql: str, parameters: Sequence[Any]) -> dict[Key, State]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {
        (device, rule): from_json(json.loads(state) if isinstance(state, str) else state)
        for device, rule, state in rows
    }
