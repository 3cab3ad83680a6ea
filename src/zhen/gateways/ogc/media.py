"""Media types, and answers that a client may keep while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

JSON = "application/json"
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PROBLEM = "application/problem+json"
TILE = "application/vnd.mapbox-vector-tile"


def written(body: Any, media: str = JSON, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), content_type=media, status=status)


def unless_known(request: HttpRequest, state: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer with an ETag made of the address and the state it shows; 304 where the client has it."""
    digest = hashlib.blake2b(f"{state} {request.get_full_path()}".encode(), digest_size=12).hexdigest()
    etag = f'W/"{digest}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response = HttpResponseNotModified() if etag in known or "*" in known else make()
    if response.status_code in (200, 304):
        response["ETag"] = etag
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response
