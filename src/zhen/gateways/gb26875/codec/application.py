"""The application data of a frame: its type, how many objects it announces, the objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from zhen.gateways.gb26875.codec import objects
from zhen.gateways.gb26875.codec.dialects import STANDARD, Dialect
from zhen.gateways.gb26875.codec.frames import HEAD, Finding, Frame
from zhen.gateways.gb26875.codec.objects import Object
from zhen.gateways.gb26875.codec.wire import TIME_SIZE, Short, Stamp


class Type(IntEnum):
    """The types of application data that the standard names. Up: 1–28; down: 61–91."""

    SYSTEM_STATE = 1
    COMPONENT_STATE = 2
    ANALOG = 3
    SYSTEM_OPERATION = 4
    SYSTEM_VERSION = 5
    SYSTEM_CONFIGURATION = 6
    COMPONENT_CONFIGURATION = 7
    SYSTEM_TIME = 8
    DEVICE_STATE = 21
    DEVICE_OPERATION = 24
    DEVICE_VERSION = 25
    DEVICE_CONFIGURATION = 26
    DEVICE_TIME = 28
    ASK_SYSTEM_STATE = 61
    ASK_COMPONENT_STATE = 62
    ASK_ANALOG = 63
    ASK_SYSTEM_OPERATIONS = 64
    ASK_SYSTEM_VERSION = 65
    ASK_SYSTEM_CONFIGURATION = 66
    ASK_COMPONENT_CONFIGURATION = 67
    ASK_SYSTEM_TIME = 68
    ASK_DEVICE_STATE = 81
    ASK_DEVICE_OPERATIONS = 84
    ASK_DEVICE_VERSION = 85
    ASK_DEVICE_CONFIGURATION = 86
    ASK_DEVICE_TIME = 88
    RESET_DEVICE = 89
    SET_CLOCK = 90
    DUTY_CHECK = 91


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a type carries: which objects, how many at most, and whether each ends with a time."""

    form: type[Object]
    most: int
    timed: bool = True


SHAPES: dict[int, Shape] = {
    Type.SYSTEM_STATE: Shape(form=objects.SystemState, most=102),
    Type.COMPONENT_STATE: Shape(form=objects.ComponentState, most=22),
    Type.ANALOG: Shape(form=objects.Analog, most=63),
    Type.SYSTEM_OPERATION: Shape(form=objects.SystemOperation, most=102),
    Type.SYSTEM_VERSION: Shape(form=objects.SystemVersion, most=1, timed=False),
    Type.SYSTEM_CONFIGURATION: Shape(form=objects.SystemConfiguration, most=3, timed=False),
    Type.COMPONENT_CONFIGURATION: Shape(form=objects.ComponentConfiguration, most=26, timed=False),
    Type.SYSTEM_TIME: Shape(form=objects.OfSystem, most=1),
    Type.DEVICE_STATE: Shape(form=objects.DeviceState, most=1),
    Type.DEVICE_OPERATION: Shape(form=objects.DeviceOperation, most=127),
    Type.DEVICE_VERSION: Shape(form=objects.DeviceVersion, most=1, timed=False),
    Type.DEVICE_CONFIGURATION: Shape(form=objects.DeviceConfiguration, most=1, timed=False),
    Type.DEVICE_TIME: Shape(form=objects.Clock, most=1),
    Type.ASK_SYSTEM_STATE: Shape(form=objects.OfSystem, most=102, timed=False),
    Type.ASK_COMPONENT_STATE: Shape(form=objects.AskComponent, most=22, timed=False),
    Type.ASK_ANALOG: Shape(form=objects.AskComponent, most=63, timed=False),
    Type.ASK_SYSTEM_OPERATIONS: Shape(form=objects.AskSystemOperations, most=1),
    Type.ASK_SYSTEM_VERSION: Shape(form=objects.OfSystem, most=1, timed=False),
    Type.ASK_SYSTEM_CONFIGURATION: Shape(form=objects.OfSystem, most=3, timed=False),
    Type.ASK_COMPONENT_CONFIGURATION: Shape(form=objects.AskComponent, most=26, timed=False),
    Type.ASK_SYSTEM_TIME: Shape(form=objects.OfSystem, most=1, timed=False),
    Type.ASK_DEVICE_STATE: Shape(form=objects.Ask, most=1, timed=False),
    Type.ASK_DEVICE_OPERATIONS: Shape(form=objects.AskDeviceOperations, most=1),
    Type.ASK_DEVICE_VERSION: Shape(form=objects.Ask, most=1, timed=False),
    Type.ASK_DEVICE_CONFIGURATION: Shape(form=objects.Ask, most=1, timed=False),
    Type.ASK_DEVICE_TIME: Shape(form=objects.Ask, most=1, timed=False),
    Type.RESET_DEVICE: Shape(form=objects.Ask, most=1, timed=False),
    Type.SET_CLOCK: Shape(form=objects.Clock, most=1),
    Type.DUTY_CHECK: Shape(form=objects.DutyCheck, most=1, timed=False),
}
"""Types without a shape (reserved ones, users' own from 128 on) keep their bytes in `trailing`."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """Application data, every byte of it.

    `count` is the announced number of objects; `shared_time` stands once behind objects that have
    none of their own; `trailing` is what follows and was not understood.
    """

    type: int
    count: int
    objects: tuple[Object, ...] = ()
    shared_time: Stamp | None = None
    trailing: bytes = b""

    @classmethod
    def of(cls, type: Type, *carried: Object) -> Application:
        return cls(type=type, count=len(carried), objects=carried)

    def write(self, dialect: Dialect = STANDARD) -> bytes:
        parts = [bytes((self.type, self.count)), *(each.write(dialect) for each in self.objects)]
        if self.shared_time is not None:
            parts.append(self.shared_time.raw)
        return b"".join(parts) + self.trailing

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(_findings(self))

    def time_of(self, each: Object) -> Stamp | None:
        """When the device says that it happened."""
        return each.time or self.shared_time


def read(frame: Frame) -> Application | None:
    """What the frame carries; None where it is too short to carry anything (acknowledgements, heartbeats)."""
    return parse(frame.data, frame.dialect) if len(frame.data) >= 2 else None


def parse(data: bytes, dialect: Dialect = STANDARD) -> Application:
    """Application data of two bytes or more. Never fails: what is not understood stays in `trailing`."""
    type_, count = data[0], data[1]
    shape = SHAPES.get(type_)
    if shape is None:
        return Application(type=type_, count=count, trailing=data[2:])
    timed, shared = _times(shape, count, len(data) - 2)
    carried: list[Object] = []
    at = 2
    while len(carried) < count:
        try:
            each, at = shape.form.read(data, at, dialect, timed=timed)
        except Short:
            break
        carried.append(each)
    shared_time = Stamp(data[at:]) if shared else None
    trailing = b"" if shared else data[at:]
    return Application(type=type_, count=count, objects=tuple(carried), shared_time=shared_time, trailing=trailing)


def _times(shape: Shape, count: int, length: int) -> tuple[bool, bool]:
    """Whether each object ends with a time, and whether one time stands behind all of them."""
    body = objects.size(shape.form)
    if body is None or count == 0 or length == count * (body + TIME_SIZE * shape.timed):
        return shape.timed, False
    if length == count * (body + TIME_SIZE):
        return True, False
    if length == count * body and body > 0:
        return False, False
    if length == count * body + TIME_SIZE:
        return False, True
    return shape.timed, False


def _findings(application: Application) -> Iterable[Finding]:
    shape = SHAPES.get(application.type)
    if shape is None:
        yield _finding("type", HEAD, "type", application.type, "a type of the standard")
        return
    if application.count > shape.most:
        yield _finding("most", HEAD + 1, "count", application.count, f"at most {shape.most}")
    if application.count != len(application.objects):
        yield _finding("count", HEAD + 1, "count", application.count, len(application.objects))
    at = HEAD + 2
    for each in application.objects:
        at += len(each.write())
        if (each.time is not None) != shape.timed and application.shared_time is None:
            yield _finding("timed", at, "time of the object", *(("none", "one") if shape.timed else ("one", "none")))
    if application.shared_time is not None:
        yield _finding("shared", at, "time", "one for all objects", "one for each")
    if application.trailing:
        yield _finding("trailing", at, "bytes after the objects", application.trailing.hex(" ").upper(), "none")


def _finding(code: str, offset: int, field: str, given: object, expected: object) -> Finding:
    return Finding(code=code, offset=offset, field=field, given=given, expected=expected)
