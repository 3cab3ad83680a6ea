"""What the actions of renewal share: the row held for a change, and the journal."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.renewal.models import Project

M = TypeVar("M", bound=Model)


def held(actor: Actor, permission: str, row: M) -> M:
    """The row, locked, as it stands now, where the actor may change it."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    found = actionable(actor, permission, rows).filter(pk=row.pk).first()
    if found is None:
        raise Denied(permission, actor)
    return found


def open_project(actor: Actor, permission: str, project: Project) -> Project:
    """A project that is neither accepted nor given up."""
    found = held(actor, permission, project)
    if found.accepted_on or found.dropped_on:
        raise Outdated(
            field=_("renewal project"),
            value=found.name,
            reason=_("it is accepted or given up"),
            remedy=_("Look at it as it stands now"),
        )
    return found


def no(field: Any, value: object, reason: Any, remedy: Any) -> Refused:
    return Refused(field=field, value=value, reason=reason, remedy=remedy)


def tell(kind: str, actor: Actor, project: Project, **data: object) -> None:
    """Everything is told of the project, so that its page shows its whole history. Names are in the town's language."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {name: str(value) if isinstance(value, Promise) else value for name, value in data.items()}
    facts["name"] = project.name
    journal.record(kind, by=actor, subject=project, area=project.area_id, unit=project.unit_id, data=facts)
