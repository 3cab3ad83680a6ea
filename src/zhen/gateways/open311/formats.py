"""JSON and XML of the standard, both made from the same plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
NAMES = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What one item of each list is called in XML."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(format: str, root: str, value: Sequence[Any] | Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A response. `root` names the outermost element of XML; JSON has none."""
    if format == "xml":
        body = tostring(_element(root, value), encoding="utf-8", xml_declaration=True)
    else:
        body = json.dumps(value, ensure_ascii=False).encode()
    return HttpResponse(body, content_type=TYPES[format], status=status)


def _element(name: str, value: Any) -> Element:
    element = Element(name)
    _fill(element, name, value)
    return element


def _fill(element: Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(SubElement(element, str(key)), str(key), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            item = NAMES.get(name, "item")
            _fill(SubElement(element, item), item, inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", str(value))
