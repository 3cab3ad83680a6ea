"""The demo's reports: in all states, by everybody's hands, and the same again from the same seed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Clock, Reporter
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.packs.grid import demo
from zhen.project.demo.build import SEED
from zhen.project.demo.people import build_people, build_units
from zhen.project.demo.town import build_places

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


def test_a_town_of_reports_has_something_for_every_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.CASES, "small", 60)
    builder = Actor.system("demo")
    build_places(builder, SEED)
    build_people(builder, build_units(builder))
    with clock.frozen(NOW):
        demo.build(DemoBuild(seed=SEED, say=lambda text: None))
    rows = Case.objects.filter(type="grid.case")
    assert rows.count() == 60
    assert not rows.filter(received_at__gt=NOW).exists()
    assert not rows.filter(changed_at__gt=NOW).exists()
    assert {"closed", "handling"} <= set(rows.values_list("state", flat=True))
    assert {"resolved", "explained"} <= set(rows.values_list("outcome", flat=True))
    assert rows.filter(area=None).count() == rows.filter(category=None).count() == 0
    assert rows.filter(rating__gte=1).exists()
    assert rows.filter(source="hotline", reply__publish=True).exists()
    assert rows.filter(open=True, due_at__lt=NOW).exists()
    assert Clock.objects.filter(deadline="whole", breached_at__isnull=True, stopped_at__isnull=False).exists()
    phones = [one.phone for one in Reporter.objects.filter(anonymous=False)]
    assert phones
    assert all(phone and phone.clear().startswith("126") for phone in phones)


def test_a_town_without_staff_gets_no_reports() -> None:
    with clock.frozen(NOW):
        demo.build(DemoBuild(seed=SEED, say=lambda text: None))
    assert not Case.objects.exists()
