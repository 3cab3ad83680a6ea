"""What a frame can carry: one frozen class per form of object, its fields in the order of the bytes.

Every object may end with a time (`time`): where the standard gives it none, some devices add one,
and where the standard gives it one, some leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from zhen.gateways.gb26875.codec.dialects import STANDARD, Dialect
from zhen.gateways.gb26875.codec.wire import CountedWords, Kind, Number, Octets, Stamp, Text, Time, Words

COMPONENT_ADDRESS_SIZE = 4


def _as(kind: Kind) -> Any:
    return field(metadata={"kind": kind})


def _byte() -> Any:
    return _as(Number(1))


@dataclass(frozen=True, kw_only=True)
class Object:
    """Any object."""

    time: Stamp | None = None

    @classmethod
    def read(cls, data: bytes, at: int, dialect: Dialect, *, timed: bool) -> tuple[Self, int]:
        """The object at `at`, and where the next one begins. Raises `wire.Short`."""
        values: dict[str, Any] = {}
        for name, kind in kinds(cls):
            values[name], at = kind.read(data, at, dialect)
        if timed:
            values["time"], at = Time().read(data, at, dialect)
        return cls(**values), at

    def write(self, dialect: Dialect = STANDARD) -> bytes:
        parts = [kind.write(getattr(self, name), dialect) for name, kind in kinds(type(self))]
        return b"".join(parts) + (self.time.raw if self.time else b"")


_kinds: dict[type, tuple[tuple[str, Kind], ...]] = {}


def kinds(form: type[Object]) -> tuple[tuple[str, Kind], ...]:
    """The fields of a form in the order of the bytes, without the time at the end."""
    if form not in _kinds:
        _kinds[form] = tuple((each.name, each.metadata["kind"]) for each in fields(form) if "kind" in each.metadata)
    return _kinds[form]


def size(form: type[Object]) -> int | None:
    """Bytes of a form without its time; None where texts make it longer or shorter."""
    total = 0
    for _name, kind in kinds(form):
        if kind.size is None:
            return None
        total += kind.size
    return total


@dataclass(frozen=True, kw_only=True)
class OfSystem(Object):
    """Something about one system of a building; also the question about it (61, 65, 66, 68)."""

    system_type: int = _byte()
    system_address: int = _byte()


@dataclass(frozen=True, kw_only=True)
class SystemState(OfSystem):
    state: int = _as(Number(2))


@dataclass(frozen=True, kw_only=True)
class SystemOperation(OfSystem):
    operation: int = _byte()
    operator: int = _byte()


@dataclass(frozen=True, kw_only=True)
class SystemVersion(OfSystem):
    major: int = _byte()
    minor: int = _byte()


@dataclass(frozen=True, kw_only=True)
class SystemConfiguration(OfSystem):
    text: Text = field(metadata={"kind": CountedWords()})


@dataclass(frozen=True, kw_only=True)
class OfComponent(OfSystem):
    """Something about one component: a detector, a pump, a button."""

    component_type: int = _byte()
    component_address: bytes = _as(Octets(COMPONENT_ADDRESS_SIZE))


@dataclass(frozen=True, kw_only=True)
class ComponentState(OfComponent):
    state: int = _as(Number(2))
    text: Text = field(metadata={"kind": Words()})


@dataclass(frozen=True, kw_only=True)
class Analog(OfComponent):
    analog_type: int = _byte()
    reading: int = _as(Number(2, signed=True))


@dataclass(frozen=True, kw_only=True)
class ComponentConfiguration(OfComponent):
    text: Text = field(metadata={"kind": Words()})


@dataclass(frozen=True, kw_only=True)
class AskComponent(OfSystem):
    """A question about a component, which is asked without its type."""

    component_address: bytes = _as(Octets(COMPONENT_ADDRESS_SIZE))


@dataclass(frozen=True, kw_only=True)
class AskSystemOperations(OfSystem):
    """The last `count` operations from `time` on."""

    count: int = _byte()


@dataclass(frozen=True, kw_only=True)
class DeviceState(Object):
    """The state of the transmission device itself."""

    state: int = _byte()


@dataclass(frozen=True, kw_only=True)
class DeviceOperation(Object):
    operation: int = _byte()
    operator: int = _byte()


@dataclass(frozen=True, kw_only=True)
class DeviceVersion(Object):
    major: int = _byte()
    minor: int = _byte()


@dataclass(frozen=True, kw_only=True)
class DeviceConfiguration(Object):
    text: Text = field(metadata={"kind": CountedWords()})


@dataclass(frozen=True, kw_only=True)
class Clock(Object):
    """Nothing but a time: what the device's clock shows, or shall show."""


@dataclass(frozen=True, kw_only=True)
class AskDeviceOperations(Object):
    count: int = _byte()


@dataclass(frozen=True, kw_only=True)
class Ask(Object):
    """A question or an order without more to it."""

    reserved: bytes = _as(Octets(1))


@dataclass(frozen=True, kw_only=True)
class DutyCheck(Object):
    """查岗: somebody at the device shall press the button within so many minutes."""

    minutes: int = _byte()
