"""Errors as application/problem+json (RFC 7807, as the standard recommends)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhen.gateways.ogc.media import PROBLEM, written

TITLES: dict[int, str | Promise] = {
    400: _("The request is not valid"),
    404: _("There is no such thing here"),
    405: _("Only GET is served here"),
}


class BadParameter(Exception):
    """A query parameter that is unknown or malformed (400). Remedy: the message names it and its form."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


class NotHere(Exception):
    """No such collection, feature or tile (404)."""


def problem(status: int, detail: str = "") -> HttpResponse:
    body = {"type": "about:blank", "title": str(TITLES[status]), "status": status}
    return written(body | ({"detail": detail} if detail else {}), PROBLEM, status=status)


def install(api: NinjaAPI) -> None:
    """Give the API its error pages."""

    @api.exception_handler(BadParameter)
    def _bad(_request: HttpRequest, error: BadParameter) -> HttpResponse:
        return problem(400, f"{error.name}: {error}")

    @api.exception_handler(NotHere)
    def _missing(_request: HttpRequest, error: NotHere) -> HttpResponse:
        return problem(404, str(error))

    @api.exception_handler(ValidationError)
    def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(400, "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors))

    @api.exception_handler(HttpError)
    def _other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code if error.status_code in TITLES else 400, str(error))
