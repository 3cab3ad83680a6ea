"""What the plan's promises on assets are measured by."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.kernel.rounds.api import Visit
from zhen.packs.finance.assets.checking import SOURCE
from zhen.packs.finance.assets.models import Asset
from zhen.packs.finance.models import Payment


def on_books(period: Period) -> QuerySet[Asset]:
    """Assets that are on the books on the last day of a period."""
    still = Q(gone_on__isnull=True) | Q(gone_on__gte=period.end)
    return Asset.objects.filter(still, acquired_on__lt=period.end)


def seen(period: Period) -> QuerySet[Asset]:
    start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
    visits = Visit.objects.filter(
        subject__source=SOURCE, outcome=Visit.Outcome.SEEN, done_at__gte=start, done_at__lt=end
    )
    keys = visits.annotate(asset=Cast("subject__ref", BigIntegerField())).values("asset")
    return on_books(period).filter(pk__in=keys)


def bought(period: Period) -> QuerySet[Payment]:
    return Payment.objects.filter(
        kind="asset", state=Payment.State.PAID, paid_on__gte=period.start, paid_on__lt=period.end
    )


def carded(period: Period) -> QuerySet[Payment]:
    rows = bought(period).annotate(carded=Coalesce(Sum("assets__value"), 0))
    return rows.filter(carded=F("amount") + F("withheld"))


def _asset_url(asset: Any) -> str:
    return f"/desk/finance/assets/{asset.pk}/"


def _payment_url(payment: Any) -> str:
    return f"/desk/finance/payments/{payment.pk}/"


INDICATORS = (
    Indicator(
        id="finance.assets_seen",
        name=_("assets seen in stock-taking"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("assets on the books that a visit of the period has seen ÷ assets on the books at its end"),
        numerator=seen,
        denominator=on_books,
        row_url=_asset_url,
    ),
    Indicator(
        id="finance.assets_carded",
        name=_("bought assets with cards of the same value"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("payments for assets of the period whose cards come to what was booked ÷ payments for assets"),
        numerator=carded,
        denominator=bought,
        row_url=_payment_url,
    ),
)
