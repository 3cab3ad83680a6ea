"""How often alarms are false, for those who can do something about it; every number opens to the alarms counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Chart,
    Choice,
    Column,
    DashboardPage,
    Figure,
    Filter,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Series,
    Tone,
)
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms import rates
from zhen.kernel.telemetry.alarms.rates import Cause, Month, Rate
from zhen.kernel.telemetry.alarms.screens.common import PROFILE
from zhen.kernel.telemetry.alarms.values import VIEW
from zhen.kernel.telemetry.declarations import CAUSES

USUAL = "quarter"
RATE = _("rate of false alarms")
FIRST_FEW = 10
NAMES = {"month": _("this month"), "quarter": _("the last 3 months"), "year": _("the last 12 months")}


def span_choices(_actor: Any = None) -> list[Choice]:
    """The named times, and each of the last twelve months."""
    this = clock.today().replace(day=1)
    months = [f"{rates.months_back(this, back):%Y-%m}" for back in range(rates.YEAR)]
    named = [Choice(value=value, label=label) for value, label in NAMES.items()]
    return [*named, *(Choice(value=month, label=month) for month in months)]


def area_choices(_actor: Any = None) -> list[Choice]:
    versions = places.versions_on(clock.today(), places.Kind.NEIGHBOURHOOD).select_related("place").order_by("name_key")
    return [Choice(value=version.place.code, label=version.name) for version in versions]


def verdict_filter(rows: Any, value: str) -> Any:
    return rows.filter(rates.VERDICTS[value])


SPAN = Filter(id="closed", label=_("closed in"), apply=rates.closed_in, choices=span_choices)
AREA = Filter(id="area", label=_("neighbourhood"), apply=rates.in_area, choices=area_choices)
OF_ALARMS = (
    SPAN,
    Filter(
        id="verdict",
        label=_("true or false"),
        apply=verdict_filter,
        choices=(
            Choice(value="false", label=_("false alarm")),
            Choice(value="true", label=_("true alarm")),
            Choice(value="counted", label=_("either of the two")),
            Choice(value="uncounted", label=_("not counted: test, or over by itself")),
        ),
    ),
    Filter(
        id="cause",
        label=_("cause"),
        apply=lambda rows, value: rows.filter(cause=value),
        choices=tuple(Choice(value=code, label=name) for code, name in CAUSES.items()),
    ),
    AREA,
    Filter(
        id="building", label=_("code of the building"), apply=lambda rows, v: rows.filter(incident__building__code=v)
    ),
    Filter(id="device", label=_("code of the device"), apply=lambda rows, v: rows.filter(device__code=v)),
)
"""For the list of alarms: what the numbers of this page open to."""
FILTERS = (
    Filter(id="closed", label=_("closed in"), apply=lambda rows, _v: rows, choices=span_choices, default=USUAL),
    Filter(id="profile", label=PROFILE.label, apply=lambda rows, _v: rows, choices=PROFILE.choices),
    Filter(id="area", label=AREA.label, apply=lambda rows, _v: rows, choices=area_choices),
)


def span(params: Params) -> str:
    return params.get("closed") or USUAL


def asked(params: Params) -> dict[str, str]:
    """What the filters of the page say, for the addresses of other pages."""
    return {"closed": span(params), **{name: params[name] for name in ("profile", "area") if params.get(name)}}


def opening(given: Mapping[str, str], **more: str) -> str:
    """The list of exactly the alarms that a number counts."""
    return "/desk/telemetry/alarms/?" + urlencode({**given, **more})


def rows_for(actor: Actor, params: Params) -> Any:
    return rates.chosen(actor, params, span=span(params))


def figures(actor: Actor, params: Params) -> list[Figure]:
    found, given = rates.rate(rows_for(actor, params)), asked(params)
    period = NAMES.get(span(params), span(params))
    return [
        rate_figure(found, opening(given, verdict="counted")),
        Figure(
            label=_("false alarms"),
            value=found.false,
            unit=_("alarm(s)"),
            period=period,
            evidence=opening(given, verdict="false"),
        ),
        Figure(
            label=_("true alarms"),
            value=found.counted - found.false,
            unit=_("alarm(s)"),
            period=period,
            evidence=opening(given, verdict="true"),
        ),
        Figure(
            label=_("not counted: test, or over by itself"),
            value=found.uncounted,
            unit=_("alarm(s)"),
            period=period,
            evidence=opening(given, verdict="uncounted"),
        ),
    ]


def rate_figure(found: Rate, evidence: str, label: Any = RATE) -> Figure:
    return Figure(
        label=label,
        value=found.share,
        unit="%",
        period=f"{found.false:,} ÷ {found.counted:,}",
        evidence=evidence if found.counted else "",
        why=_("No alarm was closed with a cause that counts."),
    )


def trend(actor: Actor, params: Params) -> Chart | None:
    months = rates.by_month(actor, params)
    known = [month for month in months if month.rate.share is not None]
    if not known:
        return None
    worst = max(known, key=lambda month: month.rate.share or 0)
    says = gettext("%(month)s was the worst of twelve months: %(share)s %% of the alarms were false.")
    return Chart(
        says=says % {"month": worst.key, "share": f"{worst.rate.share:g}"},
        labels=[month.key for month in months],
        series=(Series(name=RATE, values=[month.rate.share for month in months], tone=Tone.BEHIND),),
        unit="%",
    )


def month_rows(actor: Actor, params: Params) -> list[dict[str, Any]]:
    """The newest first; months without a closed alarm say nothing."""
    kept = {name: value for name, value in asked(params).items() if name != "closed"}
    months: Iterable[Month] = reversed(rates.by_month(actor, params))
    return [
        {"key": month.key, "counted": month.rate.counted, "false": month.rate.false, "asked": _with(kept, month.key)}
        for month in months
        if month.rate.counted
    ]


def _with(kept: Mapping[str, str], month: str) -> str:
    return urlencode({**kept, "closed": month})


def causes(actor: Actor, params: Params) -> list[Cause]:
    return list(rates.by_cause(rows_for(actor, params)))


def cause_rows(actor: Actor, params: Params) -> list[dict[str, Any]]:
    given = asked(params)
    return [
        {
            "key": one.code,
            "name": CAUSES.get(one.code, one.code),
            "count": Link(text=f"{one.count:,}", url=opening(given, cause=one.code)),
            "share": f"{one.share:g} %",
        }
        for one in causes(actor, params)
    ]


def cause_chart(actor: Actor, params: Params) -> Chart | None:
    found = causes(actor, params)
    if not found:
        return None
    first = found[0]
    says = gettext("Most often: %(cause)s, %(count)s of %(of)s closed alarms.")
    return Chart(
        says=says % {"cause": CAUSES.get(first.code, first.code), "count": first.count, "of": first.of},
        labels=[CAUSES.get(one.code, one.code) for one in found],
        series=(Series(name=_("closed alarms"), values=[one.count for one in found], tone=Tone.DUE_SOON),),
        form="bar",
        unit=pgettext_lazy("unit of a chart", "alarms"),
    )


def worst_devices(actor: Actor, params: Params) -> Any:
    return rates.by_device(rows_for(actor, params), asked(params))


def worst_buildings(actor: Actor, params: Params) -> Any:
    return rates.by_building(rows_for(actor, params), asked(params))


def whole_lists(_actor: Actor, params: Params) -> list[Link]:
    query = urlencode(asked(params))
    return [
        Link(text=_("All devices with false alarms"), url=f"/desk/telemetry/false_alarm_devices/?{query}"),
        Link(text=_("All buildings with false alarms"), url=f"/desk/telemetry/false_alarm_buildings/?{query}"),
    ]


def _opens(name: str, verdict: str, count: str) -> Any:
    """A cell: the number, and the list of what it counts. `name` is the filter for which the row's key stands."""

    def value(row: Mapping[str, Any]) -> Link:
        narrowed = f"{row['asked']}&{urlencode({name: row['key']})}" if name else row["asked"]
        return Link(text=f"{row[count]:,}", url=f"/desk/telemetry/alarms/?{narrowed}&verdict={verdict}")

    return value


def _page_of(kind: str) -> Any:
    """A cell: the name, and the page of the device or building. A list that named it as its detail would move it."""

    def value(row: Mapping[str, Any]) -> Link:
        address = reverse(f"page:telemetry.{kind}", kwargs={"key": row["key"]})
        return Link(text=row["name"] or row["key"], url=address)

    return value


def _share(row: Mapping[str, Any]) -> str:
    return f"{100 * row['false'] / row['counted']:.1f} %"


def _numbers(name: str) -> tuple[Column, ...]:
    return (
        Column(id="false", label=_("false alarms"), value=_opens(name, "false", "false"), kind=Kind.NUMBER),
        Column(
            id="counted", label=_("closed, true or false"), value=_opens(name, "counted", "counted"), kind=Kind.NUMBER
        ),
        Column(id="share", label=RATE, value=_share, kind=Kind.TEXT),
    )


NO_FALSE = _("In this time no alarm was closed as false.")
DEVICE_COLUMNS = (
    Column(id="name", label=_("device"), value=_page_of("device"), kind=Kind.LINK, width="wide"),
    Column(id="place", label=_("place"), value="place_name"),
    *_numbers("device"),
)
BUILDING_COLUMNS = (
    Column(id="name", label=_("building"), value=_page_of("building"), kind=Kind.LINK, width="wide"),
    *_numbers("building"),
)
PAGES = (
    DashboardPage(
        id="telemetry.false_alarms",
        title=_("False alarms"),
        menu=_("False alarms"),
        icon="bell",
        order=22,
        permission=VIEW,
        intro=_(
            "An alarm counts once it is closed with a cause. It is true where the cause is a real fire or a real "
            "event, and false with any other; tests, and what was over by itself, do not count."
        ),
        filters=FILTERS,
        panels=(
            Panel(id="rate", title=_("In numbers"), form="figures", source=figures, wide=True),
            Panel(
                id="trend",
                title=_("Month by month"),
                form="chart",
                source=trend,
                wide=True,
                empty=_("In twelve months no alarm was closed with a cause that counts."),
            ),
            Panel(
                id="devices",
                title=_("Devices with the most false alarms"),
                form="table",
                source=lambda actor, params: worst_devices(actor, params)[:FIRST_FEW],
                columns=DEVICE_COLUMNS,
                wide=True,
                empty=NO_FALSE,
            ),
            Panel(
                id="buildings",
                title=_("Buildings with the most false alarms"),
                form="table",
                source=lambda actor, params: worst_buildings(actor, params)[:FIRST_FEW],
                columns=BUILDING_COLUMNS,
                empty=NO_FALSE,
            ),
            Panel(id="whole", title=_("Whole lists"), form="links", source=whole_lists),
            Panel(
                id="causes",
                title=_("Why there were alarms"),
                form="chart",
                source=cause_chart,
                empty=_("In this time no alarm was closed."),
            ),
            Panel(
                id="by_cause",
                title=_("By cause"),
                form="table",
                source=cause_rows,
                columns=(
                    Column(id="name", label=_("cause"), value="name"),
                    Column(id="count", label=_("closed alarms"), value="count", kind=Kind.NUMBER),
                    Column(id="share", label=_("share"), value="share"),
                ),
                empty=_("In this time no alarm was closed."),
            ),
            Panel(
                id="months",
                title=_("By month"),
                form="table",
                source=month_rows,
                columns=(Column(id="month", label=_("month"), value="key"), *_numbers("")),
                empty=_("In twelve months no alarm was closed with a cause that counts."),
            ),
        ),
    ),
    ListPage(
        id="telemetry.false_alarm_devices",
        title=_("False alarms by device"),
        permission=VIEW,
        rows=worst_devices,
        columns=(DEVICE_COLUMNS[0], Column(id="code", label=_("code"), value="key"), *DEVICE_COLUMNS[1:]),
        filters=FILTERS,
        empty=NO_FALSE,
    ),
    ListPage(
        id="telemetry.false_alarm_buildings",
        title=_("False alarms by building"),
        permission=VIEW,
        rows=worst_buildings,
        columns=(BUILDING_COLUMNS[0], Column(id="code", label=_("code"), value="key"), *BUILDING_COLUMNS[1:]),
        filters=FILTERS,
        empty=NO_FALSE,
    ),
)
