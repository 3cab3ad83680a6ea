"""`POST /devices/claim` with `code=…`: a device, or whoever installs it, fetches its credential, once."""

from __future__ import annotations

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.api import claim, may_try


@csrf_exempt
@require_POST
def claim_credential(request: HttpRequest) -> JsonResponse:
    """CSRF does not apply: the claim code is the only right that counts, never a cookie's."""
    if not may_try(str(get_ip(request)), clock.now()):
        return _answer({"error": _("Too many tries. Wait a minute.")}, status=429)
    try:
        issued = claim(Actor.anonymous(), request.POST.get("code", "")[:60])
    except Refused as refused:
        return _answer({"error": str(refused)}, status=refused.status)
    return _answer({"username": issued.device.code, "password": issued.secret, "topic": f"d/{issued.device.code}/r"})


def _answer(told: dict[str, str], status: int = 200) -> JsonResponse:
    return JsonResponse(
        told, status=status, headers={"Cache-Control": "no-store"}, json_dumps_params={"ensure_ascii": False}
    )
