"""The rules' part in taking a batch of readings: one call, inside the batch's transaction."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime

from zhen.kernel.telemetry.alarms import states
from zhen.kernel.telemetry.alarms.applying import Changed, apply
from zhen.kernel.telemetry.alarms.programs import programs
from zhen.kernel.telemetry.rules.evaluating import evaluate
from zhen.kernel.telemetry.storage.batch import Message


def take(
    messages: Sequence[Message],
    profiles: Mapping[int, str],
    newest: MutableMapping[tuple[int, str], int],
    now: datetime,
) -> list[Changed]:
    """Put messages through the rules, in the order of their arrival; gives the alarms that were opened.

    `profiles` by device, of more devices than those of the batch perhaps. `newest` holds, in microseconds, the time of
    the newest reading of each device and metric as it was before the batch, and is carried on; what it does not know
    counts as new.
    """
    spoke = {message.device for message in messages}
    found = programs(now).for_devices({device: profiles[device] for device in spoke if device in profiles})
    if not found:
        return []
    return apply(evaluate(messages, found, states.of_devices(found), newest), now)
