"""What the gateway itself writes: parts it found, frames it kept, what came of orders. All of it plain and blocking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Q

from zhen.gateways.gb26875 import profiles
from zhen.gateways.gb26875.actions import MANAGE, ORDER
from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.mapping import DEVICE, Part, Report
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Order, PartProfile, Terminal
from zhen.gateways.gb26875.rules import (
    CLOCK_PAUSE,
    CLOCK_TOLERANCE,
    GONE_AFTER,
    MACHINE,
    ORDERS,
    WAITS_FOR_LINE,
    Aim,
    State,
    after_reply,
    application_of,
    deadline_of,
)
from zhen.gateways.gb26875.server.book import Heard, Kept
from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.api import PROFILES, Device, NewDevice, profile_found, register_device

GATEWAY = Actor.system("gb26875")
AT_ONCE = 100
"""Orders that one look takes."""


# -- parts


@dataclass(frozen=True, kw_only=True)
class Found:
    """A part that nobody has seen before."""

    part: Part
    component_type: int | None
    text: str


def found_of(reports: Sequence[Report], texts: Mapping[Part, str]) -> list[Found]:
    """Every part of a frame but the transmission device itself, once each."""
    kinds = {report.part: report.component_type for report in reports}
    kinds |= {part: None for part in texts if part not in kinds}
    return [
        Found(part=part, component_type=kind, text=texts.get(part, ""))
        for part, kind in kinds.items()
        if part != DEVICE
    ]


@action(MANAGE, silent=True)
def find_parts(actor: Actor, terminal_id: int, found: Sequence[Found], now: datetime) -> dict[Part, str]:
    """Register the parts that are not yet, behind their transmission device and at its place.

    Two gateways may hear of a part at the same time: the terminal's row is locked, and the second one
    finds what the first one wrote.
    """
    terminal = Terminal.objects.select_for_update(of=("self",)).select_related("device").get(pk=terminal_id)
    known = parts_of(terminal_id)
    wanted = PartProfile.objects.in_bulk(field_name="component_type") if found else {}
    for each in found:
        if each.part not in known:
            known[each.part] = _register(actor, terminal, each, _profile(each, wanted), now)
    return known


def parts_of(terminal_id: int) -> dict[Part, str]:
    """The device codes of everything behind a transmission device."""
    rows = FoundPart.objects.filter(terminal=terminal_id).values_list(
        "system_type", "system_address", "address", "device__code"
    )
    return {_part(system_type, system_address, address): code for system_type, system_address, address, code in rows}


def _part(system_type: int, system_address: int, address: str) -> Part:
    return Part(
        system_type=system_type, system_address=system_address, address=bytes.fromhex(address) if address else None
    )


def _profile(found: Found, wanted: Mapping[int | None, PartProfile]) -> str:
    if found.part.address is None:
        return profile_found(profiles.SYSTEM.code)
    row = wanted.get(found.component_type) or wanted.get(None)
    return row.profile if row and row.profile in PROFILES else profile_found(profiles.COMPONENT.code)


def _register(actor: Actor, terminal: Terminal, found: Found, profile: str, now: datetime) -> str:
    gateway = terminal.device
    assert found.part.system_type is not None
    assert found.part.system_address is not None
    part = FoundPart(
        terminal=terminal,
        system_type=found.part.system_type,
        system_address=found.part.system_address,
        address=_hex(found.part.address),
        component_type=found.component_type,
        text=found.text,
        found_at=now,
    )
    new = NewDevice(
        code=f"{gateway.code}{found.part.suffix}",
        name=f"{part.kind} {found.text}".strip()[:100],
        profile=profile,
        place_id=gateway.place_id,
        unit_id=gateway.unit_id,
        spot=found.text[:100],
        gateway=gateway.code,
    )
    registered = Device.objects.filter(code=new.code).first()
    if registered is not None:  # a person was faster, and knew the place
        part.placed_at = now
    part.device = registered or _enter(actor, new)
    part.save()
    journal.record(
        "gb26875.part_found",
        by=actor,
        subject=part,
        area=part.device.place_id,
        unit=part.device.unit_id,
        data={"code": part.device.code, "name": part.device.name},
    )
    return part.device.code


def _enter(actor: Actor, new: NewDevice) -> Device:
    """A device in the registry; without its gateway where that has as many as it may: no alarm waits for that."""
    try:
        return register_device(actor, new)
    except Refused:
        return register_device(actor, replace(new, gateway=""))


# -- what is kept


_KEEP = """
INSERT INTO gb26875_keptframe (why, source, peer, raw, digest, first_at, last_at, count)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (digest) DO UPDATE
SET count = gb26875_keptframe.count + 1, last_at = greatest(gb26875_keptframe.last_at, excluded.last_at),
    peer = excluded.peer, settled_at = NULL
"""


def keep(kept: Sequence[Kept]) -> None:
    """Keep bytes that are no readings; the same ones again are counted. No person acts here: no event."""
    rows = sorted(((_digest(each), each) for each in kept), key=itemgetter(0))  # in one order: no ring of waiting
    values = [(each.why, _hex(each.source), each.peer, each.raw, digest, each.at, each.at) for digest, each in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_KEEP, values)


def _digest(kept: Kept) -> bytes:
    return hashlib.sha256(f"{kept.why}\0{_hex(kept.source)}\0".encode() + kept.raw).digest()


def _hex(raw: bytes | None) -> str:
    return raw.hex().upper() if raw else ""


def tidy(
    now: datetime, *, settled_for: timedelta = timedelta(days=90), open_for: timedelta = timedelta(days=366)
) -> int:
    """Let kept frames go: looked at, after 90 days; never looked at, after a year."""
    gone = Q(settled_at__lt=now - settled_for) | Q(last_at__lt=now - open_for)
    return KeptFrame.objects.filter(gone).delete()[0]


# -- signs of life


def heard(signs: Iterable[Heard]) -> None:
    """Note when and from where each transmission device was last heard; its newest sign counts."""
    newest = {sign.terminal.id: sign for sign in sorted(signs, key=lambda sign: sign.at)}
    rows = [
        Terminal(pk=pk, heard_at=sign.at, peer=sign.peer, clock_error=sign.clock_error)
        for pk, sign in sorted(newest.items())
    ]
    Terminal.objects.bulk_update(rows, ["heard_at", "peer", "clock_error"], batch_size=1_000)


@action(ORDER, silent=True)
def set_clocks(actor: Actor, now: datetime) -> int:
    """Order a new time for devices whose clock is off, at most twice a day each."""
    off = Q(clock_error__gt=CLOCK_TOLERANCE) | Q(clock_error__lt=-CLOCK_TOLERANCE) | Q(clock_error__isnull=True)
    recent = Order.objects.filter(type=Type.SET_CLOCK, asked_at__gt=now - CLOCK_PAUSE).values("terminal")
    terminals = Terminal.objects.filter(off, heard_at__gt=now - WAITS_FOR_LINE).exclude(pk__in=recent)
    data = application_of(Type.SET_CLOCK, Aim(), now=now.astimezone(clock.TOWN_ZONE)).write()
    orders = [Order(terminal=terminal, type=Type.SET_CLOCK, data=data, asked_at=now) for terminal in terminals]
    return len(Order.objects.bulk_create(orders))


# -- orders


def take_orders(sources: Sequence[str], now: datetime) -> list[Order]:
    """Waiting orders of devices that are on our lines; each is taken by one process."""
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=now - GONE_AFTER)
    with transaction.atomic():
        rows = (
            Order.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("terminal")
            .filter(free, state=State.WAITING, terminal__source__in=sources)
            .order_by("asked_at")[:AT_ONCE]
        )
        taken = list(rows)
        Order.objects.filter(pk__in=[each.pk for each in taken]).update(taken_at=now)
    return taken


@action(ORDER, silent=True)
def finish(actor: Actor, pk: int, *, now: datetime, reply: bytes | None, refused: bool = False) -> None:
    """Write down what came of an order; `reply` None: nothing came."""
    order = _locked(pk)
    if order.state != State.WAITING:
        return
    order.reply = reply
    _move(actor, order, State.SILENT if reply is None else after_reply(order.type, refused=refused), now)


@action(ORDER, silent=True)
def answer_duty(actor: Actor, terminal_id: int, now: datetime) -> None:
    """Somebody pressed the button: every open duty check of the device is answered.

    The button can be faster than the note that the device has taken the check: one that was sent counts too.
    """
    asked = Q(state=State.ASKED, deadline__gte=now) | Q(state=State.WAITING, taken_at__isnull=False)
    open_checks = Order.objects.select_for_update(of=("self",)).filter(
        asked, terminal=terminal_id, type=Type.DUTY_CHECK
    )
    for order in open_checks.select_related("terminal__device"):
        _move(actor, order, State.DONE, now)


@action(ORDER, silent=True)
def close_late(actor: Actor, now: datetime) -> int:
    """Duty checks that nobody answered are missed; orders whose device did not come are silent."""
    missed = Q(state=State.ASKED, deadline__lt=now)
    waited = Q(state=State.WAITING, asked_at__lt=now - WAITS_FOR_LINE) & (
        Q(taken_at__isnull=True) | Q(taken_at__lt=now - GONE_AFTER)
    )
    late = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(missed | waited)
    closed = list(late.select_related("terminal__device")[:AT_ONCE])
    for order in closed:
        _move(actor, order, State.MISSED if order.state == State.ASKED else State.SILENT, now)
    return len(closed)


def _locked(pk: int) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("terminal__device").get(pk=pk)


def _move(actor: Actor, order: Order, state: str, now: datetime) -> None:
    MACHINE.require(order.state, state)
    order.state = state
    if state == State.ASKED:
        order.deadline = deadline_of(order.type, bytes(order.data), asked_at=now)
    else:
        order.ended_at = now
    order.save(update_fields=["state", "deadline", "ended_at", "reply"])
    device = order.terminal.device
    journal.record(
        "gb26875.order_went",
        by=actor,
        subject=order.terminal,
        area=device.place_id,
        unit=device.unit_id,
        data={
            "code": device.code,
            "order": str(ORDERS[Type(order.type)].name),
            "state": str(Order.States(state).label),
        },
    )
