"""Changing places: rename, amend, move, close. Each takes effect on a day and leaves all earlier days as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor, action, restrict
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import queries, rules
from zhen.kernel.places.changes import Change
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.kinds import AREAS
from zhen.kernel.places.models import Place, PlaceVersion, Succession


@action("places.edit")
def rename(actor: Actor, place: Place, *, on: date, name: str, decision: str = "") -> PlaceVersion:
    """The place bears another name from a day on."""
    name = name.strip()
    if not 1 <= len(name) <= 200:
        raise Refused("name", "text", _("The name must have 1 to 200 characters."))
    change = begin(actor, place, on=on, decision=decision)
    old = change.current([place.pk])[place.pk]
    new = change.revise(old, name=name)
    change.became(place, place, Succession.Kind.RENAME, f"{old.name} → {name}")
    change.write()
    tell(actor, "places.renamed", place, change, {"old": old.name, "new": name})
    return new


@action("places.edit")
def amend(
    actor: Actor,
    place: Place,
    *,
    on: date,
    decision: str = "",
    address: tuple[str, str, str] | None = None,
    attributes: Mapping[str, Any] | None = None,
    shape: BaseGeometry | None = None,
) -> PlaceVersion:
    """Another address (street, lane, number), other attributes or another shape from a day on.

    The border of an area is shared with its neighbours: it changes by moving, splitting and merging.
    """
    facts: dict[str, Any] = {}
    if address is not None:
        facts |= dict(zip(("street", "lane", "number"), address, strict=True))
    if attributes is not None:
        facts["attributes"] = dict(attributes)
    change = begin(actor, place, on=on, decision=decision)
    old = change.current([place.pk])[place.pk]
    if shape is not None:
        if place.kind in AREAS:
            raise Refused(
                "boundary",
                "shared_border",
                _("The border of an area is shared. Move, split or merge its parts instead."),
            )
        facts["shape"] = shape
        _check_inside(place, shape, change.current([old.parent_id]) if old.parent_id else {})
    if not facts:
        raise Refused("attributes", "nothing", _("Nothing would change. Give an address, attributes or a shape."))
    new = change.revise(old, **facts)
    change.write()
    tell(actor, "places.amended", place, change, {"fields": sorted(facts)})
    return new


@action("places.edit")
def move(actor: Actor, place: Place, *, on: date, parent: Place, decision: str = "") -> PlaceVersion:
    """The place belongs to another parent from a day on.

    An area takes its surface along: its old parents lose it, the new ones gain it, up to the first
    common ancestor; what stood directly below the old parents and lies in it moves to the new ones.
    """
    rules.check_nesting(place.kind, parent.kind)
    change = begin(actor, place, on=on, decision=decision)
    old = change.current([place.pk])[place.pk]
    if old.parent_id == parent.pk:
        raise Refused(
            "parent", "nothing", _("%(code)s stands below %(parent)s already."), code=place.code, parent=parent.code
        )
    versions = change.current([parent.pk])
    shape = old.shape
    if place.kind in AREAS and shape is not None:
        _carry(change, place, shape, losing=_line(old.parent_id, on), gaining=_line(parent.pk, on))
    elif shape is not None:
        _check_inside(place, shape, versions)
    new = change.revise(old, parent_id=parent.pk)
    change.became(place, place, Succession.Kind.MOVE)
    change.write()
    tell(actor, "places.moved", place, change, {"old_parent": old.parent_id, "new_parent": parent.pk})
    return new


@action("places.edit")
def close(actor: Actor, place: Place, *, on: date, decision: str = "") -> None:
    """The place does not exist from a day on. An area below another is merged into a neighbour instead."""
    change = begin(actor, place, on=on, decision=decision)
    version = change.current([place.pk])[place.pk]
    if place.kind in AREAS and version.parent_id is not None:
        raise Refused(
            "place", "hole", _("Closing %(code)s would leave a hole. Merge it into a neighbour."), code=place.code
        )
    children = change.children([place.pk])
    if children:
        raise Refused(
            "place",
            "not_empty",
            _("%(count)s places still stand below %(code)s. Close or move them first."),
            count=len(children),
            code=place.code,
        )
    change.end(version)
    change.became(place, None, Succession.Kind.CLOSE)
    change.write()
    tell(actor, "places.closed", place, change, {"name": version.name})


def begin(actor: Actor, place: Place, *, on: date, decision: str) -> Change:
    """A change of a place that the actor may edit."""
    if not restrict(actor, "places.edit", Place.objects.filter(pk=place.pk)).exists():
        raise Refused("place", "out_of_scope", _("There is no place %(code)s that you may edit."), code=place.code)
    return Change(on=on, decision=decision)


def tell(actor: Actor, kind: str, place: Place, change: Change, data: Mapping[str, Any]) -> None:
    journal.record(
        kind,
        by=actor,
        subject=place,
        area=place.pk,
        data={"code": place.code, "on": change.on.isoformat(), "decision": change.decision, **data},
    )


def _line(place: int | None, day: date) -> list[int]:
    """A place and everything above it, from below."""
    return [] if place is None else [place, *(version.place_id for version in queries.ancestors(place, day))]


def _carry(change: Change, place: Place, shape: BaseGeometry, *, losing: list[int], gaining: list[int]) -> None:
    losers = [one for one in losing if one not in gaining]
    gainers = [one for one in gaining if one not in losing]
    versions = change.current([*losers, *gainers])
    loose = [child for child in change.children(losers) if child.place.kind not in AREAS and child.shape is not None]
    for one in losers:
        old = versions[one]
        if old.shape is None:
            continue
        rest = geometry.difference(old.shape, shape)
        if rest.area <= rules.SLACK * old.shape.area:
            raise Refused(
                "place", "emptied", _("Nothing would be left of %(code)s. Merge it instead."), code=old.place.code
            )
        change.revise(old, shape=rest)
    for one in gainers:
        old = versions[one]
        if old.shape is not None:
            change.revise(old, shape=geometry.union([old.shape, shape]))
    _follow(change, shape, loose, gaining[0])


def _follow(change: Change, shape: BaseGeometry, loose: Iterable[PlaceVersion], parent: int) -> None:
    """What lies in the moved area without belonging to it goes along, to the area's new parent."""
    for child in loose:
        own = child.shape
        if own is not None and rules.inside(child.place.kind, own, shape):
            change.revise(child, parent_id=parent)


def _check_inside(place: Place, shape: BaseGeometry, parents: Mapping[int, PlaceVersion]) -> None:
    for version in parents.values():
        if version.shape is not None:
            rules.check_inside(place.kind, place.code, shape, version.place.code, version.shape)
