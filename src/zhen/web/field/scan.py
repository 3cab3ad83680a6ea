"""The label of a building or a device: what stands there for whoever has come to it."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import qrcode
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from qrcode.image.svg import SvgPathImage

from zhen.kernel.cases.api import on_site
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.places import api as places
from zhen.kernel.places.api import Kind, PlaceVersion
from zhen.kernel.rounds import api as rounds
from zhen.kernel.telemetry.api import Device, device, devices
from zhen.web.cases.rows import rows_of
from zhen.web.requests import Request

LABELLED = (Kind.BUILDING, Kind.SITE, Kind.ESTATE, Kind.PARK)
LABELS = re.compile(r"/(?:field/at/(?P<kind>place|device)|desk/telemetry/(?P<desk>devices?))/(?P<code>[^/]{1,64})/")
"""What the labels of buildings and of devices say, behind the town's own address."""
KINDS = ("place", "device")
MOST, MOST_CODE = 8, 64


@login_required
@require_GET
def scan(request: Request) -> HttpResponse:
    """Scan a label, or write what stands on it: a code, an address, a name."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context: dict[str, Any] = {"words": words}
    if words:
        address = _label_in(words)
        if address:
            return HttpResponseRedirect(address)
        context["places"], context["more"] = places.addresses(request.actor, words, clock.today(), most=MOST)
        context["devices"] = _devices(request, words)
        context["visits"] = _visits(request, words)
    return render(request, "web/field/scan.html", context)


def _label_in(words: str) -> str:
    """Where a scanned label leads: only to pages of our own, whatever town its address names."""
    label = LABELS.fullmatch(urlsplit(words).path)
    if label is None:
        return ""
    kind = label["kind"] or "device"
    return reverse("field:at", kwargs={"kind": kind, "code": unquote(label["code"])})


def _devices(request: Request, words: str) -> list[Device]:
    if not request.actor.may("telemetry.device.view"):
        return []
    named = Q(code__iexact=words) | Q(name__icontains=words) | Q(spot__icontains=words)
    return list(devices(request.actor).filter(named).order_by("code")[:MOST])


def _visits(request: Request, words: str) -> list[rounds.Visit]:
    named = Q(subject__name__icontains=words) | Q(subject__address__icontains=words)
    return list(rounds.waiting(request.actor, clock.today()).filter(named)[:MOST])


@login_required
@require_GET
def at(request: Request, kind: str, code: str) -> HttpResponse:
    """What there is to do at a place, or at a device, and what happens there."""
    if kind not in KINDS or len(code) > MOST_CODE or "\x00" in code:
        raise Missing(code)
    found = _device(request, code) if kind == "device" else None
    place = places.place_at(found.place_id, clock.today()) if found else _place(request, code)
    if place is None:
        raise Missing(code)
    waiting = rounds.waiting(request.actor, clock.today()).filter(subject__place=place.place_id)
    cases = [case for case, _steps in on_site(request.actor) if case.place_id == place.place_id]
    context = {
        "device": found,
        "place": place,
        "address": _address(place),
        "visits": waiting[:MOST],
        "cases": rows_of(cases[:MOST], request.now),
        "devices": [] if found else _devices_at(request, place),
        "report": reverse("field:report") + "?" + urlencode(_prefilled(place, found)),
    }
    return render(request, "web/field/at.html", context)


def _device(request: Request, code: str) -> Device:
    request.actor.require("telemetry.device.view")
    return device(request.actor, code)


def _place(request: Request, code: str) -> PlaceVersion | None:
    return places.readable(request.actor, clock.today(), *LABELLED).filter(place__code=code).first()


def _devices_at(request: Request, place: PlaceVersion) -> list[Device]:
    if not request.actor.may("telemetry.device.view"):
        return []
    within = places.descendants(place.place_id, clock.today()).values("place_id")
    there = Q(place=place.place_id) | Q(place__in=within)
    return list(devices(request.actor).filter(there).order_by("code")[: 2 * MOST])


def _address(place: PlaceVersion) -> str:
    lane = f"{place.lane}弄" if place.lane else ""
    number = f"{place.number}号" if place.number else ""
    return f"{place.street}{lane}{number}" if place.street else place.name


def _prefilled(place: PlaceVersion, found: Device | None) -> dict[str, str]:
    """Where a report from here begins: no word of it has to be typed in the rain."""
    where = " ".join(part for part in (_address(place), found.spot if found else "") if part)
    point = {} if place.lon is None else {"lon": f"{place.lon:.6f}", "lat": f"{place.lat:.6f}"}
    about = {"text": _("At the device {name} ({code})").format(name=found.name, code=found.code)} if found else {}
    return {"address": where, **point, **about}


@login_required
@require_GET
def label(request: Request, code: str) -> HttpResponse:
    """A label for the door of a building, with a QR code that opens its page in the field."""
    place = None if "\x00" in code else _place(request, code)
    if place is None:
        raise Missing(code)
    address = settings.ZHEN_PUBLIC_URL + reverse("field:at", kwargs={"kind": "place", "code": code})
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=1).save(drawn)
    svg = drawn.getvalue().decode().partition("?>")[2]
    # only our own address stands in it, drawn as a path
    context = {"place": place, "where": _address(place), "address": address, "qr": mark_safe(svg)}  # noqa: S308
    return render(request, "web/field/label.html", context)
