"""Elevation: an administrator's dangerous rights, for a short time, with a reason, told to the journal."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, ActorKind, Denied, action, elevated_permissions
from zhen.kernel.identity.models import Elevation, User
from zhen.kernel.identity.rules import digest
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock


@action(None)
def start_elevation(actor: Actor, user: User, *, session_key: str, reason: str, lasts: timedelta) -> Elevation:
    """Begin an elevation in one session. The page that calls this has just re-authenticated the user."""
    if actor.kind is not ActorKind.USER or actor.user_id != user.pk or not may_elevate(actor):
        raise Denied("identity.elevation", actor)
    reason = reason.strip()
    if len(reason) < 4:
        raise ValidationError({"reason": _("Say in a few words what you are going to do; the auditor reads it.")})
    now = clock.now()
    user.elevations.filter(session=digest(session_key), ended_at__isnull=True, ends_at__gt=now).update(ended_at=now)
    elevation = Elevation.objects.create(
        user=user, session=digest(session_key), reason=reason, started_at=now, ends_at=now + lasts
    )
    minutes = int(lasts.total_seconds() // 60)
    journal.record(
        "identity.elevation_started", by=actor, subject=elevation, data={"reason": reason, "minutes": minutes}
    )
    return elevation


@action(None)
def end_elevation(actor: Actor, elevation: Elevation) -> None:
    """End an elevation early: one's own, or anybody's with the permission."""
    if actor.user_id != elevation.user_id:
        actor.require("identity.session.manage")
    elevation.ended_at = clock.now()
    elevation.save(update_fields=["ended_at"])
    journal.record("identity.elevation_ended", by=actor, subject=elevation, data={"who": str(elevation.user)})


def may_elevate(actor: Actor) -> bool:
    """Whether an elevation would give the actor anything."""
    dangerous = elevated_permissions()
    return any(grant.permissions & dangerous for grant in actor.grants)
