"""The standard's error body: a list of {code, description}."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhen.gateways.open311.formats import TYPES, answer
from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Refused


class Trouble(Exception):
    """What is wrong with a request: the status is the standard's own (400, 403, 404)."""

    def __init__(self, status: int, description: str) -> None:
        self.status, self.description = status, description
        super().__init__(description)


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer every trouble in the standard's own form and in the format that was asked for."""

    @wraps(view)
    def run(request: HttpRequest, *args: str, format: str, **kwargs: str) -> HttpResponse:
        if format not in TYPES:
            return _trouble("json", 404, _("format “%(given)s”: use json or xml.") % {"given": format[:20]})
        try:
            return view(request, *args, format=format, **kwargs)
        except Trouble as trouble:
            return _trouble(format, trouble.status, trouble.description)
        except Refused as refused:
            return _trouble(format, 400, str(refused))
        except Denied:
            return _trouble(format, 403, _("api_key: it does not give the right to report. Ask the town for one."))

    return run


def _trouble(format: str, status: int, description: str) -> HttpResponse:
    return answer(format, "errors", [{"code": status, "description": description}], status=status)
