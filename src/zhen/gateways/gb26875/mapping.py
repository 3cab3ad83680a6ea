"""What a frame says, as reports: which part, which numbers, when.

Bits become flags, analog values become numbers in their unit. Fire is told whatever bit 0 says: real
devices send fire with “normal” clear and with it set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from zhen.gateways.gb26875.codec import names, objects
from zhen.gateways.gb26875.codec.application import Application, Type
from zhen.gateways.gb26875.codec.frames import Frame
from zhen.gateways.gb26875.codec.names import Bit
from zhen.gateways.gb26875.codec.wire import Stamp
from zhen.kernel.lib.clock import TOWN_ZONE

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a device's clock may be off before its times are no longer believed."""
OLDEST_EVENT = timedelta(days=1)
"""A device that was cut off may tell today what happened yesterday."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What behind a transmission device a report is about; all None: the transmission device itself.

    A component's type is not part of what it is: the same detector is asked for without it.
    """

    system_type: int | None = None
    system_address: int | None = None
    address: bytes | None = None

    @property
    def suffix(self) -> str:
        """What follows the device's code in the part's own: `-1-1` of a system, `-1-1-0A000200` of a component."""
        if self.system_type is None:
            return ""
        end = "" if self.address is None else f"-{self.address.hex().upper()}"
        return f"-{self.system_type}-{self.system_address}{end}"


DEVICE = Part()


@dataclass(frozen=True, kw_only=True)
class Report:
    """Numbers of one part at one moment.

    `at` is when it happened as far as can be believed, `device_at` when the device says it did (None:
    no time that exists). `text` is the place the device was given, where it sends one.
    """

    part: Part
    at: datetime
    device_at: datetime | None
    metrics: Mapping[str, float]
    component_type: int | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that one frame tells. `texts` are names of parts that came without a state."""

    reports: tuple[Report, ...] = ()
    texts: Mapping[Part, str] = field(default_factory=dict)
    duty_reply: bool = False
    understood: bool = True


def read(frame: Frame, application: Application, *, now: datetime) -> Told:
    """The reports of a frame that arrived at `now` (aware)."""
    reports = []
    texts: dict[Part, str] = {}
    duty_reply = False
    for each in application.objects:
        at, device_at = _when(frame, application.time_of(each), now=now)
        part = _part(each)
        text = each.text.read(frame.dialect) if isinstance(each, _WITH_TEXT) else ""
        if text:
            texts[part] = text
        metrics = _metrics(each, application.type)
        if application.type == Type.DEVICE_OPERATION and metrics.get("duty_reply"):
            duty_reply = True
        if metrics:
            kind = each.component_type if isinstance(each, objects.OfComponent) else None
            reports.append(
                Report(part=part, at=at, device_at=device_at, metrics=metrics, component_type=kind, text=text)
            )
    return Told(
        reports=tuple(reports),
        texts=texts,
        duty_reply=duty_reply,
        understood=application.type in names.TYPES and bool(application.objects) and not application.trailing,
    )


_WITH_TEXT = (objects.ComponentState, objects.ComponentConfiguration, objects.SystemConfiguration)


def _part(each: objects.Object) -> Part:
    if isinstance(each, objects.OfComponent):
        return Part(system_type=each.system_type, system_address=each.system_address, address=each.component_address)
    if isinstance(each, objects.OfSystem):
        return Part(system_type=each.system_type, system_address=each.system_address)
    return DEVICE


def _metrics(each: objects.Object, type_: int) -> dict[str, float]:
    match each:
        case objects.SystemState():
            return _flags(each.state, names.SYSTEM_BITS)
        case objects.ComponentState():
            return _flags(each.state, names.COMPONENT_BITS)
        case objects.DeviceState():
            return _flags(each.state, names.DEVICE_BITS)
        case objects.Analog() if each.analog_type in names.QUANTITIES:
            quantity = names.QUANTITIES[each.analog_type]
            return {quantity.code: quantity.value(each.reading)}
        case objects.SystemOperation():
            return dict(_set(each.operation, names.SYSTEM_OPERATION_BITS))
        case objects.DeviceOperation():
            return dict(_set(each.operation, names.DEVICE_OPERATION_BITS))
        case _:
            return {}


def _flags(state: int, table: Mapping[int, Bit]) -> dict[str, float]:
    """Every named bit of a state, set or not: a state says that all else is over."""
    return {bit.code: float(state >> number & 1) for number, bit in table.items()}


def _set(operation: int, table: Mapping[int, Bit]) -> Iterator[tuple[str, float]]:
    """The bits of an operation that are set: an operation says nothing of the others."""
    return ((bit.code, 1.0) for number, bit in table.items() if operation >> number & 1)


def _when(frame: Frame, stamp: Stamp | None, *, now: datetime) -> tuple[datetime, datetime | None]:
    """When it happened, and when the device says it did.

    The device's word holds while its clock runs within a few minutes of ours. Times have whole
    seconds: the frame's number makes two reports of one second two, and a repeated frame the same one.
    """
    device_at = moment_of(stamp, frame)
    if device_at is None or not clock_holds(frame, now=now):
        return now, device_at
    if not now - OLDEST_EVENT <= device_at <= now + CLOCK_TOLERANCE:
        return now, device_at
    return device_at + timedelta(microseconds=15 * frame.serial), device_at


def moment_of(stamp: Stamp | None, frame: Frame) -> datetime | None:
    """A device's time as an instant; devices show the town's time."""
    shown = stamp.moment(frame.dialect) if stamp else None
    return shown.replace(tzinfo=TOWN_ZONE).astimezone(UTC) if shown else None


def clock_error(frame: Frame, *, now: datetime) -> timedelta | None:
    """How far the device's clock is ahead of ours; None where it shows no time that exists."""
    shown = moment_of(frame.time, frame)
    return None if shown is None else shown - now


def clock_holds(frame: Frame, *, now: datetime) -> bool:
    error = clock_error(frame, now=now)
    return error is not None and abs(error) <= CLOCK_TOLERANCE
