"""Sessions end in time, and administrators show a second factor before they go anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhen.kernel.identity.api import User, touch
from zhen.kernel.lib import clock
from zhen.web.requests import Request

Next = Callable[[HttpRequest], HttpResponse]
DOOR = "/accounts/"


class SessionLimitMiddleware:
    """Ends a session after its idle time, and in any case after its absolute limit."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            reason = touch(request.session, now=clock.now(), limits=settings.ZHEN_SESSION_LIMITS)
            if reason is not None:
                request._zhen_sign_out_reason = reason  # type: ignore[attr-defined]  # read by identity.receivers
                logout(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads an administrator without a second factor to where he adds one.

    His administrator's rights are not in force until then (see `ActorMiddleware`); this only spares
    him a page of refusals.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, incoming: HttpRequest) -> HttpResponse:
        request = cast(Request, incoming)
        if not request.second_factor_missing or request.path.startswith((DOOR, settings.STATIC_URL)):
            return self.get_response(request)
        messages.warning(request, _("An administrator signs in with a second factor: add one to go on."))
        return redirect(f"{DOOR}2fa/?{urlencode({'next': request.get_full_path()})}")
