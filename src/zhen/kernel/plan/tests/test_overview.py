"""The plan at a glance: right, and in a fixed number of queries."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.plan.actions.documents import publish
from zhen.kernel.plan.actions.measures import report_measure
from zhen.kernel.plan.models import Measure, Measurement, Target
from zhen.kernel.plan.queries.overview import attention, chapters, current_document, figures, overview
from zhen.kernel.plan.rules import Standing
from zhen.kernel.plan.testing import a_plan, alice, charlie, confirmed

pytestmark = pytest.mark.django_db
SPRING, LATE, AFTER = date(2024, 4, 1), date(2024, 12, 20), date(2025, 1, 2)


def test_promises_stand_in_their_chapters_in_the_order_of_the_text() -> None:
    document = confirmed(a_plan())
    first, second = chapters(alice(), document, on=SPRING)
    assert (first.number, first.title) == (1, "稳中求进，推动经济发展")
    assert (first.targets, second.targets) == (1, 2)
    starts = [promise.start for promise in overview(alice(), document, on=SPRING).promises]
    assert starts == sorted(starts)


def test_what_nobody_has_reported_is_overdue_after_its_date_and_due_soon_before_it() -> None:
    document = confirmed(a_plan())
    assert {p.standing for p in overview(alice(), document, on=SPRING).promises if p.kind == "measure"} == {
        Standing.NOT_REPORTED
    }
    assert {p.standing for p in attention(alice(), document, on=LATE)} == {Standing.DUE_SOON}
    assert {p.standing for p in attention(alice(), document, on=AFTER)} == {Standing.OVERDUE}


def test_a_done_measure_is_kept() -> None:
    document = confirmed(a_plan())
    measure = Measure.objects.earliest("start")
    report_measure(alice(), measure.pk, measure.revision, state="done")
    standings = {p.id: p.standing for p in overview(alice(), document, on=AFTER).promises if p.kind == "measure"}
    assert standings[measure.pk] is Standing.KEPT


def test_a_target_without_a_value_says_why() -> None:
    document = confirmed(a_plan())
    for figure in figures(alice(), document, on=SPRING):
        assert figure.standing is Standing.NOT_MEASURABLE
        assert figure.why == "no indicator is bound to it yet"
        assert figure.evidence == ""


def measured(target: Target, value: int, *, until: date) -> None:
    Measurement.objects.create(
        target=target, at="2024-05-01T00:00Z", on=until, start=target.starts_on, end=until, value=Decimal(value)
    )


def test_a_target_shows_its_newest_value_and_the_trend_of_a_month() -> None:
    document = confirmed(a_plan())
    target = Target.objects.get(text__contains="屋面")
    measured(target, 1, until=date(2024, 2, 1))
    measured(target, 3, until=date(2024, 3, 20))
    figure = next(f for f in figures(alice(), document, on=SPRING) if f.id == target.pk)
    assert (figure.value, figure.trend, figure.promised) == (Decimal(3), Decimal(2), "7 个")
    assert figure.standing is Standing.ON_TRACK
    assert figure.evidence == f"/plan/targets/{target.pk}/#evidence"


def test_a_look_back_does_not_know_later_values() -> None:
    document = confirmed(a_plan())
    target = Target.objects.get(text__contains="屋面")
    measured(target, 1, until=date(2024, 2, 1))
    measured(target, 7, until=date(2024, 11, 1))
    figure = next(f for f in figures(alice(), document, on=SPRING) if f.id == target.pk)
    assert figure.value == 1


def test_a_larger_plan_needs_no_more_queries(django_assert_num_queries: Any) -> None:
    document = confirmed(a_plan())
    with django_assert_num_queries(5):
        overview(alice(), document, on=SPRING)
    text = "\n\n".join(
        f"（{n}）第{n}项工作\n\n推进甲项目建设。完成{i + 3}个小区改造。" for i, n in enumerate("一二三四五六")
    )
    larger = confirmed(a_plan("桃源镇2024年经济与社会发展计划\n\n" + text))
    with django_assert_num_queries(5):
        overview(alice(), larger, on=SPRING)


def test_strangers_see_nothing_until_the_plan_is_published() -> None:
    document = confirmed(a_plan())
    for actor in (charlie(), Actor.anonymous()):
        assert current_document(actor, on=SPRING) is None
        assert overview(actor, document, on=SPRING).promises == ()
    publish(alice(), document.pk)
    assert current_document(Actor.anonymous(), on=SPRING) == document
    assert overview(Actor.anonymous(), document, on=SPRING).promises
