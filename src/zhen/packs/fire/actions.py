"""Writing fire files: what a building is, and what stands, is due and was done in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.cases.api import Case, NewCase, receive
from zhen.kernel.files.api import File
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places.api import AREAS, Place
from zhen.packs.fire import rights
from zhen.packs.fire.case_types import HAZARD
from zhen.packs.fire.models import Drill, Equipment, FireFile, Paper, Upkeep
from zhen.packs.fire.rules import months_later


@action(rights.FILE_EDIT)
def open_file(actor: Actor, place: Place, given: Mapping[str, Any]) -> FireFile:
    """Open the fire file of a building, park or site."""
    if place.kind in AREAS:
        raise Refused(
            field=_("place"),
            value=place,
            reason=_("an area has no fire file"),
            remedy=_("Choose a building, a park or a site"),
        )
    if FireFile.objects.filter(place=place).exists():
        raise Refused(
            field=_("place"), value=place, reason=_("it has a fire file already"), remedy=_("Change that one")
        )
    made = FireFile.objects.create(place=place, **given)
    if not actionable(actor, rights.FILE_EDIT, FireFile.objects.filter(pk=made.pk)).exists():
        raise Denied(rights.FILE_EDIT, actor)
    _tell("fire.file_opened", actor, made)
    return made


@action(rights.FILE_EDIT)
def edit_file(actor: Actor, file: FireFile, given: Mapping[str, Any]) -> FireFile:
    """Say something else of a building. Its place stays."""
    found = _held(actor, rights.FILE_EDIT, file)
    changed = sorted(name for name, value in given.items() if getattr(found, name) != value)
    for name, value in given.items():
        setattr(found, name, value)
    found.save()
    if not actionable(actor, rights.FILE_EDIT, FireFile.objects.filter(pk=found.pk)).exists():
        raise Denied(rights.FILE_EDIT, actor)
    _tell("fire.file_changed", actor, found, changed=changed)
    return found


@action(rights.FILE_KEEP)
def add_equipment(actor: Actor, file: FireFile, given: Mapping[str, Any]) -> Equipment:
    made = Equipment.objects.create(file=_held(actor, rights.FILE_KEEP, file), **given)
    _tell("fire.equipment_added", actor, file, what=str(made.get_kind_display()), count=made.count)
    return made


@action(rights.FILE_KEEP)
def check_equipment(actor: Actor, equipment: Equipment, *, next_on: date) -> None:
    """It was checked, and is to be checked again by a day."""
    file = _held(actor, rights.FILE_KEEP, equipment.file)
    if next_on <= clock.today():
        raise Refused(
            field=_("to be checked by"),
            value=next_on,
            reason=_("that day is not ahead"),
            remedy=_("Give the day of the next check"),
        )
    equipment.check_due_on = next_on
    equipment.save(update_fields=["check_due_on"])
    _tell("fire.equipment_checked", actor, file, what=str(equipment), until=next_on.isoformat())


@action(rights.FILE_KEEP)
def plan_upkeep(actor: Actor, file: FireFile, given: Mapping[str, Any]) -> Upkeep:
    """A task of maintenance, once or again and again."""
    held = _held(actor, rights.FILE_KEEP, file)
    if Upkeep.objects.filter(file=held, what=given["what"], due_on=given["due_on"]).exists():
        raise Refused(
            field=_("due on"),
            value=given["due_on"],
            reason=_("this task is planned for that day already"),
            remedy=_("Give another day, or other words"),
        )
    made = Upkeep.objects.create(file=held, **given)
    _tell("fire.upkeep_planned", actor, file, what=made.what, due=made.due_on.isoformat())
    return made


@action(rights.FILE_KEEP)
def finish_upkeep(actor: Actor, task: Upkeep, *, done_on: date, found: str = "") -> None:
    """A task is done. One that repeats is due again so many months after the day it was due."""
    file = _held(actor, rights.FILE_KEEP, task.file)
    row = Upkeep.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if row.done_on is not None:
        raise Outdated(
            field=_("maintenance task"),
            value=row.what,
            reason=_("somebody was faster"),
            remedy=_("Look at the building again"),
        )
    _not_ahead(done_on)
    row.done_on, row.found, row.by_id = done_on, found.strip(), actor.user_id
    row.save(update_fields=["done_on", "found", "by"])
    if row.every_months:
        Upkeep.objects.get_or_create(
            file=file,
            what=row.what,
            due_on=months_later(row.due_on, row.every_months),
            defaults={"every_months": row.every_months},
        )
    _tell("fire.upkeep_done", actor, file, what=row.what)


@action(rights.FILE_KEEP)
def record_drill(actor: Actor, file: FireFile, given: Mapping[str, Any]) -> Drill:
    held = _held(actor, rights.FILE_KEEP, file)
    _not_ahead(given["held_on"])
    made = Drill.objects.create(file=held, by_id=actor.user_id, **given)
    _tell("fire.drill_recorded", actor, file, what=str(made), people=made.people)
    return made


@action(rights.FILE_KEEP)
def add_paper(actor: Actor, file: FireFile, *, title: str, document: File, valid_until: date | None) -> Paper:
    held = _held(actor, rights.FILE_KEEP, file)
    made = Paper.objects.create(file=held, title=title, document=document, valid_until=valid_until)
    _tell("fire.paper_added", actor, file, what=title)
    return made


@action(rights.CREATE, silent=True)
def report_hazard(actor: Actor, file: FireFile, *, title: str, text: str, kind: str) -> Case:
    """A hazard in a building, as a case of the unit in charge of the building.

    Its area is the building itself, so that whoever keeps the building reaches it as well as those of the areas around.
    """
    held = _held(actor, rights.CREATE, file)
    new = NewCase(
        title=title,
        text=text,
        place_id=held.place_id,
        area_id=held.place_id,
        unit_id=held.unit_id,
        given={"kind": kind},
    )
    return receive(actor, HAZARD, new)


def _held(actor: Actor, permission: str, file: FireFile) -> FireFile:
    """The file, locked, if the actor may do this with it. Raises Denied."""
    found = actionable(actor, permission, FireFile.objects.select_for_update(of=("self",)).filter(pk=file.pk)).first()
    if found is None:
        raise Denied(permission, actor)
    return found


def _not_ahead(day: date) -> None:
    if day > clock.today():
        raise Refused(
            field=_("day"), value=day, reason=_("it has not come yet"), remedy=_("Give the day on which it was done")
        )


def _tell(kind: str, actor: Actor, file: FireFile, **data: Any) -> None:
    journal.record(
        kind,
        by=actor,
        subject=file,
        area=file.place_id,
        unit=file.unit_id,
        data={"place": file.place.code, **data},
    )
