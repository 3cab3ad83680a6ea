"""“My data” as a file that a person takes along, and proves deletions with later."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from zhen.kernel.access.api import ActorKind
from zhen.kernel.parties import api as parties
from zhen.web.requests import Request


@require_safe
def mine(request: Request) -> HttpResponse:
    """Everything that is held about whoever is signed in."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    return _file(request, parties.whose(request.actor))


@require_safe
def disclosed(request: Request, key: str) -> HttpResponse:
    """Everything about the person for whom a disclosure is open; for the clerk who opened it."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    request.actor.require("parties.person.disclose")
    return _file(request, parties.about(parties.disclosure(request.actor, key)))


def _file(request: Request, whose: parties.Whose) -> HttpResponse:
    found = parties.dossier(whose, clear=True, now=request.now)
    response = JsonResponse(parties.as_json(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Cache-Control"] = "no-store"
    return response
