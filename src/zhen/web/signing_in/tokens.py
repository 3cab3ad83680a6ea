"""Programs sign in with `Authorization: Bearer zhen_…`, below /api/ only."""

from __future__ import annotations

from allauth.core.internal.ratelimit import get_ip
from django.http import JsonResponse
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.identity.api import actor_of_token, within
from zhen.kernel.lib import clock
from zhen.web.requests import Request

API = "/api/"
CALLS_PER_MINUTE = 600
FAILURES_PER_MINUTE = 30


class Refused(Exception):
    """A key that does not open, or calls too often. Remedy: stands in the answer."""

    def __init__(self, status: int, title: str) -> None:
        self.status = status
        self.title = title
        super().__init__(title)

    def response(self) -> JsonResponse:
        answer = JsonResponse(
            {"title": self.title, "status": self.status},
            status=self.status,
            content_type="application/problem+json",
        )
        if self.status == 401:
            answer["WWW-Authenticate"] = "Bearer"
        else:
            answer["Retry-After"] = "60"
        return answer


def bearer(request: Request) -> str | None:
    """The key in the request, if it carries one and goes to the API."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and request.path.startswith(API) else None


def actor_of(request: Request, secret: str) -> Actor:
    actor = actor_of_token(secret, day=clock.today(), now=request.now)
    if actor is None:
        if not within(f"token-failed:{get_ip(request)}", calls=FAILURES_PER_MINUTE, seconds=60, now=request.now):
            raise Refused(429, _("Too many calls with keys that do not work: wait a minute."))
        raise Refused(401, _("This key is unknown, revoked or too old: ask for a new one."))
    if not within(f"token:{actor.id}", calls=CALLS_PER_MINUTE, seconds=60, now=request.now):
        raise Refused(429, _("More than {calls} calls a minute: slow down.").format(calls=CALLS_PER_MINUTE))
    return actor


class TokenAuth(HttpBearer):
    """For django-ninja: `NinjaAPI(auth=TokenAuth())`; ActorMiddleware has checked the key already."""

    def authenticate(self, request: Request, token: str) -> Actor | None:  # type: ignore[override]  # our Request
        return request.actor if request.actor.kind is ActorKind.TOKEN else None
