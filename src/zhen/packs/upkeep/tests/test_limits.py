"""How long the steps against a structure may take: dated rows with a source, which the town changes for new cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import (
    CASE_TYPES,
    Case,
    Clock,
    Move,
    NewLimit,
    TimeLimit,
    approve_limit,
    lay_limits,
    move,
    propose_limit,
)
from zhen.kernel.identity.testing import a_post, a_user
from zhen.packs.upkeep.actions import Discovery, discover
from zhen.packs.upkeep.case_types import STRUCTURE, STRUCTURE_ID
from zhen.packs.upkeep.limits import LIMITS
from zhen.packs.upkeep.pack import prepare
from zhen.packs.upkeep.tests.conftest import POINT, TODAY, Cast, a_photo

pytestmark = pytest.mark.django_db


def discovered(cast: Cast, seed: int = 0) -> Case:
    seen = Discovery(
        kind="new", what="彩钢板房", address="1弄2号", area_m2=12.5, point=POINT, unit_id=cast.office.pk
    )  # fmt: skip
    return discover(cast.bob, seen, [a_photo(cast.bob, seed)]).case


def a_ruler(name: str) -> Actor:
    user = a_user(name)
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(Grant.of(ROLES["dispatcher"]),))


def lengths(case: Case) -> dict[str, tuple[int, str]]:
    return {row.deadline: (row.amount, row.unit) for row in Clock.objects.filter(case=case)}


def test_every_deadline_has_a_row_with_its_source_and_none_stands_in_the_code(cast: Cast) -> None:
    rows = TimeLimit.objects.filter(case_type=STRUCTURE_ID)
    assert {row.deadline for row in rows} == {one.id for one in STRUCTURE.deadlines}
    assert all(one.fallback is None for one in STRUCTURE.deadlines)
    assert all(row.source for row in rows)
    assert lengths(discovered(cast)) == {"stop": (4, "working_hours"), "whole": (90, "calendar_days")}


def test_what_the_town_changes_holds_for_new_cases_alone(cast: Cast) -> None:
    before = discovered(cast)
    new = NewLimit(
        case_type=STRUCTURE_ID, deadline="decide", category_id=None, amount=5, unit="working_days", valid_from=TODAY,
        source="镇长办公会纪要",
    )  # fmt: skip
    move(cast.alice, before.pk, before.revision, "stop", Move(files=(a_photo(cast.alice, 1),)))
    approve_limit(a_ruler("rolf"), propose_limit(a_ruler("rita"), new).pk)
    after = discovered(cast, 2)
    move(cast.alice, after.pk, after.revision, "stop", Move(files=(a_photo(cast.alice, 3),)))
    assert lengths(before)["decide"] == (7, "working_days")
    assert lengths(after)["decide"] == (5, "working_days")


def test_laying_the_rows_again_overwrites_nothing_of_the_towns(cast: Cast) -> None:
    TimeLimit.objects.filter(deadline="stop").update(amount=2, source="本镇决定")
    TimeLimit.objects.filter(deadline="verify").update(valid_to=TODAY - timedelta(days=1))
    prepare()
    assert lay_limits(Actor.system("test"), LIMITS) == 0
    assert TimeLimit.objects.get(deadline="stop", case_type=STRUCTURE_ID).amount == 2
    TimeLimit.objects.filter(deadline="remove", case_type=STRUCTURE_ID).delete()
    assert lay_limits(Actor.system("test"), LIMITS) == 1


def test_the_desk_lists_them_among_the_time_limits_and_opens_a_change(cast: Cast) -> None:
    user = a_user("dora")
    a_post(user, "dispatcher", cast.office)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    assert STRUCTURE_ID in CASE_TYPES
    listed = client.get(reverse("page:cases.limits") + f"?type={STRUCTURE_ID}").content.decode()
    row = TimeLimit.objects.get(case_type=STRUCTURE_ID, deadline="stop")
    assert "违法建筑" in listed or "违建" in listed
    assert row.source in client.get(reverse("page:cases.limit", kwargs={"key": row.pk})).content.decode()
    form = client.get(reverse("page:cases.limit_change", kwargs={"key": row.pk}))
    assert form.status_code == 200
    assert f"{STRUCTURE_ID}/stop" in form.content.decode()
