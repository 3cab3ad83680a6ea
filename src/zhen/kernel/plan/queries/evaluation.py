"""Reading a target's value from recorded work, with the very rows that were counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q, QuerySet, Sum

from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period
from zhen.kernel.plan.models import Measurement, Series, SeriesImport, SeriesPoint, Target
from zhen.kernel.plan.quantities import convert

Part = Literal["numerator", "denominator"]
Areas = frozenset[int] | None
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What an indicator or a series gave for a period. Without a value, `reason` says why.

    `unit` is the unit of `value`, `numerator` and `denominator` are what it was made of.
    """

    period: Period
    unit: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""
    source: str = ""
    version: int | None = None


def evaluate(indicator: Indicator, period: Period, areas: Areas = None) -> Evaluation:
    """The value of a declared indicator in a period, for the whole town or for some areas. One or two queries."""
    above = _total(indicator, counted_rows(indicator, period, "numerator", areas))
    below: Decimal | None = None
    reason = ""
    match indicator.kind:
        case IndicatorKind.RATE:
            below = _total(indicator, counted_rows(indicator, period, "denominator", areas))
            value = above * HUNDRED / below if below else None
            reason = "" if below else Measurement.Reason.NO_DATA
        case IndicatorKind.CHANGE | IndicatorKind.FALL:
            below = _total(indicator, counted_rows(indicator, period, "denominator", areas))
            grown = above - below if indicator.kind is IndicatorKind.CHANGE else below - above
            value = grown * HUNDRED / below if below else None
            reason = "" if below else Measurement.Reason.NO_BASE
        case _:
            value = above
    percent = indicator.kind in (IndicatorKind.RATE, IndicatorKind.CHANGE, IndicatorKind.FALL)
    return Evaluation(
        period=period,
        unit="%" if percent else str(indicator.unit),
        value=value,
        numerator=above,
        denominator=below,
        reason=reason,
        source=indicator.id,
        version=indicator.version,
    )


def counted_rows(indicator: Indicator, period: Period, part: Part, areas: Areas = None) -> QuerySet[Any]:
    """The rows that count in a period. The denominator of a change are the rows of the year before, that of a fall the
    stock on the day before the period."""
    if part == "numerator":
        rows = indicator.numerator(period)
    elif indicator.kind is IndicatorKind.CHANGE:
        rows = indicator.numerator(period.year_before())
    elif indicator.kind is IndicatorKind.FALL:
        rows = indicator.numerator(period.day_before())
    elif indicator.denominator is not None:
        rows = indicator.denominator(period)
    else:
        return indicator.numerator(period).none()  # type: ignore[no-any-return]  # what packs declare
    if areas is not None and indicator.area is not None:
        rows = rows.filter(**{f"{indicator.area}__in": areas})
    return rows.order_by("pk")  # type: ignore[no-any-return]  # likewise


def _total(indicator: Indicator, rows: QuerySet[Any]) -> Decimal:
    if indicator.amount is None:
        return Decimal(rows.count())
    return Decimal(rows.aggregate(total=Sum(indicator.amount))["total"] or 0)


def signed_points(series: Series, areas: Areas = None) -> list[SeriesPoint]:
    """The points that count: the newest sign-off for each period, for the whole town or some areas."""
    where = Q(area=None) if areas is None else Q(area__in=areas)
    rows = SeriesPoint.objects.filter(where, series=series, source_import__state=SeriesImport.State.SIGNED)
    newest: dict[tuple[date, date, int | None], SeriesPoint] = {}
    for point in rows.order_by("source_import__decided_at", "source_import_id"):
        newest[point.start, point.end, point.area_id] = point
    return sorted(newest.values(), key=lambda p: (p.start, p.end))


def evaluate_series(series: Series, period: Period, *, growth: bool = False, areas: Areas = None) -> Evaluation:
    """The value of a series in a period. The period of the result is what the points cover.

    Growth compares each point with the one of the same days a year before, so that late figures never
    compare nine months with twelve.
    """
    points = signed_points(series, areas)
    now, before = points_of(series, points, period, growth=growth)
    source = f"series:{series.code}"
    if not now:
        return Evaluation(period=period, unit=series.unit, reason=Measurement.Reason.NO_DATA, source=source)
    covered = Period(start=min(p.start for p in now), end=max(p.end for p in now))
    above = _of_series(series, now)
    if not growth:
        return Evaluation(period=covered, unit=series.unit, value=above, numerator=above, source=source)
    below = _of_series(series, before) if len(before) == len(now) else Decimal(0)
    if not below:
        return Evaluation(period=covered, unit="%", numerator=above, reason=Measurement.Reason.NO_BASE, source=source)
    value = (above - below) * HUNDRED / below
    return Evaluation(period=covered, unit="%", value=value, numerator=above, denominator=below, source=source)


def points_of(
    series: Series, points: Iterable[SeriesPoint], period: Period, *, growth: bool
) -> tuple[list[SeriesPoint], list[SeriesPoint]]:
    """The points that count in the period, and for growth those of the year before."""
    listed = list(points)
    inside = [p for p in listed if period.start <= p.start and p.end <= period.end]
    if series.kind != Series.Kind.FLOW and inside:
        last = max(p.end for p in inside)
        inside = [p for p in inside if p.end == last]
    if not growth:
        return inside, []
    at = {(p.start, p.end, p.area_id): p for p in listed}
    keys = [(_before(p), p.area_id) for p in inside]
    return inside, [at[b.start, b.end, area] for b, area in keys if (b.start, b.end, area) in at]


def _before(point: SeriesPoint) -> Period:
    return Period(start=point.start, end=point.end).year_before()


def _of_series(series: Series, points: list[SeriesPoint]) -> Decimal:
    total = sum((p.value for p in points), Decimal(0))
    # a rate of several areas at once would need their weights: the plain mean is what can be said without them
    return total / len(points) if series.kind == Series.Kind.RATE and len(points) > 1 else total


def target_period(target: Target, on: date) -> Period | None:
    """From the start of the promise to the day of reading, at most to its due date; `None` before the start."""
    end = min(on, target.due_on) + timedelta(days=1)
    return Period(start=target.starts_on, end=end) if target.starts_on < end else None


def evaluate_target(target: Target, on: date) -> Evaluation:
    """The value of a target on a day, in the target's unit."""
    period = target_period(target, on)
    if period is None:
        period = Period(start=target.starts_on, end=target.starts_on + timedelta(days=1))
        return Evaluation(period=period, unit=target.unit, reason=Measurement.Reason.NO_DATA)
    if target.indicator:
        indicator = INDICATORS.get(target.indicator)
        if indicator is None:
            return Evaluation(
                period=period, unit=target.unit, reason=Measurement.Reason.UNKNOWN, source=target.indicator
            )
        return _in_unit(evaluate(indicator, period), target.unit)
    if target.series is not None:
        growth = target.reading == Target.Reading.GROWTH
        return _in_unit(evaluate_series(target.series, period, growth=growth), target.unit)
    return Evaluation(period=period, unit=target.unit, reason=Measurement.Reason.UNBOUND)


def _in_unit(found: Evaluation, unit: str) -> Evaluation:
    """The evaluation in another unit; a value that cannot be converted is no value."""
    if found.value is None:
        return found
    value = convert(found.value, found.unit, unit)
    return Evaluation(
        period=found.period,
        unit=unit,
        value=value,
        numerator=found.numerator,
        denominator=found.denominator,
        reason="" if value is not None else Measurement.Reason.UNIT,
        source=found.source,
        version=found.version,
    )


@dataclass(frozen=True, kw_only=True)
class CountedRow:
    """A record that was counted, and where it opens."""

    model: str
    id: str
    label: str
    url: str = ""
    amount: Decimal | None = None


def evidence(target: Target, on: date, part: Part, *, offset: int = 0, limit: int | None = None) -> list[CountedRow]:
    """The records behind a target's value on a day, from `offset` on. Who may see them is the caller's to decide."""
    period = target_period(target, on)
    if period is None:
        return []
    stop = None if limit is None else offset + limit
    if target.series is not None:
        growth = target.reading == Target.Reading.GROWTH
        now, before = points_of(target.series, signed_points(target.series), period, growth=growth)
        return [_point_row(p) for p in (now if part == "numerator" else before)[offset:stop]]
    indicator = INDICATORS.get(target.indicator) if target.indicator else None
    if indicator is None:
        return []
    return [_indicator_row(indicator, row) for row in counted_rows(indicator, period, part)[offset:stop]]


def evidence_size(target: Target, on: date, part: Part) -> int:
    period = target_period(target, on)
    indicator = INDICATORS.get(target.indicator) if target.indicator else None
    if period is None:
        return 0
    if indicator is None:
        return len(evidence(target, on, part))
    return counted_rows(indicator, period, part).count()


def _point_row(point: SeriesPoint) -> CountedRow:
    last = point.end - timedelta(days=1)
    return CountedRow(
        model=SeriesPoint._meta.label_lower,
        id=str(point.pk),
        label=f"{point.start:%Y-%m-%d} — {last:%Y-%m-%d}",
        url=f"/desk/plan/series/{point.series_id}/#point-{point.pk}",
        amount=point.value,
    )


def _indicator_row(indicator: Indicator, row: Any) -> CountedRow:
    return CountedRow(
        model=row._meta.label_lower,
        id=str(row.pk),
        label=indicator.row_label(row)[:300],
        url=indicator.row_url(row) if indicator.row_url else "",
        amount=Decimal(getattr(row, indicator.amount)) if indicator.amount else None,
    )
