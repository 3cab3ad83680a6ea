"""The inbox: a queue of cases with its map beside it, narrowed in the address."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import COUNTED, Box, CaseType, Mark, Queue, Rulebook, Wanted
from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Tone
from zhen.kernel.places.api import readable, scope_ids
from zhen.web.cases.rows import rows_of, url_of
from zhen.web.errors import Unprocessable
from zhen.web.options import options
from zhen.web.pages.common import params_of
from zhen.web.requests import Request

C = TypeVar("C")
LIVE = ("cases.received", "cases.moved", "cases.assigned")
PER_PAGE = 30
NAMES = {
    Queue.MINE: gettext_lazy("Mine"),
    Queue.UNIT: gettext_lazy("My unit"),
    Queue.NEW: gettext_lazy("Just in"),
    Queue.OVERDUE: gettext_lazy("Overdue"),
    Queue.SOON: gettext_lazy("Due within a day"),
    Queue.OPEN: gettext_lazy("All open"),
    Queue.ALL: gettext_lazy("All"),
}
KEPT = ("queue", "type", "category", "area", "unit", "state", "source", "since", "until", "q")


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: str
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Field:
    """A filter of the inbox, with what may be chosen."""

    id: str
    label: str | Promise
    value: str
    options: tuple[Option, ...] = ()
    kind: str = "select"

    @property
    def choices(self) -> SafeString:
        return options(((one.value, one.label, one.depth) for one in self.options), self.value)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for, read against what this reader may choose."""

    wanted: Wanted
    fields: tuple[Field, ...]
    params: dict[str, str]

    @property
    def narrowed(self) -> bool:
        return any(self.params.get(name) for name in KEPT if name != "queue")


@require_GET
def show(request: Request) -> HttpResponse:
    types = _types(request)
    if not types:
        return _turned_away(request)
    params = params_of(request)
    straight = _straight_to(request.actor, params.get("q", ""))
    if straight is not None:
        return HttpResponseRedirect(straight)
    asked = read(request.actor, types, params, request.now)
    found = cases.inbox(request.actor, asked.wanted, request.now, after=mark_of(params), size=PER_PAGE)
    kept = {name: value for name, value in params.items() if name in KEPT and value}
    context = {
        "queues": _queues(request, asked, kept),
        "queue": NAMES[asked.wanted.queue],
        "fields": asked.fields,
        "narrowed": asked.narrowed,
        "rows": rows_of(found.cases, request.now),
        "kept": kept,
        "map": f"{reverse('cases:map')}?{urlencode(kept)}",
        "after": f"?{urlencode({**kept, 'after': written_mark(found.after)})}" if found.after else "",
        "first": f"?{urlencode(kept)}" if params.get("after") else "",
        "live": ",".join(LIVE),
        "several": len(types) > 1,
    }
    return render(request, "web/cases/inbox.html", context)


@require_GET
def spots(request: Request) -> HttpResponse:
    """The same queue on the map, as GeoJSON: clusters, and from near by the cases themselves."""
    types = _types(request)
    if not types:
        return _turned_away(request)
    params = params_of(request)
    asked = read(request.actor, types, params, request.now, filters=False)
    found = cases.spots(request.actor, asked.wanted, request.now, box_of(params), zoom_of(params))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
            "properties": _properties(spot),
        }
        for spot in found
    ]
    response = JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")
    response["Cache-Control"] = "no-store"
    return response


def _properties(spot: cases.Spot) -> dict[str, Any]:
    tone = Tone.OVERDUE if spot.late else Tone.DUE_SOON if spot.soon else Tone.NEUTRAL
    if spot.case is None:
        return {
            "point_count": spot.count,
            "point_count_abbreviated": _short(spot.count),
            "tone": tone,
            "late": spot.late,
        }
    url = reverse("cases:case", kwargs={"number": spot.number})
    return {"key": str(spot.case), "number": spot.number, "name": spot.title, "tone": tone, "url": url}


def _short(count: int) -> str:
    return str(count) if count < COUNTED else f"{count / 1000:.1f}k"


def _types(request: Request) -> tuple[CaseType, ...]:
    return cases.types_for(request.actor)


def _turned_away(request: Request) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    raise Denied("cases", request.actor)


def _straight_to(actor: Actor, query: str) -> str | None:
    """A whole number typed into the search leads to its case."""
    number = query.strip().upper()
    if not re.fullmatch(r"[0-9A-Z]+-\d{4}-\d+", number):
        return None
    found = cases.by_number(actor, [number]).get(number)
    return url_of(found) if found else None


def read(
    actor: Actor, types: tuple[CaseType, ...], params: Mapping[str, str], now: datetime, *, filters: bool = True
) -> Asked:
    """The address as what to look for. Raises Unprocessable for a value that nobody can choose."""
    day = now.astimezone(clock.TOWN_ZONE).date()
    book = cases.rulebook()
    queue = one_of(params, "queue", {queue.value: queue for queue in Queue}) or Queue.OPEN
    type_ = one_of(params, "type", {type_.id: type_ for type_ in types})
    category = one_of(params, "category", {str(id): row for id, row in book.categories.items()})
    area = _number(params, "area")
    unit = _number(params, "unit")
    state = params.get("state", "")
    if state and state not in {state.id for type_ in types for state in type_.states}:
        raise _no_choice("state", state)
    since, until = _day(params, "since"), _day(params, "until")
    query = params.get("q", "").strip()
    wanted = Wanted(
        queue=queue,
        type=type_.id if type_ else "",
        categories=_below(book, category.pk) if category else (),
        areas=tuple(sorted({area, *scope_ids(area)})) if area is not None else (),
        unit=unit,
        state=state,
        source=params.get("source", ""),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        words=query,
    )
    shown = (type_,) if type_ else types
    fields = tuple(_fields(actor, shown, types, book, params, day)) if filters else ()
    return Asked(wanted=wanted, fields=fields, params=dict(params))


def one_of(params: Mapping[str, str], name: str, choices: Mapping[str, C]) -> C | None:
    value = params.get(name, "")
    if not value:
        return None
    if value not in choices:
        raise _no_choice(name, value)
    return choices[value]


def _no_choice(name: str, value: str) -> Unprocessable:
    return Unprocessable(
        _("The filter “{name}” has no choice “{value}”. Choose one of its list.").format(name=name, value=value[:40])
    )


def _number(params: Mapping[str, str], name: str) -> int | None:
    value = params.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise _no_choice(name, value)
    return int(value)


def _day(params: Mapping[str, str], name: str) -> date | None:
    value = params.get(name, "")
    if not value:
        return None
    try:
        found = parse_date(value)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise Unprocessable(_("“{value}” is no day. Write it as 2026-09-15.").format(value=value[:40]))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.TOWN_ZONE)


def _below(book: Rulebook, id: int) -> tuple[int, ...]:
    """A class with all that lie below it."""
    return tuple(sorted(row.pk for row in book.categories.values() if id in book.lineage(row.pk)))


def _fields(
    actor: Actor,
    shown: Iterable[CaseType],
    types: tuple[CaseType, ...],
    book: Rulebook,
    params: Mapping[str, str],
    day: date,
) -> Iterable[Field]:
    def field(id: str, label: str, options: Iterable[Option] = (), kind: str = "select") -> Field:
        return Field(id=id, label=label, value=params.get(id, ""), options=tuple(options), kind=kind)

    shown = tuple(shown)
    if len(types) > 1:
        yield field("type", _("kind"), (Option(value=type_.id, label=str(type_.name)) for type_ in types))
    states = {state.id: str(state.name) for type_ in shown for state in type_.states}
    yield field("state", _("state"), (Option(value=id, label=name) for id, name in states.items()))
    schemes = {type_.scheme for type_ in shown if type_.scheme}
    yield field("category", _("class"), _classes(book, frozenset(schemes)))
    areas = readable(actor, day, "precinct", "neighbourhood")
    order = sorted(
        (kind != "precinct", key, name, place)
        for kind, key, name, place in areas.values_list("place__kind", "name_key", "name", "place_id")
    )
    within = (Option(value=str(place), label=name, depth=int(small)) for small, _key, name, place in order)
    yield field("area", _("area"), within)
    units = open_units(day).order_by("order", "name_key", "id").values_list("pk", "name")
    yield field("unit", _("unit"), (Option(value=str(key), label=name) for key, name in units))
    yield field("source", _("came by"), (Option(value=one.id, label=str(one.name)) for one in cases.CASE_SOURCES))
    yield field("since", _("received from"), kind="date")
    yield field("until", _("received to"), kind="date")


@lru_cache(maxsize=20)
def _classes(book: Rulebook, schemes: frozenset[str]) -> tuple[Option, ...]:
    return tuple(
        Option(value=str(row.pk), label=row.name, depth=len(book.lineage(row.pk)) - 2)
        for row in ordered_classes(book, schemes)
    )


def ordered_classes(book: Rulebook, schemes: Container[str]) -> Iterable[cases.Category]:
    """The classes of some schemes, each after the one above it."""
    below: dict[int | None, list[cases.Category]] = {}
    for row in book.categories.values():
        if row.scheme in schemes:
            below.setdefault(row.parent_id, []).append(row)
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        yield row
        waiting.extend(reversed(below.get(row.pk, [])))


def _queues(request: Request, asked: Asked, kept: Mapping[str, str]) -> list[dict[str, Any]]:
    """The queues with how many each holds, counted to a bound. Without filters: they say how the desk stands."""
    counted = [queue for queue in Queue if queue is not Queue.ALL]
    numbers = cases.count_up_to(request.actor, counted, request.now)
    held = dict(zip(counted, numbers, strict=True))
    return [
        {
            "name": name,
            "url": f"?{urlencode({**kept, 'queue': queue.value})}",
            "count": written_count(held[queue]) if queue in held else "",
            "late": queue is Queue.OVERDUE and held[queue] > 0,
            "current": queue is asked.wanted.queue,
        }
        for queue, name in NAMES.items()
    ]


def written_count(count: int) -> str:
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def written_mark(mark: Mark) -> str:
    return f"{mark.at.isoformat() if mark.at else ''}~{mark.id}"


def mark_of(params: Mapping[str, str]) -> Mark | None:
    value = params.get("after", "")
    if not value:
        return None
    moment, _tilde, key = value.partition("~")
    try:
        at = parse_datetime(moment) if moment else None
    except ValueError:
        at = None
    if not (key.isascii() and key.isdigit() and len(key) < 18) or (moment and (at is None or at.tzinfo is None)):
        raise Unprocessable(_("The page after “{value}” is not known. Go to the first page.").format(value=value[:60]))
    return Mark(at=at, id=int(key))


def box_of(params: Mapping[str, str]) -> Box:
    try:
        west, south, east, north = (float(part) for part in params.get("bbox", "").split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Unprocessable(_("“bbox” needs west, south, east and north in degrees."))
    return Box(west=west, south=south, east=east, north=north)


def zoom_of(params: Mapping[str, str]) -> float:
    try:
        zoom = float(params.get("zoom", ""))
    except ValueError:
        zoom = -1
    if not 0 <= zoom <= 24:
        raise Unprocessable(_("“zoom” needs a number from 0 to 24."))
    return zoom
