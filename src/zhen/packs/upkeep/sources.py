"""Where the subjects of upkeep's campaigns come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Choice
from zhen.kernel.parties.api import Household, Membership
from zhen.kernel.places.api import places_at
from zhen.kernel.rounds.api import NewSubject, SourceFilter, SubjectSource
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.models import Premises, Structure

PREMISES, STRUCTURES, HOUSEHOLDS = "upkeep.premises", "upkeep.structures", "upkeep.households"
AGES = (60, 70, 80, 90)


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


def households(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    """Households by their door. Who lives there, and who of them is how old, stays in the register."""
    rows = Household.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)).exclude(address="")
    if age := query.get("aged"):
        born_by = _years_before(day, int(age))
        living = Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), household=OuterRef("pk"), valid_from__lte=day,
            person__born_on__lte=born_by, person__ended_on__isnull=True,
        )  # fmt: skip
        rows = rows.filter(Exists(living))
    doors = rows.order_by("pk").values_list("pk", "address", "place_id", "area_id").iterator(chunk_size=5_000)
    while block := list(islice(doors, 5_000)):
        points = places_at({row[2] for row in block if row[2]}, day)
        for key, address, place_id, area_id in block:
            at = points.get(place_id or 0)
            yield NewSubject(
                key=str(key), name=address, address=address, place_id=place_id, area_id=area_id,
                lon=at.lon if at else None, lat=at.lat if at else None,
            )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    """The day so many years before; of 29 February, the last day of February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _ages() -> Sequence[Choice]:
    return [Choice(value=str(age), label=_("somebody is %(age)s or older") % {"age": age}) for age in AGES]


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
    SubjectSource(
        id=HOUSEHOLDS,
        name=_("households, by their door"),
        find=households,
        filters=(SourceFilter(id="aged", label=_("who lives there"), choices=_ages),),
        permission=rights.HOUSEHOLDS,
        reads=("address", "born_on"),
    ),
)
