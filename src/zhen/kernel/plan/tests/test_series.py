"""Series: files read row by row, two persons for each figure, growth over the same months."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan import series_file
from zhen.kernel.plan.actions.series import create_series, import_series, refuse, sign_off
from zhen.kernel.plan.actions.targets import bind_target, measure_targets
from zhen.kernel.plan.declarations import Period
from zhen.kernel.plan.models import Measurement, Series, SeriesImport, SeriesPoint, Target
from zhen.kernel.plan.queries.evaluation import Evaluation, evaluate_series, evidence
from zhen.kernel.plan.queries.overview import figures
from zhen.kernel.plan.rules import Standing
from zhen.kernel.plan.testing import a_plan, alice, confirmed, frank

TAX = """时间,数值（万元）
2023-01,100
2023-02,100
2023-03,100
2024-01,106
2024-02,108
2024-03,110
"""


def a_series(**changes: str) -> Series:
    values = {"code": "tax", "name": "区级税收", "kind": "flow", "unit": "万元", "source": "区税务局"}
    return create_series(alice(), **(values | changes))


def imported(text: str = TAX, series: Series | None = None) -> SeriesImport:
    series = series or a_series()
    return import_series(alice(), series.pk, data=text.encode(), file_name="tax.csv", source="税务月报")


def first_quarter(series: Series, *, growth: bool) -> Evaluation:
    return evaluate_series(series, Period(start=date(2024, 1, 1), end=date(2024, 4, 1)), growth=growth)


@pytest.mark.django_db
def test_figures_count_once_a_second_person_has_signed_them_off() -> None:
    waiting = imported()
    assert first_quarter(waiting.series, growth=False).reason == Measurement.Reason.NO_DATA
    sign_off(frank(), waiting.pk)
    assert first_quarter(waiting.series, growth=False).value == 324


@pytest.mark.django_db
def test_nobody_signs_off_what_he_imported() -> None:
    series = a_series()
    own = import_series(frank(), series.pk, data=TAX.encode(), file_name="tax.csv", source="")
    with pytest.raises(Refused) as refused:
        sign_off(frank(), own.pk)
    assert str(refused.value.reason) == "you have imported these figures yourself"
    with pytest.raises(IntegrityError, match="plan_series_two_persons"), transaction.atomic():
        SeriesImport.objects.filter(pk=own.pk).update(state="signed", decided_at="2024-05-01T00:00Z", decided_by_id=6)


@pytest.mark.django_db
def test_who_may_not_sign_off_is_told_so() -> None:
    with pytest.raises(Denied):
        sign_off(alice(), imported().pk)


@pytest.mark.django_db
def test_refused_figures_never_count_and_say_why() -> None:
    waiting = imported()
    refuse(frank(), waiting.pk, reason="三月数据有误")
    assert SeriesImport.objects.get().reason == "三月数据有误"
    assert first_quarter(waiting.series, growth=False).value is None
    with pytest.raises(Refused):
        sign_off(frank(), waiting.pk)


@pytest.mark.django_db
def test_a_later_sign_off_corrects_an_earlier_one() -> None:
    waiting = imported()
    sign_off(frank(), waiting.pk)
    better = imported("时间,数值\n2024-03,116\n", waiting.series)
    sign_off(frank(), better.pk)
    assert first_quarter(waiting.series, growth=False).value == 330


@pytest.mark.django_db
def test_growth_compares_the_same_months_and_never_nine_with_twelve() -> None:
    waiting = imported()
    sign_off(frank(), waiting.pk)
    whole_year = Period.year(2024)
    found = evaluate_series(waiting.series, whole_year, growth=True)
    assert (found.value, found.numerator, found.denominator) == (Decimal(8), Decimal(324), Decimal(300))
    assert found.period == Period(start=date(2024, 1, 1), end=date(2024, 4, 1))


@pytest.mark.django_db
def test_growth_without_last_years_figures_is_not_measurable() -> None:
    waiting = imported("时间,数值\n2024-01,5\n")
    sign_off(frank(), waiting.pk)
    assert first_quarter(waiting.series, growth=True).reason == Measurement.Reason.NO_BASE


@pytest.mark.django_db
def test_a_target_reads_its_growth_from_the_series_and_opens_to_the_points() -> None:
    waiting = imported()
    sign_off(frank(), waiting.pk)
    document = confirmed(a_plan())
    target = Target.objects.get(text__contains="税收")
    bind_target(alice(), target.pk, target.revision, series=waiting.series, reading="growth")
    measure_targets(alice(), on=date(2024, 4, 20))
    figure = next(f for f in figures(alice(), document, on=date(2024, 4, 20)) if f.id == target.pk)
    assert (figure.value, figure.unit, figure.standing) == (Decimal(8), "%", Standing.ON_TRACK)
    target.refresh_from_db()
    rows = evidence(target, date(2024, 4, 20), "numerator")
    assert [row.amount for row in rows] == [106, 108, 110]
    assert [row.amount for row in evidence(target, date(2024, 4, 20), "denominator")] == [100, 100, 100]


@pytest.mark.django_db
def test_the_same_file_is_not_imported_twice() -> None:
    waiting = imported()
    with pytest.raises(Refused, match=r"tax\.csv"):
        imported(TAX, waiting.series)
    assert SeriesPoint.objects.count() == 6


@pytest.mark.django_db
def test_an_unknown_area_is_named_with_its_row() -> None:
    with pytest.raises(Refused) as refused:
        imported("时间,数值,区域\n2024-01,5,X-99\n")
    assert str(refused.value.field) == "row 2, area"
    assert refused.value.value == "X-99"


def test_each_fault_names_row_field_value_and_remedy() -> None:
    preview = series_file.read(
        "时间,数值\n2024-01,5\nsometime,5\n2024-02,many\n2024-01,7\n".encode(), file_name="x.csv"
    )
    assert [(f.row, str(f.field), f.value) for f in preview.faults] == [
        (3, "period", "sometime"),
        (4, "value", "many"),
        (5, "period", "2024-01-01 — 2024-01-31"),
    ]
    assert all(str(f.remedy) for f in preview.faults)
    assert len(preview.points) == 2


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024年", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024-03", date(2024, 3, 1), date(2024, 4, 1)),
        ("2024年12月", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024Q2", date(2024, 4, 1), date(2024, 7, 1)),
        ("2024年第三季度", date(2024, 7, 1), date(2024, 10, 1)),
        ("2024年1-9月", date(2024, 1, 1), date(2024, 10, 1)),
        ("2024-01..2024-09", date(2024, 1, 1), date(2024, 10, 1)),
    ],
)
def test_periods_are_read_as_people_write_them(written: Any, start: Any, end: Any) -> None:
    assert series_file.read_period(written) == (start, end)


@pytest.mark.parametrize("written", ["2024-13", "2024年9-1月", "", "24年", "2023-01..2024-09", "2024Q5", None])
def test_what_is_no_period_is_none(written: Any) -> None:
    assert series_file.read_period(written) is None


def test_a_workbook_with_a_title_above_its_heading_is_read() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["区级税收月报"], ["月份", "金额（万元）"], ["2024-01", 1234.5], [date(2024, 2, 1), "2,000"]):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    points = series_file.read(data.getvalue(), file_name="tax.xlsx").points
    assert [(p.start, p.value) for p in points] == [
        (date(2024, 1, 1), Decimal("1234.5")),
        (date(2024, 2, 1), Decimal(2000)),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 broken", "没有标题的表\n1,2\n".encode(), b"\xff\xfe\xfd", b"a\x00b,c"]
)
def test_what_is_no_table_of_figures_is_refused(data: Any) -> None:
    with pytest.raises(Refused):
        series_file.read(data, file_name="x.csv")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: Any) -> None:
    try:
        series_file.read(data, file_name="x.csv")
    except Refused as refused:
        remedy = str(refused.remedy)
    else:
        return
    assert remedy
