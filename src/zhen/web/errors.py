"""Pages of errors: what happened, where, what to do, and an id to quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How an HTTP status is told to people."""

    status: int
    title: Text
    what: Text
    remedy: Text


BAD_REQUEST = Fault(
    status=400,
    title=_("This request cannot be read"),
    what=_("The browser sent something that the system does not understand."),
    remedy=_("Go back, reload the page and try once more."),
)
FORGERY = Fault(
    status=403,
    title=_("This form has expired"),
    what=_("The form was open for too long, or cookies are switched off, so we cannot be sure that you sent it."),
    remedy=_("Go back, reload the page and send it again. What you typed is still in the form."),
)
DENIED = Fault(
    status=403,
    title=_("Your posts do not allow this"),
    what=_("You are signed in, but none of your posts holds the right that this page asks for."),
    remedy=_("If it belongs to your work, ask the head of your unit for a post that holds the right."),
)
MISSING = Fault(
    status=404,
    title=_("There is no such page"),
    what=_("The address is wrong, or what it names lies outside the area and the unit of your posts."),
    remedy=_("Check the address, or search for what you need."),
)
UNPROCESSABLE = Fault(
    status=422,
    title=_("Something in the request is not valid"),
    what=_("A value in the address or the form cannot be used."),
    remedy=_("Correct the value that is named here and try again."),
)
OVERTAKEN = Fault(
    status=409,
    title=_("Somebody else was faster"),
    what=_("What you saw has changed since you opened the page. Nothing of yours was written."),
    remedy=_("Go back, reload the page, look at what stands now and decide again."),
)
TOO_MANY = Fault(
    status=429,
    title=_("Too many requests"),
    what=_("This browser asked more often than the system allows."),
    remedy=_("Wait a minute and try again."),
)
BROKEN = Fault(
    status=500,
    title=_("Something broke on our side"),
    what=_("The fault is recorded. Nothing that you had saved is lost."),
    remedy=_("Try again in a minute. If it happens again, tell the operations centre the number below."),
)


class Unprocessable(Exception):
    """A value of the request is not valid (422). The message names field, value and remedy."""


def page(request: HttpRequest, fault: Fault, *, detail: object = "") -> HttpResponse:
    context = {"fault": fault, "detail": str(detail)}
    return render(request, "web/error.html", context, status=fault.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, BAD_REQUEST)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, FORGERY)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, DENIED)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, MISSING)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, TOO_MANY)


def broken(request: HttpRequest) -> HttpResponse:
    """Without context processors: what failed may be the database, the session or a menu."""
    context: dict[str, Any] = {"fault": BROKEN, "request_id": getattr(request, "id", "")}
    return HttpResponse(render_to_string("web/broken.html", context), status=500)
