"""The town's rules for cases, held in memory and read again when their edition has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from zhen.kernel.cases.models import CalendarDay, Category, Edition, Route, TimeLimit
from zhen.kernel.cases.models.rulebook import Dated
from zhen.kernel.lib import calendar as workdays
from zhen.kernel.lib.deadlines.api import Calendar, Limit, TimeUnit
from zhen.kernel.lib.once import once
from zhen.kernel.places import api as places


def holds(row: Dated, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rows at one edition. Lookups cost no query."""

    edition: int
    categories: Mapping[int, Category]
    by_code: Mapping[tuple[str, str], Category]
    limits: Mapping[tuple[str, str, int | None], Sequence[TimeLimit]]
    routes: Mapping[str, Sequence[Route]]
    calendar: Calendar

    def lineage(self, category_id: int | None) -> tuple[int | None, ...]:
        """A class, those above it, and `None` for all."""
        found: list[int | None] = []
        while category_id is not None:
            found.append(category_id)
            category_id = self.categories[category_id].parent_id
        return (*found, None)

    def limit_row(self, case_type: str, deadline: str, category_id: int | None, on: date) -> TimeLimit | None:
        """The row of the nearest class that has one on a day."""
        for node in self.lineage(category_id):
            for row in self.limits.get((case_type, deadline, node), ()):
                if holds(row, on):
                    return row
        return None

    def limit(self, case_type: str, deadline: str, category_id: int | None, on: date) -> Limit | None:
        row = self.limit_row(case_type, deadline, category_id, on)
        return Limit(row.amount, TimeUnit(row.unit), row.moves) if row else None

    def route(self, case_type: str, category_id: int | None, areas: Sequence[int], at: datetime) -> Route | None:
        """The most exact route: the nearest class, then the smallest area, then the hours it names.

        `areas` are the case's area and those around it, from the smallest.
        """
        day = at.astimezone(self.calendar.zone).date()
        hours = {Route.Hours.ALWAYS, Route.Hours.WORKING if self.is_open(at) else Route.Hours.OFF}
        classes = {node: rank for rank, node in enumerate(self.lineage(category_id))}
        around = {area: rank for rank, area in enumerate(areas)}
        best: tuple[tuple[int, int, bool, int], Route] | None = None
        for row in self.routes.get(case_type, ()):
            if row.category_id not in classes or row.hours not in hours or not holds(row, day):
                continue
            if row.area_id is not None and row.area_id not in around:
                continue
            nearness = len(areas) if row.area_id is None else around[row.area_id]
            rank = (classes[row.category_id], nearness, row.hours == Route.Hours.ALWAYS, -row.pk)
            if best is None or rank < best[0]:
                best = rank, row
        return best[1] if best else None

    def is_open(self, at: datetime) -> bool:
        """Whether a moment lies in the town's working time; unknown years count Monday to Friday."""
        local = at.astimezone(self.calendar.zone)
        table = self.calendar.workdays
        day = local.date()
        worked = table.is_worked(day) if table.first <= day <= table.last else day.weekday() < 5
        return worked and any(start <= local.time() < end for start, end in self.calendar.hours.periods)


def _calendar() -> Calendar:
    rows = list(CalendarDay.objects.order_by("day"))
    horizon = [row.day.year for row in rows if row.kind == CalendarDay.Kind.HORIZON]
    if not horizon:
        return Calendar(workdays.seed())
    return Calendar(
        workdays.table(
            (row.day for row in rows if row.kind == CalendarDay.Kind.HOLIDAY),
            (row.day for row in rows if row.kind == CalendarDay.Kind.SWAP),
            first=date(min(horizon), 1, 1),
            last=date(max(horizon), 12, 31),
            source=rows[-1].source,
        )
    )


def _newest_first(rows: Iterable[TimeLimit]) -> dict[tuple[str, str, int | None], list[TimeLimit]]:
    found: dict[tuple[str, str, int | None], list[TimeLimit]] = defaultdict(list)
    for row in rows:
        found[row.case_type, row.deadline, row.category_id].append(row)
    return found


def _read(edition: int) -> Rulebook:
    categories = {row.pk: row for row in Category.objects.order_by("scheme", "order", "code")}
    routes: dict[str, list[Route]] = defaultdict(list)
    for route in Route.objects.order_by("pk"):
        routes[route.case_type].append(route)
    return Rulebook(
        edition=edition,
        categories=categories,
        by_code={(row.scheme, row.code): row for row in categories.values()},
        limits=_newest_first(TimeLimit.objects.filter(draft=False).order_by("-valid_from", "pk")),
        routes=routes,
        calendar=_calendar(),
    )


_lock = Lock()
_held: Rulebook | None = None


@once
def _edition() -> int:
    return Edition.objects.values_list("value", flat=True).get(pk=1)


def rulebook() -> Rulebook:
    """The rules as they stand: one query, five when they have changed."""
    global _held
    now = _edition()
    held = _held
    if held is None or held.edition != now:
        with _lock:
            held = _held
            if held is None or held.edition != now:
                held = _held = _read(now)
    return held


def rulebook_of_operation() -> Rulebook:
    """The rules as this process read them last: for what goes on in the operation that has just asked for them."""
    return _held or rulebook()


_chains: dict[tuple[int, int, date], tuple[int, ...]] = {}


def areas_around(area_id: int | None, day: date) -> tuple[int, ...]:
    """The area and those around it on a day, from the smallest; kept until the areas change."""
    if area_id is None:
        return ()
    key = (places.edition(), area_id, day)
    found = _chains.get(key)
    if found is None:
        above = [version.place_id for version in places.ancestors(area_id, day)]
        found = (area_id, *(place for place in above if place != area_id))
        if len(_chains) > 20_000:
            _chains.clear()
        _chains[key] = found
    return found
