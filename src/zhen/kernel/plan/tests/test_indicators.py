"""Declared indicators: value, parts and the very rows, for a period and an area; what is not measurable says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Bundle, Entry
from zhen.kernel.plan.actions.reports import freeze
from zhen.kernel.plan.actions.targets import bind_target, measure_targets
from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period
from zhen.kernel.plan.jobs import measure_all
from zhen.kernel.plan.models import Measure, Measurement, Target
from zhen.kernel.plan.queries.evaluation import counted_rows, evaluate, evidence
from zhen.kernel.plan.queries.reports import frozen_rows
from zhen.kernel.plan.testing import a_plan, alice, confirmed

pytestmark = pytest.mark.django_db


def due(period: Period):  # type: ignore[no-untyped-def]  # a queryset, as packs return it
    return Measure.objects.filter(due_on__gte=period.start, due_on__lt=period.end)


DUE = Indicator(
    id="test.due", name="Measures due", kind=IndicatorKind.COUNT, unit="个", formula="measures due in the period",
    numerator=due, row_label=lambda row: f"#{row.pk}", row_url=lambda row: f"/m/{row.pk}/",
)  # fmt: skip
DONE = Indicator(
    id="test.done", name="Measures done", kind=IndicatorKind.RATE, unit="%", formula="done of due",
    numerator=lambda period: due(period).filter(state="done"), denominator=due,
)  # fmt: skip
YEAR = Period.year(2024)


@pytest.fixture(autouse=True)
def _indicators() -> Iterator[None]:
    before = INDICATORS._entries
    INDICATORS._entries = MappingProxyType({i.id: Entry(owner="test", value=i) for i in (DUE, DONE)})
    yield
    INDICATORS._entries = before


def test_a_count_is_the_number_of_its_rows() -> None:
    confirmed(a_plan())
    found = evaluate(DUE, YEAR)
    assert found.value == Measure.objects.count()
    assert (found.source, found.version, found.unit) == ("test.due", 1, "个")


def test_a_rate_has_both_parts_and_none_without_a_whole() -> None:
    assert evaluate(DONE, YEAR).reason == Measurement.Reason.NO_DATA
    confirmed(a_plan())
    Measure.objects.filter(pk=Measure.objects.earliest("pk").pk).update(state="done")
    found = evaluate(DONE, YEAR)
    assert (found.numerator, found.denominator) == (Decimal(1), Decimal(Measure.objects.count()))
    assert found.value == Decimal(100) / Measure.objects.count()


def test_an_amount_is_summed_and_an_area_narrows() -> None:
    confirmed(a_plan())
    assert evaluate(replace(DUE, amount="revision"), YEAR).value == Measure.objects.count()
    nowhere = replace(DUE, area="lead_unit_id")
    assert evaluate(nowhere, YEAR, frozenset({-1})).value == 0


def test_change_compares_with_the_year_before() -> None:
    confirmed(a_plan())
    change = replace(DUE, id="test.change", kind=IndicatorKind.CHANGE)
    assert evaluate(change, YEAR).reason == Measurement.Reason.NO_BASE
    Measure.objects.filter(pk=Measure.objects.earliest("pk").pk).update(due_on=date(2023, 6, 1))
    after = Measure.objects.count() - 1
    assert evaluate(change, YEAR).value == (after - 1) * 100


def test_a_stock_falls_by_a_share_of_what_it_was_on_the_day_before() -> None:
    """Two measures stood when the year began; one of them is gone by its end, and no other has come."""
    open_ = Indicator(
        id="test.open", name="Measures open", kind=IndicatorKind.FALL, unit="%", formula="measures not yet due",
        numerator=lambda period: Measure.objects.filter(due_on__gte=period.end),
    )  # fmt: skip
    assert evaluate(open_, YEAR).reason == Measurement.Reason.NO_BASE
    confirmed(a_plan())
    first, second, *others = Measure.objects.order_by("pk").values_list("pk", flat=True)
    Measure.objects.filter(pk__in=others).update(due_on=date(2023, 1, 1))
    Measure.objects.filter(pk=first).update(due_on=date(2024, 6, 1))
    Measure.objects.filter(pk=second).update(due_on=date(2025, 6, 1))
    found = evaluate(open_, YEAR)
    assert (found.value, found.unit, found.numerator, found.denominator) == (Decimal(50), "%", Decimal(1), Decimal(2))
    assert [row.pk for row in counted_rows(open_, YEAR, "denominator")] == [first, second]
    Measure.objects.filter(pk__in=others[:2]).update(due_on=date(2025, 1, 1), starts_on=date(2024, 3, 1))
    since = replace(open_, numerator=lambda period: open_.numerator(period).filter(starts_on__lt=period.end))
    Measure.objects.filter(pk__in=(first, second)).update(starts_on=date(2023, 1, 1))
    assert evaluate(since, YEAR).value == Decimal(-50), "what grew has fallen by less than nothing"


def bound(indicator: str) -> Target:
    confirmed(a_plan())
    target = Target.objects.get(text__contains="屋面")
    return bind_target(alice(), target.pk, target.revision, indicator=indicator)


def test_a_bound_target_opens_to_the_rows_it_counted() -> None:
    target = bound("test.due")
    end_of_year = date(2024, 12, 31)
    measure_targets(alice(), on=end_of_year)
    newest = target.measurements.filter(on=end_of_year).latest("id")
    rows = evidence(target, end_of_year, "numerator")
    assert newest.value == len(rows) == Measure.objects.count()
    assert rows[0].label.startswith("#")
    assert rows[0].url.startswith("/m/")
    assert evidence(target, end_of_year, "numerator", offset=1, limit=1) == rows[1:2]


def test_a_report_keeps_the_ids_after_the_rows_are_gone() -> None:
    target = bound("test.due")
    report = freeze(alice(), target.document_id, on=date(2024, 12, 31))
    line = report.lines.get(kind="target", promise_id=target.pk)
    kept = [row.row_id for row in frozen_rows(alice(), report, line.order).rows]
    Measure.objects.update(due_on=date(2030, 1, 1))
    assert [row.row_id for row in frozen_rows(alice(), report, line.order).rows] == kept
    assert line.value == len(kept)


def test_the_wrong_unit_is_no_value() -> None:
    target = bound("test.done")
    measure_targets(alice(), on=date(2024, 12, 31))
    assert target.measurements.latest("on").reason == Measurement.Reason.UNIT


def test_a_target_whose_indicator_is_gone_says_so() -> None:
    target = bound("test.due")
    INDICATORS._entries = MappingProxyType({})
    (found,) = measure_targets(alice(), on=date(2024, 12, 31))
    assert found.target == target
    assert found.reason == Measurement.Reason.UNKNOWN


def test_the_nightly_job_measures_each_target_once_a_day() -> None:
    target = bound("test.due")
    target.measurements.all().delete()
    measure_all()
    measure_all()
    assert target.measurements.count() == 1


def test_a_rate_without_a_denominator_stops_the_start() -> None:
    broken = replace(DONE, id="test.broken", denominator=None)
    INDICATORS.gather([Bundle(owner="test", items=(broken,))])
    assert INDICATORS.validate() == [
        Problem(
            where="test: indicator test.broken",
            what="is a rate without a denominator",
            remedy="Give a denominator to rates, and to nothing else",
        )
    ]


def test_the_year_before_a_leap_day_is_the_28th() -> None:
    leap = Period(start=date(2024, 2, 29), end=date(2024, 2, 29) + timedelta(days=1))
    assert leap.year_before().start == date(2023, 2, 28)
