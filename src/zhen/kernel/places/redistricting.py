"""Splitting and merging areas. What stands below them follows by where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Actor, action
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import rules
from zhen.kernel.places.actions import begin, tell
from zhen.kernel.places.changes import Change
from zhen.kernel.places.creation import check_code
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.kinds import AREAS
from zhen.kernel.places.models import Place, PlaceVersion, Succession


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a split area: with a boundary, or with the codes of the areas below that it gets.

    One part may have neither: it gets the rest. The part with the code of the area itself goes on
    as that area; a split without such a part ends the area.
    """

    code: str
    name: str
    boundary: BaseGeometry | None = None
    members: frozenset[str] = frozenset()


@action("places.edit")
def split(actor: Actor, place: Place, *, on: date, parts: Sequence[Part], decision: str = "") -> list[Place]:
    """Split an area into parts from a day on; returns the parts in their order. Raises Refused."""
    change = begin(actor, place, on=on, decision=decision)
    old = change.current([place.pk])[place.pk]
    children = change.children([place.pk])
    _check_parts(place, old, parts)
    shapes = _shapes(old, parts, children)
    targets = _assign(shapes, parts, children)
    places = _place_parts(change, place, old, parts, shapes)
    for child, code in targets:
        if places[code].pk != child.parent_id:
            change.revise(child, parent_id=places[code].pk)
    for part in parts:
        change.became(place, places[part.code], Succession.Kind.SPLIT, part.name)
    change.write()
    tell(actor, "places.split", place, change, {"parts": [part.code for part in parts], "moved": len(targets)})
    return [places[part.code] for part in parts]


@action("places.edit")
def merge(actor: Actor, places: Sequence[Place], *, on: date, code: str, name: str, decision: str = "") -> Place:
    """Merge areas of one parent from a day on. With the code of one of them, that one goes on. Raises Refused."""
    if len({place.pk for place in places}) < 2:
        raise Refused("places", "too_few", _("Choose at least two areas to merge."))
    change = begin(actor, places[0], on=on, decision=decision)
    olds = change.current(place.pk for place in places)
    first = olds[places[0].pk]
    _check_alike(first, list(olds.values()))
    children = change.children(olds)
    shape = geometry.union(old.shape for old in olds.values() if old.shape is not None)
    lasting = next((place for place in places if place.code == code), None)
    merged = lasting or _new_place(first.place, code)
    for old in olds.values():
        if old.place_id != merged.pk:
            change.end(old)
        change.became(old.place, merged, Succession.Kind.MERGE, old.name)
    if lasting:
        change.revise(olds[lasting.pk], name=name, shape=shape)
    else:
        facts = {**first.facts(), "name": name, "shape": shape}
        change.begin(PlaceVersion.build(place=merged, valid_from=on, **facts))
    for child in children:
        if child.parent_id != merged.pk:
            change.revise(child, parent_id=merged.pk)
    change.write()
    tell(actor, "places.merged", merged, change, {"name": name, "places": [place.code for place in places]})
    return merged


def _check_parts(place: Place, old: PlaceVersion, parts: Sequence[Part]) -> None:
    if place.kind not in AREAS or old.shape is None:
        raise Refused("place", "not_an_area", _("%(code)s is not an area and cannot be split."), code=place.code)
    codes = [part.code for part in parts]
    if len(codes) < 2:
        raise Refused("parts", "too_few", _("Give at least two parts."))
    if len(set(codes)) < len(codes):
        raise Refused("parts", "duplicate", _("Two parts have the same code. Give each its own."))
    taken = Place.objects.filter(code__in=codes).exclude(pk=place.pk).values_list("code", flat=True).first()
    if taken is not None:
        raise Refused("parts", "duplicate", _("The code %(code)s is taken. Choose another."), code=taken)
    for part in parts:
        if not 1 <= len(part.code.strip()) <= 40 or not 1 <= len(part.name.strip()) <= 200:
            raise Refused(
                "parts", "text", _("Each part needs a code of at most 40 and a name of at most 200 characters.")
            )
        if part.boundary is not None and part.members:
            raise Refused("parts", "twice", _("Give %(code)s a boundary or members, not both."), code=part.code)
    if sum(part.boundary is None and not part.members for part in parts) > 1:
        raise Refused("parts", "rest", _("Only one part can get the rest. Give the others a boundary or members."))


def _shapes(old: PlaceVersion, parts: Sequence[Part], children: Sequence[PlaceVersion]) -> dict[str, BaseGeometry]:
    """The boundary of each part; they tile the area that is split."""
    whole = old.shape
    assert whole is not None
    below = {child.place.code: child.shape for child in children if child.place.kind in AREAS}
    shapes: dict[str, BaseGeometry] = {}
    for part in parts:
        if part.boundary is not None:
            shapes[part.code] = geometry.intersection(whole, part.boundary) if _within(part, whole) else part.boundary
        elif part.members:
            unknown = sorted(part.members - below.keys())
            if unknown:
                raise Refused("parts", "unknown_member", _("%(code)s is not an area directly below."), code=unknown[0])
            shapes[part.code] = geometry.union(
                shape for code in sorted(part.members) if (shape := below[code]) is not None
            )
    for part in parts:
        if part.code not in shapes:
            shapes[part.code] = geometry.difference(whole, geometry.union(shapes.values()))
    empty = next((code for code, shape in shapes.items() if shape.is_empty), None)
    if empty is not None:
        raise Refused("parts", "empty", _("Nothing is left for the part %(code)s."), code=empty)
    rules.check_tiling(whole, shapes)
    return shapes


def _within(part: Part, whole: BaseGeometry) -> bool:
    return part.boundary is not None and geometry.difference(part.boundary, whole).area <= rules.SLACK * whole.area


def _assign(
    shapes: dict[str, BaseGeometry], parts: Sequence[Part], children: Sequence[PlaceVersion]
) -> list[tuple[PlaceVersion, str]]:
    """The part that each child goes to: areas by their surface, everything else by its point."""
    claimed = {code: part.code for part in parts for code in part.members}
    targets: list[tuple[PlaceVersion, str]] = []
    astride: list[str] = []
    for child in children:
        shape = child.shape
        if child.place.code in claimed:
            targets.append((child, claimed[child.place.code]))
        elif shape is None:
            targets.append((child, parts[0].code))
        elif child.place.kind in AREAS:
            share, code = max((share, code) for code, share in rules.shares(shape, shapes).items())
            if share < 1 - rules.SLACK:
                astride.append(child.place.code)
            targets.append((child, code))
        else:
            targets.append((child, rules.part_of_point(shape, shapes)))
    if astride:
        raise Refused(
            "parts",
            "astride",
            _("%(codes)s lie in two parts. Draw the line along their borders, or split them first."),
            codes="、".join(astride[:10]),
        )
    return targets


def _place_parts(
    change: Change, place: Place, old: PlaceVersion, parts: Sequence[Part], shapes: dict[str, BaseGeometry]
) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for part in parts:
        name, shape = part.name.strip(), shapes[part.code]
        if part.code == place.code:
            places[part.code] = place
            change.revise(old, name=name, shape=shape)
        else:
            places[part.code] = _new_place(place, part.code.strip())
            facts = {**old.facts(), "name": name, "shape": shape}
            change.begin(
                PlaceVersion.build(place=places[part.code], valid_from=change.on, valid_to=old.valid_to, **facts)
            )
    if place.code not in places:
        change.end(old)
    return places


def _check_alike(first: PlaceVersion, olds: Sequence[PlaceVersion]) -> None:
    if first.place.kind not in AREAS:
        raise Refused("places", "not_an_area", _("%(code)s is not an area."), code=first.place.code)
    for old in olds:
        if old.place.kind != first.place.kind or old.parent_id != first.parent_id:
            raise Refused(
                "places",
                "unlike",
                _("%(one)s and %(other)s differ in kind or parent. Move them below one parent first."),
                one=first.place.code,
                other=old.place.code,
            )


def _new_place(like: Place, code: str) -> Place:
    code = code.strip()
    check_code(code)
    if Place.objects.filter(code=code).exists():
        raise Refused("code", "duplicate", _("The code %(code)s is taken. Choose another."), code=code)
    return Place.objects.create(kind=like.kind, code=code, synthetic=like.synthetic)
