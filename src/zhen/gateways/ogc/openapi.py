"""The API's description in OpenAPI 3.0, which OGC API – Features asks for (ninja writes 3.1)."""

from __future__ import annotations

from typing import Any

from zhen.gateways.ogc.media import GEOJSON, JSON, PROBLEM, TILE

TEXT = {"type": "string"}
LINK = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT},
}
LINKS = {"type": "array", "items": LINK}
GEOMETRY = {
    "type": "object",
    "nullable": True,
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]},
        "coordinates": {"type": "array", "items": {}},
    },
}
FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": TEXT,
        "geometry": GEOMETRY,
        "properties": {"type": "object", "required": ["code", "kind", "name"]},
        "links": LINKS,
    },
}
FEATURES = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": FEATURE},
        "links": LINKS,
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
    },
}
LANDING = {"type": "object", "required": ["links"], "properties": {"title": TEXT, "description": TEXT, "links": LINKS}}
CONFORMANCE = {
    "type": "object",
    "required": ["conformsTo"],
    "properties": {"conformsTo": {"type": "array", "items": TEXT}},
}
COLLECTION = {
    "type": "object",
    "required": ["id", "links"],
    "properties": {"id": TEXT, "title": TEXT, "links": LINKS, "extent": {"type": "object"}},
}
COLLECTIONS = {
    "type": "object",
    "required": ["links", "collections"],
    "properties": {"links": LINKS, "collections": {"type": "array", "items": COLLECTION}},
}
OBJECT = {"type": "object"}
PROBLEM_BODY = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
}
BBOX = {"name": "bbox", "in": "query", "required": False, "explode": False, "style": "form"} | {
    "schema": {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }
}
DATETIME = {"name": "datetime", "in": "query", "required": False, "schema": TEXT}
LIMIT = {"name": "limit", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "default": 100}}
AFTER = {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}}


def answer(
    schema: dict[str, Any] | None, media: str = JSON, *parameters: dict[str, Any], missing: bool = False
) -> dict[str, Any]:
    """What an operation answers, for ninja's `openapi_extra`."""
    error = {"content": {PROBLEM: {"schema": PROBLEM_BODY}}}
    body = {"schema": schema} if schema is not None else {"schema": {"type": "string", "format": "binary"}}
    responses: dict[int, Any] = {
        200: {"description": "OK", "content": {media: body}},
        304: {"description": "Not modified"},
        400: {"description": "Bad request", **error},
    }
    if missing:
        responses[404] = {"description": "Not found", **error}
    return {"responses": responses, **({"parameters": list(parameters)} if parameters else {})}


def to_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """The same description with the words of 3.0: nullable for a null type, enum for const."""
    converted: dict[str, Any] = _convert(document)
    return {**converted, "openapi": "3.0.3"}


def _convert(value: Any) -> Any:
    if isinstance(value, list):
        return [_convert(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _convert(one) for key, one in value.items()}
    options = found.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del found["anyOf"]
        found |= rest[0] if len(rest) == 1 else {"anyOf": rest}
        found["nullable"] = True
    if "const" in found:
        found["enum"] = [found.pop("const")]
    return found


__all__ = [
    "AFTER",
    "BBOX",
    "COLLECTION",
    "COLLECTIONS",
    "CONFORMANCE",
    "DATETIME",
    "FEATURE",
    "FEATURES",
    "GEOJSON",
    "LANDING",
    "LIMIT",
    "OBJECT",
    "TILE",
    "answer",
    "to_3_0",
]
