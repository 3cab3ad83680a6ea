"""Open figures: what residents reported and how it was handled, for the town and each neighbourhood, as CSV as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Period, PublicHead, PublicRow
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chart, Series
from zhen.kernel.places import api as places
from zhen.web.cases.inbox import one_of
from zhen.web.pages.common import params_of
from zhen.web.pages.exports import Plain, csv_lines, safe
from zhen.web.pages.panels import chart_of
from zhen.web.reports.where import PUBLIC
from zhen.web.requests import Request

PERIODS = {
    "months": gettext_lazy("the last twelve whole months"),
    "quarter": gettext_lazy("the last three whole months"),
    "year": gettext_lazy("this year, to the end of last month"),
    "before": gettext_lazy("the year before"),
}


@require_GET
def show(request: Request) -> HttpResponse:
    """Whole months only: what may change by tomorrow, or tell one day from the next, is not published."""
    params = params_of(request)
    today = clock.today()
    areas = list(places.readable(PUBLIC, today, "neighbourhood").order_by("name_key"))
    area = one_of(params, "area", {row.place.code: row for row in areas})
    chosen = one_of(params, "period", {name: name for name in PERIODS}) or "months"
    period = period_of(chosen, today)
    heads = cases.public_heads()
    rows = cases.public_by_area(period, today)
    if one_of(params, "form", {"csv": "csv"}):
        return _csv(heads, rows, period)
    kept = {name: params[name] for name in ("area", "period") if params.get(name)}
    months = cases.public_by_month(area.place_id if area else None, period, today)
    context = {
        "areas": areas,
        "area": area,
        "periods": list(PERIODS.items()),
        "chosen": chosen,
        "period": period,
        "figures": cases.public_figures(area.place_id if area else None, period, today),
        "heads": heads,
        "rows": rows,
        "months": months,
        "chart": _chart(heads, months, area.name if area else _("the whole town")),
        "rates": heads[-4:],
        "csv": f"{reverse('reports:figures')}?{urlencode({**kept, 'form': 'csv'})}",
    }
    return render(request, "web/reports/figures.html", context)


def period_of(chosen: str, today: date) -> Period:
    """A period of whole months that are over. In January this year has none yet: then it is last year."""
    this = today.replace(day=1)
    last = this - timedelta(days=1)
    match chosen:
        case "quarter":
            return Period(_months_before(this, 3), last)
        case "year":
            return Period(last.replace(month=1, day=1), last)
        case "before":
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    return Period(_months_before(this, 12), last)


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _chart(heads: Sequence[PublicHead], months: Sequence[PublicRow], where: str) -> dict[str, Any] | None:
    """Reported and closed, month by month; nothing where nothing was reported."""
    drawn = [(n, head) for n, head in enumerate(heads) if head.id in ("received", "closed")]
    if not any(row.values[n] for row in months for n, _head in drawn):
        return None
    chart = Chart(
        says=_("What was reported and what was closed, month by month: {area}").format(area=where),
        labels=[row.name for row in months],
        series=tuple(Series(name=head.label, values=[row.values[n] for row in months]) for n, head in drawn),
        form="bar",
        unit=_("cases"),
    )
    return chart_of("chart-figures", chart, missing=_("too few to be told"))


def _csv(heads: Sequence[PublicHead], rows: Sequence[PublicRow], period: Period) -> HttpResponse:
    head: list[Plain] = [_("neighbourhood"), _("from"), _("to"), *(f"{one.label} {one.unit}".strip() for one in heads)]
    lines: list[list[Plain]] = [
        [safe(row.name), period.first.isoformat(), period.last.isoformat(), *(_written(value) for value in row.values)]
        for row in rows
    ]
    response = StreamingHttpResponse(csv_lines([head, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{period.first}-{period.last}.csv"'
    return response  # type: ignore[return-value]  # HttpResponse is what callers compose with


def _written(value: float | None) -> str:
    """Empty: too small to be told, or nothing to reckon with."""
    return "" if value is None else f"{round(value, 1):g}"
