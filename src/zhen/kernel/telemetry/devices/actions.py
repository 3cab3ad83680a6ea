"""Entering devices, changing what is said of them, retiring them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.telemetry.devices.rules import check, check_gateway
from zhen.kernel.telemetry.devices.values import MANAGE, NewDevice
from zhen.kernel.telemetry.models import Credential, Device

FIELDS = (
    "name",
    "profile",
    "place_id",
    "spot",
    "unit_id",
    "maintenance",
    "maintained_until",
    "installed_on",
    "end_of_life",
    "messages_per_minute",
)


@action(MANAGE)
def register(actor: Actor, new: NewDevice) -> Device:
    """Enter a device. It can sign in once it has a credential (or speaks through its gateway)."""
    (device,) = write(actor, [new], clock.now())
    journal.record(
        "telemetry.device_registered",
        by=actor,
        subject=device,
        area=device.place_id,
        unit=device.unit_id,
        data={"code": device.code, "name": device.name, "profile": device.profile},
    )
    return device


@action(MANAGE)
def register_many(actor: Actor, news: Sequence[NewDevice]) -> list[Device]:
    """Enter many devices at once, all or none, with one event."""
    devices = write(actor, news, clock.now())
    journal.record(
        "telemetry.devices_registered",
        by=actor,
        subject=("telemetry.device", devices[0].pk if devices else 0),
        data={"devices": len(devices)},
    )
    return devices


@action(MANAGE)
def edit(actor: Actor, device: Device, new: NewDevice) -> Device:
    """Say something else of a device. Its code stays: readings, labels and the device itself carry it."""
    found = held(actor, device)
    if new.code != found.code:
        raise Refused(
            field=_("code"), value=new.code, reason=_("a code stays"), remedy=_("Register a new device instead")
        )
    check(new)
    if new.gateway and Device.objects.filter(gateway=found).exists():
        check_gateway(new.gateway, found.code, {})
    before = {name: getattr(found, name) for name in FIELDS} | {"gateway_id": found.gateway_id}
    for name in FIELDS:
        setattr(found, name, getattr(new, name))
    found.gateway_id = _gateways([new]).get(new.gateway)
    found.save()
    _require_reach(actor, [found])
    changed = sorted(name.removesuffix("_id") for name, value in before.items() if getattr(found, name) != value)
    _tell("telemetry.device_edited", actor, found, changed=changed)
    return found


@action(MANAGE)
def retire(actor: Actor, device: Device, *, reason: str) -> None:
    """The device is gone: it can no longer sign in, and is silent without an alarm. What it measured stays."""
    found = held(actor, device)
    if found.state == Device.State.RETIRED:
        raise _settled(found)
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("it is empty"), remedy=_("Say why the device goes"))
    found.state = Device.State.RETIRED
    found.save(update_fields=["state"])
    end_credentials(found, clock.now())
    _tell("telemetry.device_retired", actor, found, reason=reason.strip())


@action(MANAGE)
def restore(actor: Actor, device: Device) -> None:
    """The device is in service again. It needs a new credential."""
    found = held(actor, device)
    if found.state == Device.State.ACTIVE:
        raise _settled(found)
    found.state = Device.State.ACTIVE
    found.save(update_fields=["state"])
    _tell("telemetry.device_restored", actor, found)


def write(actor: Actor, rows: Sequence[NewDevice], now: datetime) -> list[Device]:
    """Devices as rows: gateways first, since others are behind them. Raises Refused and Denied."""
    for new in rows:
        check(new)
    behind_none = [new for new in rows if not new.gateway]
    devices = _write(behind_none, {}, now)
    devices += _write([new for new in rows if new.gateway], _gateways(rows), now)
    _require_reach(actor, devices)
    by_code = {device.code: device for device in devices}
    return [by_code[new.code] for new in rows]


def _write(rows: Sequence[NewDevice], gateways: dict[str, int], now: datetime) -> list[Device]:
    _refuse_known(rows)
    devices = [
        Device(
            code=new.code,
            gateway_id=gateways.get(new.gateway),
            registered_at=now,
            **{name: getattr(new, name) for name in FIELDS},
        )
        for new in rows
    ]
    return Device.objects.bulk_create(devices)


def _refuse_known(rows: Sequence[NewDevice]) -> None:
    codes = [new.code for new in rows]
    known = Device.objects.filter(code__in=codes).values_list("code", flat=True).first()
    twice = next((code for code, count in Counter(codes).items() if count > 1), None)
    if known or twice:
        raise Refused(
            field=_("code"),
            value=known or twice,
            reason=_("there is a device with this code"),
            remedy=_("Use another code, or edit that device"),
        )


def _gateways(rows: Sequence[NewDevice]) -> dict[str, int]:
    """The gateways that rows name, by code. Raises Refused where one cannot be a gateway."""
    named = Counter(new.gateway for new in rows if new.gateway)
    found = Device.objects.filter(code__in=named).select_related("gateway")
    known = {device.code: device for device in found}
    parts = Counter(Device.objects.filter(gateway__in=found).values_list("gateway__code", flat=True)) + named
    for code in named:
        if code not in known:
            raise Refused(
                field=_("behind the gateway"),
                value=code,
                reason=_("there is no such device"),
                remedy=_("Register the gateway first"),
            )
        gateway = known[code].gateway
        check_gateway(code, gateway.code if gateway else None, parts)
    return {code: device.pk for code, device in known.items()}


def held(actor: Actor, device: Device, permission: str = MANAGE) -> Device:
    """The device as it stands now, locked, if the actor may change it. Raises Denied."""
    found = actionable(actor, permission, Device.objects.select_for_update(of=("self",)).filter(pk=device.pk)).first()
    if found is None:
        raise Denied(permission, actor)
    return found


def end_credentials(device: Device, now: datetime) -> int:
    """End what works now, and take back claim codes. The message server's connection is cut by the event."""
    device.claims.filter(used_at__isnull=True, ends_at__gt=now).update(ends_at=now)
    working = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    return Credential.objects.filter(working, device=device).update(ends_at=now)


def _require_reach(actor: Actor, devices: Sequence[Device]) -> None:
    """That the actor reaches what he wrote: the unit in charge, or the place."""
    ids = [device.pk for device in devices]
    if actionable(actor, MANAGE, Device.objects.filter(pk__in=ids)).count() < len(ids):
        raise Denied(MANAGE, actor)


def _settled(device: Device) -> Outdated:
    return Outdated(
        field=_("state"),
        value=device.get_state_display(),
        reason=_("somebody was faster"),
        remedy=_("Look at the device again"),
    )


def _tell(kind: str, actor: Actor, device: Device, **data: Any) -> None:
    journal.record(
        kind, by=actor, subject=device, area=device.place_id, unit=device.unit_id, data={"code": device.code, **data}
    )
