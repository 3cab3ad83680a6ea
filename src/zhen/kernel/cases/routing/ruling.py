"""Setting and ending routes. They are dated: a change ends one and begins another, so that the past stays explained."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Category, Route
from zhen.kernel.cases.routing.values import Proposal
from zhen.kernel.identity.api import open_units
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

CHANGE = "cases.rules.change"


@action(CHANGE)
def set_route(actor: Actor, new: Proposal, *, approved_by: str = "") -> Route:
    """Let a unit handle a class in an area from a day on. The route that it replaces ends there; cases stay."""
    _check(new)
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=new.valid_from)
    same = Route.objects.select_for_update().filter(
        running, case_type=new.case_type, category=new.category_id, area=new.area_id, hours=new.hours
    )
    for row in same:
        if row.valid_from >= new.valid_from:
            raise Refused(
                field=_("from"),
                value=new.valid_from,
                reason=_("a route for the same begins on %(day)s") % {"day": row.valid_from},
                remedy=_("Choose a later day, or end that route first"),
            )
        row.valid_to = new.valid_from
        row.save(update_fields=["valid_to"])
    made = new.row()
    made.approved_by = approved_by or actor.name
    made.save()
    journal.record("cases.route_set", by=actor, subject=made, area=new.area_id, unit=new.unit_id, data=_said(made))
    return made


@action(CHANGE)
def end_route(actor: Actor, route_id: int, day: date) -> None:
    """End a route with a day; one that has not begun by then goes altogether."""
    row = Route.objects.select_for_update(of=("self",)).select_related("category", "unit").get(pk=route_id)
    if row.valid_to is not None and row.valid_to <= day:
        raise Refused(
            field=_("to"),
            value=row.valid_to,
            reason=_("it has ended already"),
            remedy=_("Nothing is to be done"),
        )
    journal.record("cases.route_ended", by=actor, subject=row, area=row.area_id, unit=row.unit_id, data=_said(row))
    if row.valid_from >= day:
        row.delete()
    else:
        row.valid_to = day
        row.save(update_fields=["valid_to"])


def _said(row: Route) -> dict[str, object]:
    return {"category": row.category.name if row.category else "—", "unit": row.unit.name}


def _check(new: Proposal) -> None:
    type_ = CASE_TYPES.get(new.case_type)
    if type_ is None:
        raise Refused(
            field=_("kind of case"), value=new.case_type, reason=_("there is none of this name"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
    if new.category_id is not None and not Category.objects.filter(pk=new.category_id, scheme=type_.scheme).exists():
        raise Refused(
            field=_("class"), value=new.category_id, reason=_("cases of this kind cannot have it"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
    today = clock.today()
    if new.valid_from < today:
        raise Refused(
            field=_("from"),
            value=new.valid_from,
            reason=_("what has been is not ruled anew"),
            remedy=_("Choose today or a later day"),
        )
    wanted = {new.unit_id, *new.cooperating}
    if open_units(new.valid_from).filter(pk__in=wanted).count() != len(wanted):
        raise Refused(
            field=_("unit"), value=new.unit_id, reason=_("it does not exist on that day"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
