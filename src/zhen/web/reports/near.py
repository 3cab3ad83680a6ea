"""What is being done near a place: a map and a list of cases that everybody may see, with nobody's words or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Around, Progress, PublicSpot
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import api as places
from zhen.kernel.places.api import PlaceVersion
from zhen.web import errors
from zhen.web.cases.inbox import box_of, mark_of, one_of, written_mark, zoom_of
from zhen.web.errors import Unprocessable
from zhen.web.pages.common import params_of
from zhen.web.reports.where import PUBLIC
from zhen.web.requests import Request

METRES = 500
MAPS_A_MINUTE = 240
KEPT = ("area", "place", "cell", "progress")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The address, read: what to look for, around which place, and what goes on in the next address."""

    around: Around
    place: PlaceVersion | None
    unknown: str
    kept: dict[str, str]


@require_GET
def show(request: Request) -> HttpResponse:
    params = params_of(request)
    areas = list(places.readable(PUBLIC, clock.today(), "neighbourhood").order_by("name_key"))
    asked = _asked(params, areas)
    found, after = cases.public_cases(asked.around, request.now, after=mark_of(params))
    counts = cases.public_counts(asked.around, request.now)
    context = {
        "areas": areas,
        "asked": asked,
        "centre": f"{asked.place.lon:.6f},{asked.place.lat:.6f}" if asked.place else "",
        "params": params,
        "found": found,
        "counts": [
            {"progress": one, "count": counts[one], "url": _url({**asked.kept, "progress": one.value})}
            for one in Progress
        ],
        "any": sum(counts.values()),
        "progress": asked.around.progress,
        "all": _url({name: value for name, value in asked.kept.items() if name != "progress"}),
        "map": f"{reverse('reports:near_map')}?{urlencode(asked.kept)}",
        "after": _url({**asked.kept, "after": written_mark(after)}) if after else "",
        "first": _url(asked.kept) if params.get("after") else "",
    }
    return render(request, "web/reports/near.html", context)


@require_GET
def spots(request: Request) -> HttpResponse:
    """The same on the map, as GeoJSON: hexagons with how many cases lie in each, at the middle of the hexagon."""
    if not within(f"near:{get_ip(request)}", calls=MAPS_A_MINUTE, seconds=60, now=request.now):
        return errors.too_many(request)
    params = params_of(request)
    areas = list(places.readable(PUBLIC, clock.today(), "neighbourhood")) if params.get("area") else []
    asked = _asked(params, areas)
    found = cases.public_spots(asked.around, request.now, box_of(params), zoom_of(params))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(spot.lon, 6), round(spot.lat, 6)]},
            "properties": _properties(spot, asked.kept),
        }
        for spot in found
    ]
    response = JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_GET
def case(request: Request, number: str) -> HttpResponse:
    """One case as everybody may see it: how far it has come, and a way to follow it."""
    row, public = cases.public_case(number)
    context = {
        "case": public,
        "way": cases.way(row, mine=False),
        "expected": cases.expected(row) if row.open else None,
        "key": str(uuid4()),
    }
    return render(request, "web/reports/near_case.html", context)


def _asked(params: dict[str, str], areas: list[PlaceVersion]) -> Asked:
    """Raises Unprocessable for what nobody can choose. A place that the town does not know narrows nothing."""
    progress = one_of(params, "progress", {one.value: one for one in Progress})
    area = one_of(params, "area", {row.place.code: row for row in areas})
    words = params.get("place", "").replace("\x00", "").strip()[:60]
    place = _place(words) if words else None
    cells = _disk(place) if place is not None else None
    if cell := _cell(params.get("cell", "")):
        cells = frozenset({cell})
    around = Around(areas=places.scope_ids(area.place_id) if area else None, cells=cells, progress=progress)
    kept = {name: value for name, value in params.items() if name in KEPT and value}
    return Asked(around=around, place=place, unknown=words if words and place is None else "", kept=kept)


def _place(words: str) -> PlaceVersion | None:
    """The place that is meant: the one of this name, or the likeliest."""
    found, _more = places.addresses(PUBLIC, words, clock.today(), most=1)
    return found[0] if found else None


def _disk(place: PlaceVersion) -> frozenset[int]:
    """The hexagons whose middle lies within some 500 m."""
    lon, lat = place.lon or 0, place.lat or 0
    wide = geometry.disk(lon, lat, METRES)
    cells = {geometry.parent(cell, 9) if wide.resolution > 9 else cell for cell in wide.cells}
    return frozenset(cell for cell in cells if geometry.distance(lon, lat, *geometry.centre(cell)) <= METRES)


def _cell(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Unprocessable(_("“{value}” is no part of the map.").format(value=value[:40]))
    return int(value)


def _properties(spot: PublicSpot, kept: dict[str, str]) -> dict[str, Any]:
    if spot.number:
        url = reverse("reports:near_case", kwargs={"number": spot.number})
        said = f"{spot.category or _('not sorted yet')} · {spot.progress.label}"
        return {"key": spot.number, "number": spot.number, "name": said, "tone": spot.progress.tone, "url": url}
    said = " · ".join(f"{one.label} {spot.counts[one]}" for one in Progress if spot.counts.get(one))
    found: dict[str, Any] = {
        "point_count": spot.total,
        "point_count_abbreviated": str(spot.total),
        "tone": spot.progress.tone,
        "late": 0,
    }
    if spot.fine:
        found |= {"number": "", "name": said, "url": f"{_url({**kept, 'cell': str(spot.cell)})}#list"}
    return found


def _url(query: dict[str, str]) -> str:
    return f"{reverse('reports:near')}?{urlencode(query)}"
