"""Errors as application/problem+json (RFC 9457), with the field, what is wrong with it, and the remedy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

PROBLEM = "application/problem+json"


class NoKey(Exception):
    """The request carries no key (401)."""


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM, status=status)


def install(api: NinjaAPI) -> None:
    """Give the API its error answers."""

    @api.exception_handler(NoKey)
    def _no_key(_request: HttpRequest, _error: NoKey) -> HttpResponse:
        answer = problem(401, _("A key is needed"), detail=_("Send it as Authorization: Bearer zhen_…"))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(Denied)
    def _denied(_request: HttpRequest, error: Denied) -> HttpResponse:
        detail = _("It lacks the permission %(permission)s.") % {"permission": error.permission}
        return problem(403, _("The key may not do this"), detail=detail)

    @api.exception_handler(Missing)
    def _missing(_request: HttpRequest, _error: Missing) -> HttpResponse:
        return problem(404, _("There is no such order here"))

    @api.exception_handler(Refused)
    def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
        more = {"field": str(error.field), "reason": str(error.reason), "remedy": str(error.remedy)}
        return problem(error.status, _("The order cannot be taken"), detail=str(error), **more)

    @api.exception_handler(ValidationError)
    def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in one["loc"][1:]), "reason": one["msg"]} for one in error.errors
        ]
        return problem(422, _("The request is not valid"), errors=errors)

    @api.exception_handler(HttpError)
    def _other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))


def _place(parts: Sequence[object]) -> str:
    """Where in the request: the names of the way there, without what only our framework knows."""
    return ".".join(str(part) for part in parts if part not in ("body", "query", "given", "asked"))
