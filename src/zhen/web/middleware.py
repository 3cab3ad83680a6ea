"""What every request passes: an id to quote, headers, its actor and language, and the answer to problems."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.identity.api import User, actor_for, elevation_in, has_second_factor, may_elevate
from zhen.kernel.lib import clock, once, refusals
from zhen.kernel.pages.api import Missing
from zhen.web import errors
from zhen.web.requests import Request
from zhen.web.signing_in.tokens import Refused, actor_of, bearer

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = "X-Request-Id"


class RequestIdMiddleware:
    """Gives the request an id; pages of errors show it, the log holds it, the answer carries it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(4)  # type: ignore[attr-defined]  # typed for readers by web.requests.Request
        response = self.get_response(request)
        response[REQUEST_ID] = request.id  # type: ignore[attr-defined]  # likewise
        return response


class HeadersMiddleware:
    """Security headers that Django has no setting for; pages of signed-in people are not kept by caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.method == "POST" and request.path == reverse("account_logout"):
            # what the field face has kept on the phone for the time without a signal
            response.setdefault("Clear-Site-Data", '"storage"')
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class ActorMiddleware:
    """Sets `request.actor` (and `request.now`, the one clock reading of the request).

    Nothing is cached: rights that were taken away are gone with the next request. An administrator
    who has not shown a second factor (GB/T 22239-2019, 8.1.4.1 d) acts without these posts.
    """

    def __init__(self, get_response: GetResponse) -> None:
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
        with once.reading():
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


class LanguageMiddleware:
    """A signed-in person reads in the language of his account, unless this browser chose another."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and "django_language" not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class ProblemMiddleware:
    """Turns the kernel's answers into pages: `Denied` is 403 (or a sign-in), `Missing` 404, `Unprocessable` 422."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, Denied):
            if request.actor.kind is ActorKind.ANONYMOUS:  # type: ignore[attr-defined]  # see Request
                return redirect_to_login(request.get_full_path())
            return errors.denied(request, fault)
        if isinstance(fault, Missing):
            return errors.missing(request, fault)
        if isinstance(fault, refusals.Refused):
            told = errors.OVERTAKEN if isinstance(fault, refusals.Outdated) else errors.UNPROCESSABLE
            return errors.page(request, told, detail=fault)
        if isinstance(fault, errors.Unprocessable):
            return errors.page(request, errors.UNPROCESSABLE, detail=fault)
        return None
