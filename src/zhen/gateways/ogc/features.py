"""Collections and features: one collection for each kind of place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from zhen.gateways.ogc.media import GEOJSON, JSON
from zhen.gateways.ogc.parameters import Days
from zhen.gateways.ogc.problems import NotHere
from zhen.kernel.access.api import Actor
from zhen.kernel.lib.geometry.api import Box
from zhen.kernel.places.api import Kind, PlaceVersion, history_of_kind

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ROOT = "/api/ogc"


def kind_of(collection: str) -> Kind:
    try:
        return Kind(collection)
    except ValueError:
        raise NotHere(_("There is no collection %(name)s.") % {"name": collection[:40]}) from None


def link(base: str, rel: str, path: str, media: str, title: str = "") -> dict[str, str]:
    found = {"href": f"{base}{path}", "rel": rel, "type": media}
    return found | ({"title": title} if title else {})


def collection(base: str, kind: Kind, extent: Mapping[str, Any] | None) -> dict[str, Any]:
    """The description of a collection; `extent` as `extents` gives it."""
    path = f"{ROOT}/collections/{kind.value}"
    described: dict[str, Any] = {
        "id": kind.value,
        "title": str(kind.label),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(base, "self", path, JSON),
            link(base, "items", f"{path}/items", GEOJSON, str(kind.label)),
        ],
    }
    if extent is not None:
        described["extent"] = {
            "spatial": {"bbox": [[extent[side] for side in ("west", "south", "east", "north")]], "crs": CRS84},
            "temporal": {
                "interval": [[_instant(extent["start"]), None]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        }
    return described


def extents(actor: Actor, *kinds: str) -> dict[str, dict[str, Any]]:
    """For each kind that has places with a shape: its box and its first day. One query."""
    rows = (
        history_of_kind(actor, *kinds)
        .filter(boundary__isnull=False)
        .values("place__kind")
        .annotate(
            start=Min("valid_from"),
            min_west=Min("west"),
            min_south=Min("south"),
            max_east=Max("east"),
            max_north=Max("north"),
        )
    )
    return {
        row["place__kind"]: {
            "start": row["start"],
            "west": row["min_west"],
            "south": row["min_south"],
            "east": row["max_east"],
            "north": row["max_north"],
        }
        for row in rows
    }


def select(actor: Actor, kind: Kind, days: Days, box: Box | None) -> QuerySet[PlaceVersion]:
    """The latest version in those days of each place of the kind, in the order of the pages."""
    during = Q(valid_from__lte=days.last) & (Q(valid_to__isnull=True) | Q(valid_to__gt=days.first))
    rows = history_of_kind(actor, kind).filter(during)
    if box is not None:
        rows = rows.filter(west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south)
    if days.first != days.last:
        rows = rows.order_by("place_id", "-valid_from").distinct("place_id")
    return rows.order_by("place_id", *(("-valid_from",) if days.first != days.last else ()))


def page(rows: QuerySet[PlaceVersion], after: int, limit: int) -> tuple[list[PlaceVersion], int | None]:
    """The next features after a position, and the position of the page that follows."""
    found = list(rows.filter(place_id__gt=after)[: limit + 1])
    return found[:limit], found[limit - 1].place_id if len(found) > limit else None


def feature(version: PlaceVersion) -> dict[str, Any]:
    """A place as a GeoJSON feature; its id is its code, which is for life."""
    shape = version.boundary
    own = {
        "code": version.place.code,
        "kind": version.place.kind,
        "name": version.name,
        "parent": version.parent.code if version.parent else None,
        "address": version.address or None,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
        "synthetic": version.place.synthetic,
    }
    described: dict[str, Any] = {
        "type": "Feature",
        "id": version.place.code,
        "geometry": shape,
        "properties": {**version.attributes, **own},
    }
    if version.west is not None:
        described["bbox"] = [version.west, version.south, version.east, version.north]
    return described


def items_path(kind: Kind, query: Mapping[str, str]) -> str:
    path = f"{ROOT}/collections/{kind.value}/items"
    return f"{path}?{urlencode(query)}" if query else path


def item_path(kind: Kind, code: str) -> str:
    return f"{ROOT}/collections/{kind.value}/items/{quote(code)}"


def by_kind(found: Iterable[str]) -> list[Kind]:
    wanted = set(found)
    return [kind for kind in Kind if kind.value in wanted]


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
