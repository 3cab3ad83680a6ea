"""FilePage: a file that is made when it is asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhen.kernel.pages.api import FilePage
from zhen.web.requests import Request

PDF = "application/pdf"


def draw(request: Request, page: FilePage, key: str) -> HttpResponse:
    made = page.make(request.actor, page.subject(request.actor, key))
    disposition = content_disposition_header(as_attachment=made.media != PDF, filename=made.name)
    return HttpResponse(made.data, content_type=made.media, headers={"Content-Disposition": disposition or "inline"})
