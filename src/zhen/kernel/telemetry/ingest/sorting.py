"""Messages of the stream become a batch: what is a reading, and what is refused, with its reason.

Three times are kept apart: when the device says that it measured (`device_at`), when the stream took it (`received`),
and when it counts as measured (`at`). The device's time counts unless its clock cannot be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.devices.orders import Answer
from zhen.kernel.telemetry.ingest import announcing
from zhen.kernel.telemetry.ingest.payloads import MOST_BYTES, Said, Unreadable, answer, read
from zhen.kernel.telemetry.ingest.registry import Known, Registry
from zhen.kernel.telemetry.models.stream import Reason
from zhen.kernel.telemetry.storage.batch import Announcing, Batch, Message, Refusal

SECOND = 1_000_000
MINUTE = 60 * SECOND
AHEAD = MINUTE
"""A device's clock may be so far ahead. What lies further in the future counts as measured when it arrived."""
BEHIND = 7 * 24 * 60 * MINUTE
"""A device that was cut off may bring what it measured in the last week. What is older comes from a wrong clock."""


class Arrived(NamedTuple):
    """A message as the stream gives it: the levels of its topic, its bytes, and when the stream took it."""

    topic: str
    payload: bytes
    received: int


@dataclass
class Quotas:
    """How many messages each device sent in the present minute of the stream."""

    minute: int = 0
    counts: dict[int, int] = field(default_factory=dict)

    def within(self, device: Known, received: int) -> bool:
        minute = received // MINUTE
        if minute > self.minute:
            self.minute, self.counts = minute, {}
        count = self.counts[device.id] = self.counts.get(device.id, 0) + 1
        return count <= device.messages_per_minute


def sort(arrived: Iterable[Arrived], registry: Registry, quotas: Quotas) -> Batch:
    """The batch that messages make. Raises nothing, whatever they are."""
    batch = Batch()
    devices = registry.devices
    for one in arrived:
        kind, _slash, rest = one.topic.partition("/")
        if kind == announcing.ROOT:
            _announce(batch, one, registry, quotas)
            continue
        code, *levels = rest.split("/")
        device = devices.get(code)
        if device is None or not levels or kind not in TOPICS:
            reason = Reason.DEVICE if levels and kind in TOPICS else Reason.TOPIC
            batch.refusals.append(_refusal(None, one, reason))
        elif not device.active:
            batch.refusals.append(_refusal(device, one, Reason.RETIRED))
        elif not quotas.within(device, one.received):
            batch.refusals.append(_refusal(device, one, Reason.QUOTA))
        else:
            try:
                if levels[0] == "r":
                    said = read(levels, one.payload)
                elif levels == ANSWERS:
                    batch.answers.append(Answer(device.id, *answer(one.payload), one.received))
                    continue
                else:
                    said = _announced(device, levels, one.payload)
            except Unreadable as fault:
                batch.refusals.append(_refusal(device, one, fault.reason, fault.detail))
                continue
            for moment in said:
                _take(batch, device, one, moment)
    return batch


def _announced(device: Known, levels: Sequence[str], payload: bytes) -> list[Said]:
    """What a message says on a topic that the device announced. Raises Unreadable, also where it announced none."""
    sources = device.sources.get("/".join(levels))
    if sources is None or len(payload) > MOST_BYTES:
        return read(levels, payload)
    return [Said(None, announcing.values(sources, payload))]


def _announce(batch: Batch, one: Arrived, registry: Registry, quotas: Quotas) -> None:
    """Keep what a device announced of itself; it holds from the next message on."""
    levels = tuple(one.topic.split("/")[1:])
    code = levels[1] if len(levels) > 1 else ""
    device = registry.devices.get(code)
    if device is None or not device.active:
        batch.refusals.append(_refusal(device, one, Reason.RETIRED if device else Reason.DEVICE))
        return
    if not quotas.within(device, one.received):
        batch.refusals.append(_refusal(device, one, Reason.QUOTA))
        return
    try:
        if len(one.payload) > MOST_BYTES:
            raise Unreadable(Reason.TOO_LARGE, f"{len(one.payload)} B")
        found = announcing.read(code, levels, one.payload, PROFILES.get(device.profile))
    except Unreadable as fault:
        batch.refusals.append(_refusal(device, one, fault.reason, fault.detail))
        return
    known = dict(device.announced)
    for each in found:
        if each.gone:
            known.pop(each.name, None)
        elif each.name not in known and len(known) >= announcing.MOST_SOURCES:
            batch.refusals.append(_refusal(device, one, Reason.QUOTA, f"> {announcing.MOST_SOURCES}"))
            continue
        else:
            known[each.name] = each.source
        batch.announcements[device.id, each.name] = Announcing(None if each.gone else row_of(each), one.received)
    registry.devices[code] = device.announcing(known)


def row_of(each: announcing.Announcement) -> dict[str, object]:
    """An announcement as its row stands in the database, without device, name and time."""
    source = each.source
    return {
        "title": each.title,
        "topic": source.topic if source else each.topic,
        "metric": source.metric if source else "",
        "path": list(source.path) if source else [],
        "factor": source.factor if source else 1.0,
        "offset": source.offset if source else 0.0,
        "on": source.on if source else "",
        "off": source.off if source else "",
        "fault": each.fault.value if each.fault else "",
        "detail": each.detail,
    }


ANSWERS = ["a"]
TOPICS = frozenset({"d", "q", "g"})
"""What a topic of readings begins with: from devices, from devices that cannot confirm, from our own gateways."""


def _take(batch: Batch, device: Known, one: Arrived, said: Said) -> None:
    """Take what of a moment is possible. A faulty number leaves the others."""
    at, device_at = when(said.at, one.received)
    if said.odd:
        batch.refusals.append(_refusal(device, one, Reason.TIME, said.odd))
    values = []
    for code, value in said.values:
        limits = device.ranges.get(code)
        if limits is None:
            batch.refusals.append(_refusal(device, one, Reason.METRIC, code))
        elif limits[0] <= value <= limits[1]:
            values.append((code, value))
        else:
            batch.refusals.append(_refusal(device, one, Reason.RANGE, f"{code} = {value:g}"))
    if values:
        if device_at is not None:
            batch.device_times[len(batch.messages)] = device_at
        batch.messages.append(Message(device.id, at, one.received, values))


def when(said: int | None, received: int) -> tuple[int, int | None]:
    """When a reading counts as measured, and the device's own time where that is another."""
    if said is None:
        return received, None
    if received - BEHIND <= said <= received + AHEAD:
        return said, None
    return received, said


def _refusal(device: Known | None, one: Arrived, reason: Reason, detail: str = "") -> Refusal:
    return Refusal(device.id if device else None, one.topic, reason.value, detail, one.payload[:1024], one.received)
