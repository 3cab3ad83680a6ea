"""What the plan promises of building security (智能安防): full coverage, read from the devices themselves."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.kernel.telemetry.api import built, covered
from zhen.packs.security.profiles import CODES


def _last(period: Period) -> date:
    """The last day of the period, or today while it runs."""
    return min(period.end - timedelta(days=1), clock.today())


INDICATORS = (
    Indicator(
        id="security.covered",
        name=_("buildings and parks with working security devices"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_(
            "buildings and parks in which a security device in service is heard and has no fault ÷ all, "
            "on the last day of the period"
        ),
        numerator=lambda period: covered(CODES, _last(period)),
        denominator=lambda period: built(_last(period)),
        area="place",
        row_label=lambda row: row.name,
        row_url=lambda row: f"/desk/places/areas/{row.place.code}/",
    ),
)
