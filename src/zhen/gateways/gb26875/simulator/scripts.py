"""What happens in a simulated building, as tables: seconds from the start, and what the device sends then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from zhen.gateways.gb26875.codec import objects
from zhen.gateways.gb26875.codec.application import Application, Type
from zhen.gateways.gb26875.codec.wire import TEXT_SIZE, Stamp, Text

NORMAL, FIRE, FAULT, STARTED, FEEDBACK = 1, 1 << 1, 1 << 2, 1 << 5, 1 << 6
TESTING = 0
"""A system's bit 0 is clear while it is tested."""
MAINS = 1 << 3
TEST_OPERATION, DUTY_REPLY, RESET_OPERATION = 1 << 6, 1 << 5, 1 << 0
SMOKE, HEAT, CALL_POINT, PUMP, TANK = 40, 31, 23, 91, 92
FIRE_ALARM, HYDRANTS = 1, 11
_KINDS = (SMOKE, SMOKE, SMOKE, SMOKE, HEAT, SMOKE, SMOKE, SMOKE, SMOKE, CALL_POINT)
_ROOMS = ("走廊", "厨房", "库房", "机房", "大厅", "会议室", "楼梯间", "车库", "活动室", "消控室")

Moment = datetime
"""A device's display: the town's time."""


@dataclass(frozen=True, kw_only=True)
class Detector:
    """The `number`-th component of a building: 250 on each loop."""

    number: int

    @property
    def address(self) -> bytes:
        loop, point = divmod(self.number, 250)
        return (point + 1).to_bytes(2, "little") + (loop + 1).to_bytes(2, "little")

    @property
    def kind(self) -> int:
        return _KINDS[self.number % len(_KINDS)]

    @property
    def place(self) -> str:
        return f"{self.number // len(_ROOMS) + 1}层{_ROOMS[self.number % len(_ROOMS)]}"


def component(detector: Detector, state: int, at: Moment) -> Application:
    told = objects.ComponentState(
        system_type=FIRE_ALARM,
        system_address=1,
        component_type=detector.kind,
        component_address=detector.address,
        state=state,
        text=Text.of(detector.place, TEXT_SIZE),
        time=Stamp.of(at),
    )
    return Application.of(Type.COMPONENT_STATE, told)


def system(state: int, at: Moment, *, kind: int = FIRE_ALARM) -> Application:
    told = objects.SystemState(system_type=kind, system_address=1, state=state, time=Stamp.of(at))
    return Application.of(Type.SYSTEM_STATE, told)


def pump(state: int, at: Moment) -> Application:
    told = objects.ComponentState(
        system_type=HYDRANTS,
        system_address=1,
        component_type=PUMP,
        component_address=b"\1\0\1\0",
        state=state,
        text=Text.of("地下室消防泵房", TEXT_SIZE),
        time=Stamp.of(at),
    )
    return Application.of(Type.COMPONENT_STATE, told)


def pressure(kilopascals: float, at: Moment) -> Application:
    told = objects.Analog(
        system_type=HYDRANTS,
        system_address=1,
        component_type=TANK,
        component_address=b"\2\0\1\0",
        analog_type=5,
        reading=round(kilopascals * 10),
        time=Stamp.of(at),
    )
    return Application.of(Type.ANALOG, told)


def device(state: int, at: Moment) -> Application:
    return Application.of(Type.DEVICE_STATE, objects.DeviceState(state=state, time=Stamp.of(at)))


def operation(flags: int, at: Moment) -> Application:
    told = objects.SystemOperation(
        system_type=FIRE_ALARM, system_address=1, operation=flags, operator=1, time=Stamp.of(at)
    )
    return Application.of(Type.SYSTEM_OPERATION, told)


def duty_reply(at: Moment) -> Application:
    told = objects.DeviceOperation(operation=DUTY_REPLY, operator=1, time=Stamp.of(at))
    return Application.of(Type.DEVICE_OPERATION, told)


@dataclass(frozen=True, kw_only=True)
class Step:
    """`after` seconds from the start, the device sends what `tells` makes of the moment."""

    after: float
    tells: Callable[[Moment], Application]


KITCHEN, HALL, BUTTON = Detector(number=1), Detector(number=4), Detector(number=9)
"""A smoke detector in a kitchen, a heat detector in a hall, a call point in the control room."""


def _normal_day() -> Iterator[Step]:
    """Signs of life, the state of the system, and the pressure of the hydrants, which sinks a little at noon."""
    yield Step(after=0, tells=partial(device, NORMAL))
    for minute in range(0, 24 * 60, 10):
        noon = 30 if 11 * 60 <= minute < 13 * 60 else 0
        yield Step(after=60 * minute, tells=partial(system, NORMAL))
        yield Step(after=60 * minute + 5, tells=partial(pressure, 420 - noon))


def _kitchen_fire() -> Iterator[Step]:
    yield Step(after=0, tells=partial(component, KITCHEN, FIRE))
    yield Step(after=1, tells=partial(system, FIRE))
    yield Step(after=20, tells=partial(component, HALL, NORMAL | FIRE))
    yield Step(after=40, tells=partial(component, BUTTON, FIRE))
    yield Step(after=45, tells=partial(pump, STARTED))
    yield Step(after=50, tells=partial(pump, STARTED | FEEDBACK))
    yield Step(after=600, tells=partial(operation, RESET_OPERATION))
    for detector in (KITCHEN, HALL, BUTTON):
        yield Step(after=602, tells=partial(component, detector, NORMAL))
    yield Step(after=603, tells=partial(pump, NORMAL))
    yield Step(after=604, tells=partial(system, NORMAL))


def _fault() -> Iterator[Step]:
    yield Step(after=0, tells=partial(component, HALL, FAULT))
    yield Step(after=1, tells=partial(system, NORMAL | FAULT))
    yield Step(after=900, tells=partial(component, HALL, NORMAL))
    yield Step(after=901, tells=partial(system, NORMAL))


def _mains_fault() -> Iterator[Step]:
    yield Step(after=0, tells=partial(device, MAINS))
    yield Step(after=1800, tells=partial(device, NORMAL))


def _test() -> Iterator[Step]:
    """The monthly test: the system says that it is tested, and a detector is set off."""
    yield Step(after=0, tells=partial(operation, TEST_OPERATION))
    yield Step(after=1, tells=partial(system, TESTING))
    yield Step(after=10, tells=partial(component, KITCHEN, FIRE))
    yield Step(after=70, tells=partial(component, KITCHEN, NORMAL))
    yield Step(after=80, tells=partial(system, NORMAL))


SCRIPTS: Mapping[str, tuple[Step, ...]] = {
    "normal-day": tuple(_normal_day()),
    "kitchen-fire": tuple(_kitchen_fire()),
    "fault": tuple(_fault()),
    "mains-fault": tuple(_mains_fault()),
    "test": tuple(_test()),
}
