"""Creating, moving and closing units. Every change is dated; the past keeps its tree."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.identity.models import Placement, Unit
from zhen.kernel.identity.queries import held_on, open_units, posts_on
from zhen.kernel.identity.rules import cycle
from zhen.kernel.journal import api as journal


@action("identity.unit.manage")
def create_unit(actor: Actor, *, code: str, name: str, under: Unit | None, since: date, order: int = 100) -> Unit:
    if Unit.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a unit with this code already: choose another one.")})
    if under is not None:
        _require_open(under, since, field="under")
    unit = Unit.objects.create(code=code, name=name, order=order)
    Placement.objects.create(unit=unit, parent=under, valid_from=since)
    journal.record("identity.unit_created", by=actor, subject=unit, unit=unit.pk, data={"unit": name, "code": code})
    return unit


@action("identity.unit.manage", silent=True)
def edit_unit(actor: Actor, unit: Unit, *, name: str, order: int) -> Unit:
    """A new name holds for the past as well: for a successor, close the unit and create another."""
    before = {"name": unit.name, "order": unit.order}
    unit.name, unit.order = name, order
    changed = [field for field, value in before.items() if getattr(unit, field) != value]
    if changed:
        unit.save()
        journal.record(
            "identity.unit_edited",
            by=actor,
            subject=unit,
            unit=unit.pk,
            data={"unit": name, "fields": changed, "before": before},
        )
    return unit


@action("identity.unit.manage")
def move_unit(actor: Actor, unit: Unit, *, under: Unit | None, since: date) -> Placement:
    """Put a unit under another one from a day on; until then the tree stays as it is."""
    current = unit.placements.select_for_update().get(held_on(since))
    if current.parent_id == (under.pk if under else None):
        raise ValidationError({"under": _("The unit stands there on that day already.")})
    if unit.placements.filter(valid_from__gt=since).exists():
        raise ValidationError({"since": _("The unit moves again after that day: choose a later day.")})
    if under is not None:
        _require_open(under, since, field="under")
        _require_no_cycle(unit, under, since)
    if current.valid_from == since:
        current.delete()
    else:
        current.valid_to = since
        current.save(update_fields=["valid_to"])
    placement = Placement.objects.create(unit=unit, parent=under, valid_from=since)
    journal.record(
        "identity.unit_moved",
        by=actor,
        subject=unit,
        unit=unit.pk,
        data={"unit": unit.name, "parent": str(under or ""), "parent_id": under and under.pk, "day": since.isoformat()},
    )
    return placement


@action("identity.unit.manage")
def close_unit(actor: Actor, unit: Unit, *, on: date) -> Unit:
    """Close a unit on a day. Posts and units below it must have ended or moved by then."""
    if posts_on(on).filter(unit=unit).exists():
        raise ValidationError({"on": _("Posts in the unit are still held on that day: end or hand them over first.")})
    if Placement.objects.filter(held_on(on), parent=unit).exists():
        raise ValidationError({"on": _("Other units stand below it on that day: move them first.")})
    current = unit.placements.filter(held_on(on)).first()
    if current is None or current.valid_from >= on:
        raise ValidationError({"on": _("The unit does not exist before that day: choose a later day.")})
    current.valid_to = on
    current.save(update_fields=["valid_to"])
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    journal.record(
        "identity.unit_closed",
        by=actor,
        subject=unit,
        unit=unit.pk,
        data={"unit": unit.name, "day": on.isoformat()},
    )
    return unit


def _require_open(unit: Unit, day: date, *, field: str) -> None:
    if not open_units(day).filter(pk=unit.pk).exists():
        raise ValidationError({field: _("This unit is closed on that day: choose another one.")})


def _require_no_cycle(unit: Unit, under: Unit, day: date) -> None:
    """Locks the tree's rows, so that two moves at once cannot close a ring together."""
    rows = Placement.objects.select_for_update().filter(held_on(day)).values_list("unit_id", "parent_id")
    if cycle(dict(rows), unit.pk, under.pk):
        raise ValidationError({"under": _("A unit cannot stand below itself: choose another one.")})
