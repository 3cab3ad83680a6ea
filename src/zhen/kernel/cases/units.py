"""Units of a case: who belongs to them, and the way it took through them."""

from __future__ import annotations

from datetime import datetime

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case, CaseUnit


def belongs(actor: Actor, permission: str, case: Case) -> bool:
    """Whether one of the actor's posts with the permission is in a unit that has the case."""
    having = {case.unit_id, *case.shared_units} - {None}
    return any(grant.units is not None and having & grant.units for grant in actor.grants_for(permission))


def record(case: Case, *, how: str, reason: str, now: datetime) -> None:
    CaseUnit.objects.filter(case=case, until__isnull=True).update(until=now)
    if case.unit_id is not None:
        CaseUnit.objects.create(case=case, unit_id=case.unit_id, since=now, how=how, reason=reason[:300])
