"""The clock's part: timers that come due, growing severity, and silence. It fires though nothing is read.

Any number of sweeps may run at once: each takes states that no other works on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.alarms import states
from zhen.kernel.telemetry.alarms.applying import apply
from zhen.kernel.telemetry.alarms.programs import Programs, programs
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.rules.evaluating import Key, Program, sweep
from zhen.kernel.telemetry.rules.values import MICROSECOND, State, micro

AT_ONCE = 2000
ROUNDS = 100

# Every device in service has a state for each rule that waits for silence; new ones are looked at after its time.
_ARM = """
INSERT INTO telemetry_rulestate (device_id, rule, state, due_at)
SELECT device.id, silent.rule, jsonb_build_object('silent_due', %(now)s::bigint + silent.after),
    to_timestamp((%(now)s::bigint + silent.after) / 1e6)
FROM telemetry_device device
JOIN unnest(%(profiles)s::text[], %(rules)s::text[], %(afters)s::bigint[]) AS silent(profile, rule, after)
    ON silent.profile = device.profile
WHERE device.state = 'active' AND NOT EXISTS (
    SELECT FROM telemetry_rulestate known WHERE known.device_id = device.id AND known.rule = silent.rule
)
ON CONFLICT (device_id, rule) DO NOTHING
"""
# A gateway is heard when anything behind it is.
_HEARD = """
SELECT device.id, max(latest.received_at)
FROM telemetry_device device
LEFT JOIN telemetry_device part ON part.gateway_id = device.id
JOIN telemetry_latest latest ON latest.device_id IN (device.id, part.id)
WHERE device.id = ANY(%s) GROUP BY device.id
"""


def sweep_due() -> None:
    """Take everything that is due now. What a round leaves over, the next one takes."""
    for _round in range(ROUNDS):
        now = clock.now()
        with transaction.atomic():
            if sweep_once(now) < AT_ONCE:
                return


def sweep_once(now: datetime) -> int:
    """One batch, the longest due first; gives how many states were looked at."""
    held = programs(now)
    _arm(held, now)
    due = states.due_by(now, AT_ONCE)
    if not due:
        return 0
    devices = Device.objects.in_bulk({device for device, _rule in due})
    active = {pk: device for pk, device in devices.items() if device.state == Device.State.ACTIVE}
    found = held.for_devices({pk: device.profile for pk, device in active.items()})
    gone = [key for key in due if key[0] not in found or key[1] not in found[key[0]].machines]
    states.forget(gone)
    looked_at = {key: state for key, state in due.items() if key not in set(gone)}
    heard, hushed = _silence(looked_at, active, found, held, now)
    apply(sweep(micro(now), found, looked_at, heard, hushed), now)
    return len(due)


def _arm(held: Programs, now: datetime) -> None:
    rules = held.silent_rules()
    if rules:
        with connection.cursor() as cursor:
            cursor.execute(
                _ARM,
                {
                    "now": micro(now),
                    "profiles": [profile for profile, _rule, _after in rules],
                    "rules": [rule for _profile, rule, _after in rules],
                    "afters": [after for _profile, _rule, after in rules],
                },
            )


def heard_by(devices: Iterable[int]) -> dict[int, int]:
    """When each device was last heard, itself or through what is behind it, in microseconds."""
    wanted = sorted(set(devices))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [wanted])
        return {device: micro(at) for device, at in cursor.fetchall()}


def _silence(
    due: Mapping[Key, State],
    devices: Mapping[int, Device],
    found: Mapping[int, Program],
    held: Programs,
    now: datetime,
) -> tuple[dict[int, int], dict[int, int]]:
    """When the devices that may be silent were heard, and which of them cannot be judged: their gateway is away too."""
    at = micro(now)
    looked_at = {
        device: found[device].machines[rule].tree.after
        for (device, rule), state in due.items()
        if state.silent_due is not None and state.silent_due <= at
    }
    behind = {device: gateway for device in looked_at if (gateway := devices[device].gateway_id) is not None}
    heard = heard_by([*looked_at, *behind.values()])
    gateways = Device.objects.in_bulk(set(behind.values()))
    hushed: dict[int, int] = {}
    for device, gateway in behind.items():
        if gateways[gateway].state != Device.State.ACTIVE:
            continue
        after = looked_at[device]
        silent_since = heard.get(device, 0) + after
        if heard.get(gateway, 0) < silent_since:
            hushed[device] = max(at + after, heard.get(gateway, 0) + _patience(held, gateways[gateway]))
    return heard, hushed


def _patience(held: Programs, gateway: Device) -> int:
    """How long a gateway may say nothing before it is silent itself."""
    program = held.of(gateway.profile, gateway.pk)
    if program is not None and program.silent:
        return program.silent[0].tree.after
    profile = PROFILES.get(gateway.profile)
    return 3 * (profile.interval // MICROSECOND) if profile else 0
