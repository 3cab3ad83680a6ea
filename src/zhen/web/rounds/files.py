"""The signed record of a visit as PDF, and the proof of a draw as JSON."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from zhen.kernel.access.api import ActorKind
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds import api as rounds
from zhen.web.requests import Request


@require_GET
def record(request: Request, key: UUID) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    request.actor.require(rounds.VIEW)
    visit = rounds.visit_for(request.actor, str(key))
    try:
        data = rounds.record_pdf(visit, rounds.findings_of(visit))
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("page:rounds.visit", kwargs={"key": visit.key}))
    disposition = content_disposition_header(as_attachment=False, filename=f"{visit.subject.name}.pdf")
    headers = {"Content-Disposition": disposition or "inline"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_GET
def proof(request: Request, draw_id: int) -> HttpResponse:
    """What the script of docs/howto/verify-draw.md reads."""
    draw = rounds.draw_for(request.actor, str(draw_id))
    if draw.published_at is None:
        raise Missing(f"draw {draw_id}")
    content = {**draw.lists, "digest": draw.digest, "seed": draw.seed, "seed_from": draw.seed_from, "drawn": draw.drawn}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
