"""FilePage: a paper of one thing, shown by the browser, which prints or keeps it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhen.kernel.pages.api import FilePage
from zhen.web.requests import Request


def draw(request: Request, page: FilePage, key: str) -> HttpResponse:
    name, data = page.file(request.actor, page.subject(request.actor, key))
    disposition = content_disposition_header(as_attachment=False, filename=name)
    headers = {"Content-Disposition": disposition or "inline"}
    return HttpResponse(data, content_type=page.media_type, headers=headers)
