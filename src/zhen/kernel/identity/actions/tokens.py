"""Tokens: issuing (shown once) and revoking (in force at once)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import PERMISSIONS, Actor, ActorKind, Denied, action
from zhen.kernel.identity.models import Token, User
from zhen.kernel.identity.queries import actor_for
from zhen.kernel.identity.rules import HINT, TOKEN_LASTS_AT_MOST, TOKEN_PREFIX, digest, new_secret
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock


@action(None)
def issue_token(
    actor: Actor, user: User, *, name: str, scopes: Collection[str], expires_at: datetime
) -> tuple[Token, str]:
    """Issue a token; returns it with its key, which is shown once and kept nowhere.

    A person issues tokens for himself; the security administrator issues them for machine accounts,
    never for a person, since whoever sees the key acts as its user.
    """
    if user.is_machine:
        actor.require("identity.token.issue")
    elif actor.kind is not ActorKind.USER or actor.user_id != user.pk:
        raise Denied("identity.token.issue", actor)
    now = clock.now()
    _check(user, scopes, expires_at, now)
    secret = TOKEN_PREFIX + new_secret()
    token = Token.objects.create(
        user=user,
        name=name,
        hint=secret[:HINT],
        digest=digest(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    journal.record(
        "identity.token_issued",
        by=actor,
        subject=token,
        data={"token": name, "who": str(user), "scopes": token.scopes, "day": expires_at.date().isoformat()},
    )
    return token, secret


@action(None)
def revoke_token(actor: Actor, token: Token) -> None:
    """Revoke a token: one's own, or anybody's with the permission."""
    if actor.user_id != token.user_id:
        actor.require("identity.token.manage")
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    journal.record(
        "identity.token_revoked", by=actor, subject=token, data={"token": token.name, "who": str(token.user)}
    )


def _check(user: User, scopes: Collection[str], expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + TOKEN_LASTS_AT_MOST:
        raise ValidationError({"expires_at": _("A token lasts at most a year: choose a nearer day in the future.")})
    if not scopes:
        raise ValidationError({"scopes": _("Choose at least one permission.")})
    held = actor_for(user, day=clock.today())
    for scope in sorted(scopes):
        declared = PERMISSIONS.get(scope)
        if declared is not None and declared.elevated:
            sentence = _("The permission {scope} needs an elevation: no token carries it.")
        elif declared is None or not held.may(scope):
            sentence = _("{who} does not hold the permission {scope}.")
        else:
            continue
        raise ValidationError({"scopes": sentence.format(who=user, scope=scope)})
