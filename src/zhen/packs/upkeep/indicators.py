"""What the plan promises of upkeep: fewer unauthorised structures (违建), premises looked at, findings put right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.kernel.rounds.api import Finding, Visit
from zhen.packs.upkeep.case_types import FINDING
from zhen.packs.upkeep.models import Premises, Structure
from zhen.packs.upkeep.sources import PREMISES

Text = str | Promise
Kind = Premises.Kind
KEY = (Kind.RESTAURANT, Kind.MARKET, Kind.HOTEL, Kind.NURSING_HOME, Kind.BUILDING_SITE, Kind.WORKSHOP, Kind.SHED)
"""重点场所: what the plan has looked at for safety and health."""


def _last(period: Period) -> date:
    """The last day of the period, or today while it runs."""
    return min(period.end - timedelta(days=1), clock.today())


def _moments(period: Period) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
    return start, end


def standing(period: Period) -> QuerySet[Structure]:
    """The stock at the end of the period."""
    day = _last(period)
    rows = Structure.objects.filter(Q(removed_on__isnull=True) | Q(removed_on__gt=day), found_on__lte=day, void=False)
    return rows.select_related("case")


def removed(period: Period) -> QuerySet[Structure]:
    rows = Structure.objects.filter(removed_on__gte=period.start, removed_on__lt=period.end)
    return rows.select_related("case")


def new_ones(period: Period) -> QuerySet[Structure]:
    rows = Structure.objects.filter(found_on__gte=period.start, found_on__lt=period.end, kind="new", void=False)
    return rows.select_related("case")


def there(kinds: Collection[str]) -> Callable[[Period], QuerySet[Premises]]:
    """Premises of these kinds that were open on the last day."""

    def rows(period: Period) -> QuerySet[Premises]:
        day = _last(period)
        is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        return Premises.objects.filter(is_open, kind__in=kinds, since__lte=day)

    return rows


def seen(kinds: Collection[str]) -> Callable[[Period], QuerySet[Premises]]:
    """Those of them that somebody has seen on a visit in the period."""

    def rows(period: Period) -> QuerySet[Premises]:
        start, end = _moments(period)
        there_was = Visit.objects.filter(
            subject__source=PREMISES, subject__ref=Cast(OuterRef("pk"), CharField()), outcome=Visit.Outcome.SEEN,
            done_at__gte=start, done_at__lt=end,
        )  # fmt: skip
        return there(kinds)(period).filter(Exists(there_was))

    return rows


def found(period: Period) -> QuerySet[Finding]:
    start, end = _moments(period)
    ours = Q(case__type=FINDING.id) | Q(case__isnull=True, subject__source=PREMISES)
    return Finding.objects.filter(ours, found_at__gte=start, found_at__lt=end).select_related("subject")


def rectified(period: Period) -> QuerySet[Finding]:
    """Those of them that a visit has seen to be right."""
    return found(period).filter(rectified_at__isnull=False)


def _coverage(id: str, name: Text, kinds: Collection[str]) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("those seen on a visit in the period ÷ all that are open on its last day"),
        numerator=seen(kinds),
        denominator=there(kinds),
        area="area",
        row_label=lambda row: row.name,
        row_url=lambda row: reverse("page:upkeep.premises_one", kwargs={"key": row.pk}),
    )


def _structures(
    id: str, name: Text, kind: IndicatorKind, formula: Text, rows: Callable[[Period], QuerySet[Structure]]
) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=kind,
        unit=_("structures"),
        formula=formula,
        numerator=rows,
        area="area",
        row_label=lambda row: row.case.number,
        row_url=lambda row: f"/desk/cases/{row.case.number}/",
    )


INDICATORS = (
    _structures(
        "upkeep.structures_standing",
        _("unauthorised structures that stand"),
        IndicatorKind.STOCK,
        _("structures discovered by the last day and not seen removed by then"),
        standing,
    ),
    _structures(
        "upkeep.structures_removed",
        _("unauthorised structures removed"),
        IndicatorKind.COUNT,
        _("structures whose removal was verified on the spot in the period"),
        removed,
    ),
    _structures(
        "upkeep.structures_new",
        _("new unauthorised structures"),
        IndicatorKind.COUNT,
        _("structures that were built and discovered in the period"),
        new_ones,
    ),
    _coverage("upkeep.key_premises_seen", _("key premises inspected"), KEY),
    _coverage("upkeep.rivers_seen", _("rivers walked"), (Kind.RIVER,)),
    _coverage("upkeep.waste_points_seen", _("waste-sorting points looked at"), (Kind.WASTE_POINT,)),
    Indicator(
        id="upkeep.findings_rectified",
        name=_("findings put right"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("findings of the period that a visit has seen to be right ÷ all findings of the period"),
        numerator=rectified,
        denominator=found,
        area="subject__area",
        row_label=lambda row: f"{row.subject.name} {row.title}",
        row_url=lambda row: reverse("page:rounds.visit", kwargs={"key": row.visit_id}),
    ),
)
