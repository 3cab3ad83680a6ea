"""The limits of a session, and what it knows about its user."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from zhen.kernel.identity.limits import Limits, expired
from zhen.kernel.identity.models import User

STARTED = "zhen_started"
SEEN = "zhen_seen"
SECOND_FACTOR = "zhen_second_factor"
COARSE = timedelta(minutes=1)


def touch(session: SessionBase, *, now: datetime, limits: Limits) -> str | None:
    """Note that a session is in use, at most once a minute; say why it has ended if it has."""
    started = datetime.fromisoformat(session.setdefault(STARTED, now.isoformat()))
    seen = datetime.fromisoformat(session.setdefault(SEEN, now.isoformat()))
    reason = expired(started=started, seen=seen, now=now, limits=limits)
    if reason is None and now - seen >= COARSE:
        session[SEEN] = now.isoformat()
    return reason


def confirm_second_factor(request: HttpRequest, user: User) -> None:
    """Remember in the session that this very user showed a second factor."""
    request.session[SECOND_FACTOR] = user.pk


def has_second_factor(request: HttpRequest, user: User) -> bool:
    return bool(request.session.get(SECOND_FACTOR) == user.pk)


def methods_of(request: HttpRequest) -> list[str]:
    """How the user of the request signed in: password, socialaccount, totp, webauthn, recovery_codes."""
    records = get_authentication_records(request, request.user)
    return [str(record.get("type") or record["method"]) for record in records]
