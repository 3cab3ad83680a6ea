"""The addresses of GeoReport v2."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from zhen.gateways.open311 import reading, services, writing
from zhen.gateways.open311.formats import answer
from zhen.gateways.open311.troubles import Trouble, told
from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.cases.api import picture_for
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import actor_of_token, within
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing

TRIES_A_MINUTE = 30
"""Wrong keys from one address; the standard knows no status for it but 403."""


@require_GET
@told
def service_list(request: HttpRequest, *, format: str) -> HttpResponse:
    return answer(format, "services", services.listed())


@require_GET
@told
def service_definition(request: HttpRequest, code: str, *, format: str) -> HttpResponse:
    return answer(format, "service_definition", services.definition(code))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@told
def requests(request: HttpRequest, *, format: str) -> HttpResponse:
    """List requests, or take one. CSRF does not apply: what is sent carries a key, never a cookie's rights."""
    if request.method == "POST":
        made = writing.report(_sender(request), request.POST, request.FILES.getlist("media"))
        return answer(format, "service_requests", made)
    found = reading.found(_reader(request), request.GET, clock.now(), request.build_absolute_uri)
    return answer(format, "service_requests", found)


@require_GET
@told
def one_request(request: HttpRequest, number: str, *, format: str) -> HttpResponse:
    return answer(format, "service_requests", reading.one(_reader(request), number, request.build_absolute_uri))


@require_GET
@told
def one_token(request: HttpRequest, token: str, *, format: str) -> HttpResponse:
    """Requests have their number at once; the token is the number itself."""
    reading.one(_reader(request), token, request.build_absolute_uri)
    return answer(format, "service_requests", [{"token": token, "service_request_id": token}])


@require_GET
def media(request: HttpRequest, key: UUID) -> HttpResponse:
    """A picture of a request, without what its camera wrote into it. What the reader may not see is not there."""
    try:
        reader = _reader(request)
        picture = picture_for(reader, key, [type_.id for type_ in services.public_types()]).file
        with files.content(files.Opened(file=picture, side=None)) as opened:
            response = HttpResponse(opened.read(), content_type=files.Kind(picture.kind).media_type)
    except Trouble as trouble:
        return HttpResponse(trouble.description, status=trouble.status, content_type="text/plain; charset=utf-8")
    except Missing:
        return HttpResponse(status=404)
    whose = "public" if reader.kind is ActorKind.ANONYMOUS else "private"
    response["Cache-Control"] = f"{whose}, max-age={files.LINK_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@told
def discovery(request: HttpRequest, *, format: str) -> HttpResponse:
    address = request.build_absolute_uri("/open311/v2")
    found: dict[str, Any] = {
        "changeset": "2026-11-24T00:00:00+08:00",
        "contact": request.build_absolute_uri("/"),
        "key_service": _("Ask the town's operations centre for a key."),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": address,
                "changeset": "2026-11-24T00:00:00+08:00",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer(format, "discovery", found)


def _reader(request: HttpRequest) -> Actor:
    key = request.GET.get("api_key", "").strip()
    return _holder(request, key) if key else Actor.anonymous()


def _sender(request: HttpRequest) -> Actor:
    key = (request.POST.get("api_key") or request.GET.get("api_key") or "").strip()
    if not key:
        raise Trouble(403, _("api_key was not provided. Ask the town for one."))
    return _holder(request, key)


def _holder(request: HttpRequest, key: str) -> Actor:
    """Whoever holds the key. Keys that are wrong are counted by address."""
    now = clock.now()
    actor = actor_of_token(key, day=clock.today(), now=now)
    if actor is None:
        tries = within(f"open311:{get_ip(request)}", calls=TRIES_A_MINUTE, seconds=60, now=now)
        known = _("api_key is not valid. Ask the town for a new one.")
        raise Trouble(403, known if tries else _("Too many wrong keys. Wait a minute."))
    return actor
