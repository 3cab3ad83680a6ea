"""Entering, changing, publishing and giving up projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.lib import clock
from zhen.kernel.places.api import area_of_point
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import held, no, open_project, tell
from zhen.packs.renewal.kinds import KINDS, Kind
from zhen.packs.renewal.models import Milestone, Picture, Project
from zhen.packs.renewal.rules import due_days

FIXED = ("kind", "matter", "first_start", "first_end")
"""What is said once: another kind or another first plan is another project."""


@action(rights.EDIT)
def enter(actor: Actor, given: Mapping[str, Any]) -> Project:
    """Enter a project with the milestones of its kind, spread over its first plan."""
    kind = Kind(given["kind"])
    facts = {"matter": KINDS[kind].matter, **given}
    made = Project(entered_on=clock.today(), **facts)
    if made.first_end <= made.first_start:
        raise no(_("first plan: to"), made.first_end, _("it lies before its beginning"), _("Mend the days"))
    _place(made)
    made.save()
    if not actionable(actor, rights.EDIT, Project.objects.filter(pk=made.pk)).exists():
        raise Denied(rights.EDIT, actor)
    Milestone.objects.bulk_create(
        Milestone(project=made, step=step.id, order=order, weight=step.weight, first_on=day, due_on=day)
        for order, (step, day) in enumerate(due_days(kind, made.first_start, made.first_end))
    )
    tell("renewal.entered", actor, made)
    return made


@action(rights.EDIT)
def change(actor: Actor, project: Project, given: Mapping[str, Any]) -> Project:
    found = open_project(actor, rights.EDIT, project)
    for name, value in given.items():
        if name not in FIXED:
            setattr(found, name, value)
    _place(found)
    found.save()
    if not actionable(actor, rights.EDIT, Project.objects.filter(pk=found.pk)).exists():
        raise Denied(rights.EDIT, actor)
    tell("renewal.changed", actor, found)
    return found


@action(rights.EDIT)
def give_up(actor: Actor, project: Project, reason: str) -> Project:
    """The project is not carried out. It stays, with the reason."""
    found = open_project(actor, rights.EDIT, project)
    if not reason.strip():
        raise no(_("why it was given up"), "", _("nothing is given up without"), _("Say why"))
    found.dropped_on, found.why_dropped = clock.today(), reason.strip()[:300]
    found.save(update_fields=["dropped_on", "why_dropped"])
    tell("renewal.given_up", actor, found, reason=found.why_dropped)
    return found


@action(rights.PUBLISH)
def publish(actor: Actor, project: Project, *, public: bool = True) -> Project:
    """Show the project to everybody, or no longer. Its pictures are released one by one."""
    found = held(actor, rights.PUBLISH, project)
    found.published_at = clock.now() if public else None
    found.save(update_fields=["published_at"])
    tell("renewal.published" if public else "renewal.withdrawn", actor, found)
    return found


@action(rights.PUBLISH)
def release(actor: Actor, picture: Picture, *, public: bool = True) -> Picture:
    """Somebody has looked at a picture: it may be seen by everybody, or no longer."""
    found = held(actor, rights.PUBLISH, picture)
    found.released_at = clock.now() if public else None
    found.save(update_fields=["released_at"])
    kind = "renewal.picture_released" if public else "renewal.picture_withdrawn"
    tell(kind, actor, found.project, on=found.taken_on.isoformat())
    return found


def _place(project: Project) -> None:
    if project.lon is not None and project.lat is not None:
        project.area_id = area_of_point(project.lon, project.lat, clock.today()) or project.area_id
