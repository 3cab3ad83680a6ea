"""The addresses below /api/ogc/."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from zhen.gateways.ogc import features, openapi, parameters, problems, tiles
from zhen.gateways.ogc.features import ROOT, link
from zhen.gateways.ogc.media import GEOJSON, JSON, OPENAPI, TILE, unless_known, written
from zhen.gateways.ogc.problems import NotHere
from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, edition

CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)

api = NinjaAPI(
    title="Zhen: places",
    version="1.0.0",
    description="The areas, streets and buildings of the town. OGC API – Features; vector tiles.",
    urls_namespace="ogc",
    docs_url=None,
    openapi_url=None,
)
problems.install(api)


@api.get("/", url_name="landing", openapi_extra=openapi.answer(openapi.LANDING))
def landing(request: HttpRequest) -> HttpResponse:
    """What is here."""
    parameters.only(request.GET.dict(), ())
    base = _base(request)
    return written(
        {
            "title": _("Places of the town"),
            "description": _("Areas, streets and buildings. Coordinates are WGS-84 (CRS84)."),
            "links": [
                link(base, "self", f"{ROOT}/", JSON),
                link(base, "service-desc", f"{ROOT}/openapi", OPENAPI, "OpenAPI"),
                link(base, "conformance", f"{ROOT}/conformance", JSON),
                link(base, "data", f"{ROOT}/collections", JSON),
                link(base, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", f"{ROOT}/tiles", JSON, "TileJSON"),
            ],
        }
    )


@api.get("/conformance", url_name="conformance", openapi_extra=openapi.answer(openapi.CONFORMANCE))
def conformance(request: HttpRequest) -> HttpResponse:
    """What of the standard is kept."""
    parameters.only(request.GET.dict(), ())
    return written({"conformsTo": CONFORMS})


@api.get("/openapi", url_name="openapi", openapi_extra=openapi.answer(openapi.OBJECT, OPENAPI))
def description(request: HttpRequest) -> HttpResponse:
    """This description."""
    parameters.only(request.GET.dict(), ())
    return written(openapi.to_3_0(dict(api.get_openapi_schema(path_prefix=f"{ROOT}/"))), OPENAPI)


@api.get("/collections", url_name="collections", openapi_extra=openapi.answer(openapi.COLLECTIONS))
def collections(request: HttpRequest) -> HttpResponse:
    """One collection for each kind of place that the town has."""
    parameters.only(request.GET.dict(), ())
    base = _base(request)

    def make() -> HttpResponse:
        extents = features.extents(_actor(request))
        found = [features.collection(base, kind, extents[kind]) for kind in features.by_kind(extents)]
        return written({"links": [link(base, "self", f"{ROOT}/collections", JSON)], "collections": found})

    return unless_known(request, f"{edition()}", make)


@api.get(
    "/collections/{collection_id}",
    url_name="collection",
    openapi_extra=openapi.answer(openapi.COLLECTION, missing=True),
)
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """One collection."""
    parameters.only(request.GET.dict(), ())
    kind = features.kind_of(collection_id)
    extent = features.extents(_actor(request), kind).get(kind)
    return written(features.collection(_base(request), kind, extent))


@api.get(
    "/collections/{collection_id}/items",
    url_name="items",
    openapi_extra=openapi.answer(
        openapi.FEATURES,
        GEOJSON,
        openapi.BBOX,
        openapi.DATETIME,
        openapi.LIMIT,
        openapi.AFTER,
        missing=True,
    ),
)
def items(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Features by page, box and day. Without `datetime`, as they are today."""
    query = request.GET.dict()
    parameters.only(query, ("bbox", "datetime", "limit", "after"))
    kind = features.kind_of(collection_id)
    limit, after = parameters.limit_of(query.get("limit")), parameters.after_of(query.get("after"))
    box, now = parameters.box_of(query.get("bbox")), clock.now()
    days = parameters.days_of(query.get("datetime"), clock.today())

    def make() -> HttpResponse:
        rows = features.select(_actor(request), kind, days, box)
        found, following = features.page(rows, after, limit)
        base = _base(request)
        links = [
            link(base, "self", features.items_path(kind, query), GEOJSON),
            link(base, "collection", f"{ROOT}/collections/{kind.value}", JSON),
        ]
        if following is not None:
            path = features.items_path(kind, {**query, "limit": str(limit), "after": str(following)})
            links.append(link(base, "next", path, GEOJSON))
        return written(
            {
                "type": "FeatureCollection",
                "features": [features.feature(version) for version in found],
                "links": links,
                "timeStamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "numberMatched": rows.count(),
                "numberReturned": len(found),
            },
            GEOJSON,
        )

    return unless_known(request, f"{edition()} {days}", make)


@api.get(
    "/collections/{collection_id}/items/{feature_id}",
    url_name="item",
    openapi_extra=openapi.answer(openapi.FEATURE, GEOJSON, openapi.DATETIME, missing=True),
)
def item(request: HttpRequest, collection_id: str, feature_id: str) -> HttpResponse:
    """One feature by its code. Without `datetime`, as it is today."""
    query = request.GET.dict()
    parameters.only(query, ("datetime",))
    kind = features.kind_of(collection_id)
    days = parameters.days_of(query.get("datetime"), clock.today())
    if "\x00" in feature_id:
        raise NotHere

    def make() -> HttpResponse:
        version = features.select(_actor(request), kind, days, None).filter(place__code=feature_id).first()
        if version is None:
            raise NotHere(_("%(code)s does not exist on that day.") % {"code": feature_id[:40]})
        base = _base(request)
        links = [
            link(base, "self", features.item_path(kind, version.place.code), GEOJSON),
            link(base, "collection", f"{ROOT}/collections/{kind.value}", JSON),
        ]
        return written({**features.feature(version), "links": links}, GEOJSON)

    return unless_known(request, f"{edition()} {days}", make)


@api.get("/tiles", url_name="tilejson", openapi_extra=openapi.answer(openapi.OBJECT))
def tilejson(request: HttpRequest) -> HttpResponse:
    """Where the vector tiles are (TileJSON 3.0)."""
    parameters.only(request.GET.dict(), ())
    towns = features.extents(_actor(request), Kind.TOWN).get(Kind.TOWN)
    described: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": _("Places of the town"),
        "tiles": [f"{_base(request)}{ROOT}/tiles/{{z}}/{{x}}/{{y}}"],
        "minzoom": 0,
        "maxzoom": 16,
        "vector_layers": [
            {
                "id": name,
                "fields": {"kind": "", "code": "", "name": ""},
                "minzoom": min(tiles.FROM_ZOOM[k] for k in kinds),
            }
            for name, kinds in tiles.LAYERS.items()
        ],
    }
    if towns is not None:
        described["bounds"] = [towns[side] for side in ("west", "south", "east", "north")]
    return written(described)


@api.get(
    "/tiles/{z}/{x}/{y}",
    url_name="tile",
    openapi_extra=openapi.answer(None, TILE, openapi.DATETIME, missing=True),
)
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile of the web's Mercator grid. Without `datetime`, as things are today."""
    query = request.GET.dict()
    parameters.only(query, ("datetime",))
    if not 0 <= z <= tiles.MAX_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise NotHere(_("There is no such tile."))
    day = parameters.days_of(query.get("datetime"), clock.today()).last
    state = edition()

    def make() -> HttpResponse:
        key = (state, day, z, x, y)
        data = tiles.CACHE.get(key)
        if data is None:
            data = tiles.tile(_actor(request), z, x, y, day)
            tiles.CACHE.put(key, data)
        return HttpResponse(data, content_type=TILE)

    return unless_known(request, f"{state} {day}", make)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by web's ActorMiddleware
    return actor


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
