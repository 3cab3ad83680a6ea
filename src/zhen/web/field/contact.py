"""What a phone hears when it has a signal again: who is signed in, the key to what it keeps, what it may send.

See docs/adr/0080-what-a-phone-keeps.md.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET

from zhen.kernel.access.api import ActorKind
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.journal.api import events_about
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import new_id
from zhen.web.models import PhoneKey
from zhen.web.requests import Request

ENDED = ("identity.sessions_ended", "identity.user_deactivated")
"""After these, what is on somebody's phones is to be unreadable."""


@require_GET
def ready(request: Request) -> HttpResponse:
    """For the phone's script, before it sends what has waited. 401: it forgets its key, and keeps what waits.

    `scope` changes with somebody's posts: pages that were kept under another one go.
    """
    user = request.user
    if request.actor.kind is ActorKind.ANONYMOUS or not isinstance(user, User):
        return JsonResponse({}, status=401)
    key = key_of(user, request.now)
    return JsonResponse(
        {
            "user": str(user.pk),
            "token": get_token(request),
            "key": {"name": str(key.name), "secret": key.secret.clear() if key.secret else ""},
            "seconds": int(_left(request).total_seconds()),
            "scope": _scope(user),
            "ticket": files.ticket(request.actor, files.IMAGES | files.SOUND, files.MOST_BYTES),
        }
    )


def key_of(user: User, now: datetime) -> PhoneKey:
    """The key of somebody's phones; another one where the office has ended his sessions since it was made."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two phones at once get the same one
        found = PhoneKey.objects.filter(user=user).first()
        if found is not None and not events_about(user).filter(kind__in=ENDED, at__gt=found.at).exists():
            return found
        made = PhoneKey(user=user, name=new_id(), at=now)
        made.secret = base64.b64encode(secrets.token_bytes(32)).decode()
        made.save()
        return made


def _left(request: Request) -> timedelta:
    """Until this session ends in any case."""
    started = request.session.get("zhen_started")
    limits = settings.ZHEN_SESSION_LIMITS
    return limits.absolute - (request.now - datetime.fromisoformat(started) if started else timedelta())


def _scope(user: User) -> str:
    rows = posts_on(clock.today()).filter(user=user).order_by("pk").values_list("pk", "role", "unit_id", "area_id")
    return sha256(repr(list(rows)).encode()).hexdigest()[:16]
