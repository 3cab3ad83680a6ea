"""Where something is: addresses suggested as one types, and a pin of the map said in words."""

from __future__ import annotations

from math import isfinite
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places
from zhen.kernel.places.api import Kind, PlaceVersion, Whereabouts
from zhen.web.requests import Request

PUBLIC = Actor.anonymous()
A_PAGE, MOST_PAGES = 8, 5
LONGEST = 60
ASKED_A_MINUTE = 240
"""Somebody who types makes some forty calls a minute; a household or a café shares one address."""

Point = tuple[float, float]


@require_GET
def suggested(request: Request) -> HttpResponse:
    """The town's own places that somebody may mean, a page at a time, as JSON. Two queries."""
    if not _may_ask(request):
        return _too_many()
    words = request.GET.get("q", "")[:LONGEST].replace("\x00", "")
    page = request.GET.get("page", "0")
    number = min(int(page), MOST_PAGES - 1) if page.isascii() and page.isdigit() and len(page) < 3 else 0
    found, more = places.addresses(PUBLIC, words, clock.today(), skip=number * A_PAGE, most=A_PAGE)
    body = {"places": [_one(row) for row in found], "more": more and number < MOST_PAGES - 1}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _one(row: PlaceVersion) -> dict[str, Any]:
    address = row.address
    detail = address if address and address != row.name else str(Kind(row.place.kind).label)
    return {"name": row.name, "detail": detail, "lon": row.lon, "lat": row.lat}


@never_cache
@require_POST
def here(request: Request) -> HttpResponse:
    """A point in words, as JSON. It is sent as a form: where somebody stands belongs in no address and no log."""
    if not _may_ask(request):
        return _too_many()
    point = point_of(request.POST.get("lon", ""), request.POST.get("lat", ""))
    if point is None:
        return JsonResponse({"error": _("This is no point on the map.")}, status=422)
    found = places.whereabouts(*point, clock.today())
    body = {"in_town": found.in_town, "words": said(found) or outside(), "place": place_words(found)}
    return JsonResponse(body)


def point_of(lon: str, lat: str) -> Point | None:
    """Longitude and latitude as a form brings them; None where they are none."""
    try:
        point = float(lon[:30]), float(lat[:30])
    except ValueError:
        return None
    return point if all(map(isfinite, point)) and abs(point[0]) <= 180 and abs(point[1]) <= 90 else None


def place_words(found: Whereabouts) -> str:
    """What one writes as the address of a pin."""
    if found.place is None:
        return ""
    return _("near {place}").format(place=found.place.name)


def said(found: Whereabouts) -> str:
    """The place beside a pin and the areas around it; empty outside the town."""
    if not found.in_town:
        return ""
    names = [place_words(found), *(area.name for area in found.areas)]
    return " · ".join(name for name in names if name) or _("a place in the town that has no name")


def outside() -> str:
    return _("This lies outside the town. Put the pin inside it, or call the hotline 12345.")


def _may_ask(request: Request) -> bool:
    return within(f"where:{get_ip(request)}", calls=ASKED_A_MINUTE, seconds=60, now=request.now)


def _too_many() -> HttpResponse:
    return JsonResponse({"error": _("Too many requests. Wait a minute.")}, status=429)
