"""Each request carries its actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import User, actor_for, elevation_in, has_second_factor, may_elevate
from zhen.kernel.lib import clock
from zhen.web.requests import Request
from zhen.web.signing_in.tokens import Refused, actor_of, bearer


class ActorMiddleware:
    """Sets `request.actor` (and `request.now`, the one clock reading of the request).

    Nothing is cached: rights that were taken away are gone with the next request. An administrator
    who has not shown a second factor (GB/T 22239-2019, 8.1.4.1 d) acts without these posts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, incoming: HttpRequest) -> HttpResponse:
        request = cast(Request, incoming)
        request.now = clock.now()
        request.second_factor_missing = False
        request.elevation = None
        try:
            request.actor = self.actor(request)
        except Refused as refused:
            return refused.response()
        return self.get_response(request)

    def actor(self, request: Request) -> Actor:
        secret = bearer(request)
        if secret is not None:
            return actor_of(request, secret)
        user = request.user
        if not isinstance(user, User):
            return Actor.anonymous()
        actor = actor_for(user, day=clock.today())
        demo = settings.ZHEN_DEMO and user.is_demo
        if actor.administers and not demo and not has_second_factor(request, user):
            request.second_factor_missing = True
            return actor.without_administration()
        if may_elevate(actor):
            request.elevation = elevation_in(str(request.session.session_key), user, now=request.now)
        return replace(actor, elevated=request.elevation is not None)
