"""The queues of a desk: which cases, in which order, a page at a time.

A page is found by where the one before it ended, so the thousandth costs what the first does. What the reader
reaches is `readable`; where an index leads along one unit, area or class only, the page is merged from the first
rows of each (`Along`), so that no index is walked past thousands of rows of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, OrderBy, Q, QuerySet
from django.db.models.expressions import RawSQL

from zhen.kernel.access.api import Actor, ActorKind, Reach
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType, source_of
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.queries.cases import readable, types_for
from zhen.kernel.cases.search.finding import narrow as answering

SOON = timedelta(hours=24)
COUNTED = 1000
"""Counts go to here and then say “1000+”: nobody decides differently at 1,001, and the database is spared."""


class Queue(StrEnum):
    """What a desk looks at. All but ALL hold open cases only."""

    MINE = "mine"
    UNIT = "unit"
    OVERDUE = "overdue"
    SOON = "soon"
    NEW = "new"
    OPEN = "open"
    ALL = "all"

    @property
    def newest_first(self) -> bool:
        """By when they were received; the others by what is due first."""
        return self in (Queue.NEW, Queue.ALL)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A queue narrowed by filters. Areas and classes are given with all that lies below them."""

    queue: Queue = Queue.OPEN
    type: str = ""
    categories: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    unit: int | None = None
    state: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where a page ended: the moment it is sorted by (none for what is not due) and the id."""

    at: datetime | None
    id: int


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A page of cases; `after` leads to the next one, if there is one."""

    cases: tuple[Case, ...]
    after: Mark | None


@dataclass(frozen=True, kw_only=True)
class Along:
    """One stretch of the rows: all of them, or for each id of a column."""

    narrow: Q = field(default_factory=Q)
    column: str = ""
    ids: tuple[int, ...] = ()


def wanted_rows(actor: Actor, wanted: Wanted, now: datetime) -> QuerySet[Case]:
    """The cases of a queue that the actor may read, in no order."""
    rows = readable(actor, [wanted.type] if wanted.type else None).filter(_of_queue(actor, wanted.queue, now))
    narrow = Q()
    if wanted.queue is not Queue.ALL:
        narrow &= Q(open=True)
    if wanted.categories:
        narrow &= _one_of("category_id", wanted.categories)
    if wanted.areas:
        narrow &= _one_of("area_id", wanted.areas)
    if wanted.unit is not None:
        narrow &= Q(unit_id=wanted.unit) | Q(shared_units__contains=[wanted.unit])
    if wanted.state:
        narrow &= Q(state=wanted.state)
    if wanted.source:
        narrow &= Q(source__in=source_of(wanted.source).ids)
    if wanted.since is not None:
        narrow &= Q(received_at__gte=wanted.since)
    if wanted.until is not None:
        narrow &= Q(received_at__lt=wanted.until)
    rows = rows.filter(narrow)
    return answering(rows, wanted.words) if wanted.words else rows


def _one_of(column: str, ids: Sequence[int]) -> Q:
    return Q(**{column: ids[0]}) if len(ids) == 1 else Q(**{f"{column}__in": ids})


def _of_queue(actor: Actor, queue: Queue, now: datetime) -> Q:
    match queue:
        case Queue.MINE:
            return Q(person_id=actor.user_id or 0)
        case Queue.UNIT:
            units = own_units(actor)
            return Q(unit_id__in=units) | Q(shared_units__overlap=list(units))
        case Queue.OVERDUE:
            return Q(due_at__lt=now)
        case Queue.SOON:
            return Q(due_at__gte=now, due_at__lt=now + SOON)
        case Queue.NEW:
            first: dict[str, list[str]] = {}
            for type_ in types_for(actor):
                first.setdefault(type_.initial.id, []).append(type_.id)
            found = Q(pk__in=())
            for state, types in first.items():
                found |= Q(state=state, type__in=types)
            return found
    return Q()


def own_units(actor: Actor) -> tuple[int, ...]:
    """The units of the posts with which the actor reads cases, and those below them."""
    powers = {type_.powers.view for type_ in types_for(actor)}
    return tuple(sorted({unit for power in powers for grant in actor.grants_for(power) for unit in grant.units or ()}))


def inbox(actor: Actor, wanted: Wanted, now: datetime, *, after: Mark | None = None, size: int = 50) -> Slice:
    """A page of a queue, with what a row of a list shows (`SHOWN`). At most two queries."""
    stretches = _stretches(actor, wanted)
    if len(stretches) == 1 and not stretches[0].column:
        return _straight(actor, wanted, now, stretches[0], after, size)
    sql, params = _merged(wanted_rows(actor, wanted, now), wanted, stretches, size + 1, after)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    keys = [(key, at) for key, at in found[:size]]
    cases = _shown(readable(actor)).in_bulk([key for key, _at in keys]) if keys else {}
    shown = tuple(cases[key] for key, _at in keys if key in cases)
    last = Mark(at=keys[-1][1], id=keys[-1][0]) if len(found) > size else None
    return Slice(cases=shown, after=last)


def _straight(actor: Actor, wanted: Wanted, now: datetime, stretch: Along, after: Mark | None, size: int) -> Slice:
    """Where one index leads along all of them, they are read along it: one query, a second one at the end."""
    newest = wanted.queue.newest_first
    rows = _shown(wanted_rows(actor, wanted, now).filter(stretch.narrow)).order_by(*_order(newest))
    found: list[Case] = []
    for narrow in _from(after, newest=newest):
        if len(found) <= size:
            found += rows.filter(narrow)[: size + 1 - len(found)]
    shown = tuple(found[:size])
    end = shown[-1] if len(found) > size else None
    last = Mark(at=end.received_at if newest else end.due_at, id=end.pk) if end is not None else None
    return Slice(cases=shown, after=last)


SHOWN = (
    "number", "type", "state", "open", "title", "urgent", "address", "received_at", "due_at", "due_provisional", "area",
    "revision", "category__name", "unit__name", "person__name", "person__username",
)  # fmt: skip
"""What a row of a list needs of a case; whatever else is read of it costs a query of its own."""


def _shown(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("category", "unit", "person").only(*SHOWN)


def count_up_to(actor: Actor, several: Sequence[Queue], now: datetime, *, most: int = COUNTED) -> list[int]:
    """How many cases each of several queues of open cases holds; more than `most` are told as `most` + 1.

    One query, which looks at every open case within reach once: a town has some thousands of them.
    """
    if not several:
        return []
    counts = {queue.value: Count("pk", filter=_of_queue(actor, queue, now)) for queue in several}
    found = readable(actor).filter(open=True).order_by().aggregate(**counts)
    return [min(found[queue.value], most + 1) for queue in several]


def _merged(
    rows: QuerySet[Case], wanted: Wanted, stretches: Iterable[Along], most: int, after: Mark | None
) -> tuple[str, list[Any]]:
    """The first keys of all stretches in order: SQL that yields (id, moment)."""
    newest = wanted.queue.newest_first
    parts, params = [], []
    for stretch in stretches:
        for narrow in _from(after, newest=newest):
            try:
                sql, given = _first_of(rows.filter(stretch.narrow).filter(narrow), stretch, newest, most)
            except EmptyResultSet:  # Django sees that nothing can answer, such as a post without an area
                continue
            parts.append(f"({sql})")
            params += given
    if not parts:
        return "SELECT NULL::bigint, NULL::timestamptz WHERE false", []
    order = "at DESC, id DESC" if newest else "at ASC NULLS LAST, id ASC"
    # UNION, not UNION ALL: a case may lie on two stretches
    every = " UNION ".join(parts)
    return f"SELECT id, at FROM ({every}) AS merged(id, at) ORDER BY {order} LIMIT {int(most)}", params  # noqa: S608


def _first_of(rows: QuerySet[Case], stretch: Along, newest: bool, most: int) -> tuple[str, list[Any]]:
    moment, order = _moment(newest), _order(newest)
    if not stretch.column:
        sql, params = rows.order_by(*order).values_list("pk", moment)[:most].query.sql_with_params()
        return sql, list(params)
    each = rows.filter(**{stretch.column: RawSQL("spread.id", [])})
    sql, params = each.order_by(*order).values_list("pk", moment)[:most].query.sql_with_params()
    spread = "SELECT page.id, page.at FROM unnest(%s::bigint[]) AS spread(id) CROSS JOIN LATERAL"
    return f"{spread} ({sql}) AS page(id, at)", [list(stretch.ids), *params]


def _moment(newest: bool) -> str:
    return "received_at" if newest else "due_at"


def _order(newest: bool) -> list[OrderBy]:
    return [OrderBy(F(_moment(newest)), descending=newest), OrderBy(F("pk"), descending=newest)]


def _from(after: Mark | None, *, newest: bool) -> Iterable[Q]:
    """The parts that follow a mark. What is not due comes last, in a part of its own: an index finds either."""
    if newest:
        if after is None or after.at is None:
            return (Q(),)
        return (Q(received_at__lte=after.at) & (Q(received_at__lt=after.at) | Q(pk__lt=after.id)),)
    if after is None:
        return (Q(due_at__isnull=False), Q(due_at__isnull=True))
    if after.at is None:
        return (Q(due_at__isnull=True, pk__gt=after.id),)
    later = Q(due_at__gte=after.at) & (Q(due_at__gt=after.at) | Q(pk__gt=after.id))
    return (later, Q(due_at__isnull=True))


def _stretches(actor: Actor, wanted: Wanted) -> tuple[Along, ...]:
    """Stretches that together hold all wanted rows, each with an index that yields them in order.

    Open cases are few enough to filter along their order; only units have an index of their own for them.
    """
    if wanted.words or wanted.queue is Queue.MINE:
        return (Along(),)
    if wanted.unit is not None:
        return _along_units((wanted.unit,))
    if wanted.queue is Queue.UNIT:
        return _along_units(own_units(actor))
    if wanted.queue is Queue.ALL:
        for column, ids in (("area_id", wanted.areas), ("category_id", wanted.categories)):
            if len(ids) > 1:
                return (Along(column=column, ids=ids),)
            if ids:
                return (Along(),)
    return _reach(actor, _types(actor, wanted), spread_areas=wanted.queue is Queue.ALL)


def _types(actor: Actor, wanted: Wanted) -> tuple[CaseType, ...]:
    return (CASE_TYPES[wanted.type],) if wanted.type else types_for(actor)


def _along_units(units: tuple[int, ...]) -> tuple[Along, ...]:
    return (Along(column="unit_id", ids=units), Along(narrow=Q(shared_units__overlap=list(units))))


def _reach(actor: Actor, types: Iterable[CaseType], *, spread_areas: bool) -> tuple[Along, ...]:
    """The stretches of what the actor's posts reach."""
    if actor.kind is ActorKind.SYSTEM:
        return (Along(),)
    grants = [grant for power in {type_.powers.view for type_ in types} for grant in actor.grants_for(power)]
    found: list[Along] = []
    units: set[int] = set()
    areas: set[int] = set()
    for grant in grants:
        match grant.reach:
            case Reach.TOWN:
                return (Along(),)
            case Reach.AREA:
                areas |= grant.areas or set()
            case Reach.UNIT:
                units |= grant.units or set()
            case Reach.OWN:
                found.append(Along(narrow=Q(person_id=actor.user_id or 0)))
    if areas and not spread_areas:
        return (Along(),)
    if areas:
        found.append(Along(column="area_id", ids=tuple(sorted(areas))))
    if units:
        found += _along_units(tuple(sorted(units)))
    return tuple(found) or (Along(),)
