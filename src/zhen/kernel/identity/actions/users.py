"""Accounts: one-time links instead of passwords that somebody else has chosen."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, Denied, action
from zhen.kernel.identity.actions.posts import end_all_posts
from zhen.kernel.identity.actions.signing_in import themselves
from zhen.kernel.identity.models import Invitation, User
from zhen.kernel.identity.rules import INVITATION_LASTS, digest, new_secret
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock

EDITABLE = ("name", "email", "phone", "language")


@action("identity.user.manage")
def invite(
    actor: Actor, *, username: str, name: str, email: str = "", phone: str = "", language: str = "zh-hans"
) -> tuple[User, str]:
    """Create an account and the secret of its one-time link, which is returned once and kept nowhere."""
    user = _create(User(username=username, name=name, email=email, phone=phone, language=language))
    secret = _new_invitation(user, clock.now())
    journal.record("identity.user_invited", by=actor, subject=user, data={"who": name})
    return user, secret


@action("identity.user.manage")
def add_machine(actor: Actor, *, username: str, name: str) -> User:
    """Create the account of an outside program; the security administrator gives it posts and tokens."""
    user = _create(User(username=username, name=name, is_machine=True))
    journal.record("identity.machine_added", by=actor, subject=user, data={"who": name})
    return user


@action("identity.user.manage")
def renew_invitation(actor: Actor, user: User) -> str:
    """A new one-time link, such as for a forgotten password; older ones stop working.

    The old password holds until the link is used, and a second factor stays in force: whoever
    makes the link cannot take over the account with it alone.
    """
    if user.is_machine or not user.is_active:
        raise ValidationError({"user": _("This account does not sign in: there is no link for it.")})
    secret = _new_invitation(user, clock.now())
    journal.record("identity.invitation_renewed", by=actor, subject=user, data={"who": str(user)})
    return secret


@action(None)
def accept_invitation(_actor: Actor, *, secret: str, password: str) -> User:
    """Choose a password with a one-time link. All sessions of the account end."""
    invitation = open_invitation(secret, now=clock.now(), lock=True)
    if invitation is None:
        raise ValidationError({"secret": _("This link was used, replaced or is too old: ask for a new one.")})
    user = invitation.user
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
    end_sessions_of(user)
    journal.record("identity.invitation_accepted", by=themselves(user), subject=user, data={"who": str(user)})
    return user


@action(None, silent=True)
def edit_user(actor: Actor, user: User, /, **values: str) -> User:
    """Change one's own address and language, or anybody's with the permission."""
    if actor.user_id != user.pk or "name" in values:
        actor.require("identity.user.manage")
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise TypeError(f"edit_user does not change {', '.join(sorted(unknown))}")
    changed = sorted(field for field, value in values.items() if getattr(user, field) != value)
    if changed:
        for field in changed:
            setattr(user, field, values[field])
        user.save()
        journal.record("identity.user_edited", by=actor, subject=user, data={"who": str(user), "fields": changed})
    return user


@action("identity.user.manage")
def deactivate(actor: Actor, user: User, *, on: date, reason: str) -> None:
    """Close an account at once: no sign-in, no session, no second factor, no token, no post."""
    if actor.user_id == user.pk:
        raise Denied("identity.user.manage", actor)
    now = clock.now()
    user.is_active = False
    user.deactivated_at = now
    user.save(update_fields=["is_active", "deactivated_at"])
    Authenticator.objects.filter(user=user).delete()
    end_all_posts(actor, user, on=on, reason=reason)
    end_sessions_of(user)
    user.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    user.elevations.filter(ended_at__isnull=True, ends_at__gt=now).update(ended_at=now)
    user.invitations.filter(used_at__isnull=True).delete()
    journal.record("identity.user_deactivated", by=actor, subject=user, data={"who": str(user), "reason": reason})


@action("identity.user.manage")
def reactivate(actor: Actor, user: User, *, reason: str) -> None:
    """Open an account again. Its posts and second factors stay gone: they are given anew."""
    user.is_active = True
    user.deactivated_at = None
    user.save(update_fields=["is_active", "deactivated_at"])
    journal.record("identity.user_reactivated", by=actor, subject=user, data={"who": str(user), "reason": reason})


@action("identity.session.manage")
def end_sessions(actor: Actor, user: User, *, reason: str) -> int:
    """Sign somebody out everywhere, at once."""
    now = clock.now()
    count = end_sessions_of(user)
    user.elevations.filter(ended_at__isnull=True, ends_at__gt=now).update(ended_at=now)
    journal.record(
        "identity.sessions_ended",
        by=actor,
        subject=user,
        data={"who": str(user), "count": count, "reason": reason},
    )
    return count


@action("identity.factor.reset")
def reset_second_factors(actor: Actor, user: User, *, reason: str) -> int:
    """Remove the second factors of somebody who has lost them, and sign him out everywhere.

    The system administrator makes one-time links, the security administrator resets second factors: it
    takes two persons to get into somebody's account.
    """
    if actor.user_id == user.pk:
        raise Denied("identity.factor.reset", actor)
    count = int(Authenticator.objects.filter(user=user).delete()[0])
    end_sessions_of(user)
    journal.record(
        "identity.second_factors_reset",
        by=actor,
        subject=user,
        data={"who": str(user), "count": count, "reason": reason},
    )
    return count


def open_invitation(secret: str, *, now: datetime, lock: bool = False) -> Invitation | None:
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    return (
        rows.select_related("user")
        .filter(digest=digest(secret), used_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )


def end_sessions_of(user: User) -> int:
    """Delete the sessions themselves; the cookies that name them are then worth nothing."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _create(user: User) -> User:
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


def _new_invitation(user: User, now: datetime) -> str:
    user.invitations.filter(used_at__isnull=True).delete()
    secret = new_secret()
    Invitation.objects.create(user=user, digest=digest(secret), created_at=now, expires_at=now + INVITATION_LASTS)
    return secret
