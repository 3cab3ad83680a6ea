"""Somebody's post ends while he has open cases: his head hears of it once."""

from __future__ import annotations

from datetime import date

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case
from zhen.kernel.cases.leaving import tell_of_left_behind
from zhen.kernel.cases.tests.conftest import Cast, a_case
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.notify.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
LAST = date(2026, 9, 15)


@pytest.fixture
def carl(cast: Cast) -> User:
    """A carpenter with three open cases, whose post ends."""
    user = a_user("carl")
    a_post(user, "unit_clerk", cast.carpenters, until=LAST)
    for _number in range(3):
        a_case(cast, unit_id=cast.carpenters.pk, person_id=user.pk)
    return user


def told() -> list[tuple[str, str]]:
    return list(Message.objects.filter(template="cases.left_behind").values_list("recipient__username", "url"))


def test_the_head_of_the_unit_is_told_once_with_the_way_to_the_cases(cast: Cast, carl: User) -> None:
    a_post(a_user("heidi"), "unit_head", cast.carpenters)
    a_post(a_user("paul"), "unit_head", cast.painters)
    assert tell_of_left_behind(SYSTEM, date(2026, 9, 14)) == 0
    assert tell_of_left_behind(SYSTEM, LAST) == 1
    assert tell_of_left_behind(SYSTEM, date(2026, 9, 16)) == 0
    assert told() == [("heidi", f"/desk/cases/people/{carl.pk}/")]
    assert Event.objects.get(kind="cases.left_behind").data == {"person": "Carl", "count": 3}


def test_where_there_is_no_head_the_centre_is_told(cast: Cast, carl: User) -> None:
    a_post(a_user("dora_of_the_centre"), "dispatcher", cast.painters)
    assert tell_of_left_behind(SYSTEM, LAST) == 1
    assert [who for who, _url in told()] == ["dora_of_the_centre"]


def test_nobody_is_told_where_he_stays_in_the_unit_or_leaves_nothing(cast: Cast, carl: User) -> None:
    a_post(a_user("heidi"), "unit_head", cast.carpenters)
    stays = a_post(carl, "unit_clerk", cast.carpenters, since=LAST)
    assert tell_of_left_behind(SYSTEM, LAST) == 0
    stays.delete()
    Case.objects.update(person=None)
    assert tell_of_left_behind(SYSTEM, LAST) == 0
    assert told() == []
