"""Each request carries its actor."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import User, actor_for
from zhen.kernel.lib import clock


class ActorMiddleware:
    """Sets `request.actor` (and `request.now`, the one clock reading of the request)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]  # typed for readers by web.requests.Request
        request.actor = self.actor(request)  # type: ignore[attr-defined]  # likewise
        return self.get_response(request)

    def actor(self, request: HttpRequest) -> Actor:
        user = request.user
        return actor_for(user, day=clock.today()) if isinstance(user, User) else Actor.anonymous()
