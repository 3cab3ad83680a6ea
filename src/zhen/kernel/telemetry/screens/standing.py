"""How the town's devices stand: a dashboard with a map, and the devices of one building, floor by floor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DashboardPage,
    DetailPage,
    Fact,
    Figure,
    Filter,
    Kind,
    Link,
    Missing,
    Panel,
    Params,
    Tone,
)
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms import rates
from zhen.kernel.telemetry.alarms.screens.board import shown, what
from zhen.kernel.telemetry.alarms.screens.common import LIVE, severity_chip
from zhen.kernel.telemetry.alarms.screens.rates import opening, rate_figure
from zhen.kernel.telemetry.alarms.values import VIEW as ALARM_VIEW
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.devices.states import device_chip, with_alarm
from zhen.kernel.telemetry.devices.values import MANAGE, VIEW
from zhen.kernel.telemetry.models import Device, Standing
from zhen.kernel.telemetry.plans import queries as plans
from zhen.kernel.telemetry.screens import devices as pages
from zhen.kernel.telemetry.screens.plans import CHANGES, entering
from zhen.kernel.telemetry.standing import queries
from zhen.kernel.telemetry.standing.queries import Count

MOST_ON_MAP = 400
WORST = 30
MOST_PLANS = 24


def rows_for(actor: Actor, params: Params) -> QuerySet[Standing]:
    """What the filters of the page leave."""
    rows = queries.standings(actor, [params["profile"]] if params.get("profile") else ())
    area = places.by_code([params["area"]]).get(params["area"]) if params.get("area") else None
    return rows.filter(place__in=places.scope_ids(area)) if area is not None else rows


def figures(actor: Actor, params: Params) -> list[Figure]:
    count = queries.whole(rows_for(actor, params))
    as_of = f"{clock.now().astimezone(clock.TOWN_ZONE):%H:%M}"
    shown = {"profile": params["profile"]} if params.get("profile") else {}
    return [
        Figure(
            label=_("devices in service"),
            value=count.devices,
            unit=_("device(s)"),
            period=as_of,
            evidence=_devices(**shown),
        ),
        Figure(
            label=_("heard within their time"),
            value=count.share,
            unit="%",
            period=f"{count.heard:,} ÷ {count.devices:,}",
            tone=_tone(count),
            evidence=_devices(state="heard", **shown),
            why=_("No device is in service."),
        ),
        Figure(
            label=_("in alarm"),
            value=count.alarming,
            unit=_("device(s)"),
            period=as_of,
            tone=Tone.OVERDUE if count.alarming else Tone.ON_TRACK,
            evidence="/desk/telemetry/alarms/?state=active",
        ),
        Figure(
            label=_("silent"),
            value=count.silent,
            unit=_("device(s)"),
            period=as_of,
            tone=Tone.BEHIND if count.silent else Tone.ON_TRACK,
            evidence=_devices(state="silent", **shown),
        ),
        Figure(
            label=_("never heard"),
            value=count.never,
            unit=_("device(s)"),
            period=as_of,
            tone=Tone.DUE_SOON if count.never else Tone.ON_TRACK,
            evidence=_devices(state="never", **shown),
        ),
    ]


def _devices(**query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/desk/telemetry/devices/?{asked}" if asked else "/desk/telemetry/devices/"


def _tone(count: Count) -> Tone:
    if count.alarming:
        return Tone.OVERDUE
    if count.silent:
        return Tone.BEHIND
    return Tone.DUE_SOON if count.never else Tone.ON_TRACK


def the_map(actor: Actor, params: Params) -> dict[str, Any]:
    """Places with devices; where they are many, those that need somebody come first."""
    features = [
        {
            "type": "Feature",
            "id": row["place"],
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {
                "key": row["code"],
                "name": row["name"] or row["code"],
                "tone": str(_tone(queries.count_of(row))),
                "url": url_of(row["code"]),
            },
        }
        for row in queries.by_place(rows_for(actor, params))[:MOST_ON_MAP]
        if row["lon"] is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def url_of(code: str) -> str:
    return reverse("page:telemetry.building", kwargs={"key": code})


@dataclass(frozen=True, kw_only=True)
class Line:
    """How the devices of one place, area or kind stand."""

    key: str
    name: Any
    count: Count

    @property
    def chip(self) -> Chip:
        count = self.count
        for number, text, tone in (
            (count.alarming, _("{n} in alarm"), Tone.OVERDUE),
            (count.silent, _("{n} silent"), Tone.BEHIND),
            (count.never, _("{n} never heard"), Tone.DUE_SOON),
        ):
            if number:
                return Chip(text=str(text).format(n=number), tone=tone)
        return Chip(text=_("all heard"), tone=Tone.ON_TRACK)


def worst(actor: Actor, params: Params) -> list[Line]:
    """The places that need somebody: those in alarm, then those with the most silent devices."""
    rows = queries.by_place(queries.needing(rows_for(actor, params)))[:WORST]
    return [Line(key=row["code"], name=row["name"] or row["code"], count=queries.count_of(row)) for row in rows]


def kinds(actor: Actor, params: Params) -> list[Line]:
    found = queries.by_profile(rows_for(actor, params))
    named = {code: PROFILES[code].name if code in PROFILES else code for code in found}
    return [Line(key=code, name=named[code], count=count) for code, count in found.items()]


def neighbourhoods(actor: Actor, params: Params) -> list[Line]:
    """Every neighbourhood, those without a device too: what is missing shows."""
    found = queries.by_area(rows_for(actor, params), places.Kind.NEIGHBOURHOOD)
    versions = places.versions_on(clock.today(), places.Kind.NEIGHBOURHOOD).select_related("place").order_by("name_key")
    lines = [
        Line(key=version.place.code, name=version.name, count=found.get(version.place_id, Count()))
        for version in versions
    ]
    elsewhere = found.get(None)
    return [*lines, Line(key="", name=_("elsewhere"), count=elsewhere)] if elsewhere else lines


def area_choices(_actor: Actor) -> list[Choice]:
    versions = places.versions_on(clock.today(), places.Kind.NEIGHBOURHOOD).select_related("place").order_by("name_key")
    return [Choice(value=version.place.code, label=version.name) for version in versions]


NUMBERS = (
    Column(id="devices", label=_("devices"), value="count.devices", kind=Kind.NUMBER),
    Column(id="heard", label=_("heard"), value="count.heard", kind=Kind.NUMBER),
    Column(id="silent", label=_("silent"), value="count.silent", kind=Kind.NUMBER),
    Column(id="never", label=_("never heard"), value="count.never", kind=Kind.NUMBER),
    Column(id="alarming", label=_("in alarm"), value="count.alarming", kind=Kind.NUMBER),
)

STANDING = DashboardPage(
    id="telemetry.standing",
    title=_("How the devices stand"),
    menu=_("How they stand"),
    icon="map",
    order=49,
    permission=VIEW,
    intro=_("Counted once a minute; alarms show at once on the board."),
    live=LIVE,
    filters=(
        Filter(id="profile", label=_("device profile"), apply=lambda rows, _value: rows, choices=pages.profile_choices),
        Filter(id="area", label=_("neighbourhood"), apply=lambda rows, _value: rows, choices=area_choices),
    ),
    panels=(
        Panel(id="now", title=_("Now"), form="figures", source=figures, wide=True),
        Panel(id="map", title=_("Where"), form="map", source=the_map, wide=True),
        Panel(
            id="worst",
            title=_("Places that need somebody"),
            form="table",
            source=worst,
            columns=(
                Column(id="name", label=_("place"), value="name"),
                Column(id="state", label=_("state"), value="chip", kind=Kind.CHIP),
                *NUMBERS[:1],
            ),
            detail="telemetry.building",
            empty=_("Every device is heard, and none is in alarm."),
        ),
        Panel(
            id="kinds",
            title=_("By kind"),
            form="table",
            source=kinds,
            columns=(Column(id="name", label=_("device profile"), value="name"), *NUMBERS),
            empty=_("No device is in service."),
        ),
        Panel(
            id="areas",
            title=_("By neighbourhood"),
            form="table",
            source=neighbourhoods,
            columns=(Column(id="name", label=_("neighbourhood"), value="name"), *NUMBERS),
            wide=True,
            empty=_("The town has no neighbourhoods yet."),
        ),
    ),
)


# one building


@dataclass(frozen=True, kw_only=True)
class Building:
    """A place with the devices in it and in all that is below it."""

    version: places.PlaceVersion
    inside: frozenset[int]

    @property
    def key(self) -> str:
        return self.version.place.code


def building(actor: Actor, key: str) -> Building:
    """Raises Missing, also where this reader sees no device there."""
    place = places.by_code([key]).get(key) if len(key) <= 64 and "\x00" not in key else None
    version = places.place_at(place, clock.today()) if place is not None else None
    if place is None or version is None:
        raise Missing(key)
    found = Building(version=version, inside=places.scope_ids(place))
    if not devices_in(actor, found).exists():
        raise Missing(key)
    return found


def devices_in(actor: Actor, found: Building) -> QuerySet[Device]:
    """Floor by floor, from the name of the floor or room where the device is."""
    rows = pages.listed(actor, {}).filter(place__in=found.inside, state=Device.State.ACTIVE)
    order = places.versions_on(clock.today()).filter(place=OuterRef("place"))
    return (
        with_alarm(rows)
        .annotate(floor=Subquery(order.values("name_key")[:1]))
        .order_by(F("alarm_severity").desc(nulls_last=True), "floor", "spot", "code")
    )


def standing_of(actor: Actor, found: Building) -> list[Figure]:
    count = queries.whole(queries.standings(actor).filter(place__in=found.inside))
    return [
        Figure(label=_("devices in service"), value=count.devices, unit=_("device(s)")),
        Figure(
            label=_("heard within their time"),
            value=count.share,
            unit="%",
            period=f"{count.heard:,} ÷ {count.devices:,}",
            tone=_tone(count),
            why=_("They are counted within a minute."),
        ),
        Figure(
            label=_("in alarm"),
            value=count.alarming,
            unit=_("device(s)"),
            tone=Tone.OVERDUE if count.alarming else Tone.ON_TRACK,
        ),
    ]


def false_ones(actor: Actor, found: Building) -> list[Figure]:
    """Of a building or what stands for itself; an area's own incidents would say nothing of its buildings."""
    if found.version.place.kind in places.AREAS:
        return []
    rate = rates.of_building(actor, found.version.place_id)
    return [rate_figure(rate, opening({"closed": "year", "building": found.key}, verdict="counted"))]


def incidents_in(actor: Actor, found: Building) -> Iterable[Any]:
    return shown(actor).filter(building__in=found.inside, closed_at__isnull=True)


def where(_actor: Actor, found: Building) -> list[Fact]:
    version = found.version
    above = places.ancestors(version.place_id, clock.today())
    return [
        Fact(label=_("place"), value=Link(text=version.name, url=f"/desk/places/areas/{found.key}/"), kind=Kind.LINK),
        Fact(label=_("in"), value=" · ".join(one.name for one in reversed(above) if one.place_id != version.place_id)),
    ]


BUILDING = DetailPage(
    id="telemetry.building",
    title=_("devices of a building"),
    permission=VIEW,
    subject=building,
    heading=lambda found: found.version.name,
    live=CHANGES,
    follows=True,
    buttons=(Button(id="plan", label=_("Add a floor plan"), permission=MANAGE, form="telemetry.plan_new"),),
    panels=(
        Panel(id="now", title=_("Now"), form="figures", source=standing_of, wide=True),
        Panel(
            id="incidents",
            title=_("Open incidents"),
            form="table",
            source=incidents_in,
            columns=(
                Column(id="what", label=_("what"), value=what),
                Column(id="severity", label=_("severity"), value=severity_chip, kind=Kind.CHIP),
                Column(id="alarms", label=_("alarms"), value="alarm_count", kind=Kind.NUMBER),
            ),
            detail="telemetry.incident",
            empty=_("No incident is open."),
        ),
        Panel(
            id="plans",
            title=_("Floor plans"),
            form="plan",
            source=lambda actor, found: plans.drawings(actor, plans.in_places(actor, found.inside)[:MOST_PLANS]),
            wide=True,
            empty=_("No floor plan was entered yet."),
        ),
        Panel(id="where", title=_("Where"), form="facts", source=where),
        Panel(
            id="rate",
            title=_("False alarms in twelve months"),
            form="figures",
            source=false_ones,
            permission=ALARM_VIEW,
            empty=_("They are counted for each building by itself."),
        ),
        Panel(
            id="devices",
            title=_("Floor by floor"),
            form="table",
            source=devices_in,
            columns=(
                Column(id="floor", label=_("place"), value="place_name"),
                Column(id="spot", label=_("where exactly"), value="spot"),
                Column(id="name", label=_("device"), value=pages.of, kind=Kind.LINK),
                Column(id="profile", label=_("device profile"), value="kind_name"),
                Column(id="state", label=_("state"), value=device_chip, kind=Kind.CHIP),
                Column(id="heard", label=_("last heard"), value="heard_at", kind=Kind.TIME),
            ),
            wide=True,
        ),
    ),
)

PAGES = (STANDING, BUILDING, entering(building))
