"""What everybody may know of cases: class, rough place, progress. Nothing that somebody wrote, nobody who reported.

The rough place is the hexagon of some 400 m (H3, resolution 9) in which a case lies; its exact point plays no part
here, not even in a search: whoever asks for ever smaller boxes learns no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.figures.areas import atlas
from zhen.kernel.cases.models import Case, Link
from zhen.kernel.cases.queries.inbox import Mark
from zhen.kernel.cases.queries.maps import RESOLUTIONS, Box
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.pages.api import Missing, Tone
from zhen.kernel.places import api as places

SHOWN_FOR = timedelta(days=90)
ROUGH = 9
"""The finest resolution of H3 at which the public is told where a case lies."""
PER_PAGE = 20
KEPT_SECONDS = 120
MOST_SPOTS = 2000
MOST_ALONE = 200


PROGRESS: Mapping[str, tuple[Promise, Tone]] = {
    "waiting": (pgettext_lazy("progress of a case", "received"), Tone.NEUTRAL),
    "under_way": (pgettext_lazy("progress of a case", "being worked on"), Tone.DUE_SOON),
    "done": (pgettext_lazy("progress of a case", "closed"), Tone.ON_TRACK),
}


class Progress(StrEnum):
    """How far a case has come, in three words."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    DONE = "done"

    @property
    def label(self) -> Promise:
        return PROGRESS[self.value][0]

    @property
    def tone(self) -> Tone:
        return PROGRESS[self.value][1]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is asked for: areas or hexagons in which cases lie, and how far they have come. None does not narrow."""

    areas: frozenset[int] | None = None
    cells: frozenset[int] | None = None
    progress: Progress | None = None


@dataclass(frozen=True, kw_only=True)
class PublicCase:
    """A case as everybody may see it."""

    number: str
    category: str
    state: str
    progress: Progress
    area: str
    received: date
    closed: date | None
    reports: int


@dataclass(frozen=True, kw_only=True)
class PublicSpot:
    """So many cases in a hexagon, `fine` where it is of the finest; `number` and `category` where there is just one."""

    cell: int
    lon: float
    lat: float
    counts: Mapping[Progress, int]
    fine: bool = False
    number: str = ""
    category: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def progress(self) -> Progress:
        """The one that most of them have come to; what is open counts first."""
        return max(Progress, key=lambda one: (self.counts.get(one, 0), one is not Progress.DONE))


def _public() -> QuerySet[Case]:
    """What is shown to everybody. Repeats and what was not taken on stay away: they count twice or for nothing."""
    types = [type_ for type_ in CASE_TYPES if type_.visibility is Visibility.PUBLIC]
    uncounted = {outcome.id for type_ in types for outcome in type_.outcomes if outcome.solved is None}
    rows = Case.objects.filter(type__in=[type_.id for type_ in types], visible=True)
    return rows.exclude(outcome__in=uncounted).exclude(links__kind=Link.Kind.REPEAT)


def _of(progress: Progress) -> Q:
    begun = Q(dispatched_at__isnull=False) | Q(accepted_at__isnull=False)
    match progress:
        case Progress.DONE:
            return Q(open=False)
        case Progress.UNDER_WAY:
            return Q(open=True) & begun
        case Progress.WAITING:
            return Q(open=True) & ~begun


def _wanted(around: Around, now: datetime) -> QuerySet[Case]:
    rows = _public().filter(received_at__gte=now - SHOWN_FOR)
    if around.areas is not None:
        rows = rows.filter(area__in=sorted(around.areas))
    if around.cells is not None:
        rows = rows.filter(h3_9__in=sorted(around.cells))
    return rows.filter(_of(around.progress)) if around.progress else rows


Tallied = tuple[int | None, int | None, dict[Progress, int]]
"""A hexagon and an area, and how many cases there have come how far."""


def _tallied(now: datetime) -> list[Tallied]:
    """All that is shown, counted once a minute for everybody who asks: what it costs does not grow with the asking."""
    minute = now.replace(second=0, microsecond=0)
    found = cache.get_or_set(f"cases.nearby:{minute.isoformat()}", lambda: _count(now), KEPT_SECONDS)
    return cast(list[Tallied], found)


def _count(now: datetime) -> list[Tallied]:
    counted: Any = (
        _wanted(Around(), now)
        .order_by()
        .values("h3_9", "area")
        .annotate(**{one.value: Count("pk", filter=_of(one)) for one in Progress})
    )
    return [(row["h3_9"], row["area"], {one: row[one.value] for one in Progress}) for row in counted]


def _within(around: Around, now: datetime) -> Iterable[Tallied]:
    for cell, area, counts in _tallied(now):
        if (around.areas is None or area in around.areas) and (around.cells is None or cell in around.cells):
            yield cell, area, counts


def public_counts(around: Around, now: datetime) -> dict[Progress, int]:
    """How many cases of the last 90 days have come how far; the progress asked for does not narrow this."""
    found = dict.fromkeys(Progress, 0)
    for _cell, _area, counts in _within(around, now):
        for one, number in counts.items():
            found[one] += number
    return found


def public_cases(
    around: Around, now: datetime, *, after: Mark | None = None, size: int = PER_PAGE
) -> tuple[list[PublicCase], Mark | None]:
    """A page of what goes on, the newest first, and where the next begins. At most three queries."""
    rows = _wanted(around, now).select_related("category").order_by("-received_at", "-pk")
    if after is not None and after.at is not None:
        rows = rows.filter(Q(received_at__lt=after.at) | Q(received_at=after.at, pk__lt=after.id))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    last = Mark(at=found[-1].received_at, id=found[-1].pk) if more else None
    names = _areas(found, clock.today())
    return [_shown(case, names.get(case.area_id or 0, "")) for case in found], last


def public_case(number: str) -> tuple[Case, PublicCase]:
    """One case by its number. Raises Missing where there is none, or none that everybody may see."""
    case = _public().select_related("category").filter(number=number).first() if "\x00" not in number else None
    if case is None:
        raise Missing(number)
    return case, _shown(case, _areas([case], clock.today()).get(case.area_id or 0, ""))


def _shown(case: Case, area: str) -> PublicCase:
    state = CASE_TYPES[case.type].state(case.state)
    begun = case.dispatched_at is not None or case.accepted_at is not None
    return PublicCase(
        number=case.number,
        category=case.category.name if case.category else "",
        state=str(state.public or state.name),
        progress=Progress.DONE if not case.open else Progress.UNDER_WAY if begun else Progress.WAITING,
        area=area,
        received=case.received_at.astimezone(clock.TOWN_ZONE).date(),
        closed=case.closed_at.astimezone(clock.TOWN_ZONE).date() if case.closed_at else None,
        reports=1 + case.followers,
    )


def _areas(cases: Sequence[Case], day: date) -> dict[int, str]:
    """The neighbourhoods (or the larger areas) in which areas lie, by name. Two queries."""
    chart, level = atlas().on(day), places.AREAS.index(places.Kind.NEIGHBOURHOOD)
    wanted: dict[int, int] = {}
    for area in {case.area_id for case in cases if case.area_id is not None}:
        above = chart.get(area, ())
        wanted[area] = (above[level] if len(above) > level else None) or area
    versions = places.places_at(wanted.values(), day) if wanted else {}
    return {area: versions[place].name for area, place in wanted.items() if place in versions}


def public_spots(around: Around, now: datetime, box: Box, zoom: float) -> list[PublicSpot]:
    """The map: hexagons with how many cases have come how far. One more query from near by."""
    resolution = min(ROUGH, next((fine for below, fine in RESOLUTIONS if zoom < below), ROUGH))
    found: dict[int, Counter[Progress]] = {}
    for exact, _area, counts in _within(around, now):
        shown = {one: n for one, n in counts.items() if n and around.progress in (None, one)}
        if exact is not None and shown:
            cell = geometry.parent(exact, resolution) if resolution < ROUGH else exact
            found.setdefault(cell, Counter()).update(shown)
    spots = list(_inside(found, box, fine=resolution == ROUGH))
    return _named(_wanted(around, now), spots) if resolution == ROUGH else spots


def _inside(found: Mapping[int, Mapping[Progress, int]], box: Box, *, fine: bool) -> Iterable[PublicSpot]:
    for cell in sorted(found)[:MOST_SPOTS]:
        lon, lat = geometry.centre(cell)
        if box.west <= lon <= box.east and box.south <= lat <= box.north:
            yield PublicSpot(cell=cell, lon=lon, lat=lat, counts=found[cell], fine=fine)


def _named(rows: QuerySet[Case], spots: Sequence[PublicSpot]) -> list[PublicSpot]:
    alone = [spot.cell for spot in spots if spot.total == 1][:MOST_ALONE]
    named = {case.h3_9: case for case in rows.filter(h3_9__in=alone).select_related("category")} if alone else {}
    return [_with(spot, named[spot.cell]) if spot.cell in named else spot for spot in spots]


def _with(spot: PublicSpot, case: Case) -> PublicSpot:
    return replace(spot, number=case.number, category=case.category.name if case.category else "")
