"""Households as subjects: chosen by age, told by their door; and what happens when the ground changes under a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.journal.models import Event
from zhen.kernel.lib.refusals import Outdated
from zhen.kernel.parties.api import Household, Membership, Person
from zhen.kernel.rounds.api import (
    NewCampaign,
    Subject,
    Visit,
    end_campaign,
    make_campaign,
    plan_round,
    start_campaign,
    waiting,
)
from zhen.kernel.rounds.testing import visited
from zhen.packs.upkeep import actions
from zhen.packs.upkeep.sources import HOUSEHOLDS, households
from zhen.packs.upkeep.tests.conftest import NOW, SINCE, TODAY, Cast
from zhen.packs.upkeep.tests.test_upkeep import SAFE, a_campaign

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
LATER = date(2026, 9, 30)


def a_household(cast: Cast, address: str, name: str, born_on: date, **membership: Any) -> Household:
    home = Household.objects.create(address=address, area=cast.area)
    person = Person.objects.create(name=name, born_on=born_on, area=cast.area, created_at=NOW)
    Membership.objects.create(household=home, person=person, **{"valid_from": SINCE, **membership})
    return home


def a_campaign_of(cast: Cast, **given: Any) -> NewCampaign:
    facts: dict[str, Any] = {
        "title": "高龄家庭走访", "checklist": "upkeep.home_safety", "source": HOUSEHOLDS, "unit_id": cast.office.pk,
        "starts_on": TODAY, "ends_on": LATER, "inspectors": {cast.bob.id or 0: None}, "query": {"aged": "80"},
    }  # fmt: skip
    return NewCampaign(**{**facts, **given})


def test_every_household_with_somebody_over_80_is_visited_by_its_door_and_without_a_name(cast: Cast) -> None:
    old = a_household(cast, "1弄2号301室", "王奶奶", date(1940, 3, 1))
    a_household(cast, "1弄2号302室", "小李", date(1999, 3, 1))
    a_household(cast, "1弄2号303室", "赵爷爷", date(1938, 3, 1), valid_to=date(2026, 1, 1))
    Household.objects.filter(pk=a_household(cast, "1弄2号304室", "钱奶奶", date(1930, 3, 1)).pk).update(ended_on=TODAY)
    round_ = plan_round(cast.alice, start_campaign(cast.alice, make_campaign(cast.alice, a_campaign_of(cast))), TODAY)
    assert round_ is not None
    (visit,) = waiting(cast.bob, LATER)
    assert (visit.subject.ref, visit.subject.name, visit.subject.address) == (str(old.pk), "1弄2号301室", "1弄2号301室")
    assert not Subject.objects.filter(name__contains="王奶奶").exists()
    read = Event.objects.get(kind="journal.read", subject_id=str(round_.campaign_id))
    assert (read.data["purpose"], read.data["fields"]) == ("高龄家庭走访", ["address", "born_on"])


def test_a_birthday_today_counts(cast: Cast) -> None:
    a_household(cast, "1弄2号301室", "王奶奶", date(1946, 9, 15))
    a_household(cast, "1弄2号302室", "陈爷爷", date(1946, 9, 16))
    assert [one.name for one in households({"aged": "80"}, TODAY)] == ["1弄2号301室"]
    assert len(list(households({}, TODAY))) == 2


def test_whoever_may_not_plan_over_households_does_not(cast: Cast) -> None:
    with pytest.raises(Denied):
        make_campaign(cast.bob, a_campaign_of(cast))


def test_premises_that_close_under_an_open_visit_lose_nothing(cast: Cast) -> None:
    premises = cast.premises()
    (visit,) = a_campaign(cast)
    actions.close_premises(cast.alice, premises, TODAY)
    done = visited(cast.bob, visit, answers=SAFE)
    assert (done.state, done.subject.name) == ("done", premises.name)
    assert a_campaign(cast) == [], "the next campaign leaves it out"


def test_a_campaign_that_ended_under_an_open_visit_says_so_and_keeps_the_phones_record(cast: Cast) -> None:
    cast.premises()
    (visit,) = a_campaign(cast)
    assert visit.round is not None
    end_campaign(cast.alice, visit.round.campaign, "Snow")
    with pytest.raises(Outdated, match="what you recorded stays with you"):
        visited(cast.bob, visit, answers=SAFE)
    assert Visit.objects.get().state == "called_off"
