"""The pages about persons in a browser: masked lists, clear values for a purpose, “my data”."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.parties import api as parties
from zhen.kernel.parties.synthetic import Town

SYSTEM = Actor.system("tests")
PHONE = "12600000001"
PURPOSE = "办理高龄津贴"


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("office", "党政办公室")


@pytest.fixture
def zhang() -> Any:
    """Somebody who does not exist."""
    return next(iter(Town(1, clock.today()).households(1))).members[0][0]


@pytest.fixture
def person(office: Unit, zhang: Any) -> parties.Person:
    found = parties.add_person(SYSTEM, name="张三丰", id_number=zhang.id_number)
    parties.add_contact(SYSTEM, found.pk, kind="phone", value=PHONE)
    return found


def signed_in(name: str, role: str | None, office: Unit) -> Client:
    user = a_user(name, name)
    if role:
        a_post(user, role, office)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def clerk(office: Unit) -> Client:
    """Alice stands at the counter."""
    return signed_in("alice", "counter_clerk", office)


def test_lists_and_pages_mask_what_is_sensitive(clerk: Client, person: parties.Person, zhang: Any) -> None:
    for address in ("/desk/parties/persons/", f"/desk/parties/persons/{person.pk}/"):
        text = clerk.get(address).content.decode()
        assert "张三丰" in text
        assert zhang.id_number not in text
        assert PHONE not in text
        assert zhang.id_number[-4:] in text


def test_a_clerk_opens_a_number_only_after_stating_a_purpose(clerk: Client, person: parties.Person, zhang: Any) -> None:
    form = f"/desk/parties/read_person/{person.pk}/"
    refused = clerk.post(form, {"purpose": "给张三丰办理津贴"})
    assert refused.status_code == 422
    assert zhang.id_number not in refused.content.decode()
    opened = clerk.post(form, {"purpose": PURPOSE})
    assert opened.status_code == 302
    page = clerk.get(opened["Location"])
    assert zhang.id_number in page.content.decode()
    assert PURPOSE in clerk.get(f"/desk/parties/persons/{person.pk}/").content.decode()


def test_nobody_else_sees_an_opened_number(clerk: Client, person: parties.Person, office: Unit) -> None:
    opened = clerk.post(f"/desk/parties/read_person/{person.pk}/", {"purpose": PURPOSE})
    other = signed_in("bob", "counter_clerk", office)
    assert other.get(opened["Location"]).status_code == 404


def test_who_has_no_right_gets_403_and_who_is_unknown_signs_in(office: Unit, person: parties.Person) -> None:
    stranger = signed_in("charlie", None, office)
    assert stranger.get("/desk/parties/persons/").status_code == 403
    assert stranger.get(f"/desk/parties/read_person/{person.pk}/").status_code == 403
    for address in ("/parties/mine/", "/parties/mine.json", "/desk/parties/persons/"):
        response = Client().get(address)
        assert response.status_code == 302
        assert "next=" in response["Location"]


def test_my_data_shows_me_everything_and_who_looked(
    clerk: Client, person: parties.Person, office: Unit, zhang: Any
) -> None:
    user = a_user("zhang", "张三丰")
    parties.link_account(SYSTEM, person.pk, user.pk)
    clerk.post(f"/desk/parties/read_person/{person.pk}/", {"purpose": PURPOSE})
    me = Client()
    me.force_login(user)
    text = me.get("/parties/mine/").content.decode()
    for held in (zhang.id_number, PHONE, PURPOSE, "党政办公室", "第十三条"):
        assert held in text
    response = me.get("/parties/mine.json")
    assert response["Cache-Control"] == "no-store"
    data = json.loads(response.content)
    assert {"parties.person", "parties.contactpoint", "identity.user"} <= {row["model"] for row in data["records"]}


def test_asking_about_my_data_is_a_recorded_request(person: parties.Person, office: Unit) -> None:
    user = a_user("zhang", "张三丰")
    parties.link_account(SYSTEM, person.pk, user.pk)
    me = Client()
    me.force_login(user)
    assert me.post("/parties/ask/", {"kind": "correct", "text": "电话已更换"}).status_code == 302
    assert "电话已更换" in me.get("/parties/mine/").content.decode()


def test_a_clerk_gives_a_person_his_file(clerk: Client, person: parties.Person, zhang: Any) -> None:
    opened = clerk.post(f"/desk/parties/disclose_person/{person.pk}/", {"purpose": "本人到窗口查询"})
    page = clerk.get(opened["Location"])
    assert zhang.id_number in page.content.decode()
    key = opened["Location"].rstrip("/").rpartition("/")[2]
    data = json.loads(clerk.get(f"/desk/parties/disclosure/{key}.json").content)
    assert data["reads"][0]["purpose"] == "本人到窗口查询"


def test_the_list_of_persons_costs_the_same_for_one_and_for_many(
    clerk: Client, person: parties.Person, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        parties.add_person(SYSTEM, name=f"李{n}")
    with django_assert_max_num_queries(14):
        assert clerk.get("/desk/parties/persons/").status_code == 200
