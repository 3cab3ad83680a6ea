"""What the plan promises of the fire cloud (消防云): full coverage, and alarms that are true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import Clock
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.kernel.telemetry.api import Alarm, built, counted_alarms, covered, false_ones
from zhen.packs.fire.case_types import HAZARD
from zhen.packs.fire.profiles import CODES


def _last(period: Period) -> date:
    """The last day of the period, or today while it runs."""
    return min(period.end - timedelta(days=1), clock.today())


def of_fire(count: Callable[[datetime, datetime], QuerySet[Alarm]]) -> Callable[[Period], QuerySet[Alarm]]:
    """Alarms of this pack's devices among those counted in a period."""

    def rows(period: Period) -> QuerySet[Alarm]:
        start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
        return count(start, end).filter(profile__in=CODES).select_related("device")

    return rows


def hazards_due(period: Period) -> QuerySet[Clock]:
    """The clocks of hazards that had to be settled in the period."""
    start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
    rows = Clock.objects.filter(case__type=HAZARD, deadline="whole", due_at__gte=start, due_at__lt=end)
    return rows.select_related("case")


def hazards_in_time(period: Period) -> QuerySet[Clock]:
    return hazards_due(period).filter(stopped_at__isnull=False, breached_at__isnull=True)


INDICATORS = (
    Indicator(
        id="fire.covered",
        name=_("buildings and parks with working fire devices"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_(
            "buildings and parks in which a fire device in service is heard and has no fault ÷ all, "
            "on the last day of the period"
        ),
        numerator=lambda period: covered(CODES, _last(period)),
        denominator=lambda period: built(_last(period)),
        area="place",
        row_label=lambda row: row.name,
        row_url=lambda row: f"/desk/places/areas/{row.place.code}/",
    ),
    Indicator(
        id="fire.false_alarms",
        name=_("share of false fire alarms"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("alarms closed as false ÷ alarms closed with a cause, tests left out, in the period"),
        numerator=of_fire(false_ones),
        denominator=of_fire(counted_alarms),
        area="place",
        row_label=lambda row: f"{row.device.code} {row.opened_at.astimezone(clock.TOWN_ZONE):%Y-%m-%d %H:%M}",
        row_url=lambda row: reverse("page:telemetry.alarm", kwargs={"key": row.pk}),
    ),
    Indicator(
        id="fire.hazards_in_time",
        name=_("fire hazards put right in time"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("hazards settled by their deadline ÷ hazards that were due in the period"),
        numerator=hazards_in_time,
        denominator=hazards_due,
        area="case__area",
        row_label=lambda row: row.case.number,
        row_url=lambda row: f"/desk/cases/{row.case.number}/",
    ),
)
