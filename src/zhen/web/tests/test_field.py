"""The field face: what waits on the spot, steps and reports from a phone, and things that are sent twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from shapely import box

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, CaseAttachment, Move, NewCase, NewReporter, move, receive
from zhen.kernel.cases.models import Category
from zhen.kernel.files.models import File
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import events_about
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many
from zhen.web.models import Sent

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
JSON = {"accept": "application/json"}
INSIDE, OUTSIDE = (121.381, 31.241), (121.399, 31.241)


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("operations", "运行中心")


@pytest.fixture
def cells(db: None) -> list[Place]:
    """A neighbourhood of two cells side by side."""
    since, town, area = date(2020, 1, 1), "310107102000", "310107102001"
    shapes = [box(121.38, 31.24, 121.384, 31.244), box(121.396, 31.24, 121.4, 31.244)]
    whole = box(121.38, 31.24, 121.4, 31.244)
    news = [
        NewPlace(kind=Kind.TOWN, code=town, name="镇", parent=None, valid_from=since, shape=whole),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code=area, name="甲", parent=town, valid_from=since, shape=whole),
        *(
            NewPlace(kind=Kind.CELL, code=f"{area}00{n}", name=f"甲{n}", parent=area, valid_from=since, shape=shape)
            for n, shape in enumerate(shapes, start=1)
        ),
    ]
    places = {place.code: place for place in create_many(SYSTEM, news)}
    return [places[f"{area}001"], places[f"{area}002"]]


@pytest.fixture
def rubbish(db: None) -> Category:
    return Category.objects.create(
        scheme="grid", code="E0101", name="暴露垃圾", family="E", valid_from=date(2020, 1, 1), source="test",
        opening="It lies in the open", closing="Nothing is left of it",
    )  # fmt: skip


def signed_in(username: str, role: str, unit: Unit, area: Place | None = None) -> Client:
    user = a_user(username)
    a_post(user, role, unit, area=area)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


@pytest.fixture
def wei(office: Unit, cells: list[Place]) -> Client:
    return signed_in("wei", "grid_worker", office, cells[0])


def a_case(point: tuple[float, float] = INSIDE, **given: Any) -> Case:
    reporter = NewReporter(secret="x" * 32, phone="13800000000")
    return receive(SYSTEM, "grid.case", NewCase(title="Rubbish at the gate", point=point, reporter=reporter, **given))


def done(office: Unit, category: Category, point: tuple[float, float] = INSIDE) -> Case:
    """A case that somebody has to verify."""
    case = a_case(point, category=category)
    for step, given in (
        ("dispatch", Move(unit_id=office.pk)),
        ("finish", Move(result="Taken away", outcome="resolved", reason="dark")),
    ):
        case = move(SYSTEM, case.pk, case.revision, step, given)
    return case


def address(case: Case, step: str = "") -> str:
    return f"/field/cases/{case.number}/" + (f"{step}/" if step else "")


def confirming(case: Case, **more: Any) -> dict[str, Any]:
    return {"revision": case.revision, "request_id": str(uuid4()), "reason": "All clean", **more}


def test_the_list_holds_what_waits_in_my_area_with_what_to_look_at(
    wei: Client, office: Unit, rubbish: Category
) -> None:
    here, there = done(office, rubbish), done(office, rubbish, OUTSIDE)
    html = wei.get("/field/").content.decode()
    assert address(here) in html
    assert address(there) not in html
    assert 'data-lon="121.381000"' in html
    shown = wei.get(address(here)).content.decode()
    assert "Nothing is left of it" in shown
    assert "Taken away" in shown
    assert "13800000000" not in shown
    assert wei.get(address(there)).status_code == 404


def test_the_list_takes_a_fixed_number_of_queries(
    wei: Client, office: Unit, rubbish: Category, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        done(office, rubbish)
    wei.get("/field/")
    with django_assert_max_num_queries(14):
        wei.get("/field/")


def test_a_worker_confirms_with_a_photo_of_his_own(wei: Client, office: Unit, rubbish: Category) -> None:
    case = done(office, rubbish)
    bare = wei.post(address(case, "confirm"), {"revision": case.revision, "request_id": str(uuid4())})
    assert bare.status_code == 422
    given = confirming(case, reason="", **{"evidence-new": an_upload(an_image())})
    answer = wei.post(address(case, "confirm"), given, headers=JSON)
    assert answer.json() == {"state": "done", "told": f"{case.number}: It is right", "url": "/field/"}
    case.refresh_from_db()
    assert case.state == "verified"
    assert CaseAttachment.objects.filter(case=case, kind="evidence").count() == 1


def test_what_is_sent_again_is_not_done_again(wei: Client, office: Unit, rubbish: Category) -> None:
    case = done(office, rubbish)
    given = confirming(case, reason="Half of it is there")
    first = wei.post(address(case, "rework"), {**given, "evidence-new": an_upload(an_image())}, headers=JSON)
    again = wei.post(address(case, "rework"), {**given, "evidence-new": an_upload(an_image())}, headers=JSON)
    assert (again.status_code, again.json()) == (200, first.json())
    case.refresh_from_db()
    assert case.state == "handling"
    assert events_about(case).filter(kind="cases.moved", data__step="rework").count() == 1
    assert File.objects.count() == 1
    assert Sent.objects.count() == 1


def test_a_step_that_somebody_was_faster_with_keeps_its_words(wei: Client, office: Unit, rubbish: Category) -> None:
    case = done(office, rubbish)
    seen = confirming(case, reason="I stood there at noon, all clean")
    move(SYSTEM, case.pk, case.revision, "close", Move())
    told = wei.post(address(case, "confirm"), seen, headers=JSON)
    assert told.status_code == 409
    assert told.json()["state"] == "overtaken"
    assert not Sent.objects.exists()
    page = wei.post(address(case, "confirm"), seen)
    assert page.status_code == 409
    assert "I stood there at noon, all clean" in page.content.decode()


def test_after_a_change_beside_the_step_it_is_offered_again_with_the_words(
    wei: Client, office: Unit, rubbish: Category
) -> None:
    case = done(office, rubbish)
    page = wei.post(address(case, "confirm"), confirming(case, revision=case.revision - 1, reason="All clean here"))
    html = page.content.decode()
    assert page.status_code == 409
    assert "All clean here" in html
    assert f'name="revision" value="{case.revision}"' in html


def test_a_report_from_the_street_is_one_case_however_often_it_is_sent(wei: Client, rubbish: Category) -> None:
    given: dict[str, Any] = {"title": "Litter", "lon": "121.381", "lat": "31.241", "category": rubbish.pk}
    given |= {"request_id": str(uuid4())}
    answers = [
        wei.post("/field/report/", {**given, "photos-new": an_upload(an_image())}, headers=JSON).json()
        for _time in range(3)
    ]
    case = Case.objects.get()
    assert (case.source, case.category, case.state) == ("field", rubbish, "received")
    assert answers == [{"state": "done", "told": f"Registered as {case.number}.", "url": address(case)}] * 3
    assert CaseAttachment.objects.get(case=case).kind == "report"


def test_what_is_settled_on_the_spot_is_reported_and_ended_or_neither(
    wei: Client, rubbish: Category, cells: list[Place]
) -> None:
    given: dict[str, Any] = {"title": "Litter", "lon": "121.381", "lat": "31.241", "settled": "on"}
    given |= {"request_id": str(uuid4())}
    assert wei.post("/field/report/", given).status_code == 422
    given |= {"category": rubbish.pk, "result": "Picked up"}
    beyond = wei.post("/field/report/", {**given, "lon": "121.399"}, headers=JSON)
    assert beyond.status_code == 422
    assert "outside the area" in beyond.json()["told"]
    assert not Case.objects.exists()
    assert wei.post("/field/report/", given).status_code == 302
    case = Case.objects.get()
    assert (case.state, case.outcome, case.result, case.area) == ("closed", "resolved", "Picked up", cells[0])


def test_a_report_without_a_position_lies_in_the_reporters_own_area(wei: Client, cells: list[Place]) -> None:
    assert wei.post("/field/report/", {"title": "Litter", "request_id": str(uuid4())}).status_code == 422
    given = {"title": "Litter", "address": "At the east gate", "request_id": str(uuid4())}
    assert wei.post("/field/report/", given).status_code == 302
    assert Case.objects.get().area == cells[0]


def test_whoever_may_not_report_or_step_is_refused(office: Unit, rubbish: Category, cells: list[Place]) -> None:
    leader = signed_in("lea", "town_leader", office)
    case = done(office, rubbish)
    assert leader.get("/field/report/").status_code == 403
    assert leader.post(address(case, "confirm"), confirming(case)).status_code == 403
    assert leader.post(address(case, "close"), confirming(case)).status_code == 404
    assert Client().get("/field/").status_code == 302
    assert Client().get(address(case)).status_code == 302


def test_the_phone_asks_who_is_signed_in_before_it_sends(wei: Client) -> None:
    answer = wei.get("/field/ready/").json()
    assert answer["token"]
    assert Client().get("/field/ready/").status_code == 401


def test_signing_out_wipes_what_the_phone_has_kept(wei: Client) -> None:
    assert wei.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in Client().get("/")
