"""Fetching what an actor may see or change; used by actions and queries alike."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

M = TypeVar("M", bound=Model)


def fetch(actor: Actor, permission: str, rows: QuerySet[M], key: object, *, lock: bool = False) -> M:
    """The one row, or Missing where it is not there or out of the actor's reach."""
    reached = restrict(actor, permission, rows)
    if lock:
        # A subquery, because a row cannot be locked through the outer joins that a rule may need.
        reached = rows.filter(pk__in=reached.values("pk")).select_for_update(of=("self",))
    found = reached.filter(pk=as_id(key)).first()
    if found is None:
        raise Missing(f"{rows.model._meta.label_lower} {key}")
    return found


def as_id(key: object) -> UUID:
    try:
        return key if isinstance(key, UUID) else UUID(str(key))
    except ValueError:
        raise Missing(str(key)) from None


def must_reach(actor: Actor, permission: str, row: Model) -> None:
    """Refuse to write a row that the actor could not fetch afterwards."""
    if not restrict(actor, permission, type(row)._default_manager.filter(pk=row.pk)).exists():
        raise Refused(
            field=_("Area"),
            value=getattr(row, "area", None) or "—",
            reason=_("lies outside the area of your posts"),
            remedy=_("Choose an area of yours, or ask the neighbourhood that looks after it"),
        )
