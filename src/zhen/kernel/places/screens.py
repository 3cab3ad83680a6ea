"""The desk's pages of places: areas and buildings on a day, and one place with its history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import Entry, timeline
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.text import fold
from zhen.kernel.pages.api import (
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Params,
    Tone,
)
from zhen.kernel.places import queries
from zhen.kernel.places.addresses import matching
from zhen.kernel.places.kinds import AREAS
from zhen.kernel.places.kinds import Kind as PlaceKind
from zhen.kernel.places.models import PlaceVersion, Succession

KEY = re.compile(r"(?P<code>[^@]{1,40})(?:@(?P<day>\d{4}-\d{2}-\d{2}))?")
BELOW = 300


def url_of(code: str, day: date | None = None) -> str:
    """The address of a place's page, on a day or today."""
    return f"/desk/places/areas/{code}@{day.isoformat()}/" if day else f"/desk/places/areas/{code}/"


def day_of(params: Params) -> date:
    """The day that a page shows; today where none or no day is given (the filter then says so)."""
    try:
        return date.fromisoformat(params.get("day", ""))
    except ValueError:
        return clock.today()


def listed(actor: Actor, params: Params, *kinds: str) -> QuerySet[PlaceVersion]:
    """Places of some kinds on the chosen day, with the name of their parent and the number of places below."""
    day = day_of(params)
    parents = queries.versions_on(day).filter(place=OuterRef("parent"))
    below = (
        PlaceVersion.objects.filter(queries.valid_on(day), parent=OuterRef("place"))
        .order_by()
        .values("parent")
        .annotate(count=Count("pk"))
    )
    return (
        queries.readable(actor, day, *kinds)
        .annotate(parent_name=Subquery(parents.values("name")[:1]), below=Subquery(below.values("count")))
        .annotate(code=F("place__code"))
    )


def by_words(rows: QuerySet[PlaceVersion], words: str) -> QuerySet[PlaceVersion]:
    """By name, by its spelling or initials, by code or address: every word somewhere."""
    for word in fold(words).split():
        rows = rows.filter(matching(word))
    return rows


def _on_a_day(rows: Any, value: str) -> Any:
    date.fromisoformat(value)  # the rows are of that day already; what is no day is refused here
    return rows


def _of_kind(rows: Any, value: str) -> Any:
    return rows.filter(place__kind=value)


def _kinds(*kinds: PlaceKind) -> tuple[Choice, ...]:
    return tuple(Choice(value=kind.value, label=kind.label) for kind in kinds)


def _link(row: Any) -> Link:
    return Link(text=row.name, url=url_of(row.place.code))


def _kind(row: Any) -> str:
    return str(PlaceKind(row.place.kind).label)


DAY = Filter(id="day", label=_("on the day (2020-07-01)"), apply=_on_a_day)
NAME = Column(id="name", label=_("name"), value=_link, kind=Kind.LINK, sort="name_key", width="wide")
CODE = Column(id="code", label=_("code"), value="place.code", sort="code")
PARENT = Column(id="parent", label=_("lies in"), value="parent_name", sort="parent_name")

AREA_LIST = ListPage(
    id="places.areas",
    title=_("Areas"),
    menu=_("Areas"),
    icon="map",
    order=10,
    permission=None,
    intro=_("The town, its precincts, neighbourhoods and grid cells, as they are on a day."),
    rows=lambda actor, params: listed(actor, params, *AREAS),
    columns=(
        NAME,
        Column(id="kind", label=_("kind"), value=_kind),
        CODE,
        PARENT,
        Column(id="below", label=_("places below"), value="below", kind=Kind.NUMBER, sort="below"),
        Column(id="from", label=_("as it is since"), value="valid_from", kind=Kind.DATE, sort="valid_from"),
    ),
    filters=(Filter(id="kind", label=_("kind"), apply=_of_kind, choices=_kinds(*AREAS)), DAY),
    search=by_words,
    order_by=("place__code",),
    detail="places.place",
    empty=_("There is no area on that day. Import the town's boundaries with `zhen places import`."),
)

SITES = (PlaceKind.BUILDING, PlaceKind.ESTATE, PlaceKind.PARK, PlaceKind.SITE, PlaceKind.STREET)
BUILDING_LIST = ListPage(
    id="places.buildings",
    title=_("Buildings and sites"),
    menu=_("Buildings and sites"),
    icon="building",
    order=12,
    permission=None,
    intro=_("Buildings, estates, parks, sites and streets, as they are on a day."),
    rows=lambda actor, params: listed(actor, params, *SITES),
    columns=(
        NAME,
        Column(id="kind", label=_("kind"), value=_kind),
        Column(id="address", label=_("address"), value="address", sort="street"),
        PARENT,
        CODE,
    ),
    filters=(Filter(id="kind", label=_("kind"), apply=_of_kind, choices=_kinds(*SITES)), DAY),
    search=by_words,
    order_by=("name_key", "place__code"),
    detail="places.place",
    empty=_("There is no building on that day. Import buildings with `zhen places import`."),
)


def subject(actor: Actor, key: str) -> PlaceVersion:
    """A place by `code` or `code@day`: as it is on that day, else as it was last. Raises Missing."""
    match = KEY.fullmatch(key)
    if match is None or "\x00" in key:
        raise Missing(key)
    rows = queries.history_of_kind(actor).filter(place__code=match["code"])
    if match["day"]:
        try:
            day = date.fromisoformat(match["day"])
        except ValueError:
            raise Missing(key) from None
        version = rows.filter(queries.valid_on(day)).first()
    else:
        version = rows.filter(valid_from__lte=clock.today()).order_by("-valid_from").first() or rows.first()
    if version is None:
        raise Missing(key)
    return version


def _shown_day(version: PlaceVersion) -> date:
    """A day on which the shown version is in force: today if it is one, else its first."""
    today = clock.today()
    return today if version.on(today) else version.valid_from


def facts(actor: Actor, version: PlaceVersion) -> list[Fact]:
    above = queries.ancestors(version.place_id, _shown_day(version))
    found = [
        Fact(label=_("kind"), value=PlaceKind(version.place.kind).label),
        Fact(label=_("code"), value=version.place.code),
        *(
            Fact(label=PlaceKind(one.place.kind).label, value=Link(text=one.name, url=url_of(one.place.code)))
            for one in reversed(above)
        ),
        Fact(label=_("address"), value=version.address),
    ]
    if version.boundary and version.boundary["type"] != "Point" and version.shape is not None:
        hectares = geometry.area(version.shape) / 10_000
        found.append(Fact(label=_("area in hectares"), value=round(hectares, 2), kind=Kind.NUMBER))
    found += [
        Fact(label=_("from"), value=version.valid_from, kind=Kind.DATE),
        Fact(label=_("to"), value=version.valid_to, kind=Kind.DATE),
    ]
    return [fact for fact in found if fact.value not in (None, "")]


def chips(version: PlaceVersion) -> Sequence[Chip]:
    found = []
    if version.place.synthetic:
        found.append(Chip(text=_("synthetic: invented for the demonstration")))
    if not version.on(clock.today()):
        found.append(Chip(text=_("not in force today"), tone=Tone.BEHIND))
    return found


def on_the_map(actor: Actor, version: PlaceVersion) -> dict[str, Any]:
    """The place and what stands directly below it."""
    children = queries.children(version.place_id, _shown_day(version)).exclude(boundary=None)[:BELOW]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one.place_id,
                "geometry": one.boundary,
                "properties": {
                    "key": one.place.code,
                    "name": one.name,
                    "kind": one.place.kind,
                    "url": url_of(one.place.code),
                    "at": [one.lon, one.lat],
                },
            }
            for one in (version, *children)
            if one.boundary is not None
        ],
    }


def below(actor: Actor, version: PlaceVersion) -> QuerySet[PlaceVersion]:
    return queries.children(version.place_id, _shown_day(version))


def versions(actor: Actor, version: PlaceVersion) -> list[PlaceVersion]:
    """The versions with the name that their parent had when they began. Two queries."""
    rows = list(queries.history(version.place_id))
    parents = PlaceVersion.objects.filter(place__in={row.parent_id for row in rows if row.parent_id})
    names: dict[tuple[int, date], str] = {}
    for parent in parents:
        for row in rows:
            if row.parent_id == parent.place_id and parent.on(row.valid_from):
                names[(row.pk, row.valid_from)] = parent.name
    for row in rows:
        row.parent_name = names.get((row.pk, row.valid_from), "")  # type: ignore[attr-defined]  # for the column
    return rows


def successions(actor: Actor, version: PlaceVersion) -> QuerySet[Succession]:
    return queries.successions(version.place_id)


def happened(actor: Actor, version: PlaceVersion) -> list[Entry]:
    return timeline(version.place)


def _version_link(row: PlaceVersion) -> Link:
    return Link(text=row.name, url=url_of(row.place.code, row.valid_from))


def _other(side: str) -> Any:
    def link(row: Succession) -> Link | str:
        place = getattr(row, side)
        return Link(text=place.code, url=url_of(place.code)) if place else ""

    return link


PLACE = DetailPage(
    id="places.place",
    title=_("Place"),
    permission=None,
    subject=subject,
    heading=lambda version: version.name,
    chips=chips,
    panels=(
        Panel(id="facts", title=_("Facts"), form="facts", source=facts),
        Panel(id="map", title=_("Map"), form="map", source=on_the_map, empty=_("This place has no boundary.")),
        Panel(
            id="below",
            title=_("Places directly below"),
            form="table",
            source=below,
            columns=(NAME, Column(id="kind", label=_("kind"), value=_kind), CODE),
            empty=_("Nothing stands below this place."),
        ),
        Panel(
            id="versions",
            title=_("Versions"),
            form="table",
            source=versions,
            columns=(
                Column(id="name", label=_("name"), value=_version_link, kind=Kind.LINK),
                Column(id="parent", label=_("lies in"), value="parent_name"),
                Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
            ),
        ),
        Panel(
            id="successions",
            title=_("What became of it"),
            form="table",
            source=successions,
            columns=(
                Column(id="on", label=_("day"), value="on", kind=Kind.DATE),
                Column(id="kind", label=_("kind"), value="get_kind_display"),
                Column(id="predecessor", label=_("before"), value=_other("predecessor"), kind=Kind.LINK),
                Column(id="successor", label=_("after"), value=_other("successor"), kind=Kind.LINK),
                Column(id="note", label=_("note"), value="note"),
                Column(id="decision", label=_("decision"), value="decision"),
            ),
            empty=_("Nothing has changed here: no split, no merger, no renaming."),
        ),
        Panel(id="journal", title=_("Journal"), form="timeline", source=happened, empty=_("Nothing is recorded.")),
    ),
)
