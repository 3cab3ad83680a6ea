"""GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142), read feature by feature within bounds."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from json.decoder import JSONDecoder
from typing import IO, Any

from django.utils.translation import gettext as _

from zhen.kernel.places.importing.values import Found, Unreadable
from zhen.kernel.places.kinds import Kind

CHUNK = 1 << 16
MAX_FEATURE = 8 << 20  # characters
MAX_FEATURES = 200_000
MAX_ATTRIBUTES = 40
_SPACE = " \t\r\n"

KEYS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "类别", "类型"),
    "code": ("code", "编码", "代码"),
    "name": ("name", "名称"),
    "parent": ("parent", "上级", "上级编码"),
    "street": ("street", "路名", "道路"),
    "lane": ("lane", "弄", "弄号"),
    "number": ("number", "号", "门牌号"),
}
KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "镇": Kind.TOWN,
    "街道": Kind.TOWN,
    "片区": Kind.PRECINCT,
    "居委会": Kind.NEIGHBOURHOOD,
    "居民区": Kind.NEIGHBOURHOOD,
    "村": Kind.NEIGHBOURHOOD,
    "网格": Kind.CELL,
    "小区": Kind.ESTATE,
    "园区": Kind.PARK,
    "道路": Kind.STREET,
    "楼宇": Kind.BUILDING,
    "楼层": Kind.FLOOR,
    "房间": Kind.ROOM,
    "场所": Kind.SITE,
}


def read_features(file: IO[bytes]) -> Iterator[Found]:
    """Every feature of the file, whatever it holds; raises Unreadable where the file itself is broken."""
    for position, feature in enumerate(_features(_Stream(file)), 1):
        if position > MAX_FEATURES:
            raise Unreadable(_("The file has more than %(most)s features. Split it.") % {"most": MAX_FEATURES})
        yield _found(f"#{position}", feature)


class _Stream:
    """Decodes JSON values one after another from a file, holding at most one value and a chunk."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._bytes = codecs.getincrementaldecoder("utf-8-sig")()
        self._decoder = JSONDecoder(parse_constant=_no_number)
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self, character: str) -> None:
        if self.peek() != character:
            raise Unreadable(
                _("The file is not valid JSON: “%(wanted)s” is missing near “%(near)s”.")
                % {"wanted": character, "near": self._text[self._at : self._at + 40]}
            )
        self._at += 1

    def value(self) -> Any:
        """The next JSON value."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise Unreadable(_("The file nests deeper than any GeoJSON does.")) from None
            except ValueError as error:
                if len(self._text) - self._at > MAX_FEATURE:
                    raise Unreadable(_("A feature has more than 8 million characters, or is broken.")) from error
                if not self._more():
                    raise Unreadable(_("The file is not valid JSON: %(error)s") % {"error": error}) from error
                continue
            if end == len(self._text) and self._more():
                continue  # a number might go on
            self._at = end
            return value

    def _more(self) -> bool:
        if self._ended:
            return False
        try:
            data = self._file.read(max(CHUNK, len(self._text) - self._at))
            read = self._bytes.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise Unreadable(_("The file is not UTF-8. Save it as UTF-8.")) from error
        self._text, self._at = self._text[self._at :] + read, 0
        self._ended = not data
        return bool(data)


def _no_number(_name: str) -> None:
    """NaN and Infinity are no JSON, though some programs write them: they stand for nothing."""


def _features(stream: _Stream) -> Iterator[object]:
    first = stream.peek()
    if first == "\x1e":
        yield from _sequence(stream)
        return
    stream.skip("{")
    seen: dict[str, object] = {}
    found = False
    while stream.peek() != "}":
        key = stream.value()
        stream.skip(":")
        if key == "features" and stream.peek() == "[":
            found = True
            yield from _array(stream)
        else:
            seen[str(key)] = stream.value()
        if stream.peek() == ",":
            stream.skip(",")
    stream.skip("}")
    if not found:
        if seen.get("type") != "Feature":
            raise Unreadable(_("The file holds no GeoJSON features."))
        yield seen
        if stream.peek() == "{":  # one feature a line
            yield from _lines(stream)
    if stream.peek():
        raise Unreadable(_("The file goes on after its end."))


def _array(stream: _Stream) -> Iterator[object]:
    stream.skip("[")
    while stream.peek() != "]":
        yield stream.value()
        if stream.peek() != "]":
            stream.skip(",")
    stream.skip("]")


def _lines(stream: _Stream) -> Iterator[object]:
    while stream.peek():
        yield stream.value()


def _sequence(stream: _Stream) -> Iterator[object]:
    while stream.peek() == "\x1e":
        stream.skip("\x1e")
        yield stream.value()
    if stream.peek():
        raise Unreadable(_("The file goes on after its end."))


def _found(where: str, feature: object) -> Found:
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        return Found(where=where, geometry=json.dumps(feature, default=str)[:60], kind="\x00")
    properties = feature.get("properties")
    facts = dict(properties) if isinstance(properties, Mapping) else {}
    values: dict[str, Any] = {field: _take(facts, keys) for field, keys in KEYS.items()}
    if not values["code"] and isinstance(feature.get("id"), str | int):
        values["code"] = str(feature["id"])
    label = values["code"] or values["name"]
    return Found(
        where=f"{where} {label}"[:80].strip(),
        geometry=feature.get("geometry"),
        attributes=_scalars(facts),
        **{**values, "kind": str(KINDS.get(values["kind"].lower(), values["kind"]))},
    )


def _take(facts: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = facts.pop(key, None)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _scalars(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The remaining properties that are short values."""
    kept = {
        key: value
        for key, value in facts.items()
        if isinstance(value, str | int | float | bool) and len(str(value)) <= 500 and len(key) <= 60
    }
    return {key: kept[key] for key in list(kept)[:MAX_ATTRIBUTES] if "\x00" not in f"{key}{kept[key]}"}
