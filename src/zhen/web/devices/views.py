"""A device's credential, shown once, and its label."""

from __future__ import annotations

import io

import qrcode
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from qrcode.image.svg import SvgPathImage

from zhen.kernel.pages.api import Missing
from zhen.kernel.telemetry.api import Device, credentials, device, issue, make_claim, revoke
from zhen.web.errors import Unprocessable
from zhen.web.requests import Request


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def credential(request: Request, code: str) -> HttpResponse:
    """What a device signs in with: since when it has it, and the three things that can be done."""
    request.actor.require("telemetry.credential.manage")
    found = _device(request, code)
    if request.method == "POST":
        return _do(request, found)
    context = {"device": found, "credentials": credentials(request.actor, found)[:10], "now": request.now}
    return render(request, "web/devices/credential.html", context)


def _do(request: Request, found: Device) -> HttpResponse:
    match request.POST.get("deed"):
        case "issue":
            return _once(
                request,
                found,
                heading=_("The new secret of {device}").format(device=found.name),
                label=_("Password"),
                secret=issue(request.actor, found).secret,
                explanation=_("The device signs in with its code {code} and this password.").format(code=found.code),
            )
        case "claim":
            return _once(
                request,
                found,
                heading=_("The claim code of {device}").format(device=found.name),
                label=_("Claim code"),
                secret=make_claim(request.actor, found),
                explanation=_("It works once, within three days: POST it as “code” to {address}.").format(
                    address=settings.ZHEN_PUBLIC_URL + reverse("mqtt_claim")
                ),
            )
        case "revoke":
            revoke(request.actor, found)
            messages.success(request, _("The device no longer comes in."))
            return redirect("device_credential", code=found.code)
        case _:
            raise Unprocessable(_("“deed” is issue, claim or revoke."))


@login_required
@require_GET
def label(request: Request, code: str) -> HttpResponse:
    """A label for the housing of a device, with a QR code that opens its page."""
    request.actor.require("telemetry.device.view")
    found = _device(request, code)
    address = settings.ZHEN_PUBLIC_URL + reverse("page:telemetry.device", kwargs={"key": found.code})
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=1).save(drawn)
    svg = drawn.getvalue().decode().partition("?>")[2]
    # only our own address stands in it, drawn as a path
    context = {"device": found, "address": address, "qr": mark_safe(svg)}  # noqa: S308
    return render(request, "web/devices/label.html", context)


def _device(request: Request, code: str) -> Device:
    if len(code) > 64:
        raise Missing(code)
    return device(request.actor, code)


def _once(request: Request, found: Device, *, heading: str, label: str, secret: str, explanation: str) -> HttpResponse:
    back = reverse("device_credential", kwargs={"code": found.code})
    context = {"heading": heading, "label": label, "secret": secret, "explanation": explanation, "back": back}
    return render(request, "door/secret.html", context)
