"""What Zhen proposes on the page of a new case: taken or refused by one press, and remembered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Link, NewCase, receive
from zhen.kernel.cases.models import Category, KeywordRule
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.journal.api import events_about
from zhen.web.tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    return a_unit("office")


@pytest.fixture
def dora(office: Unit) -> Client:
    return signed_in(a_user("dora"), "dispatcher", office)


@pytest.fixture
def covers() -> Category:
    row = Category.objects.create(
        scheme="grid", code="990101", name="井盖", family="99", valid_from=date(2020, 1, 1), source="test"
    )
    KeywordRule.objects.create(category=row, word="窨井", weight=10, valid_from=date(2026, 1, 1), source="test")
    return row


def a_case(**given: Any) -> Case:
    new = NewCase(title="路口窨井缺失", point=(121.4, 31.23), **given)
    return receive(Actor.system("test"), "grid.case", new)


def answer(client: Client, case: Case, category: Category, said: str, revision: int = 1) -> Any:
    given = {"category": category.pk, "answer": said, "revision": revision}
    return client.post(f"/desk/cases/{case.number}/suggestion/", given)


def test_the_suggested_class_of_a_new_case_is_taken_by_one_press(dora: Client, covers: Category) -> None:
    case = a_case()
    html = dora.get(f"/desk/cases/{case.number}/").content.decode()
    assert "Suggested class" in html
    assert "窨井" in html
    assert answer(dora, case, covers, "take", case.revision).status_code == 302
    case.refresh_from_db()
    assert case.category == covers
    assert events_about(case).filter(kind="cases.suggestion_taken").exists()
    assert "Suggested class" not in dora.get(f"/desk/cases/{case.number}/").content.decode()


def test_a_refused_suggestion_does_not_come_back(dora: Client, covers: Category) -> None:
    case = a_case()
    assert answer(dora, case, covers, "refuse").status_code == 302
    assert events_about(case).filter(kind="cases.suggestion_refused").get().data["suggested"] == covers.pk
    assert "Suggested class" not in dora.get(f"/desk/cases/{case.number}/").content.decode()
    case.refresh_from_db()
    assert case.category is None


def test_a_chosen_class_that_reads_otherwise_is_doubted(dora: Client, covers: Category) -> None:
    other = Category.objects.create(
        scheme="grid", code="980101", name="暴露垃圾", family="98", valid_from=date(2020, 1, 1), source="test"
    )
    html = dora.get(f"/desk/cases/{a_case(category=other).number}/").content.decode()
    assert "Suggested class" in html
    assert "Suggested class" not in dora.get(f"/desk/cases/{a_case(category=covers).number}/").content.decode()


def test_a_suggestion_is_refused_its_place_when_somebody_was_faster(dora: Client, covers: Category) -> None:
    case = a_case()
    assert answer(dora, case, covers, "take", case.revision + 4).status_code == 409
    assert answer(dora, case, Category(pk=999_999), "take", case.revision).status_code == 422


def test_whoever_may_not_edit_gets_no_suggestion_and_cannot_take_one(office: Unit, covers: Category) -> None:
    clerk = signed_in(a_user("carl"), "unit_clerk", office)
    case = a_case(unit_id=office.pk)
    assert "Suggested class" not in clerk.get(f"/desk/cases/{case.number}/").content.decode()
    assert answer(clerk, case, covers, "take", case.revision).status_code == 403


def test_a_repeat_is_merged_into_what_it_repeats_by_one_press(dora: Client, covers: Category) -> None:
    first, second = a_case(category=covers), a_case(category=covers)
    html = dora.get(f"/desk/cases/{second.number}/").content.decode()
    assert "It may repeat" in html
    assert first.number in html
    given = {"original": first.number}
    assert dora.post(f"/desk/cases/{second.number}/repeat/", given).status_code == 302
    link = Link.objects.get(case=second, kind="repeat")
    assert link.target == first
    first.refresh_from_db()
    assert first.followers == 1
    assert dora.post(f"/desk/cases/{second.number}/repeat/", {"original": "WG-2020-000009"}).status_code == 404
