"""Writing the registers of upkeep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.cases.api import NewCase, receive
from zhen.kernel.files.api import File
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places.api import area_of_point
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.case_types import STRUCTURE_ID
from zhen.packs.upkeep.models import Premises, Structure


@action(rights.REGISTER_EDIT)
def add_premises(actor: Actor, given: Mapping[str, Any]) -> Premises:
    """Enter something that is looked at. Its area is found from its point."""
    made = Premises(**given)
    _place(made)
    made.save()
    _check_reach(actor, made)
    _tell("upkeep.premises_added", actor, made)
    return made


@action(rights.REGISTER_EDIT)
def change_premises(actor: Actor, premises: Premises, given: Mapping[str, Any]) -> Premises:
    found = _held(actor, premises)
    for name, value in given.items():
        setattr(found, name, value)
    _place(found)
    found.save()
    _check_reach(actor, found)
    _tell("upkeep.premises_changed", actor, found)
    return found


@action(rights.REGISTER_EDIT)
def close_premises(actor: Actor, premises: Premises, on: date) -> Premises:
    """It is no longer there; its visits and findings stay."""
    found = _held(actor, premises)
    if found.closed_on is not None:
        raise Outdated(
            field=_("premises"), value=found.name, reason=_("they are closed already"), remedy=_("Look at them again")
        )
    if not found.since <= on <= clock.today():
        raise Refused(
            field=_("closed on"), value=on, reason=_("it lies before its beginning or ahead"), remedy=_("Mend the day")
        )
    found.closed_on = on
    found.save(update_fields=["closed_on"])
    _tell("upkeep.premises_closed", actor, found)
    return found


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """An unauthorised structure as somebody saw it."""

    kind: str
    what: str
    address: str
    area_m2: float
    unit_id: int | None = None
    point: tuple[float, float] | None = None
    area_id: int | None = None
    text: str = ""


@action(rights.CREATE)
def discover(actor: Actor, seen: Discovery, photos: Sequence[File]) -> Structure:
    """Enter a structure into the stock: with a photo, and with the case that leads to its removal."""
    if not photos:
        raise Refused(
            field=_("photos"),
            value="",
            reason=_("nothing enters the stock that was not photographed"),
            remedy=_("Take one"),
        )
    if not 0 < seen.area_m2 < 1e6:
        raise Refused(
            field=_("area (m²)"), value=seen.area_m2, reason=_("it is no area"), remedy=_("Measure or estimate it")
        )
    new = NewCase(
        title=f"{Structure.Kind(seen.kind).label}：{seen.what}"[:200],
        text=seen.text,
        address=seen.address,
        point=seen.point,
        area_id=seen.area_id,
        unit_id=seen.unit_id,
        source="round",
        files=tuple(photos),
    )
    case = receive(actor, STRUCTURE_ID, new)
    lon, lat = seen.point or (None, None)
    made = Structure.objects.create(
        case=case, kind=seen.kind, what=seen.what[:100], address=seen.address[:200], area_id=case.area_id, lon=lon,
        lat=lat, area_m2=seen.area_m2, found_on=clock.today(),
    )  # fmt: skip
    journal.record(
        "upkeep.structure_discovered",
        by=actor,
        subject=made,
        area=made.area_id,
        unit=case.unit_id,
        data={"number": case.number, "what": made.what, "area_m2": made.area_m2},
    )
    return made


def _place(premises: Premises) -> None:
    if premises.lon is not None and premises.lat is not None:
        found = area_of_point(premises.lon, premises.lat, clock.today())
        premises.area_id = found or premises.area_id


def _held(actor: Actor, premises: Premises) -> Premises:
    rows = actionable(actor, rights.REGISTER_EDIT, Premises.objects.select_for_update(of=("self",)))
    found = rows.filter(pk=premises.pk).first()
    if found is None:
        raise Denied(rights.REGISTER_EDIT, actor)
    return found


def _check_reach(actor: Actor, premises: Premises) -> None:
    """Nobody enters anything for a unit or an area that is not his."""
    if not actionable(actor, rights.REGISTER_EDIT, Premises.objects.filter(pk=premises.pk)).exists():
        raise Denied(rights.REGISTER_EDIT, actor)


def _tell(kind: str, actor: Actor, premises: Premises) -> None:
    facts = {"name": premises.name, "kind": str(premises.kind)}
    journal.record(kind, by=actor, subject=premises, area=premises.area_id, unit=premises.unit_id, data=facts)
