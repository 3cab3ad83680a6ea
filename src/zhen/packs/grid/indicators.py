"""What the plan promises about the town's order and services, read from the grid's recorded work.

The rates are those of the published formulas (CJ/T 315 and the hotline's evaluation), from the same rows as the
figures of cases: a value here and a figure there can never differ, and each row opens the case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import counted
from zhen.kernel.identity.api import posts_on
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, PlaceVersion, scopes_of, versions_on
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.packs.grid.catalogue import CASE_TYPE

Rows = Callable[[Period], QuerySet[Any]]


def of(name: str) -> Rows:
    """The rows of a number of the figures in a period."""
    return lambda period: counted(CASE_TYPE, name, period.start, period.end, today=clock.today())


def cells(period: Period) -> QuerySet[PlaceVersion]:
    """The grid cells as they are on the last day of the period, or today while it runs."""
    return versions_on(_last(period), Kind.CELL)


def cells_with_worker(period: Period) -> QuerySet[PlaceVersion]:
    """Those that lie in the area of a grid worker's post."""
    day = _last(period)
    areas = posts_on(day).filter(role="grid_worker", area__isnull=False).values_list("area_id", flat=True)
    reached = frozenset[int]().union(*scopes_of(area for area in areas if area is not None).values())
    return cells(period).filter(place__in=reached)


def _last(period: Period) -> Any:
    return min(period.end - timedelta(days=1), clock.today())


def _rate(id: str, name: Any, formula: Any, part: str, whole: str) -> Indicator:
    return Indicator(
        id=f"grid.{id}",
        name=name,
        kind=IndicatorKind.RATE,
        unit="%",
        formula=formula,
        numerator=of(part),
        denominator=of(whole),
        area="area",
        row_label=lambda row: row.case.number,
        row_url=lambda row: f"/desk/cases/{row.case.number}/",
    )


INDICATORS = (
    _rate(
        "closed_on_time",
        _("grid cases closed on time"),
        _("cases closed by their deadline ÷ cases that were due in the period"),
        "on_time",
        "due",
    ),
    _rate(
        "resolved",
        _("grid cases resolved"),
        _("closed as resolved ÷ (closed as resolved + closed as explained), without what was opened again"),
        "solved",
        "answered",
    ),
    _rate(
        "first_contact",
        _("reporters contacted within one working day"),
        _("first contacts made in time ÷ first contacts that were due in the period"),
        "contacted",
        "contact_due",
    ),
    _rate(
        "satisfaction",
        _("satisfaction with grid cases"),
        _("ratings of 4 and 5 ÷ all ratings in the period, by reporters and in call-backs"),
        "satisfied",
        "rated",
    ),
    Indicator(
        id="grid.cells_with_worker",
        name=_("grid cells with a grid worker"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("cells in the area of a grid worker's post ÷ all cells, on the last day of the period"),
        numerator=cells_with_worker,
        denominator=cells,
        area="place",
        row_label=lambda row: row.name,
        row_url=lambda row: f"/desk/places/areas/{row.place.code}/",
    ),
    Indicator(
        id="grid.cases_closed",
        name=_("grid cases closed"),
        kind=IndicatorKind.COUNT,
        unit=_("cases"),
        formula=_("cases closed as resolved or as explained in the period"),
        numerator=of("answered"),
        area="area",
        row_label=lambda row: row.case.number,
        row_url=lambda row: f"/desk/cases/{row.case.number}/",
    ),
)
