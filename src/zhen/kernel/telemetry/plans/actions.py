"""Entering floor plans, and placing devices on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.files.api import File, Kind
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.devices.values import MANAGE
from zhen.kernel.telemetry.models import Device, FloorPlan, PlanPin

KINDS = frozenset({Kind.PNG, Kind.JPEG})
LONGEST_NAME = 40

Spot = tuple[float, float]
"""From the left and from the top, each from 0 to 1."""


@action(MANAGE)
def add_plan(actor: Actor, *, place: places.Place, unit: Unit, name: str, order: int, image: File) -> FloorPlan:
    """Enter the picture of a floor of a place."""
    name = _checked_name(name, place.pk, None)
    if image.kind not in KINDS:
        raise Refused(
            field=_("picture"), value=image.name, reason=_("it is no picture"), remedy=_("Send a PNG or JPEG picture")
        )
    made = FloorPlan.objects.create(place=place, unit=unit, name=name, order=order, image=image, made_at=clock.now())
    if not actionable(actor, MANAGE, FloorPlan.objects.filter(pk=made.pk)).exists():
        raise Denied(MANAGE, actor)
    _tell("telemetry.plan_added", actor, made)
    return made


@action(MANAGE)
def change_plan(
    actor: Actor, plan: int, revision: int, *, name: str, order: int, image: File | None = None
) -> FloorPlan:
    """Say something else of a plan, or give it another picture. The pins stay where they are on it."""
    found = _held(actor, plan, revision)
    found.name, found.order = _checked_name(name, found.place_id, found.pk), order
    if image is not None:
        found.image = image
    _grown(found)
    _tell("telemetry.plan_changed", actor, found)
    return found


@action(MANAGE)
def remove_plan(actor: Actor, plan: int) -> None:
    """Take a plan away, with its pins. The devices stay."""
    found = _held(actor, plan, None)
    _tell("telemetry.plan_removed", actor, found)
    found.delete()


@action(MANAGE)
def set_pins(actor: Actor, plan: int, revision: int, spots: Mapping[int, Spot]) -> FloorPlan:
    """Say where devices are on a plan, all at once: what `spots` does not name is on it no longer.

    `spots` goes by the number of the device. Raises Refused for a device that is elsewhere, Outdated where somebody
    has changed the plan meanwhile.
    """
    found = _held(actor, plan, revision)
    inside = places.scope_ids(found.place_id)
    wanted = Device.objects.select_for_update(of=("self",)).filter(pk__in=spots).order_by("pk")
    known = {row.pk: row for row in actionable(actor, MANAGE, wanted)}
    elsewhere = set(PlanPin.objects.filter(device__in=known).exclude(plan=found).values_list("device", flat=True))
    for key, (x, y) in spots.items():
        device = known.get(key)
        if device is None or device.place_id not in inside:
            raise Refused(
                field=_("device"),
                value=device or key,
                reason=_("it is not in this place"),
                remedy=_("Choose a device of this building"),
            )
        if key in elsewhere:
            raise Refused(
                field=_("device"),
                value=device,
                reason=_("it is on another floor plan"),
                remedy=_("Take it off that plan first"),
            )
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise Refused(
                field=device.name,
                value=f"{100 * x:g} %, {100 * y:g} %",
                reason=_("it lies outside the picture"),
                remedy=_("Give two numbers from 0 to 100"),
            )
    found.pins.all().delete()
    PlanPin.objects.bulk_create(PlanPin(plan=found, device_id=key, x=x, y=y) for key, (x, y) in spots.items())
    _grown(found)
    _tell("telemetry.pins_set", actor, found, devices=len(spots))
    return found


def _checked_name(name: str, place: int, but: int | None) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(
            field=_("floor"),
            value=name,
            reason=_("a name has 1 to %(most)s characters") % {"most": LONGEST_NAME},
            remedy=_("Give it one, such as: 1st floor"),
        )
    if FloorPlan.objects.filter(place=place, name=name).exclude(pk=but).exists():
        raise Refused(
            field=_("floor"),
            value=name,
            reason=_("this place has a plan of this name"),
            remedy=_("Use another name, or change that plan"),
        )
    return name


def _held(actor: Actor, plan: int, revision: int | None) -> FloorPlan:
    """The plan, locked, if the actor may change it. Raises Denied and Outdated."""
    rows = FloorPlan.objects.select_for_update(of=("self",)).filter(pk=plan)
    found = actionable(actor, MANAGE, rows).first()
    if found is None:
        raise Denied(MANAGE, actor)
    if revision is not None and found.revision != revision:
        raise Outdated(
            field=_("floor plan"),
            value=found,
            reason=_("somebody has changed it meanwhile"),
            remedy=_("Look at it as it stands now, and place again what is missing"),
        )
    return found


def _grown(plan: FloorPlan) -> None:
    plan.revision += 1
    plan.save()


def _tell(kind: str, actor: Actor, plan: FloorPlan, **data: Any) -> None:
    version = places.place_at(plan.place_id, clock.today())
    named = {"name": plan.name, "place": version.name if version else plan.place.code}
    journal.record(kind, by=actor, subject=plan, area=plan.place_id, unit=plan.unit_id, data={**named, **data})
