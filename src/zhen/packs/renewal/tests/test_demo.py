"""The demo's works: what the plan of 2020 promised is there, and something to do today."""

from __future__ import annotations

import pytest
from shapely import box

from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.places.api import Kind, NewPlace, create_many
from zhen.kernel.plan.api import INDICATORS, Period, evaluate
from zhen.kernel.rounds.api import Finding, Visit
from zhen.packs.renewal.demo import build
from zhen.packs.renewal.models import Consultation, Objection, Project
from zhen.packs.renewal.tests.conftest import SINCE, SYSTEM, Cast

pytestmark = pytest.mark.django_db


def test_the_demo_is_built_through_actions_and_keeps_what_the_plan_promised(cast: Cast) -> None:
    news = [
        NewPlace(
            kind=Kind.BUILDING, code=f"B{n}", name=f"{n}号楼", parent="N", valid_from=SINCE,
            shape=box(121.381 + n / 1000, 31.242, 121.3815 + n / 1000, 31.2425),
        )
        for n in range(3)
    ]  # fmt: skip
    create_many(SYSTEM, news)
    a_post(User.objects.get(pk=cast.alice.id or 0), "unit_head", cast.office)
    a_post(User.objects.get(pk=cast.bob.id or 0), "unit_clerk", cast.office)
    build(DemoBuild(seed=3, say=lambda _words: None))
    year = Period.year(2020)
    values = {
        id: evaluate(INDICATORS[f"renewal.{id}"], year).value
        for id in ("completed_roof", "completed_drainage", "begun_comprehensive", "completed_road", "three_at_100")
    }
    assert values == {
        "completed_roof": 7, "completed_drainage": 2, "begun_comprehensive": 4, "completed_road": 3, "three_at_100": 100
    }  # fmt: skip
    assert Project.objects.count() == 22
    assert not Visit.objects.filter(done_at__gt=clock.now()).exists(), "nothing lies ahead"
    assert Consultation.objects.filter(closed_on__isnull=True).count() == 1
    assert Objection.objects.filter(case__open=True).count() == 1
    assert Finding.objects.filter(over_at__isnull=True).count() == 1
