"""What the global search finds among places: by name, spelling, initials, code and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Hit, SearchSource
from zhen.kernel.places import queries
from zhen.kernel.places.addresses import matching
from zhen.kernel.places.kinds import Kind
from zhen.kernel.places.models import PlaceVersion
from zhen.kernel.places.screens import url_of

RANK = {kind: rank / 100 for rank, kind in enumerate(Kind)}


def find(actor: Actor, terms: Sequence[str], limit: int) -> Iterable[Hit]:
    """Places of today, the whole query first, then areas before buildings. One query."""
    condition = Q()
    for term in terms:
        condition |= matching(term)
    rows = queries.readable(actor, clock.today()).filter(condition).order_by("place__kind", "name_key")
    hits = [_hit(row, terms) for row in rows[: limit * 25]]
    return sorted(hits, key=lambda hit: -hit.score)[:limit]


def _hit(version: PlaceVersion, terms: Sequence[str]) -> Hit:
    score, why = max((_score(version, term) for term in terms), key=lambda found: found[0])
    whole, _why = _score(version, terms[0])
    return Hit(
        title=version.name,
        url=url_of(version.place.code),
        kind=Kind(version.place.kind).label,
        score=score + whole - RANK[Kind(version.place.kind)],
        why=why,
        detail=version.address or version.place.code,
    )


def _score(version: PlaceVersion, term: str) -> tuple[float, str | Promise]:
    """How well one word fits, and how."""
    name = version.name.casefold()
    if name == term or version.address == term:
        return 2.0, _("its name or address")
    if name.startswith(term):
        return 1.5, _("its name begins so")
    if term in name:
        return 1.2, _("part of its name")
    if version.name_initials.startswith(term):
        return 1.0, _("the first letters of its pinyin")
    if version.name_spelling.startswith(term):
        return 1.0, _("its pinyin")
    if version.place.code.casefold().startswith(term):
        return 0.9, _("its code")
    return 0.5, _("its address")


SEARCH = SearchSource(id="places.places", label=_("Places"), permission=None, find=find)
