"""The desk's pages of routes: who handles what, since when, and what a change would have done last month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases import dated
from zhen.kernel.cases.dated import VIEW, Text, class_name, type_name
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Route
from zhen.kernel.cases.routing import ruling, trial
from zhen.kernel.cases.routing.forms import RouteForm
from zhen.kernel.cases.routing.ruling import CHANGE
from zhen.kernel.cases.routing.values import Proposal
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal.api import timeline
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Tone,
)
from zhen.kernel.places.api import place_at, versions_on

SHOWN = 100


def routes(actor: Actor) -> QuerySet[Route]:
    area = versions_on(clock.today()).filter(place=OuterRef("area")).values("name")[:1]
    rows = Route.objects.select_related("category", "unit").annotate(area_name=Subquery(area))
    return restrict(actor, VIEW, rows)


def route(actor: Actor, key: str) -> Route:
    found = routes(actor).filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 18 else None
    if found is None:
        raise Missing(key)
    return found


def area_name(row: Any) -> Text:
    return row.area_name or _("the whole town")


def unit_choices(_actor: Actor) -> list[Choice]:
    rows = Unit.objects.filter(pk__in=Route.objects.values("unit")).order_by("order", "pk")
    return [Choice(value=str(unit.pk), label=unit.name) for unit in rows]


def type_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=type_.id, label=type_.name) for type_ in CASE_TYPES if type_.scheme]


def history(actor: Actor, subject: Route) -> QuerySet[Route]:
    """The routes for the same class, area and hours, the newest first."""
    rows = routes(actor).filter(
        case_type=subject.case_type, category=subject.category_id, area=subject.area_id, hours=subject.hours
    )
    return rows.order_by("-valid_from")


def facts(_actor: Actor, subject: Any) -> list[Fact]:
    names = Unit.objects.filter(pk__in=subject.cooperating).order_by("order", "pk").values_list("name", flat=True)
    return [
        Fact(label=_("kind of case"), value=type_name(subject)),
        Fact(label=_("class"), value=class_name(subject)),
        Fact(label=_("area"), value=area_name(subject)),
        Fact(label=_("hours"), value=subject.get_hours_display()),
        Fact(label=_("unit"), value=subject.unit.name),
        Fact(label=_("co-handling units"), value="、".join(names) or "—"),
        *dated.period(subject),
        Fact(label=_("approved by"), value=subject.approved_by or "—"),
    ]


def form_of(_actor: Actor, subject: Route | None, data: Any, _files: Any) -> RouteForm:
    if subject is None:
        return RouteForm(data, initial={"valid_from": clock.today()})
    initial = {
        "case_type": subject.case_type,
        "category": subject.category_id,
        "area": subject.area_id,
        "hours": subject.hours,
        "unit": subject.unit_id,
        "cooperating": subject.cooperating,
        "valid_from": clock.today(),
    }
    return RouteForm(data, initial=initial)


def to_trial(_actor: Actor, _subject: Route | None, form: RouteForm) -> str:
    return reverse("page:cases.route_trial", kwargs={"key": form.proposal().key})


def end(actor: Actor, subject: Route, _data: Any) -> str:
    ruling.end_route(actor, subject.pk, clock.today())
    return reverse("page:cases.routes")


# the trial


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a trial page shows: the proposal as a row, and what it would have done."""

    proposal: Proposal
    row: Any
    found: trial.Trial
    units: dict[int | None, str]


def tried(actor: Actor, key: str) -> Tried:
    try:
        proposal = Proposal.read(key)
    except ValueError as fault:
        raise Missing(key) from fault
    row = proposal.row()
    if proposal.case_type not in CASE_TYPES or not Unit.objects.filter(pk=proposal.unit_id).exists():
        raise Missing(key)
    if proposal.category_id is not None and proposal.category_id not in rulebook().categories:
        raise Missing(key)
    area = place_at(proposal.area_id, clock.today()) if proposal.area_id is not None else None
    row.area_name = area.name if area else ""  # type: ignore[attr-defined]  # as the list's annotation
    found = trial.try_out(actor, proposal, clock.now())
    names: dict[int | None, str] = dict(Unit.objects.values_list("pk", "name"))
    return Tried(proposal=proposal, row=row, found=found, units=names)


def figures(_actor: Actor, subject: Tried) -> list[Figure]:
    found = subject.found
    period = _("since %(day)s") % {"day": found.since.isoformat()}
    return [
        Figure(label=_("cases to which it could apply"), value=found.considered, period=period),
        Figure(
            label=_("would have gone elsewhere"),
            value=len(found.moved),
            period=period,
            tone=Tone.DUE_SOON if found.moved else Tone.ON_TRACK,
            why=_("Only the newest %(most)s cases were tried.") % {"most": trial.MOST} if found.cut else "",
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    before: Text
    after: Text
    cases: int = 0
    link: Link | None = None
    title: str = ""
    received_at: Any = None


def _unit(subject: Tried, unit: int | None) -> Text:
    return subject.units.get(unit, "") or _("nobody yet")


def flows(_actor: Actor, subject: Tried) -> Sequence[Line]:
    return [
        Line(before=_unit(subject, before), after=_unit(subject, after), cases=count)
        for (before, after), count in subject.found.flows
    ]


def moved(_actor: Actor, subject: Tried) -> Sequence[Line]:
    return [
        Line(
            before=_unit(subject, one.before),
            after=_unit(subject, one.after),
            link=Link(text=one.case.number, url=f"/desk/cases/{one.case.number}/"),
            title=one.case.title,
            received_at=one.case.received_at,
        )
        for one in subject.found.moved[:SHOWN]
    ]


def put_in_force(actor: Actor, subject: Tried, _data: Any) -> str:
    made = ruling.set_route(actor, subject.proposal)
    return reverse("page:cases.route", kwargs={"key": str(made.pk)})


BEFORE = Column(id="before", label=_("unit so far"), value="before")
AFTER = Column(id="after", label=_("unit then"), value="after")
COLUMNS = (
    dated.CLASS,
    Column(id="area", label=_("area"), value=area_name),
    Column(id="hours", label=_("hours"), value="get_hours_display"),
    Column(id="unit", label=_("unit"), value="unit.name", sort="unit__order"),
    dated.FROM,
    dated.TO,
    Column(id="state", label=_("state"), value=dated.state, kind=Kind.CHIP),
    dated.SOURCE,
)

ROUTES = ListPage(
    id="cases.routes",
    title=_("Routes"),
    menu=_("Routes"),
    icon="list-tree",
    order=60,
    permission=VIEW,
    intro=_("Which unit handles what: the nearest class wins, then the smallest area, then the hours."),
    rows=lambda actor, params: routes(actor),
    columns=COLUMNS,
    filters=(
        Filter(
            id="type",
            label=_("kind of case"),
            apply=lambda rows, value: rows.filter(case_type=value),
            choices=type_choices,
        ),
        Filter(
            id="unit",
            label=_("unit"),
            apply=lambda rows, value: rows.filter(unit=value) if value.isdigit() else rows.none(),
            choices=unit_choices,
        ),
        Filter(
            id="state",
            label=_("state"),
            apply=dated.by_state,
            choices=(dated.HOLDS, dated.ENDED),
        ),
    ),
    search=lambda rows, words: rows.filter(Q(category__name__icontains=words) | Q(unit__name__icontains=words)),
    order_by=("category__code", "area", "-valid_from"),
    detail="cases.route",
    buttons=(Button(id="new", label=_("New route"), permission=CHANGE, form="cases.route_new", key="n"),),
    empty=_("No route says who handles what. Until there is one, the dispatcher chooses the unit each time."),
)
ROUTE = DetailPage(
    id="cases.route",
    title=_("route"),
    permission=VIEW,
    subject=route,
    heading=lambda row: f"{class_name(row)} · {row.unit.name}",
    chips=lambda row: (dated.state(row),),
    panels=(
        Panel(id="facts", title=_("route"), form="facts", source=facts),
        Panel(
            id="history",
            title=_("For the same class, area and hours"),
            form="table",
            source=history,
            columns=COLUMNS[3:],
            detail="cases.route",
            wide=True,
        ),
        Panel(id="journal", title=_("What happened"), form="timeline", source=lambda _actor, row: timeline(row)),
    ),
    buttons=(
        Button(id="change", label=_("Change"), permission=CHANGE, form="cases.route_change", key="e"),
        Button(
            id="end",
            label=_("End today"),
            permission=CHANGE,
            run=end,
            confirm=_("From today on this route sends nothing anywhere. Cases stay where they are."),
            shown=lambda _actor, row: row.valid_to is None,
        ),
    ),
)
INTRO = _("You see first what it would have done last month. Only then it is put in force.")
NEW = FormPage(
    id="cases.route_new",
    title=_("New route"),
    intro=INTRO,
    permission=CHANGE,
    form=form_of,
    save=to_trial,
    submit=_("Try it"),
)
CHANGED = FormPage(
    id="cases.route_change",
    title=_("Change a route"),
    intro=INTRO,
    permission=CHANGE,
    subject=route,
    form=form_of,
    save=to_trial,
    submit=_("Try it"),
)
TRIAL = DetailPage(
    id="cases.route_trial",
    title=_("What a route would have done"),
    permission=VIEW,
    subject=tried,
    heading=lambda subject: f"{class_name(subject.row)} · {subject.row.unit.name}",
    chips=lambda _subject: (Chip(text=_("a trial: nothing is changed"), tone=Tone.DUE_SOON),),
    panels=(
        Panel(id="figures", title=_("Last month"), form="figures", source=figures),
        Panel(
            id="facts", title=_("the proposed route"), form="facts", source=lambda actor, tried: facts(actor, tried.row)
        ),
        Panel(
            id="flows",
            title=_("From unit to unit"),
            form="table",
            source=flows,
            columns=(BEFORE, AFTER, Column(id="cases", label=_("cases"), value="cases", kind=Kind.NUMBER)),
            empty=_(
                "No case of the last month would have gone elsewhere. Routes for a closer class or area win over it."
            ),
        ),
        Panel(
            id="moved",
            title=_("Cases that would have gone elsewhere"),
            form="table",
            source=moved,
            columns=(
                Column(id="number", label=_("case number"), value="link", kind=Kind.LINK),
                Column(id="title", label=_("title"), value="title", width="wide"),
                Column(id="received", label=_("received at"), value="received_at", kind=Kind.TIME),
                BEFORE,
                AFTER,
            ),
            wide=True,
            empty=_("No case of the last month would have gone elsewhere."),
        ),
    ),
    buttons=(
        Button(
            id="set",
            label=_("Put it in force"),
            permission=CHANGE,
            run=put_in_force,
            confirm=_("New cases follow it from its day on. Cases that are there stay where they are."),
        ),
    ),
)
PAGES = (ROUTES, ROUTE, NEW, CHANGED, TRIAL)
