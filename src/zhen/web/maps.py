"""What our maps lie on: the areas of the town, as GeoJSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from zhen.kernel.lib import clock
from zhen.kernel.places.api import edition, readable
from zhen.web.requests import Request

AREAS = ("town", "precinct", "neighbourhood")
SECONDS = 300


@require_GET
def areas(request: Request) -> HttpResponse:
    """The town, its precincts and neighbourhoods as they are today. Places are public knowledge."""
    tag = f'"{edition()}-{clock.today().isoformat()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    collection = {"type": "FeatureCollection", "features": features(request)}
    response = JsonResponse(collection, content_type="application/geo+json")
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={SECONDS}"
    return response


def features(request: Request) -> list[dict[str, Any]]:
    rows = readable(request.actor, clock.today(), *AREAS).filter(boundary__isnull=False)
    return [
        {
            "type": "Feature",
            "id": row.place_id,
            "geometry": row.boundary,
            "properties": {
                "key": row.place.code,
                "name": row.name,
                "kind": row.place.kind,
                "synthetic": row.place.synthetic,
                "at": [row.lon, row.lat],
            },
        }
        for row in rows
    ]
