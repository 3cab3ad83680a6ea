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
from zhen.packs.upkeep.checklists.environment import HEALTHY, HYGIENE
from zhen.packs.upkeep.checklists.premises import FOOD_CHECK, POULTRY, SHEDS
from zhen.packs.upkeep.models import Check, Premises, Structure
from zhen.packs.upkeep.sources import PREMISES

Text = str | Promise
Kind = Premises.Kind
ROOFS, FOOD = (SHEDS.id,), (FOOD_CHECK.id, POULTRY.id)
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


def old(period: Period) -> QuerySet[Structure]:
    """The stock as it was when the period began: those of the day before."""
    return standing(period.day_before())


def old_removed(period: Period) -> QuerySet[Structure]:
    """Those of them that are gone by the last day; what has come meanwhile makes this no smaller."""
    return old(period).filter(removed_on__lte=_last(period))


def new_removed(period: Period) -> QuerySet[Structure]:
    return new_ones(period).filter(removed_on__lte=_last(period))


def there(kinds: Collection[str]) -> Callable[[Period], QuerySet[Premises]]:
    """Premises of these kinds that were open on the last day."""

    def rows(period: Period) -> QuerySet[Premises]:
        day = _last(period)
        is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        return Premises.objects.filter(is_open, kind__in=kinds, since__lte=day)

    return rows


def seen(kinds: Collection[str], *checklists: str) -> Callable[[Period], QuerySet[Premises]]:
    """Those of them that somebody has seen on a visit in the period, with one of these checklists or with any."""

    def rows(period: Period) -> QuerySet[Premises]:
        start, end = _moments(period)
        there_was = Visit.objects.filter(
            subject__source=PREMISES, subject__ref=Cast(OuterRef("pk"), CharField()), outcome=Visit.Outcome.SEEN,
            done_at__gte=start, done_at__lt=end,
        )  # fmt: skip
        if checklists:
            there_was = there_was.filter(checklist__in=checklists)
        return there(kinds)(period).filter(Exists(there_was))

    return rows


def found(*checklists: str) -> Callable[[Period], QuerySet[Finding]]:
    """What visits with these checklists have found, or with any of upkeep."""

    def rows(period: Period) -> QuerySet[Finding]:
        start, end = _moments(period)
        ours = Q(case__type=FINDING.id) | Q(case__isnull=True, subject__source=PREMISES)
        only = Q(visit__checklist__in=checklists) if checklists else Q()
        return Finding.objects.filter(ours, only, found_at__gte=start, found_at__lt=end).select_related("subject")

    return rows


def rectified(*checklists: str) -> Callable[[Period], QuerySet[Finding]]:
    """Those of them that a visit has seen to be right."""
    return lambda period: found(*checklists)(period).filter(rectified_at__isnull=False)


def checks(period: Period) -> QuerySet[Visit]:
    """The visits that warnings of typhoon and flood have opened, as far as they were planned for the period."""
    opened = Check.objects.values("campaign")
    rows = Visit.objects.filter(
        kind=Visit.Kind.ROUND, round__campaign__in=opened, planned_on__gte=period.start, planned_on__lte=_last(period)
    )  # fmt: skip
    return rows.exclude(state=Visit.State.CALLED_OFF).select_related("subject")


def checks_made(period: Period) -> QuerySet[Visit]:
    return checks(period).filter(state=Visit.State.DONE)


def _coverage(id: str, name: Text, kinds: Collection[str], *checklists: str) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("those seen on a visit in the period ÷ all that are open on its last day"),
        numerator=seen(kinds, *checklists),
        denominator=there(kinds),
        area="area",
        row_label=lambda row: row.name,
        row_url=lambda row: reverse("page:upkeep.premises_one", kwargs={"key": row.pk}),
    )


def _rectified(id: str, name: Text, *checklists: str) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("findings of the period that a visit has seen to be right ÷ all findings of the period"),
        numerator=rectified(*checklists),
        denominator=found(*checklists),
        area="subject__area",
        row_label=lambda row: f"{row.subject.name} {row.title}",
        row_url=lambda row: reverse("page:rounds.visit", kwargs={"key": row.visit_id}),
    )


def _structures(
    id: str,
    name: Text,
    kind: IndicatorKind,
    formula: Text,
    rows: Callable[[Period], QuerySet[Structure]],
    of: Callable[[Period], QuerySet[Structure]] | None = None,
) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=kind,
        unit="%" if kind in (IndicatorKind.RATE, IndicatorKind.FALL) else _("structures"),
        formula=formula,
        numerator=rows,
        denominator=of,
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
    _structures(
        "upkeep.stock_fallen",
        _("fall of the stock of unauthorised structures"),
        IndicatorKind.FALL,
        _("(structures that stood when the period began − those that stand on its last day) ÷ those of its beginning"),
        standing,
    ),
    _structures(
        "upkeep.old_stock_removed",
        _("old stock of unauthorised structures removed"),
        IndicatorKind.RATE,
        _("structures that stood when the period began and were seen removed by its last day ÷ all that stood then"),
        old_removed,
        old,
    ),
    _structures(
        "upkeep.new_structures_removed",
        _("new unauthorised structures removed"),
        IndicatorKind.RATE,
        _("structures that were built and discovered in the period and seen removed in it ÷ all of those discovered"),
        new_removed,
        new_ones,
    ),
    _coverage("upkeep.key_premises_seen", _("key premises inspected"), KEY),
    _coverage("upkeep.rivers_seen", _("rivers walked"), (Kind.RIVER,)),
    _coverage("upkeep.waste_points_seen", _("waste-sorting points looked at"), (Kind.WASTE_POINT,)),
    _coverage("upkeep.group_rentals_seen", _("flats let to groups looked at"), (Kind.GROUP_RENTAL,)),
    _coverage("upkeep.sheds_seen", _("sheds for bicycles and goods looked at"), (Kind.SHED,)),
    _coverage("upkeep.hygiene_reviewed", _("markets looked at for the hygiene review"), (Kind.MARKET,), HYGIENE.id),
    _coverage(
        "upkeep.healthy_reviewed", _("markets looked at for the healthy-town review"), (Kind.MARKET,), HEALTHY.id
    ),
    _rectified("upkeep.findings_rectified", _("findings put right")),
    _rectified("upkeep.rectified_roofs", _("findings at colour-steel roofs and sheds put right"), *ROOFS),
    _rectified("upkeep.rectified_food", _("findings of food and live poultry put right"), *FOOD),
    Indicator(
        id="upkeep.flood_checks_made",
        name=_("checks of typhoon and flood made"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("visits made ÷ visits that warnings of typhoon and flood have opened in the period"),
        numerator=checks_made,
        denominator=checks,
        area="area",
        row_label=lambda row: row.subject.name,
        row_url=lambda row: reverse("page:rounds.visit", kwargs={"key": row.pk}),
    ),
)
