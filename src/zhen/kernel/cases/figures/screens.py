"""The desk's pages of figures: a dashboard, its breakdown as a list (and file), and the rows behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.figures.address import (
    BREAKDOWN,
    COUNTED,
    PRESETS,
    group_of,
    link,
    narrowing,
    question_of,
    rate_of,
)
from zhen.kernel.cases.figures.asking import VIEW, evidence
from zhen.kernel.cases.figures.overview import HotSpot, Line, breakdown, course, hot_spots, totals
from zhen.kernel.cases.figures.periods import Period, Step
from zhen.kernel.cases.figures.tables import COUNTED_AS, LABELS, RATES, Numbers, Rate
from zhen.kernel.cases.figures.wall import WALL
from zhen.kernel.cases.models import Tally, TallySum
from zhen.kernel.cases.queries import types_for
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.pages.api import (
    Chart,
    Choice,
    Column,
    DashboardPage,
    Face,
    Figure,
    Filter,
    HomePanel,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Series,
    Tone,
)
from zhen.kernel.places import api as places

GROUP_NAMES = {
    "unit": _("unit"),
    "precinct": _("precinct"),
    "neighbourhood": _("neighbourhood"),
    "cell": _("grid cell"),
    "family": _("family of classes"),
    "major": _("major class"),
    "class": _("class"),
    "source": _("came by"),
}
TOLD = ("received", "closed", "due", "late", "returned", "reworked", "self_handled", "reopened")


def _same(rows: Any, _value: str) -> Any:
    return rows


def _classes(_actor: Actor) -> Sequence[Choice]:
    book = rulebook()
    rows = [(len(book.lineage(node)) - 2, row) for node, row in book.categories.items() if row.valid_to is None]
    return [Choice(value=str(row.pk), label="　" * depth + row.name) for depth, row in rows]


def _areas(actor: Actor) -> Sequence[Choice]:
    rows = places.readable(actor, clock.today(), "precinct", "neighbourhood").order_by("-place__kind", "name_key")
    return [Choice(value=str(row.place_id), label=row.name) for row in rows]


def _units(_actor: Actor) -> Sequence[Choice]:
    return [Choice(value=str(unit.pk), label=unit.name) for unit in open_units(clock.today())]


def _sources(_actor: Actor) -> Sequence[Choice]:
    rows = TallySum.objects.filter(grain=TallySum.Grain.SOURCE_MONTH).values_list("source", flat=True).distinct()
    return [Choice(value=source, label=source) for source in sorted(rows) if source]


FILTERS = (
    Filter(
        id="period",
        label=_("period"),
        apply=_same,
        choices=tuple(Choice(value=id, label=preset.name) for id, preset in PRESETS.items()),
    ),
    Filter(id="from", label=_("from"), apply=_same),
    Filter(id="to", label=_("to"), apply=_same),
    Filter(
        id="type",
        label=_("type"),
        apply=_same,
        choices=lambda actor: [Choice(value=type_.id, label=type_.name) for type_ in types_for(actor)],
    ),
    Filter(id="class", label=_("class"), apply=_same, choices=_classes),
    Filter(id="area", label=_("area"), apply=_same, choices=_areas),
    Filter(id="unit", label=_("unit"), apply=_same, choices=_units),
    Filter(id="source", label=_("came by"), apply=_same, choices=_sources),
    Filter(
        id="by",
        label=_("broken down by"),
        apply=_same,
        choices=tuple(Choice(value=id, label=name) for id, name in GROUP_NAMES.items()),
    ),
    Filter(
        id="rank",
        label=_("ranked by"),
        apply=_same,
        choices=tuple(Choice(value=of.id, label=of.name) for of in RATES),
    ),
)


def told(period: Period) -> str:
    return f"{period.first:%Y-%m-%d} – {period.last:%Y-%m-%d}"


def the_figures(actor: Actor, params: Params) -> list[Figure]:
    """Rates first, then numbers; each opens the rows that it counts."""
    question = question_of(actor, params)
    found = totals(actor, question)
    period = told(question.period)
    rates = [_rate_figure(of.id, found.now.rate(of), found.year_ago.rate(of), period, params) for of in RATES]
    counts = [
        Figure(
            label=LABELS[name],
            value=found.now[name],
            unit=_("case(s)"),
            period=period,
            trend=found.now[name] - found.year_ago[name] if found.year_ago["received"] else None,
            evidence=link(COUNTED, params, measure=name),
        )
        for name in TOLD
    ]
    median = found.now.median_minutes
    length = Figure(
        label=_("half of the cases ended within"),
        value=round(median / 1440, 1) if median is not None else None,
        unit=_("days"),
        period=period,
        why=_("none was closed as solved or explained"),
        evidence=link(COUNTED, params, measure="answered"),
    )
    return [*rates, *counts, length]


def _rate_figure(id: str, rate: Rate, ago: Rate, period: str, params: Params) -> Figure:
    trend = round(rate.value - ago.value, 1) if rate.value is not None and ago.value is not None else None
    few = gettext("few cases: says little")
    return Figure(
        label=rate.of.name,
        value=round(rate.value, 1) if rate.value is not None else None,
        unit="%",
        period=f"{rate.part:,} ÷ {rate.whole:,}" + (f" · {few}" if rate.few and rate.whole else "") + f" · {period}",
        trend=trend,
        evidence=link(COUNTED, params, measure=rate.of.whole),
        why=rate.of.formula,
    )


def the_course(actor: Actor, params: Params) -> Chart | None:
    """Received and closed, step by step, beside what was received a year ago."""
    question = question_of(actor, params)
    step = question.period.step()
    points = course(actor, question, step)
    ago = course(actor, question.over(question.period.a_year_ago()), step)
    if not any(value["received"] or value["closed"] for _at, value in points):
        return None
    received, closed = (sum(value[name] for _at, value in points) for name in ("received", "closed"))
    before = sum(value["received"] for _at, value in ago)
    says = gettext(
        "%(received)s received and %(closed)s closed; %(before)s were received in the same season a year ago"
    ) % {
        "received": f"{received:,}",
        "closed": f"{closed:,}",
        "before": f"{before:,}",
    }
    aligned = [ago[n][1]["received"] if n < len(ago) else None for n in range(len(points))]
    return Chart(
        says=says,
        labels=[_label(at, step) for at, _value in points],
        series=(
            Series(name=_("received"), values=[value["received"] for _at, value in points]),
            Series(name=_("cases closed"), values=[value["closed"] for _at, value in points]),
            *((Series(name=_("received a year ago"), values=aligned),) if before else ()),
        ),
        unit=_("case(s)"),
    )


def the_rate_course(actor: Actor, params: Params) -> Chart | None:
    question = question_of(actor, params)
    of = rate_of(params)
    step = Step.MONTH if question.period.days > 62 else Step.WEEK
    points = [(at, value.rate(of)) for at, value in course(actor, question, step)]
    known = [rate.value for _at, rate in points if rate.value is not None]
    if not known:
        return None
    says = gettext("%(rate)s between %(low)s and %(high)s %%: %(formula)s") % {
        "rate": of.name,
        "low": f"{min(known):.1f}",
        "high": f"{max(known):.1f}",
        "formula": of.formula,
    }
    values = [round(rate.value, 1) if rate.value is not None else None for _at, rate in points]
    return Chart(
        says=says,
        labels=[_label(at, step) for at, _rate in points],
        series=(Series(name=of.name, values=values),),
        unit="%",
    )


def _label(at: date, step: Step) -> str:
    match step:
        case Step.DAY | Step.WEEK:
            return f"{at:%m-%d}"
        case Step.QUARTER:
            return f"{at:%Y} Q{(at.month + 2) // 3}"
    return f"{at:%Y-%m}"


class Shown:
    """A line of the breakdown with the addresses of its numbers."""

    def __init__(self, line: Line, group: str, params: Params) -> None:
        self.line, self.group, self.params = line, group, params
        self.key = str(line.key)
        self.narrow = narrowing(group, line.key)

    def number(self, name: str) -> Link | int:
        value = self.line.now[name]
        if self.narrow is None or not value:
            return value
        return Link(text=str(value), url=link(COUNTED, self.params, measure=name, **self.narrow))

    def rate(self, id: str, now: bool = True) -> str:
        numbers: Numbers = self.line.now if now else self.line.year_ago
        rate = numbers.rates[id]
        return "" if rate.value is None else f"{rate.value:.1f}%"

    @property
    def name(self) -> str:
        return self.line.name or gettext("none")

    @property
    def interval(self) -> str:
        rate = self.line.now.rate(rate_of(self.params))
        low, high = rate.interval
        return f"{low:.0f}–{high:.0f}%" if rate.whole else ""

    @property
    def rank(self) -> str:
        return str(self.line.rank) if self.line.rank else gettext("too few")


def the_lines(actor: Actor, params: Params) -> list[Shown]:
    group = group_of(params)
    return [Shown(line, group, params) for line in breakdown(actor, question_of(actor, params), group, rate_of(params))]


def _counts(name: str) -> Column:
    return Column(id=name, label=LABELS[name], value=lambda row: row.number(name), kind=Kind.NUMBER)


def _rates(id: str, label: Any) -> Column:
    return Column(id=f"rate_{id}", label=label, value=lambda row: row.rate(id), kind=Kind.TEXT)


LINE_COLUMNS = (
    Column(id="name", label=_("broken down by"), value="name"),
    Column(id="rank", label=_("rank"), value="rank", width="short"),
    *(_rates(of.id, of.name) for of in RATES),
    Column(id="interval", label=_("95 % certain"), value="interval"),
    Column(id="year_ago", label=_("on-time rate a year ago"), value=lambda row: row.rate("on_time", now=False)),
    *(_counts(name) for name in ("received", "closed", "due", "late", "returned", "reworked", "reopened")),
)


def the_spots(actor: Actor, params: Params) -> dict[str, Any] | None:
    """Hexagons where more was reported than a year ago, and more than chance explains, as a map."""
    spots = hot_spots(actor, question_of(actor, params))
    features = [
        {
            "type": "Feature",
            "id": spot.h3_9,
            "geometry": geometry.outline(spot.h3_9),
            "properties": {"key": str(spot.h3_9), "name": str(spot.now), "tone": str(_tone(spot))},
        }
        for spot in spots
    ]
    return {"type": "FeatureCollection", "features": features} if features else None


def _tone(spot: HotSpot) -> Tone:
    if spot.sure:
        return Tone.OVERDUE if spot.now >= 2 * max(1, spot.year_ago) else Tone.BEHIND
    return Tone.NEUTRAL


def the_spot_lines(actor: Actor, params: Params) -> list[dict[str, Any]]:
    spots = [spot for spot in hot_spots(actor, question_of(actor, params)) if spot.sure][:15]
    today = clock.today()
    centres = [geometry.centre(spot.h3_9) for spot in spots]
    areas = places.areas_of(centres, today)
    versions = places.places_at([area for area in areas if area], today)
    return [
        {
            "key": str(spot.h3_9),
            "place": Link(
                text=f"{versions[area].name if area else ''} {lat:.4f}, {lon:.4f}".strip(),
                url=link(COUNTED, params, measure="received", hexagon=spot.h3_9),
            ),
            "now": spot.now,
            "year_ago": spot.year_ago,
        }
        for spot, area, (lon, lat) in zip(spots, areas, centres, strict=True)
    ]


DASHBOARD = DashboardPage(
    id="cases.figures",
    title=_("Figures of cases"),
    menu=_("Case figures"),
    icon="chart-line",
    order=40,
    intro=_("What was due counts on the day on which it was due, up to yesterday. Each number opens what it counts."),
    permission=VIEW,
    filters=FILTERS,
    panels=(
        Panel(id="numbers", title=_("The period"), form="figures", source=the_figures, wide=True),
        Panel(
            id="course",
            title=_("Received and closed"),
            form="chart",
            source=the_course,
            empty=_("Nothing was received or closed in this period. Choose another."),
        ),
        Panel(
            id="rate",
            title=_("How the rate went"),
            form="chart",
            source=the_rate_course,
            empty=_("Nothing was due in this period. Choose another."),
        ),
        Panel(
            id="lines",
            title=_("Broken down"),
            form="table",
            source=the_lines,
            columns=LINE_COLUMNS,
            wide=True,
            empty=_("Nothing was counted in this period. Choose another."),
        ),
        Panel(
            id="spots",
            title=_("More reports than in the same season a year ago"),
            form="table",
            source=the_spot_lines,
            columns=(
                Column(id="place", label=_("where"), value="place"),
                Column(id="now", label=_("received"), value="now", kind=Kind.NUMBER),
                Column(id="year_ago", label=_("a year ago"), value="year_ago", kind=Kind.NUMBER),
            ),
            empty=_("Nowhere has it risen by more than chance explains."),
        ),
        Panel(
            id="spots-map",
            title=_("Map of reports by hexagon"),
            form="map",
            source=the_spots,
            empty=_("No report of this period has a point on the map."),
        ),
        Panel(
            id="file",
            title=_("As a list and as a file"),
            form="links",
            source=lambda actor, params: [
                Link(text=gettext("Open the breakdown as a list, to save it"), url=link(BREAKDOWN, params))
            ],
        ),
    ),
)
LINES = ListPage(
    id="cases.breakdown",
    title=_("Figures of cases, broken down"),
    permission=VIEW,
    rows=the_lines,
    columns=LINE_COLUMNS,
    filters=FILTERS,
    empty=_("Nothing was counted in this period. Choose another."),
)


def the_rows(actor: Actor, params: Params) -> QuerySet[Tally]:
    measure = params.get("measure", "received")
    return evidence(actor, question_of(actor, params), measure if measure in COUNTED_AS else "received")


def _class_name(row: Tally) -> str:
    found = rulebook().categories.get(row.category)
    return found.name if found else ""


ROWS = ListPage(
    id="cases.counted",
    title=_("What a figure counts"),
    permission=VIEW,
    rows=the_rows,
    columns=(
        Column(
            id="case",
            label=_("case"),
            value=lambda row: Link(text=row.case.number, url=f"/desk/cases/{row.case.number}/"),
        ),
        Column(id="what", label=_("figure"), value="get_what_display"),
        Column(id="day", label=_("day"), value="day", kind=Kind.DATE),
        Column(id="type", label=_("type"), value=lambda row: CASE_TYPES[row.type].name),
        Column(id="class", label=_("class"), value=_class_name),
        Column(id="source", label=_("came by"), value="source"),
        Column(id="received", label=_("received at"), value="case.received_at", kind=Kind.TIME),
        Column(id="closed", label=_("closed at"), value="case.closed_at", kind=Kind.TIME),
    ),
    filters=(
        Filter(
            id="measure",
            label=_("figure"),
            apply=_same,
            choices=tuple(Choice(value=name, label=LABELS[name]) for name in COUNTED_AS),
        ),
        *FILTERS[:8],
    ),
    order_by=("-day", "-id"),
    empty=_("Nothing was counted. Choose another period."),
)
PANEL = HomePanel(
    id="cases.figures_this_month",
    title=_("Cases this month"),
    face=Face.DESK,
    permission=VIEW,
    form="figures",
    source=lambda actor, params: the_figures(actor, {"period": "month"})[:4],
    order=60,
    wide=True,
)
PAGES = (DASHBOARD, LINES, ROWS, WALL)
