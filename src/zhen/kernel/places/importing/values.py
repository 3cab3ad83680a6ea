"""What an import reads, accepts and refuses. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.geometry.api import Crs, Shape
from zhen.kernel.places.values import NewPlace

Text = str | Promise
SHOWN = 500


class Format(StrEnum):
    GEOJSON = "GeoJSON"
    GEOJSON_SEQ = "GeoJSON text sequence"
    OSM_PBF = "OSM PBF"


class Unreadable(Exception):
    """A file that cannot be imported at all. Remedy: in the message."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something read from a file, before anything is checked. `where` names it in the file."""

    where: str
    geometry: object = None
    shape: Shape | None = None
    kind: str = ""
    code: str = ""
    name: str = ""
    parent: str = ""
    street: str = ""
    lane: str = ""
    number: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


class Reason(StrEnum):
    """Why something is refused or was repaired."""

    NO_FEATURE = "no_feature"
    UNKNOWN_KIND = "unknown_kind"
    NO_CODE = "no_code"
    BAD_VALUE = "bad_value"
    DUPLICATE = "duplicate"
    NO_GEOMETRY = "no_geometry"
    BAD_GEOMETRY = "bad_geometry"
    SELF_INTERSECTION = "self_intersection"
    OUTSIDE = "outside"
    UNKNOWN_PARENT = "unknown_parent"
    NESTING = "nesting"
    NOT_IN_PARENT = "not_in_parent"
    OVERLAP = "overlap"


REASONS: dict[Reason, Text] = {
    Reason.NO_FEATURE: _("not a GeoJSON feature"),
    Reason.UNKNOWN_KIND: _("unknown kind of place"),
    Reason.NO_CODE: _("no code or no name"),
    Reason.BAD_VALUE: _("a value is too long or malformed"),
    Reason.DUPLICATE: _("the code is taken"),
    Reason.NO_GEOMETRY: _("no boundary where the kind needs one"),
    Reason.BAD_GEOMETRY: _("the geometry cannot be used"),
    Reason.SELF_INTERSECTION: _("the boundary crosses itself and cannot be repaired"),
    Reason.OUTSIDE: _("outside the town"),
    Reason.UNKNOWN_PARENT: _("the parent is unknown or was refused"),
    Reason.NESTING: _("a place of this kind cannot stand below that parent"),
    Reason.NOT_IN_PARENT: _("does not lie in its parent"),
    Reason.OVERLAP: _("overlaps a neighbour"),
}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    where: str
    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {REASONS[self.reason]}" + (f" ({self.detail})" if self.detail else "")


@dataclass(kw_only=True)
class Preview:
    """What an import would do. The first `SHOWN` refusals are kept, all are counted."""

    file: str
    sha256: str
    format: Format
    crs: Crs
    valid_from: date
    read: int = 0
    accepted: list[NewPlace] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    refused_by_reason: Counter[Reason] = field(default_factory=Counter)

    def refuse(self, where: str, reason: Reason, detail: str = "") -> None:
        self.refused_by_reason[reason] += 1
        if len(self.refused) < SHOWN:
            self.refused.append(Refusal(where=where, reason=reason, detail=detail[:200]))

    @property
    def kinds(self) -> Counter[str]:
        return Counter(new.kind for new in self.accepted)

    def facts(self) -> dict[str, Any]:
        """The result as JSON."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "format": str(self.format),
            "crs": str(self.crs),
            "converted": self.crs is Crs.GCJ02,
            "valid_from": self.valid_from.isoformat(),
            "read": self.read,
            "count": len(self.accepted),
            "kinds": dict(self.kinds),
            "repaired": len(self.repaired),
            "refused": {str(reason): count for reason, count in sorted(self.refused_by_reason.items())},
        }
