"""The pages of suggested classes, as a dispatcher meets them."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case, Category, KeywordRule, Suggested, TextModel
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib import clock
from zhen.web.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
GRID = "grid.case"
KEYWORDS = "/desk/cases/keywords/"


@pytest.fixture
def office() -> Unit:
    return a_unit("office")


@pytest.fixture
def dora(office: Unit) -> Client:
    return signed_in(a_user("dora"), "dispatcher", office)


@pytest.fixture
def covers() -> Category:
    return Category.objects.create(
        scheme="grid", code="990101", name="井盖", family="99", valid_from=date(2020, 1, 1), source="test"
    )


def test_a_rule_is_written_listed_and_ended(dora: Client, covers: Category) -> None:
    given = {"word": "窨井", "category": covers.pk, "weight": 6, "valid_from": "2026-01-01", "source": "网格中心"}
    assert dora.post("/desk/cases/keyword_new/", given).status_code == 302
    row = KeywordRule.objects.get(word="窨井")
    assert "窨井" in dora.get(f"{KEYWORDS}?scheme=grid&force=holds").content.decode()
    dora.post(KEYWORDS, {"action": "end", "key": str(row.pk), "confirmed": "1"})
    row.refresh_from_db()
    assert row.valid_to is not None
    assert "窨井" in dora.get(f"{KEYWORDS}?force=ended").content.decode()


def test_a_refused_rule_keeps_every_word_of_the_form(dora: Client, covers: Category) -> None:
    given = {"word": "窨井", "category": covers.pk, "weight": 0, "valid_from": "2026-01-01", "source": "网格中心"}
    response = dora.post("/desk/cases/keyword_new/", given)
    assert response.status_code == 422
    assert "网格中心" in response.content.decode()


def test_a_tried_text_shows_class_confidence_and_reason(dora: Client, covers: Category) -> None:
    KeywordRule.objects.create(category=covers, word="窨井", weight=10, valid_from=date(2026, 1, 1), source="test")
    shown = dora.get(f"/desk/cases/try/?{urlencode({'text': '路口窨井缺失', 'type': GRID})}").content.decode()
    assert covers.name in shown
    assert "Because of: " in shown
    assert "keyword rules alone" in shown
    assert "No class is likely enough" in dora.get("/desk/cases/try/").content.decode()


def test_the_quality_of_suggestions_opens_to_the_cases(dora: Client, covers: Category) -> None:
    other = Category.objects.create(
        scheme="grid", code="990102", name="雨水篦", family="99", valid_from=date(2020, 1, 1), source="test"
    )
    case = Case.objects.create(
        number="TEST-1", type=GRID, state="closed", open=False, title="窨井缺失", category=other,
        received_at=clock.now(), closed_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    Suggested.objects.create(case=case, category=covers, confidence=0.6, words="窨井")
    shown = dora.get("/desk/cases/confusion/?scheme=grid").content.decode()
    assert "雨水篦" in shown
    list_ = dora.get(f"/desk/cases/suggestions/?chosen={other.pk}&suggested={covers.pk}&version=0").content.decode()
    assert "TEST-1" in list_
    assert "TEST-1" not in dora.get("/desk/cases/suggestions/?verdict=accepted").content.decode()


def test_the_list_of_models_never_reads_their_files(dora: Client) -> None:
    TextModel.objects.create(
        scheme="grid", version=1, trained_at=clock.now(), learnt=300, judged=60, macro_f1=0.9,
        calibration_error=0.03, used=True, blob=b"",
    )  # fmt: skip
    assert "0.900" in dora.get("/desk/cases/models/").content.decode()


@pytest.mark.parametrize("page", ["keywords", "keyword_new", "try", "confusion", "suggestions", "models"])
def test_who_has_no_post_sees_none_of_them(page: str) -> None:
    client = Client()
    client.force_login(a_user("charlie"))
    assert client.get(f"/desk/cases/{page}/").status_code in {403, 404}


def test_a_leader_reads_the_rules_and_changes_none(office: Unit, covers: Category) -> None:
    leader = signed_in(a_user("lena"), "town_leader", office)
    assert leader.get(KEYWORDS).status_code == 200
    assert leader.get("/desk/cases/keyword_new/").status_code == 403
    assert not Actor.anonymous().may("cases.rules.view")
