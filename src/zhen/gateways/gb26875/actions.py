"""What people do with transmission devices: register them, order them, place what was found, look at what was kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Order, PartProfile, Terminal
from zhen.gateways.gb26875.rules import (
    ORDERS,
    Aim,
    State,
    application_of,
    check_networks,
    check_source,
)
from zhen.kernel.access.api import Actor, ActorKind, Denied, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.telemetry.api import PROFILES, Device

VIEW = "gb26875.view"
MANAGE = "gb26875.manage"
ORDER = "gb26875.order"
KEPT = "gb26875.kept"


@action(MANAGE)
def register(actor: Actor, device: Device, *, source: str, dialect: str = "", networks: str = "") -> Terminal:
    """Say which device of the registry speaks from the address `source`."""
    reachable = actionable(actor, MANAGE, Device.objects.filter(pk=device.pk))
    if not reachable.exists():
        raise Denied(MANAGE, actor)
    address = check_source(source)
    if Terminal.objects.filter(source=address).exists():
        raise Refused(
            field=_("address"),
            value=address,
            reason=_("a transmission device has this address"),
            remedy=_("Correct the address, or edit that device"),
        )
    if Terminal.objects.filter(device=device).exists():
        raise Refused(
            field=_("device"),
            value=device.code,
            reason=_("it has an address already"),
            remedy=_("Edit the transmission device"),
        )
    terminal = Terminal.objects.create(
        device=device, source=address, dialect=dialect, networks=check_networks(networks)
    )
    _tell("gb26875.terminal_registered", actor, terminal, source=address)
    return terminal


@action(MANAGE)
def edit(actor: Actor, terminal: Terminal, *, source: str, dialect: str, networks: str) -> Terminal:
    found = _held(actor, MANAGE, terminal)
    address = check_source(source)
    if Terminal.objects.filter(source=address).exclude(pk=found.pk).exists():
        raise Refused(
            field=_("address"),
            value=address,
            reason=_("a transmission device has this address"),
            remedy=_("Correct the address, or edit that device"),
        )
    found.source, found.dialect, found.networks = address, dialect, check_networks(networks)
    found.save(update_fields=["source", "dialect", "networks"])
    _tell("gb26875.terminal_edited", actor, found, source=address)
    return found


@action(ORDER)
def order(actor: Actor, terminal: Terminal, type_: Type, aim: Aim) -> Order:
    """Send an order to a transmission device, or a question. The gateway that holds its line sends it at once."""
    found = _held(actor, ORDER, terminal)
    now = clock.now()
    ordered = Order.objects.create(
        terminal=found,
        type=type_,
        data=application_of(type_, aim, now=now.astimezone(clock.TOWN_ZONE)).write(),
        asked_by_id=actor.id if actor.kind is ActorKind.USER else None,
        asked_at=now,
    )
    _tell("gb26875.ordered", actor, found, order=str(ORDERS[type_].name))
    return ordered


@action(ORDER)
def cancel(actor: Actor, ordered: Order) -> None:
    """Take back an order that has not been sent."""
    found = Order.objects.select_for_update(of=("self",)).select_related("terminal__device").get(pk=ordered.pk)
    _held(actor, ORDER, found.terminal)
    if found.state != State.WAITING or found.taken_at is not None:
        raise Outdated(
            field=_("state"),
            value=found.get_state_display(),
            reason=_("the order is no longer waiting"),
            remedy=_("See what came of it"),
        )
    found.state, found.ended_at = State.CANCELLED, clock.now()
    found.save(update_fields=["state", "ended_at"])
    _tell("gb26875.order_cancelled", actor, found.terminal, order=str(ORDERS[Type(found.type)].name))


@action(KEPT)
def settle(actor: Actor, rows: Iterable[KeptFrame]) -> int:
    """Say that a person has looked at kept frames. They go after their time; the same bytes come up again."""
    now = clock.now()
    kept = KeptFrame.objects.filter(pk__in=[row.pk for row in rows], settled_at__isnull=True)
    settled = kept.update(settled_at=now)
    journal.record("gb26875.kept_settled", by=actor, subject=("gb26875.keptframe", ""), data={"count": settled})
    return settled


@action(MANAGE)
def placed(actor: Actor, part: FoundPart) -> FoundPart:
    """Say that a found part stands in the registry where it really is."""
    found = actionable(actor, MANAGE, FoundPart.objects.select_for_update(of=("self",)).filter(pk=part.pk)).first()
    if found is None:
        raise Denied(MANAGE, actor)
    if found.placed_at is not None:
        raise Outdated(
            field=_("placed at"),
            value=found.placed_at,
            reason=_("somebody was faster"),
            remedy=_("Look at the device again"),
        )
    found.placed_at = clock.now()
    found.save(update_fields=["placed_at"])
    device = found.device
    journal.record(
        "gb26875.part_placed",
        by=actor,
        subject=found,
        area=device.place_id,
        unit=device.unit_id,
        data={"code": device.code},
    )
    return found


@action(MANAGE)
def assign_profile(actor: Actor, component_type: int | None, profile: str) -> PartProfile:
    """Which device profile newly found parts of a component type get (None: all that have no row of their own)."""
    if profile not in PROFILES:
        raise Refused(
            field=_("device profile"),
            value=profile,
            reason=_("there is no such profile"),
            remedy=_("Use one of: %(profiles)s") % {"profiles": "、".join(each.code for each in PROFILES)},
        )
    row, _created = PartProfile.objects.update_or_create(component_type=component_type, defaults={"profile": profile})
    journal.record(
        "gb26875.profile_assigned",
        by=actor,
        subject=row,
        data={"component_type": component_type if component_type is not None else "—", "profile": profile},
    )
    return row


def _held(actor: Actor, permission: str, terminal: Terminal) -> Terminal:
    """The terminal as it stands now, locked, if the actor may act on it. Raises Denied."""
    rows = Terminal.objects.select_for_update(of=("self",)).select_related("device").filter(pk=terminal.pk)
    found = actionable(actor, permission, rows).first()
    if found is None:
        raise Denied(permission, actor)
    return found


def _tell(kind: str, actor: Actor, terminal: Terminal, **data: str) -> None:
    device = terminal.device
    journal.record(
        kind,
        by=actor,
        subject=terminal,
        area=device.place_id,
        unit=device.unit_id,
        data={"code": device.code, **data},
    )
