"""Where the subjects of upkeep's campaigns come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Choice
from zhen.kernel.rounds.api import NewSubject, SourceFilter, SubjectSource
from zhen.packs.upkeep.models import Premises, Structure

PREMISES, STRUCTURES = "upkeep.premises", "upkeep.structures"


def open_premises(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    rows = Premises.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), since__lte=day).order_by("pk")
    if "kind" in query:
        rows = rows.filter(kind=query["kind"])
    for row in rows.iterator(chunk_size=5_000):
        yield NewSubject(
            key=str(row.pk), name=row.name, address=row.address, place_id=row.place_id, area_id=row.area_id,
            lon=row.lon, lat=row.lat,
        )  # fmt: skip


def standing_structures(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    rows = Structure.objects.filter(removed_on__isnull=True, void=False, found_on__lte=day).order_by("pk")
    if "kind" in query:
        rows = rows.filter(kind=query["kind"])
    for row in rows:
        yield NewSubject(
            key=str(row.pk), name=row.what, address=row.address, area_id=row.area_id, lon=row.lon, lat=row.lat
        )


def _choices(kinds: type[Premises.Kind] | type[Structure.Kind]) -> Sequence[Choice]:
    return [Choice(value=one.value, label=one.label) for one in kinds]


SOURCES = (
    SubjectSource(
        id=PREMISES,
        name=_("premises and points"),
        find=open_premises,
        filters=(SourceFilter(id="kind", label=_("kind of premises"), choices=lambda: _choices(Premises.Kind)),),
        url=lambda key: reverse("page:upkeep.premises_one", kwargs={"key": key}),
    ),
    SubjectSource(
        id=STRUCTURES,
        name=_("unauthorised structures that stand"),
        find=standing_structures,
        filters=(SourceFilter(id="kind", label=_("kind of structure"), choices=lambda: _choices(Structure.Kind)),),
    ),
)
