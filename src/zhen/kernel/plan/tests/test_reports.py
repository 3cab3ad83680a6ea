"""Frozen reports: they keep values and records, whatever happens later, and leave as official papers."""

import io
from datetime import date
from decimal import Decimal

import docx
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pypdf import PdfReader

from zhen.kernel.access.api import Denied
from zhen.kernel.lib import typesetting
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan import export
from zhen.kernel.plan.actions.documents import publish
from zhen.kernel.plan.actions.reports import freeze
from zhen.kernel.plan.actions.series import import_series, sign_off
from zhen.kernel.plan.actions.targets import bind_target
from zhen.kernel.plan.models import Document, Report, Target
from zhen.kernel.plan.paper import chinese
from zhen.kernel.plan.queries.reports import frozen_rows, is_intact, lines_of_report, reports
from zhen.kernel.plan.testing import a_plan, alice, charlie, confirmed, frank
from zhen.kernel.plan.tests.test_series import TAX, a_series

pytestmark = pytest.mark.django_db
DAY = date(2024, 4, 20)


def a_measured_plan() -> Document:
    document = confirmed(a_plan())
    series = a_series()
    made = import_series(alice(), series.pk, data=TAX.encode(), file_name="tax.csv", source="")
    sign_off(frank(), made.pk)
    target = Target.objects.get(text__contains="税收")
    bind_target(alice(), target.pk, target.revision, series=series, reading="growth")
    return document


def a_report() -> Report:
    return freeze(alice(), a_measured_plan().pk, on=DAY)


def tax_line(report: Report) -> int:
    return report.lines.get(text__contains="税收", kind="target").order


def test_a_report_keeps_each_promise_with_value_formula_and_records() -> None:
    report = a_report()
    line = report.lines.get(order=tax_line(report))
    assert (line.value, line.promised, line.standing) == (Decimal(8), "6 %", "on_track")
    assert "区级税收" in line.formula
    rows = frozen_rows(alice(), report, line.order)
    assert [row.amount for row in rows.rows if row.part == "numerator"] == [106, 108, 110]
    assert report.version.text[line.start : line.end] == line.text


def test_years_later_it_opens_to_the_same_evidence() -> None:
    report = a_report()
    later = "时间,数值\n2024-01,999\n"
    series = Target.objects.get(text__contains="税收").series
    assert series is not None
    sign_off(frank(), import_series(alice(), series.pk, data=later.encode(), file_name="later.csv", source="").pk)
    rows = frozen_rows(alice(), report, tax_line(report))
    assert [row.amount for row in rows.rows if row.part == "numerator"] == [106, 108, 110]
    assert is_intact(report)


def test_nobody_changes_a_frozen_report() -> None:
    report = a_report()
    for change in (
        lambda: Report.objects.filter(pk=report.pk).update(title="另一份"),
        lambda: report.lines.update(text="另一句"),
        lambda: report.lines.get(order=tax_line(report)).rows.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            change()


def test_a_change_behind_the_databases_back_is_found() -> None:
    report = a_report()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE plan_reportline DISABLE TRIGGER plan_reportline_frozen")
        cursor.execute("UPDATE plan_reportline SET value = 9 WHERE value = 8")
        cursor.execute("ALTER TABLE plan_reportline ENABLE TRIGGER plan_reportline_frozen")
    assert not is_intact(report)


def test_a_plan_without_promises_cannot_be_reported_on() -> None:
    document = a_plan().version.document
    with pytest.raises(Refused, match="桃源镇"):
        freeze(alice(), document.pk)


def test_strangers_neither_freeze_nor_read_unpublished_reports() -> None:
    report = a_report()
    with pytest.raises(Denied):
        freeze(charlie(), report.document_id)
    assert list(reports(charlie())) == []
    publish(alice(), report.document_id)
    assert list(reports(charlie())) == [report]
    assert lines_of_report(charlie(), report).count() == report.lines.count()
    with pytest.raises(Denied):
        frozen_rows(charlie(), report, tax_line(report))


def test_the_docx_has_the_layout_of_an_official_paper() -> None:
    with translation.override("en"):
        document = docx.Document(io.BytesIO(export.report_docx(alice(), a_report())))
    page = document.sections[0]
    assert page.top_margin is not None
    assert [round(m.mm) for m in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin) if m] == [
        37,
        35,
        28,
        26,
    ]
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[1:3] == ["一、总体情况", texts[2]]
    assert texts[2].startswith("截至2024年4月20日")
    assert document.paragraphs[2].paragraph_format.first_line_indent is not None
    assert document.paragraphs[2].paragraph_format.first_line_indent.pt == 32
    assert any(text.startswith("（一）区级税收增长6%") for text in texts)


@pytest.mark.skipif(not typesetting.font_paths(), reason="the assets with the documents' font are not built")
def test_the_pdf_says_the_same_with_page_numbers() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(export.report_pdf(alice(), a_report()))).pages]
    assert "总体情况" in pages[0]
    assert "— 1 —" in pages[0]


def test_without_a_chinese_font_the_pdf_is_refused_with_the_remedy() -> None:
    with pytest.raises(Refused) as refused:
        typesetting.family_among({"DejaVu Sans", "Libertinus Serif"})
    assert "fonts-noto-cjk" in str(refused.value.remedy)


def test_numbers_of_headings() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]
