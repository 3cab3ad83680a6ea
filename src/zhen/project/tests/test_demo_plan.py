"""The demo's plan: promises without a number are read by the reviewer, with the owners that the text names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.plan.api import INDICATORS, Target
from zhen.project.demo.people import build_people, build_units
from zhen.project.demo.plans import bind_coverage, build_plans
from zhen.project.demo.readings import READINGS
from zhen.project.demo.town import build_places

pytestmark = pytest.mark.django_db


def test_every_reading_stands_in_the_plan_is_owned_and_measured() -> None:
    builder = Actor.system("test")
    build_places(builder, 7)
    people = build_people(builder, build_units(builder))
    plan = build_plans(people, 7)
    assert bind_coverage(people) >= len(READINGS)
    for one in READINGS:
        target = Target.objects.get(document=plan, text=one.words)
        assert one.indicator in INDICATORS
        assert target.indicator == one.indicator
        assert target.confirmed_by_name == people["reviewer"].name
        assert target.lead_unit_id is not None, one.words
        assert target.measurements.exists()
    stock = Target.objects.get(text__contains="历史存量违建减少80%")
    assert (stock.indicator, stock.comparator, stock.value) == ("upkeep.old_stock_removed", ">=", Decimal(80))
