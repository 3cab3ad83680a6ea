"""How often alarms are false: over a time, by device, building, cause and month. Reading only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import TruncMonth

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms import queries
from zhen.kernel.telemetry.alarms.queries import COUNTED, FALSE, OPEN
from zhen.kernel.telemetry.models import Alarm, Device

SPANS = {"month": 1, "quarter": 3, "year": 12}
"""How many calendar months, this one included, a named time holds."""
YEAR = 12
VERDICTS = {
    "false": FALSE,
    "true": COUNTED & ~FALSE,
    "counted": COUNTED,
    "uncounted": ~OPEN & ~COUNTED,
}


@dataclass(frozen=True, kw_only=True)
class Rate:
    """`false` of `counted` closed alarms were false; `uncounted` were closed as a test or were over by themselves."""

    counted: int = 0
    false: int = 0
    uncounted: int = 0

    @property
    def share(self) -> float | None:
        """In per cent; None where nothing counts."""
        return round(100 * self.false / self.counted, 1) if self.counted else None


@dataclass(frozen=True, kw_only=True)
class Month:
    first: date
    rate: Rate

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """How many alarms were closed with a cause; `of` is how many were closed in all."""

    code: str
    count: int
    of: int

    @property
    def share(self) -> float:
        return round(100 * self.count / self.of, 1)


def months_back(first: date, count: int) -> date:
    """The first day of the month so many months earlier (or later, where `count` is negative)."""
    year, month = divmod(first.year * 12 + first.month - 1 - count, 12)
    return date(year, month + 1, 1)


def span_of(chosen: str) -> tuple[datetime, datetime]:
    """The time of a name of SPANS, or of a month such as 2026-09; its end is exclusive. Raises ValueError."""
    this = clock.today().replace(day=1)
    if chosen in SPANS:
        first, last = months_back(this, SPANS[chosen] - 1), months_back(this, -1)
    else:
        first = datetime.strptime(f"{chosen}-01", "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone
        last = months_back(first, -1)
    return _midnight(first), _midnight(last)


def closed_in(rows: QuerySet[Alarm], chosen: str) -> QuerySet[Alarm]:
    first, last = span_of(chosen)
    return rows.filter(closed_at__gte=first, closed_at__lt=last)


def in_area(rows: QuerySet[Alarm], code: str) -> QuerySet[Alarm]:
    """Alarms in a place and all that is in it; none where there is no such place."""
    place = places.by_code([code]).get(code)
    return rows.filter(place__in=places.scope_ids(place)) if place is not None else rows.none()


def chosen(actor: Actor, params: Mapping[str, str], *, span: str) -> QuerySet[Alarm]:
    """The alarms closed in a time that the filters of a page leave."""
    rows = closed_in(queries.alarms(actor).order_by(), span)
    if params.get("profile"):
        rows = rows.filter(profile=params["profile"])
    return in_area(rows, params["area"]) if params.get("area") else rows


def rate(rows: QuerySet[Alarm]) -> Rate:
    """One query."""
    return Rate(**rows.aggregate(**_COUNTS, uncounted=Count("pk", filter=VERDICTS["uncounted"])))


def by_cause(rows: QuerySet[Alarm]) -> Sequence[Cause]:
    """The most frequent first; causes that do not count are among them."""
    found = list(rows.exclude(cause="").values_list("cause").annotate(n=Count("pk")).order_by("-n", "cause"))
    of = sum(count for _code, count in found)
    return [Cause(code=code, count=count, of=of) for code, count in found]


def by_month(actor: Actor, params: Mapping[str, str]) -> Sequence[Month]:
    """The last twelve months, the oldest first; a month in which nothing was closed is there as well."""
    this = clock.today().replace(day=1)
    rows = chosen(actor, params, span="year").values(at=TruncMonth("closed_at", tzinfo=clock.TOWN_ZONE))
    found = {row["at"].date(): row for row in rows.annotate(**_COUNTS).order_by("at")}
    firsts = [months_back(this, back) for back in reversed(range(YEAR))]
    return [
        Month(first=first, rate=Rate(counted=row["counted"], false=row["false"]) if row else Rate())
        for first in firsts
        for row in [found.get(first)]
    ]


def by_device(rows: QuerySet[Alarm], asked: Mapping[str, str]) -> QuerySet[Any, Any]:
    """A row a device with false alarms: most of them first. `asked` is written into each, for its links."""
    return _worst(
        rows.values("device").annotate(
            **_COUNTS,
            key=F("device__code"),
            name=F("device__name"),
            spot=F("device__spot"),
            place_name=_name("device__place"),
            asked=Value(urlencode(asked)),
        ),
        "device",
    )


def by_building(rows: QuerySet[Alarm], asked: Mapping[str, str]) -> QuerySet[Any, Any]:
    """A row a building with false alarms: most of them first. Alarms without an incident belong to none."""
    return _worst(
        rows.filter(incident__isnull=False)
        .values("incident__building")
        .annotate(
            **_COUNTS,
            key=F("incident__building__code"),
            name=_name("incident__building"),
            asked=Value(urlencode(asked)),
        ),
        "incident__building",
    )


def of_device(actor: Actor, device: Device) -> Rate:
    """In the last twelve months."""
    return rate(chosen(actor, {}, span="year").filter(device=device))


def of_building(actor: Actor, place: int) -> Rate:
    """In the last twelve months; a place of several buildings has only its own incidents."""
    return rate(chosen(actor, {}, span="year").filter(incident__building=place))


def _worst(rows: QuerySet[Any, Any], last: str) -> QuerySet[Any, Any]:
    return rows.filter(false__gt=0).order_by("-false", "-counted", last)


def _name(field: str) -> Subquery:
    return Subquery(places.versions_on(clock.today()).filter(place=OuterRef(field)).values("name")[:1])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.TOWN_ZONE)


_COUNTS: Mapping[str, Any] = {"counted": Count("pk", filter=COUNTED), "false": Count("pk", filter=FALSE)}
