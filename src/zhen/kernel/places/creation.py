"""Creating places, one or many, in a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.places import rules
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.kinds import AREAS, Kind
from zhen.kernel.places.models import Edition, Place, PlaceVersion
from zhen.kernel.places.values import NewPlace

LENGTHS = (("name", _("name"), 200), ("street", _("street"), 100), ("lane", _("lane"), 20), ("number", _("number"), 20))
CODE_FORM = re.compile(r"\w(?:[\w.:-]{0,38}\w)?")


@action("places.edit")
def create(actor: Actor, new: NewPlace) -> Place:
    """Create one place. Raises Refused."""
    return write_places(actor, [new])[0]


@action("places.edit", silent=True)
def create_many(actor: Actor, news: Sequence[NewPlace]) -> list[Place]:
    """Create places together, parents and children in any order. Raises Refused for the first that is wrong."""
    return write_places(actor, news) if news else []


def write_places(actor: Actor, news: Sequence[NewPlace]) -> list[Place]:
    """Check and write; the areas among them get an event each, the rest one for all."""
    Edition.objects.select_for_update().get()
    known = _known(news)
    _check_each(news, known)
    check_placement(news, _versions_of({new.parent for new in news if new.parent}))
    places = Place.objects.bulk_create(
        (Place(kind=new.kind, code=new.code, synthetic=new.synthetic) for new in news), batch_size=1000
    )
    known.update({place.code: place for place in places})
    PlaceVersion.objects.bulk_create((version_of(new, known) for new in news), batch_size=1000)
    _journal(actor, news, places, known)
    return places


def version_of(new: NewPlace, known: Mapping[str, Place]) -> PlaceVersion:
    return PlaceVersion.build(
        place=known[new.code],
        parent=known[new.parent] if new.parent else None,
        name=new.name.strip(),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        shape=new.shape,
        street=new.street,
        lane=new.lane,
        number=new.number,
        attributes=dict(new.attributes),
    )


def check_placement(news: Sequence[NewPlace], existing: Sequence[PlaceVersion]) -> None:
    """Every new place lies in its parent, and no new area overlaps a sibling. Raises Refused for the first.

    `existing` are the versions of the parents that exist and of the areas below them.
    """
    for new, outer in _parents(news, existing):
        if new.shape is not None and outer is not None:
            rules.check_inside(new.kind, new.code, new.shape, new.parent or "", outer)
    areas = [new for new in news if new.kind in AREAS and new.parent and new.shape is not None]
    neighbours = [_Sibling.of_new(new, new.shape) for new in areas if new.shape is not None]
    neighbours += [
        _Sibling.of_version(version, shape)
        for version in existing
        if version.place.kind in AREAS and (shape := version.shape) is not None
    ]
    tree = shapely.STRtree([neighbour.shape for neighbour in neighbours])
    for own, area in enumerate(neighbours[: len(areas)]):
        for position in sorted(tree.query(area.shape, predicate="intersects")):
            other = neighbours[position]
            if position != own and other.rivals(area):
                rules.check_apart(area.code, area.shape, other.code, other.shape)


@dataclass(frozen=True, slots=True)
class _Sibling:
    code: str
    kind: str
    parent: str | None
    start: date
    end: date
    shape: BaseGeometry

    @classmethod
    def of_new(cls, new: NewPlace, shape: BaseGeometry) -> _Sibling:
        return cls(new.code, new.kind, new.parent, new.valid_from, new.valid_to or date.max, shape)

    @classmethod
    def of_version(cls, version: PlaceVersion, shape: BaseGeometry) -> _Sibling:
        parent = version.parent.code if version.parent else None
        end = version.valid_to or date.max
        return cls(version.place.code, version.place.kind, parent, version.valid_from, end, shape)

    def rivals(self, other: _Sibling) -> bool:
        return (
            self.kind == other.kind
            and self.parent == other.parent
            and self.start < other.end
            and other.start < self.end
        )


def _parents(
    news: Sequence[NewPlace], existing: Sequence[PlaceVersion]
) -> Iterable[tuple[NewPlace, BaseGeometry | None]]:
    """Each new place with the shape of its parent, for every version that the parent has in its time."""
    batch = {new.code: new for new in news}
    versions: dict[str, list[tuple[PlaceVersion, BaseGeometry | None]]] = {}
    for version in existing:
        versions.setdefault(version.place.code, []).append((version, version.shape))
    for new in news:
        if new.parent in batch:
            yield new, batch[new.parent].shape
        for version, shape in versions.get(new.parent or "", ()):
            if version.valid_from < (new.valid_to or date.max) and new.valid_from < (version.valid_to or date.max):
                yield new, shape


def _versions_of(codes: set[str]) -> list[PlaceVersion]:
    """The versions of some places, and of the areas directly below them."""
    rows = PlaceVersion.objects.select_related("place", "parent").exclude(boundary=None).order_by("place__code")
    own = list(rows.filter(place__code__in=codes))
    below = list(rows.filter(parent__code__in=codes, place__kind__in=AREAS))
    return own + [version for version in below if version.place.code not in codes]


def _known(news: Sequence[NewPlace]) -> dict[str, Place]:
    codes = {new.code for new in news} | {new.parent for new in news if new.parent}
    return {place.code: place for place in Place.objects.filter(code__in=codes)}


def _check_each(news: Sequence[NewPlace], known: Mapping[str, Place]) -> None:
    kinds = {code: place.kind for code, place in known.items()}
    seen: set[str] = set()
    for new in news:
        if new.code in known or new.code in seen:
            raise Refused("code", "duplicate", _("The code %(code)s is taken. Choose another."), code=new.code)
        seen.add(new.code)
        kinds[new.code] = new.kind
    for new in news:
        check_form(new)
        if new.parent and new.parent not in kinds:
            raise Refused("parent", "unknown_parent", _("There is no place with the code %(code)s."), code=new.parent)
        rules.check_nesting(new.kind, kinds[new.parent] if new.parent else None)
        rules.check_shape(new.kind, new.shape)


def check_code(code: str) -> None:
    """A code stands in addresses: letters of any script, digits, and . _ : - between them."""
    if not CODE_FORM.fullmatch(code):
        raise Refused(
            "code",
            "code_form",
            _("The code “%(code)s” is not 1 to 40 letters, digits, or . _ : - between them."),
            code=code[:60],
        )


def check_form(new: NewPlace) -> None:
    """What can be said of a new place by itself."""
    check_code(new.code)
    if new.kind not in Kind.values:
        raise Refused("kind", "unknown_kind", _("There is no kind of place called %(kind)s."), kind=new.kind)
    if not new.name.strip():
        raise Refused("name", "text", _("The name must have 1 to 200 characters."))
    for field, label, longest in LENGTHS:
        value = getattr(new, field)
        if len(value) > longest or "\x00" in value:
            raise Refused(
                field,
                "text",
                _("The %(field)s “%(value)s” must have at most %(longest)s characters."),
                field=label,
                value=value[:60].replace("\x00", ""),
                longest=longest,
            )
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        raise Refused(
            "valid_to",
            "dates",
            _("%(code)s would end on %(end)s, not after it begins on %(start)s."),
            code=new.code,
            start=new.valid_from.isoformat(),
            end=new.valid_to.isoformat(),
        )


def _journal(actor: Actor, news: Sequence[NewPlace], places: Sequence[Place], known: Mapping[str, Place]) -> None:
    others = [place for place in places if place.kind not in AREAS]
    for new, place in zip(news, places, strict=True):
        if place.kind in AREAS or len(others) == 1:
            parent = known[new.parent].pk if new.parent else None
            data = {"code": new.code, "name": new.name, "on": new.valid_from.isoformat()}
            journal.record("places.created", by=actor, subject=place, area=parent, data=data)
    if len(others) > 1:
        journal.record(
            "places.created_many",
            by=actor,
            subject=("places.place", others[0].pk),
            data={"count": len(others), "places": [place.pk for place in others]},
        )
