"""What the plan's promises on public money are measured by."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.plan.api import Indicator, IndicatorKind
from zhen.packs.finance import queries

YUAN = _("fen")


def _url(payment: object) -> str:
    return f"/desk/finance/payments/{getattr(payment, 'pk', '')}/"


INDICATORS = (
    Indicator(
        id="finance.paid",
        name=_("public money paid"),
        kind=IndicatorKind.COUNT,
        unit=YUAN,
        formula=_("sum of the payments made in the period"),
        numerator=queries.paid_in,
        amount="amount",
        row_url=_url,
    ),
    Indicator(
        id="finance.paid_of_asked",
        name=_("payments made of those asked for"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("payments asked for in the period and made ÷ payments asked for and not refused or withdrawn"),
        numerator=queries.paid_of_asked,
        denominator=queries.asked_in,
        row_url=_url,
    ),
    Indicator(
        id="finance.three_public_expenses",
        name=_("three public expenses"),
        kind=IndicatorKind.COUNT,
        unit=YUAN,
        formula=_("sum of the payments in the period for travel abroad, receptions and official cars"),
        numerator=queries.public_expenses,
        amount="amount",
        row_url=_url,
    ),
)
