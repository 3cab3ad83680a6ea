"""Registering for somebody who calls: number and secret for him, protection as for every reporter."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, CaseAttachment, Follow, Link, NewCase, receive, tracked
from zhen.kernel.cases.models import Category, KeywordRule, Reporter
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.web.models import Draft
from zhen.web.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
NEW = "/desk/cases/new/"
POINT = (121.4, 31.23)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("office")


@pytest.fixture
def dora(office: Unit) -> Client:
    return signed_in(a_user("dora"), "dispatcher", office)


@pytest.fixture
def cora(office: Unit) -> Client:
    return signed_in(a_user("cora"), "counter_clerk", office)


@pytest.fixture
def covers(db: None) -> Category:
    row = Category.objects.create(
        scheme="grid", code="990101", name="井盖", family="99", valid_from=date(2020, 1, 1), source="test"
    )
    KeywordRule.objects.create(category=row, word="窨井", weight=10, valid_from=date(2026, 1, 1), source="test")
    return row


def told(**more: Any) -> dict[str, Any]:
    given = {"key": str(uuid4()), "source": "telephone", "title": "路口窨井缺失", "address": "东门"}
    return {**given, "lon": POINT[0], "lat": POINT[1], **more}


def a_case(category: Category) -> Case:
    new = NewCase(title="路口窨井缺失", point=POINT, category=category)
    return receive(Actor.system("test"), "grid.case", new)


def secret_on(page: str) -> str:
    found = re.search(r'aria-label="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def test_a_caller_gets_a_number_and_a_secret_that_open_his_report(cora: Client, covers: Category) -> None:
    given = told(phone="13812345678", name="王小明", category=covers.pk, **{"photos-new": an_upload(an_image())})
    page = cora.post(NEW, given)
    html = page.content.decode()
    case = Case.objects.get()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert case.number in html
    assert tracked(case.number, secret_on(html)) == case
    assert (case.source, case.category) == ("telephone", covers)
    assert CaseAttachment.objects.get(case=case).kind == "report"
    reporter = Reporter.objects.get(case=case)
    assert not reporter.anonymous
    assert "13812345678" not in html


def test_a_doubled_press_registers_once(dora: Client, covers: Category) -> None:
    given = told(category=covers.pk, confirmed="1")
    secrets = {secret_on(dora.post(NEW, given).content.decode()) for _time in range(2)}
    assert len(secrets) == 1
    assert Case.objects.count() == 1


def test_what_is_known_is_shown_before_it_is_registered_and_can_be_merged(dora: Client, covers: Category) -> None:
    first = a_case(covers)
    given = told(category=covers.pk)
    shown = dora.post(NEW, given).content.decode()
    assert "It may be known already" in shown
    assert first.number in shown
    assert Case.objects.count() == 1
    html = dora.post(NEW, {**given, "repeat": first.number}).content.decode()
    second = Case.objects.exclude(pk=first.pk).get()
    assert Link.objects.get(case=second, kind="repeat").target == first
    assert tracked(second.number, secret_on(html)) == second


def test_whoever_may_not_merge_lets_the_caller_follow(cora: Client, covers: Category) -> None:
    first = a_case(covers)
    given = told(category=covers.pk)
    shown = cora.post(NEW, given).content.decode()
    assert first.number in shown
    assert first.title not in shown.split('id="similar-title"')[1].split("</section>")[0]
    html = cora.post(NEW, {**given, "repeat": first.number}).content.decode()
    assert Case.objects.count() == 1
    assert Follow.objects.get(case=first).user_id is None
    assert secret_on(html)
    assert cora.post(NEW, {**told(), "repeat": "WG-2020-000009"}).status_code == 422


def test_the_class_is_suggested_with_its_reason_and_taken_by_one_press(dora: Client, covers: Category) -> None:
    html = dora.post(f"{NEW}look/", {"title": "路口窨井缺失"}).content.decode()
    assert "井盖" in html
    assert "窨井" in html
    assert "%" in html
    page = dora.post(NEW, told(take=covers.pk)).content.decode()
    assert f'<option value="{covers.pk}" selected>' in page
    assert not Case.objects.exists()


def test_every_word_stays_on_a_fault_and_in_the_draft(dora: Client) -> None:
    given = told(address="", lon="", lat="", text="A long story")
    page = dora.post(NEW, given)
    assert page.status_code == 422
    assert "A long story" in page.content.decode()
    assert dora.post(f"{NEW}draft/", given).status_code == 204
    assert "A long story" in dora.get(NEW).content.decode()
    dora.post(NEW, told(confirmed="1"))
    assert not Draft.objects.exists()


def test_whoever_may_not_report_is_refused(office: Unit) -> None:
    lea = signed_in(a_user("lea"), "town_leader", office)
    assert lea.get(NEW).status_code == 403
    assert lea.post(f"{NEW}look/", {"title": "x"}).status_code == 403
    assert Client().get(NEW).status_code == 302
    assert "Register for somebody" not in lea.get("/desk/").content.decode()
