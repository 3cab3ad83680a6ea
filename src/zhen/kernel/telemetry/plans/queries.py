"""Reading floor plans, restricted, and drawing them: each pin says how its device stands now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.files import api as files
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Drawing, Link, Missing, Pin
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.devices.queries import devices
from zhen.kernel.telemetry.devices.states import device_chip, with_alarm, with_heard
from zhen.kernel.telemetry.devices.values import VIEW
from zhen.kernel.telemetry.models import Alarm, Device, FloorPlan, PlanPin

MOST_DEVICES = 300
"""So many devices can be placed on the plans of one place."""


def plans(actor: Actor) -> QuerySet[FloorPlan]:
    """Each with the name of its place today and how many devices are on it; from below, place by place."""
    name = places.versions_on(clock.today()).filter(place=OuterRef("place"))
    rows = FloorPlan.objects.select_related("place", "unit", "image")
    return restrict(actor, VIEW, rows).annotate(
        place_name=Subquery(name.values("name")[:1]),
        placed=Subquery(
            PlanPin.objects.filter(plan=OuterRef("pk")).order_by().values("plan").annotate(n=Count("*")).values("n")
        ),
    )


def plan(actor: Actor, key: str) -> FloorPlan:
    """Raises Missing."""
    found = plans(actor).filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Missing(f"floor plan {key}")
    return found


def in_places(actor: Actor, inside: Collection[int]) -> QuerySet[FloorPlan]:
    return plans(actor).filter(place__in=inside).order_by("order", "name", "pk")


def with_devices(actor: Actor, ids: Iterable[int]) -> QuerySet[FloorPlan]:
    """The plans that devices are on."""
    return plans(actor).filter(pk__in=PlanPin.objects.filter(device__in=list(ids)).values("plan")).order_by("order")


def placeable(actor: Actor, of: FloorPlan) -> list[Device]:
    """The devices that can be placed on a plan: those on it, then those of its place that are on none.

    Those whose spot begins with the floor's name come before the rest.
    """
    rows = devices(actor).filter(place__in=places.scope_ids(of.place_id), state=Device.State.ACTIVE)
    rows = rows.filter(pin__isnull=True) | rows.filter(pin__plan=of)
    found = list(rows.select_related("pin").order_by("spot", "code")[:MOST_DEVICES])
    return sorted(found, key=lambda row: (not hasattr(row, "pin"), not row.spot.startswith(of.name)))


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A device where it is on a plan."""

    pin: PlanPin
    device: Device


def placed(actor: Actor, on: Collection[int]) -> list[Placed]:
    """What the reader may see of the devices on plans, with how they stand: two queries."""
    pins = {pin.device_id: pin for pin in PlanPin.objects.filter(plan__in=on)}
    rows = with_alarm(with_heard(devices(actor))).filter(pk__in=pins)
    ordered = rows.order_by(F("alarm_severity").asc(nulls_first=True), "code")
    return [Placed(pin=pins[row.pk], device=row) for row in ordered]


def drawings(actor: Actor, rows: Iterable[FloorPlan], marked: Collection[int] = ()) -> list[Drawing]:
    """Plans ready to be drawn; `marked` are the devices that it is about. Those in alarm are drawn last, on top."""
    found = list(rows)
    pins: dict[int, list[Pin]] = {one.pk: [] for one in found}
    for one in placed(actor, list(pins)):
        pins[one.pin.plan_id].append(_pin(one, one.device.pk in marked))
    return [_drawing(actor, row, pins[row.pk]) for row in found]


def of_alarm(actor: Actor, alarm: Alarm) -> Sequence[Drawing]:
    """The floor of the device that alarmed."""
    return drawings(actor, with_devices(actor, [alarm.device_id]), {alarm.device_id})


def of_incident(actor: Actor, incident: Any) -> Sequence[Drawing]:
    """The floors of the devices that alarmed in an incident."""
    ids = set(incident.alarms.values_list("device", flat=True))
    return drawings(actor, with_devices(actor, ids), ids)


def url_of(of: FloorPlan) -> str:
    return reverse("page:telemetry.plan", kwargs={"key": of.pk})


def _pin(one: Placed, marked: bool) -> Pin:
    row: Any = one.device
    chip = device_chip(row)
    return Pin(
        label=f"{row.name}（{row.spot}）" if row.spot and row.spot not in row.name else row.name,
        url=reverse("page:telemetry.device", kwargs={"key": row.code}),
        x=one.pin.x,
        y=one.pin.y,
        state=chip,
        strong=marked or row.alarm_severity is not None,
    )


def _drawing(actor: Actor, row: Any, pins: Sequence[Pin]) -> Drawing:
    name = f"{row.place_name or row.place.code} {row.name}"
    return Drawing(
        title=name,
        image=files.url(actor, row.image, side=files.LARGE),
        width=row.image.width,
        height=row.image.height,
        alt=gettext("Floor plan of %(name)s") % {"name": name},
        pins=pins,
        links=(Link(text=_("Open this plan"), url=url_of(row)),),
    )
