"""The pages of figures: each number's address shows as many rows, nothing asks per row, bad questions are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from zhen.kernel.access.api import Actor, Reach
from zhen.kernel.cases.figures import screens, wall
from zhen.kernel.cases.figures.address import question_of
from zhen.kernel.cases.figures.overview import public_figures, ranking
from zhen.kernel.cases.figures.periods import Period
from zhen.kernel.cases.figures.rules import median, wilson
from zhen.kernel.cases.figures.tables import RATES, Numbers
from zhen.kernel.cases.tests.conftest import Cast, Hands, a_case
from zhen.kernel.cases.tests.test_figures_asking import FIRST, TODAY, a_reader, filled
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Link

__all__ = ["filled"]
pytestmark = pytest.mark.django_db
ALL = {"from": "2018-01-01", "to": "2020-10-14"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(datetime.combine(TODAY, time(12), clock.TOWN_ZONE)):
        yield


def rows_of(reader: Actor, url: str) -> int:
    return screens.the_rows(reader, dict(parse_qsl(urlsplit(url).query))).count()


@pytest.mark.parametrize("by", list(screens.GROUP_NAMES))
def test_each_link_of_a_breakdown_leads_to_as_many_rows_as_it_says(filled: dict[str, int], by: str) -> None:
    reader = a_reader({"reach": Reach.TOWN})
    checked = 0
    for line in screens.the_lines(reader, {**ALL, "by": by}):
        for name in ("received", "due", "late", "returned"):
            shown = line.number(name)
            if isinstance(shown, Link):
                assert rows_of(reader, shown.url) == int(str(shown.text)), (by, line.key, name)
                checked += 1
    assert checked > 4


def test_each_figure_leads_to_its_rows(filled: dict[str, int]) -> None:
    reader = a_reader({"reach": Reach.UNIT, "units": frozenset({11})})
    for figure in screens.the_figures(reader, ALL)[len(RATES) : -1]:
        assert rows_of(reader, figure.evidence) == figure.value


def test_a_dashboard_takes_few_queries(filled: dict[str, int], django_assert_max_num_queries: Any) -> None:
    reader = a_reader({"reach": Reach.TOWN})
    params = {**ALL, "by": "neighbourhood"}
    sources = [panel.source for panel in screens.DASHBOARD.panels]
    for source in sources:
        source(reader, params)
    with django_assert_max_num_queries(40):
        for source in sources:
            source(reader, params)


def test_a_question_that_is_no_question_is_refused_with_its_field(filled: dict[str, int]) -> None:
    reader = a_reader({"reach": Reach.TOWN})
    for params, field in (
        ({"from": "yesterday"}, "from"),
        ({"unit": "x"}, "unit"),
        ({**ALL, "to": "2010-01-01"}, "period"),
    ):
        with pytest.raises(Refused) as caught:
            question_of(reader, params)
        assert str(caught.value.field) == field


def test_too_few_cases_are_shown_and_not_ranked() -> None:
    many, few = Numbers({"on_time": 40, "late": 10}), Numbers({"on_time": 3})
    lines = ranking({11: few, 12: many}, {}, "source", TODAY, RATES[0])
    assert [(line.key, line.rank) for line in lines] == [(12, 1), (11, None)]


def test_small_numbers_are_not_published(filled: dict[str, int]) -> None:
    found = {figure.id: figure.value for figure in public_figures(None, Period(FIRST, TODAY), TODAY)}
    assert found["received"] is not None
    assert found["received"] > 100
    one_day = {figure.id: figure.value for figure in public_figures(None, Period(FIRST, date(2018, 1, 5)), TODAY)}
    assert one_day["on_time"] is None


def test_an_interval_and_a_median_are_what_the_books_say() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert median((0, 2, 0, 0, 0, 0, 0)) == 840
    assert median((0,) * 7) is None


def test_periods_compare_with_the_one_before_and_the_same_season() -> None:
    february = Period(date(2024, 2, 1), date(2024, 2, 29))
    assert february.before() == Period(date(2024, 1, 1), date(2024, 1, 31))
    assert february.a_year_ago() == Period(date(2023, 2, 1), date(2023, 2, 28))
    week = Period(date(2026, 3, 9), date(2026, 3, 15))
    assert week.before() == Period(date(2026, 3, 2), date(2026, 3, 8))


def test_the_wall_counts_what_is_open_and_late(cast: Cast, hands: Hands, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        a_case(cast, point=(121.38, 31.24))
    hands.go(days=3)
    a_case(cast)
    reader = a_reader({"reach": Reach.TOWN})
    figures = {str(figure.label): figure.value for figure in wall.the_day(reader, {})}
    assert (figures["open now"], figures["overdue"]) == (4, 3)
    assert len(wall.the_map(reader, {})["features"]) == 3
    assert wall.the_queues(reader, {})[0]["late"] == 3
    for panel in wall.WALL.panels:
        with django_assert_max_num_queries(12):
            panel.source(reader, {})
