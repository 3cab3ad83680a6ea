"""Many devices at once, from a table: looked at first, then taken whole or not at all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable, restrict
from zhen.kernel.identity.api import open_units
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated
from zhen.kernel.places.api import versions_on
from zhen.kernel.telemetry.devices import tables
from zhen.kernel.telemetry.devices.actions import write
from zhen.kernel.telemetry.devices.values import MANAGE, NewDevice
from zhen.kernel.telemetry.models import Device, DeviceFile


def files(actor: Actor) -> QuerySet[DeviceFile]:
    return restrict(actor, MANAGE, DeviceFile.objects.select_related("by"))


@action(MANAGE)
def bring(actor: Actor, data: bytes, file_name: str) -> DeviceFile:
    """Read a table and keep what it says; nothing is entered yet. Raises Refused where it is no table of devices."""
    if actor.user_id is None:
        raise Denied(MANAGE, actor)
    today = clock.today()
    sheet = tables.read(
        data,
        file_name=file_name,
        places=dict(versions_on(today).values_list("place__code", "place_id")),
        units=dict(open_units(today).values_list("code", "pk")),
    )
    known = set(
        Device.objects.filter(code__in=[new.code for _row, new in sheet.devices]).values_list("code", flat=True)
    )
    twice = [
        tables.Fault(row=row, code=new.code, reason=str(_("there is a device with this code")))
        for row, new in sheet.devices
        if new.code in known
    ]
    made = DeviceFile.objects.create(
        file_name=file_name[:200],
        rows=[{"row": row, **_to_json(new)} for row, new in sheet.devices if new.code not in known],
        faults=[asdict(fault) for fault in sorted((*sheet.faults, *twice), key=lambda fault: fault.row)],
        by_id=actor.user_id,
        at=clock.now(),
    )
    journal.record(
        "telemetry.table_brought",
        by=actor,
        subject=made,
        data={"file_name": made.file_name, "devices": made.readable, "faults": len(made.faults)},
    )
    return made


@action(MANAGE)
def take(actor: Actor, key: UUID) -> list[Device]:
    """Enter the devices of a table. Raises Refused and Denied, and enters none, where one cannot be entered."""
    found = _waiting(actor, key)
    devices = write(actor, [_from_json(row) for row in found.rows], clock.now())
    found.state = DeviceFile.State.TAKEN
    found.save(update_fields=["state"])
    journal.record(
        "telemetry.table_taken",
        by=actor,
        subject=found,
        data={"file_name": found.file_name, "devices": len(devices)},
    )
    return devices


@action(MANAGE)
def leave(actor: Actor, key: UUID) -> None:
    """Enter nothing of a table."""
    found = _waiting(actor, key)
    found.state = DeviceFile.State.LEFT
    found.save(update_fields=["state"])
    journal.record("telemetry.table_left", by=actor, subject=found, data={"file_name": found.file_name})


def _waiting(actor: Actor, key: UUID) -> DeviceFile:
    found = actionable(actor, MANAGE, DeviceFile.objects.select_for_update()).filter(pk=key).first()
    if found is None or found.state != DeviceFile.State.WAITING or not found.rows:
        raise Outdated(
            field=_("file"),
            value=found.file_name if found else key,
            reason=_("nothing of it waits"),
            remedy=_("Look at it again, or bring another one"),
        )
    return found


def _to_json(new: NewDevice) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(new).items()}


def _from_json(row: dict[str, Any]) -> NewDevice:
    given = {name: value for name, value in row.items() if name != "row"}
    days = {name: date.fromisoformat(given[name]) for name in tables.DAYS if given[name]}
    return NewDevice(**{**given, **days})
