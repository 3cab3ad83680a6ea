"""Contents of files, to whom a link was made for; and files that are sent ahead of a form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import IO
from uuid import UUID

from allauth.core.internal.ratelimit import get_ip
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhen.kernel.access.api import ActorKind
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import within
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.web import errors
from zhen.web.requests import Request

PIECE = 1 << 16
UPLOADS, PIECES, SECONDS = 60, 3000, 600
"""How many files (pieces of files) one person may send ahead in how long; or one address, of those not signed in."""
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_GET
def show(request: Request, token: str) -> HttpResponse:
    """A file or its thumbnail. Only images are shown in place, everything else is saved; nothing in it may run."""
    link = files.opened(request.actor, token, request.now)
    content = files.content(link)
    body = _Asynchronous(content) if isinstance(request, ASGIRequest) else _Synchronous(content)
    response = StreamingHttpResponse(body, content_type=link.media_type)
    inline = link.file.is_image and "save" not in request.GET
    response["Content-Disposition"] = content_disposition_header(not inline, link.file.name) or "inline"
    response["Content-Length"] = str(content.size)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={files.LINK_SECONDS}"
    return response  # type: ignore[return-value]  # HttpResponse is what callers compose with


class _Body:
    """The pieces of a content. Closed with the response, whether it was read or not."""

    def __init__(self, content: IO[bytes]) -> None:
        self.close = content.close
        self.read = content.read


class _Synchronous(_Body):
    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(PIECE):
            yield piece


class _Asynchronous(_Body):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Without keeping the loop from its other requests."""
        while piece := await sync_to_async(self.read)(PIECE):
            yield piece


@require_POST
def upload(request: Request) -> HttpResponse:
    """Keep a file before its form is sent; the form's hidden field then holds the token of the answer."""
    who = str(request.actor.id) if request.actor.id is not None else get_ip(request)
    if not within(f"upload:{who}", calls=UPLOADS, seconds=SECONDS, now=request.now):
        return JsonResponse({"error": _("Too many files in a short time. Wait some minutes.")}, status=429)
    try:
        kinds, max_bytes = files.redeemed(request.actor, request.POST.get("ticket", ""), request.now)
    except Missing:
        return JsonResponse({"error": _("This form is too old. Reload the page.")}, status=422)
    given = request.FILES.get("file")
    if given is None:
        return errors.bad_request(request)
    try:
        file = files.store(request.actor, given, kinds=kinds, max_bytes=max_bytes)
    except Refused as refused:
        return JsonResponse(
            {"error": _("%(reason)s. %(remedy)s.") % {"reason": refused.reason, "remedy": refused.remedy}}, status=422
        )
    return JsonResponse(_told(request, file))


def _told(request: Request, file: files.File) -> dict[str, str]:
    return {
        "token": files.kept_token(request.actor, file),
        "name": file.name,
        "preview": files.url(request.actor, file, side=files.SMALL) if file.is_image else "",
    }


@require_http_methods(["GET", "PUT"])
def piece(request: Request, key: UUID) -> HttpResponse:
    """A file in pieces. GET says how many bytes are here; PUT brings the piece that begins at `offset`.

    Every answer says how much is `received`, and once all is here the file's `token`. 409: go on from `received`.
    422: this file is not taken, `error` says why; nothing of it is here any more.
    """
    actor = request.actor
    if actor.kind is ActorKind.ANONYMOUS:
        return JsonResponse({"error": _("Sign in again.")}, status=401)
    try:
        if request.method == "GET":
            return JsonResponse(_state(request, files.arrived(actor, key)))
        if not within(f"piece:{actor.id}", calls=PIECES, seconds=SECONDS, now=request.now):
            return JsonResponse({"error": _("Too many files in a short time. Wait some minutes.")}, status=429)
        kinds, max_bytes = files.redeemed(actor, request.headers.get("X-Ticket", ""), request.now)
    except Missing:
        return JsonResponse({"error": _("Nothing is here of this file."), "received": 0}, status=404)
    sent = _piece(request, key)
    if sent is None:
        return JsonResponse({"error": _("Give “offset” and “total” in bytes, and the piece as the body.")}, status=400)
    try:
        return JsonResponse(_state(request, files.take_piece(actor, sent, kinds=kinds, max_bytes=max_bytes)))
    except Outdated as gap:
        return JsonResponse({"error": str(gap), "received": files.arrived(actor, key).received}, status=409)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)


def _state(request: Request, arrived: files.Arrived) -> dict[str, object]:
    return {"received": arrived.received, **(_told(request, arrived.file) if arrived.file else {})}


def _piece(request: Request, key: UUID) -> files.Piece | None:
    numbers = [request.GET.get(name, "") for name in ("offset", "total")]
    if not all(number.isascii() and number.isdecimal() and len(number) <= 12 for number in numbers):
        return None
    content = request.read(files.MOST_PIECE + 1)
    if not 0 < len(content) <= files.MOST_PIECE:
        return None
    offset, total = map(int, numbers)
    return files.Piece(key=key, name=request.GET.get("name", ""), offset=offset, total=total, content=content)
