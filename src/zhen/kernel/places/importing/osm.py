"""OpenStreetMap PBF: buildings, named roads and administrative boundaries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import cos, radians
from pathlib import Path
from typing import Any

import osmium
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.api import Box
from zhen.kernel.places.importing.values import Found, Unreadable
from zhen.kernel.places.kinds import Kind

ORIGIN = "© OpenStreetMap contributors, ODbL 1.0"
LEVELS: Mapping[str, Kind] = {"8": Kind.TOWN, "9": Kind.PRECINCT, "10": Kind.NEIGHBOURHOOD}
"""admin_level in China: 8 town or subdistrict, 10 neighbourhood or village (wiki.openstreetmap.org)."""
HALF_WIDTHS: Mapping[str, float] = {"motorway": 15, "trunk": 15, "primary": 12, "secondary": 10, "tertiary": 8}
ROADS = frozenset((*HALF_WIDTHS, "residential", "unclassified", "living_street", "pedestrian"))
_METRES = 6371008.8 * 3.141592653589793 / 180
_LANE = re.compile(r"^(?:(\d+)弄)?(.*?)号?$")


def read_osm(path: Path, within: Box | None) -> Iterator[Found]:
    """What the file holds inside a box; raises Unreadable where the file is broken."""
    roads: dict[str, list[BaseGeometry]] = defaultdict(list)
    ids: dict[str, int] = {}
    try:
        things: Any = osmium.FileProcessor(str(path)).with_locations().with_areas()
        for thing in things:
            if thing.is_area():
                found = _area(thing, within)
                if found is not None:
                    yield found
            elif thing.is_way() and thing.tags.get("highway") in ROADS and thing.tags.get("name"):
                line = _line(thing)
                if line is not None and _meets(line, within):
                    name = thing.tags["name"]
                    roads[name].append(_widened(line, HALF_WIDTHS.get(thing.tags["highway"], 5)))
                    ids[name] = min(ids.get(name, thing.id), thing.id)
    except RuntimeError as error:
        raise Unreadable(_("The file is not a readable OSM PBF file: %(error)s") % {"error": error}) from error
    for name, parts in sorted(roads.items()):
        yield Found(
            where=f"way/{ids[name]} {name}",
            kind=Kind.STREET,
            code=f"osm-way-{ids[name]}",
            name=name,
            shape=geometry.union(parts),
            attributes={"origin": ORIGIN},
        )


def _area(area: Any, within: Box | None) -> Found | None:
    tags = area.tags
    kind = _kind(tags)
    if kind is None:
        return None
    identity = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    code = tags.get("ref", "") if kind is not Kind.BUILDING else ""
    facts: dict[str, Any] = {
        "where": identity,
        "kind": kind,
        "code": code or f"osm-{identity.replace('/', '-')}",
        "attributes": {"origin": ORIGIN, "osm": identity, **_described(tags)},
        **_address(tags),
    }
    try:
        shape = shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(area), on_invalid="ignore")
    except RuntimeError as error:
        return Found(**facts, name=tags.get("name", ""), geometry=str(error))
    if shape is None or not _meets(shape, within):
        return None
    named = tags.get("name") or f"{facts['street']}{tags.get('addr:housenumber', '')}" or identity
    return Found(**facts, name=named, geometry=_written(shape))


def _written(shape: BaseGeometry) -> dict[str, Any]:
    """As GeoJSON without rounding, so that it passes the same door as everything else."""
    written: dict[str, Any] = shapely.geometry.mapping(shape)
    listed: dict[str, Any] = {"type": written["type"], "coordinates": _lists(written["coordinates"])}
    return listed


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, tuple | list) else value


def _kind(tags: Any) -> Kind | None:
    if tags.get("boundary") == "administrative":
        return LEVELS.get(tags.get("admin_level", ""))
    if tags.get("building", "no") != "no":
        return Kind.BUILDING
    return None


def _described(tags: Any) -> dict[str, Any]:
    kept = {"use": tags.get("building"), "floors": tags.get("building:levels")}
    return {key: value[:60] for key, value in kept.items() if value and value != "yes"}


def _address(tags: Any) -> dict[str, str]:
    lane, number = "", tags.get("addr:housenumber", "")
    match = _LANE.match(number)
    if match:
        lane, number = match[1] or "", match[2]
    return {"street": tags.get("addr:street", "")[:100], "lane": lane[:20], "number": number[:20]}


def _line(way: Any) -> BaseGeometry | None:
    at = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return shapely.LineString(at) if len(at) > 1 else None


def _widened(line: BaseGeometry, metres: float) -> BaseGeometry:
    """The surface of a road: its line, so many metres to both sides."""
    squeeze = cos(radians(line.centroid.y))
    flat = shapely.transform(line, lambda at: at * [_METRES * squeeze, _METRES])
    wide = flat.buffer(metres, quad_segs=2)
    result: BaseGeometry = shapely.set_precision(
        shapely.transform(wide, lambda at: at / [_METRES * squeeze, _METRES]), geometry.GRID
    )
    return result


def _meets(shape: BaseGeometry, within: Box | None) -> bool:
    return not shape.is_empty and (within is None or within.meets(Box.of(shape)))
