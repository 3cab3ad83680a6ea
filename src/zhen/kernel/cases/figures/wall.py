"""The operations centre's wall: what is open, what is late, how today compares with usual. No theatre, no forecast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.figures.address import COUNTED, link, question_of
from zhen.kernel.cases.figures.asking import VIEW, Asked, total
from zhen.kernel.cases.figures.overview import course
from zhen.kernel.cases.figures.periods import DAY, Period, Step
from zhen.kernel.cases.figures.tables import RATES
from zhen.kernel.cases.queries import readable
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Chart,
    Column,
    DashboardPage,
    Face,
    Figure,
    Kind,
    Panel,
    Params,
    Series,
    Slip,
    Tone,
)

WEEKS = 8
"""Usual is the middle value of the same weekday in so many weeks before."""
MOST_ON_MAP = 2000
LATEST = 6


def the_day(actor: Actor, params: Params) -> list[Figure]:
    """Open, late and due cases as they stand now; what came in today beside what is usual by this weekday."""
    now = clock.now()
    midnight = now.astimezone(clock.TOWN_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    still = (
        readable(actor)
        .filter(open=True)
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=Q(overdue_at__isnull=False) | Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight + timedelta(days=1))),
            waiting=Count("pk", filter=Q(due_at__isnull=True, overdue_at__isnull=True)),
        )
    )
    found = total(Asked.by(actor, question_of(actor, {"period": "today"})))
    usual = _usual(actor)
    rate = total(Asked.by(actor, question_of(actor, {"period": "month"}))).rate(RATES[0])
    as_of = f"{now.astimezone(clock.TOWN_ZONE):%H:%M}"
    came = gettext("usual for a whole day like this: %(usual)s") % {"usual": usual if usual is not None else "–"}
    return [
        Figure(label=_("open now"), value=still["open"], unit=_("case(s)"), period=as_of),
        Figure(
            label=_("overdue"),
            value=still["late"],
            unit=_("case(s)"),
            period=as_of,
            tone=Tone.OVERDUE if still["late"] else Tone.ON_TRACK,
        ),
        Figure(label=_("falls due today"), value=still["today"], unit=_("case(s)"), period=as_of, tone=Tone.DUE_SOON),
        Figure(label=_("standing still"), value=still["waiting"], unit=_("case(s)"), period=as_of),
        Figure(
            label=_("received today"),
            value=found["received"],
            unit=_("case(s)"),
            period=came,
            evidence=link(COUNTED, {"period": "today"}, measure="received"),
        ),
        Figure(
            label=_("closed today"),
            value=found["closed"],
            unit=_("case(s)"),
            period=as_of,
            evidence=link(COUNTED, {"period": "today"}, measure="closed"),
        ),
        Figure(
            label=_("on-time rate this month"),
            value=round(rate.value, 1) if rate.value is not None else None,
            unit="%",
            period=f"{rate.part:,} ÷ {rate.whole:,}",
            why=RATES[0].formula,
            evidence=link(COUNTED, {"period": "month"}, measure="due"),
        ),
    ]


def _usual(actor: Actor) -> int | None:
    """The median of what was received on the same weekday of the weeks before; None before there are four."""
    today = clock.today()
    span = Period(today - timedelta(weeks=WEEKS), today - DAY)
    asked = question_of(actor, {"from": span.first.isoformat(), "to": span.last.isoformat()})
    days = [value["received"] for at, value in course(actor, asked, Step.DAY) if at.weekday() == today.weekday()]
    known = sorted(days[next((n for n, value in enumerate(days) if value), len(days)) :])
    return known[len(known) // 2] if len(known) >= 4 else None


def the_weeks(actor: Actor, params: Params) -> Chart | None:
    """Received and closed, day by day, over four weeks."""
    today = clock.today()
    asked = question_of(actor, {"from": (today - timedelta(days=27)).isoformat(), "to": today.isoformat()})
    points = course(actor, asked, Step.DAY)
    if not any(value["received"] or value["closed"] for _at, value in points):
        return None
    received, closed = (sum(value[name] for _at, value in points) for name in ("received", "closed"))
    return Chart(
        says=gettext("In four weeks %(received)s received, %(closed)s closed; today is not over yet")
        % {"received": f"{received:,}", "closed": f"{closed:,}"},
        labels=[f"{at:%m-%d}" for at, _value in points],
        series=(
            Series(name=_("received"), values=[value["received"] for _at, value in points]),
            Series(name=_("cases closed"), values=[value["closed"] for _at, value in points]),
        ),
        unit=_("case(s)"),
    )


def the_queues(actor: Actor, params: Params) -> list[dict[str, Any]]:
    """How many cases lie with each unit, and how many of them are late."""
    rows = (
        readable(actor)
        .filter(open=True)
        .values("unit", "unit__name")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(overdue_at__isnull=False) | Q(due_at__lt=clock.now())),
            deferred=Count("pk", filter=Q(due_at__isnull=True)),
        )
        .order_by("-late", "-open", "unit")
    )
    return [
        {**row, "key": row["unit"], "name": row["unit__name"] or gettext("not dispatched yet")} for row in rows[:12]
    ]


def the_map(actor: Actor, params: Params) -> dict[str, Any]:
    """Open cases as marks, late ones first: no title, no reporter."""
    now = clock.now()
    rows = readable(actor).filter(open=True, lon__isnull=False).order_by("due_at", "pk")
    told = rows.values_list("pk", "number", "lon", "lat", "due_at", "overdue_at")[:MOST_ON_MAP]
    features = [
        {
            "type": "Feature",
            "id": pk,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"key": number, "name": number, "tone": str(_tone(due_at, overdue_at, now))},
        }
        for pk, number, lon, lat, due_at, overdue_at in told
    ]
    return {"type": "FeatureCollection", "features": features}


def _tone(due_at: Any, overdue_at: Any, now: Any) -> Tone:
    if overdue_at is not None or (due_at is not None and due_at < now):
        return Tone.OVERDUE
    if due_at is not None and due_at < now + DAY:
        return Tone.DUE_SOON
    return Tone.ON_TRACK if due_at is not None else Tone.NEUTRAL


def the_latest(actor: Actor, params: Params) -> list[Slip]:
    """The cases that have been late for longest."""
    rows = readable(actor).filter(open=True, due_at__lt=clock.now()).select_related("unit", "category")
    return [
        Slip(
            text=str(case.category.name) if case.category else str(CASE_TYPES[case.type].name),
            tone=Tone.OVERDUE,
            url=f"/desk/cases/{case.number}/",
            due=case.due_at.astimezone(clock.TOWN_ZONE).date() if case.due_at else None,
            owner=case.unit.name if case.unit else gettext("not dispatched yet"),
            detail=case.number,
        )
        for case in rows.order_by("due_at", "pk")[:LATEST]
    ]


WALL = DashboardPage(
    id="cases.wall",
    title=_("Operations centre"),
    menu=_("Operations centre"),
    face=Face.COCKPIT,
    permission=VIEW,
    live=frozenset({"cases.received", "cases.moved", "cases.breached"}),
    panels=(
        Panel(id="day", title=_("Now and today"), form="figures", source=the_day, wide=True),
        Panel(
            id="map",
            title=_("Open cases"),
            form="map",
            source=the_map,
            wide=True,
        ),
        Panel(
            id="queues",
            title=_("Where they lie"),
            form="table",
            source=the_queues,
            columns=(
                Column(id="unit", label=_("unit"), value="name"),
                Column(id="open", label=_("open now"), value="open", kind=Kind.NUMBER),
                Column(id="late", label=_("overdue"), value="late", kind=Kind.NUMBER),
                Column(id="deferred", label=_("standing still"), value="deferred", kind=Kind.NUMBER),
            ),
            empty=_("No case is open."),
        ),
        Panel(
            id="weeks",
            title=_("Four weeks"),
            form="chart",
            source=the_weeks,
            empty=_("Nothing was received or closed in four weeks."),
        ),
        Panel(id="late", title=_("Late for longest"), form="slips", source=the_latest, empty=_("No case is late.")),
    ),
)
