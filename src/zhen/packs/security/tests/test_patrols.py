"""Patrols: which buildings are visited, and what becomes of what is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.places.api import Kind, Place, PlaceVersion
from zhen.kernel.rounds.api import (
    Finding,
    NewCampaign,
    Recheck,
    Visit,
    in_use,
    lay_checklists,
    make_campaign,
    plan_round,
    start_campaign,
    waiting,
)
from zhen.kernel.rounds.testing import a_photo, visited
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place
from zhen.packs.security.patrols import BUILDINGS, CHECKLISTS, PATROL, buildings

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
FINE = dict.fromkeys(("door", "window", "fence", "lift", "button", "water", "light"), "yes")


@pytest.fixture
def town(db: None) -> Iterator[Place]:
    """Two buildings: the first has a door that speaks, the second has nothing."""
    with Hands(NOW):
        lay_checklists()
        town = a_place("T")
        for code in ("B1", "B2"):
            place = Place.objects.create(kind=Kind.BUILDING, code=code)
            names = {"name": code, "name_key": "", "name_spelling": "", "name_initials": ""}
            PlaceVersion.objects.create(place=place, parent=town, valid_from=date(2021, 1, 1), **names)
        a_device("D-1", Place.objects.get(code="B1"), a_unit("house"), profile="security.door")
        yield town


def found(**query: str) -> list[str]:
    return [subject.key for subject in buildings(query, TODAY)]


def test_buildings_with_and_without_devices_can_be_chosen(town: Place) -> None:
    assert (found(), found(devices="some"), found(devices="none")) == (["B1", "B2"], ["B1"], ["B2"])


def a_visit(town: Place) -> tuple[Actor, Visit]:
    unit = a_unit("patrol")
    user = a_user("wei")
    a_post(user, "grid_worker", unit, area=town)
    grants = [
        Grant.of(ROLES["grid_worker"], units=frozenset({unit.pk}), areas=frozenset({town.pk})),
        Grant.of(ROLES["unit_head"], units=frozenset({unit.pk}), areas=None),
    ]
    worker = Actor(kind=ActorKind.USER, id=user.pk, name="wei", grants=tuple(grants))
    new = NewCampaign(
        title="安防巡查", checklist=PATROL, source=BUILDINGS, query={"devices": "some"}, unit_id=unit.pk,
        starts_on=TODAY, ends_on=date(2026, 9, 30), inspectors={user.pk: None},
    )  # fmt: skip
    plan_round(TESTER, start_campaign(TESTER, make_campaign(TESTER, new)), TODAY)
    (visit,) = waiting(worker, date(2026, 9, 30))
    return worker, visit


def test_a_finding_opens_a_case_that_only_another_look_closes(town: Place) -> None:
    worker, visit = a_visit(town)
    with pytest.raises(Refused):
        visited(worker, visit, answers={**FINE, "lift": "no"})
    visited(worker, visit, {"lift": [a_photo(worker)]}, answers={**FINE, "lift": "no"})
    case = Case.objects.get(type="security.finding")
    assert (case.number, case.title, case.open) == ("AX-2026-000001", "B1：电梯紧急呼叫无应答", True)
    finding = Finding.objects.get()
    assert finding.recheck is not None
    visited(worker, finding.recheck, rechecks={finding.pk: Recheck(right=True)})
    case.refresh_from_db()
    assert not case.open


def test_the_checklist_is_in_use_and_asks_for_no_person(town: Place) -> None:
    (ours,) = CHECKLISTS
    version = in_use(PATROL)
    assert version is not None
    assert [item.id for item in version.items] == [item.id for item in ours.items]
    assert not any(word in item.text for item in ours.items for word in ("人脸", "身份证", "姓名", "车牌"))
