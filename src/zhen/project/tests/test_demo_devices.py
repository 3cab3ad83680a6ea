"""The demo's devices: so many, the same again from the same seed, and all of them can be spoken for."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.telemetry.api import Device
from zhen.packs.fire.demo import build as build_fire
from zhen.packs.fire.models import FireFile
from zhen.packs.security.demo import build as build_security
from zhen.project.demo.build import SEED
from zhen.project.demo.devices import write_book
from zhen.project.demo.people import build_people, build_units
from zhen.project.demo.simulation.book import read
from zhen.project.demo.simulation.script import cast
from zhen.project.demo.town import build_places

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
SYSTEM = Actor.system("demo")


def test_eight_thousand_devices_that_can_all_be_spoken_for(tmp_path: Path) -> None:
    build_places(SYSTEM, SEED)
    build_people(SYSTEM, build_units(SYSTEM))
    with clock.frozen(NOW):
        for build in (build_fire, build_security):
            build(DemoBuild(seed=SEED, say=lambda text: None))
        book = write_book(SYSTEM, tmp_path, SEED)
        assert sum(1 for _device in book.devices()) == Device.objects.count() == 8_000
    assert FireFile.objects.count() == 24
    book = read(tmp_path)
    assert book is not None
    spoken = Counter(member.code for _hub, member in book.devices())
    assert set(spoken) == set(Device.objects.values_list("code", flat=True))
    assert set(spoken.values()) == {1}
    assert len(cast(book).codes) == 5
    assert (tmp_path / "demo-devices.json").stat().st_mode & 0o777 == 0o600


def test_a_town_without_units_gets_no_devices() -> None:
    with clock.frozen(NOW):
        build_fire(DemoBuild(seed=SEED, say=lambda text: None))
        build_security(DemoBuild(seed=SEED, say=lambda text: None))
    assert not Device.objects.exists()
