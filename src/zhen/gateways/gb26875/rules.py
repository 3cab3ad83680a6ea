"""Orders to transmission devices: what can be ordered, how an order goes on, and what is checked."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875.codec import objects
from zhen.gateways.gb26875.codec.application import Application, Type
from zhen.gateways.gb26875.codec.frames import Command
from zhen.gateways.gb26875.codec.wire import Stamp
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.states import Machine

Text = str | Promise

SOURCE_FORM = r"^[0-9A-F]{12}$"
LONGEST_DUTY_CHECK = 60
"""Minutes that a duty check may leave; the frame has one byte for them."""
CLOCK_TOLERANCE = timedelta(seconds=60)
"""A clock that is further off is set, at most once in CLOCK_PAUSE."""
CLOCK_PAUSE = timedelta(hours=12)
GONE_AFTER = timedelta(minutes=2)
"""An order that a process took and did not bring to an end in this time is taken by another."""
WAITS_FOR_LINE = timedelta(minutes=2)
"""So long an order waits for a device that is not connected."""


class State:
    """The states of an order."""

    WAITING, ASKED = "waiting", "asked"
    DONE, REFUSED, SILENT, MISSED, CANCELLED = "done", "refused", "silent", "missed", "cancelled"


MACHINE = Machine(
    id="gb26875.order",
    name=_("Order to a transmission device"),
    initial=State.WAITING,
    transitions={
        State.WAITING: frozenset({State.ASKED, State.DONE, State.REFUSED, State.SILENT, State.CANCELLED}),
        State.ASKED: frozenset({State.DONE, State.MISSED}),  # a duty check that the device has taken
        State.DONE: frozenset(),
        State.REFUSED: frozenset(),
        State.SILENT: frozenset(),
        State.MISSED: frozenset(),
        State.CANCELLED: frozenset(),
    },
    ends=frozenset({State.DONE, State.REFUSED, State.SILENT, State.MISSED, State.CANCELLED}),
)


@dataclass(frozen=True, kw_only=True)
class Orderable:
    """Something a person can order. `command` is what its frame is for."""

    type: Type
    name: Text
    command: Command


ORDERS: Mapping[Type, Orderable] = {
    order.type: order
    for order in (
        Orderable(type=Type.DUTY_CHECK, name=_("duty check"), command=Command.CONTROL),
        Orderable(type=Type.SET_CLOCK, name=_("set the clock"), command=Command.CONTROL),
        Orderable(type=Type.ASK_SYSTEM_STATE, name=_("read the system's state"), command=Command.ASK),
        Orderable(type=Type.ASK_COMPONENT_STATE, name=_("read a component's state"), command=Command.ASK),
        Orderable(type=Type.ASK_ANALOG, name=_("read a component's value"), command=Command.ASK),
        Orderable(type=Type.ASK_SYSTEM_OPERATIONS, name=_("read the system's operations"), command=Command.ASK),
        Orderable(type=Type.ASK_SYSTEM_VERSION, name=_("read the system's version"), command=Command.ASK),
        Orderable(type=Type.ASK_SYSTEM_CONFIGURATION, name=_("read the system's configuration"), command=Command.ASK),
        Orderable(
            type=Type.ASK_COMPONENT_CONFIGURATION, name=_("read a component's configuration"), command=Command.ASK
        ),
        Orderable(type=Type.ASK_SYSTEM_TIME, name=_("read the system's clock"), command=Command.ASK),
        Orderable(type=Type.ASK_DEVICE_STATE, name=_("read the device's state"), command=Command.ASK),
        Orderable(type=Type.ASK_DEVICE_OPERATIONS, name=_("read the device's operations"), command=Command.ASK),
        Orderable(type=Type.ASK_DEVICE_VERSION, name=_("read the device's version"), command=Command.ASK),
        Orderable(type=Type.ASK_DEVICE_CONFIGURATION, name=_("read the device's configuration"), command=Command.ASK),
        Orderable(type=Type.ASK_DEVICE_TIME, name=_("read the device's clock"), command=Command.ASK),
        Orderable(type=Type.RESET_DEVICE, name=_("restart the device"), command=Command.CONTROL),
    )
}


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What an order needs to know beyond its type, as far as the type needs it."""

    minutes: int = 10
    system_type: int = 1
    system_address: int = 1
    component_address: str = ""
    count: int = 10


def application_of(type_: Type, aim: Aim, *, now: datetime) -> Application:
    """What the order's frame carries; `now` in the town's time. Raises Refused."""
    system_type = _byte(_("system type"), aim.system_type)
    system_address = _byte(_("system address"), aim.system_address)
    match type_:
        case Type.DUTY_CHECK:
            return Application.of(type_, objects.DutyCheck(minutes=_minutes(aim.minutes)))
        case Type.SET_CLOCK:
            return Application.of(type_, objects.Clock(time=Stamp.of(now)))
        case Type.ASK_COMPONENT_STATE | Type.ASK_ANALOG | Type.ASK_COMPONENT_CONFIGURATION:
            address = _component_address(aim.component_address)
            return Application.of(
                type_,
                objects.AskComponent(system_type=system_type, system_address=system_address, component_address=address),
            )
        case Type.ASK_SYSTEM_OPERATIONS:
            count = _byte(_("how many"), aim.count)
            return Application.of(
                type_,
                objects.AskSystemOperations(
                    system_type=system_type, system_address=system_address, count=count, time=Stamp.of(now)
                ),
            )
        case Type.ASK_DEVICE_OPERATIONS:
            count = _byte(_("how many"), aim.count)
            return Application.of(type_, objects.AskDeviceOperations(count=count, time=Stamp.of(now)))
        case Type.ASK_SYSTEM_STATE | Type.ASK_SYSTEM_VERSION | Type.ASK_SYSTEM_CONFIGURATION | Type.ASK_SYSTEM_TIME:
            return Application.of(type_, objects.OfSystem(system_type=system_type, system_address=system_address))
        case _:
            return Application.of(type_, objects.Ask(reserved=b"\0"))


def deadline_of(type_: int, data: bytes, *, asked_at: datetime) -> datetime | None:
    """Until when a duty check must be answered; other orders are over with their reply."""
    return asked_at + timedelta(minutes=data[2]) if type_ == Type.DUTY_CHECK else None


def after_reply(type_: int, *, refused: bool) -> str:
    """The state that a reply leads to: a duty check goes on, since the button is still to be pressed."""
    if refused:
        return State.REFUSED
    return State.ASKED if type_ == Type.DUTY_CHECK else State.DONE


def check_source(source: str) -> str:
    """A device's address as twelve digits; people may write spaces, or its number in decimal digits."""
    plain = re.sub(r"[\s:-]", "", source).upper()
    if re.fullmatch(SOURCE_FORM, plain):
        return plain
    if plain.isdecimal() and int(plain) < 1 << 48:
        return int(plain).to_bytes(6, "little").hex().upper()
    raise Refused(
        field=_("address"),
        value=source,
        reason=_("it is no address of a transmission device"),
        remedy=_("Write its six bytes as twelve digits, such as 790300000000, or its number"),
    )


def check_networks(networks: str) -> str:
    """Networks that a device may come from, one a word; empty: any."""
    for word in networks.split():
        try:
            ipaddress.ip_network(word)
        except ValueError:
            raise Refused(
                field=_("only from"),
                value=word,
                reason=_("it is no network"),
                remedy=_("Write networks such as 10.20.0.0/16, with spaces between them"),
            ) from None
    return " ".join(networks.split())


def comes_from(peer: str, networks: str) -> bool:
    """Whether `peer` (host:port) lies in one of the networks; any does where none is named."""
    if not networks:
        return True
    address = ipaddress.ip_address(peer.rpartition(":")[0])
    return any(address in ipaddress.ip_network(word) for word in networks.split())


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_DUTY_CHECK:
        raise Refused(
            field=_("minutes"),
            value=minutes,
            reason=_("it is out of range"),
            remedy=_("Use 1 to %(most)s") % {"most": LONGEST_DUTY_CHECK},
        )
    return minutes


def _byte(field: Text, number: int) -> int:
    if not 0 <= number <= 0xFF:
        raise Refused(field=field, value=number, reason=_("it is out of range"), remedy=_("Use 0 to 255"))
    return number


def _component_address(digits: str) -> bytes:
    plain = re.sub(r"[\s:-]", "", digits)
    if not re.fullmatch(r"[0-9A-Fa-f]{8}", plain):
        raise Refused(
            field=_("component address"),
            value=digits,
            reason=_("it is no address of a component"),
            remedy=_("Write its four bytes as eight digits, such as 0A000200"),
        )
    return bytes.fromhex(plain)
