"""What an import would do: every check, nothing written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.geometry.api import Box, Crs, Fault, ShapeError
from zhen.kernel.places import creation, queries, rules
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.importing import geojson, osm
from zhen.kernel.places.importing.surroundings import Surroundings
from zhen.kernel.places.importing.values import Format, Found, Preview, Reason, Unreadable
from zhen.kernel.places.kinds import AREAS, NESTING, Kind
from zhen.kernel.places.values import NewPlace

MAX_BYTES = 256 << 20
_ORDER = {kind: rank for rank, kind in enumerate(Kind)}
_REASONS = {
    "unknown_kind": Reason.UNKNOWN_KIND,
    "surface": Reason.NO_GEOMETRY,
    "nesting": Reason.NESTING,
    "no_parent": Reason.UNKNOWN_PARENT,
    "outside_parent": Reason.NOT_IN_PARENT,
    "overlap_sibling": Reason.OVERLAP,
}


def preview(path: Path, *, valid_from: date, crs: Crs = Crs.WGS84) -> Preview:
    """Read and check a file as places from a day on. Raises Unreadable."""
    form = sniff(path)
    report = Preview(file=path.name, sha256=_digest(path), format=form, crs=crs, valid_from=valid_from)
    around = Surroundings.on(valid_from)
    drafts: list[tuple[str, NewPlace]] = []
    for found in _read(path, form, around.box):
        report.read += 1
        new = _draft(report, found)
        if new is not None:
            drafts.append((found.where, new))
    taken = set(queries.by_code(new.code for _, new in drafts))
    for where, new in sorted(drafts, key=lambda draft: _ORDER[Kind(draft[1].kind)]):
        _settle(report, around, taken, where, new)
    return report


def sniff(path: Path) -> Format:
    """The format, by the file's first bytes and not by its name. Raises Unreadable."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise Unreadable(
            _("The file %(file)s cannot be read: %(error)s") % {"file": path.name, "error": error.strerror}
        ) from error
    if size > MAX_BYTES:
        raise Unreadable(_("The file is larger than 256 MiB. Cut it to the town first."))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return Format.GEOJSON
    if text.startswith(b"\x1e"):
        return Format.GEOJSON_SEQ
    if b"OSMHeader" in head[:20]:
        return Format.OSM_PBF
    raise Unreadable(_("The file is neither GeoJSON nor OSM PBF. Convert it first."))


def _read(path: Path, form: Format, box: Box | None) -> Iterator[Found]:
    if form is Format.OSM_PBF:
        yield from osm.read_osm(path, box)
    else:
        with path.open("rb") as file:
            yield from geojson.read_features(file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _draft(report: Preview, found: Found) -> NewPlace | None:
    """What can be said of one thing by itself."""
    if found.kind == "\x00":
        report.refuse(found.where, Reason.NO_FEATURE)
        return None
    if found.kind not in Kind.values:
        report.refuse(found.where, Reason.UNKNOWN_KIND, found.kind)
        return None
    if not found.code or not found.name:
        report.refuse(found.where, Reason.NO_CODE)
        return None
    shape: BaseGeometry | None = found.shape
    if shape is None and found.geometry is not None:
        try:
            shape, repaired = geometry.read_shape(found.geometry)
        except ShapeError as error:
            broken = error.fault is Fault.BROKEN
            report.refuse(found.where, Reason.SELF_INTERSECTION if broken else Reason.BAD_GEOMETRY, str(error))
            return None
        if repaired:
            report.repaired.append(found.where)
    if shape is not None and report.crs is Crs.GCJ02:
        shape, _repaired = geometry.read_shape(geometry.write_shape(geometry.shape_to_wgs84(shape, report.crs)))
    new = NewPlace(
        kind=found.kind,
        code=found.code,
        name=found.name,
        parent=found.parent or None,
        valid_from=report.valid_from,
        shape=shape,
        street=found.street,
        lane=found.lane,
        number=found.number,
        attributes=found.attributes,
    )
    return new if _passes(report, found.where, lambda: _check_alone(new)) else None


def _check_alone(new: NewPlace) -> None:
    creation.check_form(new)
    rules.check_shape(new.kind, new.shape)


def _settle(report: Preview, around: Surroundings, taken: set[str], where: str, new: NewPlace) -> None:
    """Find the parent, and check the place against everything that is there or came before it in the file."""
    if new.code in taken:
        report.refuse(where, Reason.DUPLICATE, new.code)
        return
    if new.parent is None and NESTING[Kind(new.kind)]:
        parent = around.parent_of(new)
        if parent is None:
            outside = new.shape is not None and not around.holds(new.shape)
            report.refuse(where, Reason.OUTSIDE if outside else Reason.UNKNOWN_PARENT)
            return
        new = replace(new, parent=parent)
    if new.parent is not None and around.kind_of(new.parent) is None:
        report.refuse(where, Reason.UNKNOWN_PARENT, new.parent)
        return
    if new.kind != Kind.TOWN and new.shape is not None and not around.holds(new.shape):
        report.refuse(where, Reason.OUTSIDE)
        return
    kind = around.kind_of(new.parent) if new.parent else None
    if _passes(report, where, lambda: _check_among(new, kind, around)):
        taken.add(new.code)
        around.add(new)
        report.accepted.append(new)


def _check_among(new: NewPlace, parent_kind: str | None, around: Surroundings) -> None:
    rules.check_nesting(new.kind, parent_kind)
    around.check(new)
    if new.kind in AREAS:
        around.check_neighbours(new)


def _passes(report: Preview, where: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Refused as refused:
        report.refuse(where, _REASONS.get(str(refused.code), Reason.BAD_VALUE), str(refused))
        return False
    return True
