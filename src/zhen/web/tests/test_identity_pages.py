"""The pages of identity, opened and used by those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.identity.api import Post, Unit, User, posts_on
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    return a_unit("office")


@pytest.fixture
def alice(office: Unit) -> User:
    user = a_user("alice")
    a_post(user, "unit_clerk", office)
    return user


def demo(username: str, role: str, unit: Unit, settings: Any) -> Client:
    """Signed in as a person of the demo: no password, no second factor."""
    settings.ZHEN_DEMO = True
    user = a_user(username, is_demo=True)
    a_post(user, role, unit)
    client = Client()
    client.post("/accounts/demo/", {"username": username})
    return client


@pytest.fixture
def sun(office: Unit, settings: Any) -> Client:
    client = demo("sun", "system_administrator", office, settings)
    client.post("/accounts/elevation/", {"reason": "working on accounts"})
    return client


@pytest.fixture
def shen(office: Unit, settings: Any) -> Client:
    client = demo("shen", "security_administrator", office, settings)
    client.post("/accounts/elevation/", {"reason": "working on posts"})
    return client


@pytest.fixture
def clerk(office: Unit, settings: Any) -> Client:
    return demo("clerk", "unit_clerk", office, settings)


@pytest.mark.parametrize("page", ["people", "units", "posts", "roles"])
def test_everybody_with_a_post_reads_the_directory(clerk: Client, alice: User, page: str) -> None:
    assert clerk.get(f"/desk/identity/{page}/").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["tokens/", "elevations/", "unit_new/", "post_new/{user}/", "person_deactivate/{user}/", "person_reset/{user}/"],
)
def test_a_clerk_opens_nothing_of_the_administrators(clerk: Client, alice: User, page: str) -> None:
    assert clerk.get(f"/desk/identity/{page.format(user=alice.pk)}").status_code == 403


def test_one_person_and_one_post_open(shen: Client, alice: User) -> None:
    assert shen.get(f"/desk/identity/people/{alice.pk}/").status_code == 200
    assert shen.get(f"/desk/identity/posts/{alice.posts.get().pk}/").status_code == 200


def test_the_security_administrator_gives_and_ends_a_post(shen: Client, office: Unit, alice: User) -> None:
    form = {"role": "counter_clerk", "unit": office.pk, "valid_from": clock.today().isoformat()}
    assert shen.post(f"/desk/identity/post_new/{alice.pk}/", form).status_code == 302
    post = Post.objects.get(user=alice, role="counter_clerk")
    end = {"on": (clock.today() + timedelta(days=1)).isoformat(), "reason": "a test"}
    assert shen.post(f"/desk/identity/post_end/{post.pk}/", end).status_code == 302
    assert posts_on(clock.today() + timedelta(days=1)).filter(user=alice).count() == 1


def test_mixing_duties_is_told_beside_the_role(shen: Client, office: Unit, alice: User) -> None:
    form = {"role": "auditor", "unit": office.pk, "valid_from": clock.today().isoformat()}
    response = shen.post(f"/desk/identity/post_new/{alice.pk}/", form)
    assert response.status_code == 422
    assert "role" in response.context["form"].errors


def test_the_system_administrator_makes_moves_and_closes_units(sun: Client, office: Unit) -> None:
    today = clock.today().isoformat()
    new = {"code": "care", "name": "Care", "under": office.pk, "since": today}
    assert sun.post("/desk/identity/unit_new/", new).status_code == 302
    unit = Unit.objects.get(code="care")
    assert sun.post("/desk/identity/unit_new/", new).status_code == 422
    later = (clock.today() + timedelta(days=2)).isoformat()
    assert sun.post(f"/desk/identity/unit_move/{unit.pk}/", {"under": "", "since": later}).status_code == 302
    assert sun.get(f"/desk/identity/units/{unit.pk}/").status_code == 200
    last = (clock.today() + timedelta(days=9)).isoformat()
    assert sun.post(f"/desk/identity/unit_close/{unit.pk}/", {"on": last}).status_code == 302


def test_deactivating_asks_for_a_reason(sun: Client, alice: User) -> None:
    assert sun.post(f"/desk/identity/person_deactivate/{alice.pk}/", {"reason": ""}).status_code == 422
    assert sun.post(f"/desk/identity/person_deactivate/{alice.pk}/", {"reason": "left"}).status_code == 302
    alice.refresh_from_db()
    assert not alice.is_active


def test_without_an_elevation_the_same_page_refuses(office: Unit, alice: User, settings: Any) -> None:
    client = demo("sun", "system_administrator", office, settings)
    assert client.post(f"/desk/identity/person_deactivate/{alice.pk}/", {"reason": "left"}).status_code == 403


def test_a_new_link_is_shown_once(sun: Client, alice: User) -> None:
    assert sun.get(f"/accounts/people/{alice.pk}/link/").status_code == 200
    response = sun.post(f"/accounts/people/{alice.pk}/link/")
    assert "/accounts/link/" in response.context["secret"]


def test_the_holder_names_a_deputy_on_the_page_of_his_post(office: Unit, alice: User, settings: Any) -> None:
    client = demo("bob", "counter_clerk", office, settings)
    post = Post.objects.get(user__username="bob")
    today = clock.today()
    form = {"user": alice.pk, "valid_from": today.isoformat(), "valid_to": (today + timedelta(days=7)).isoformat()}
    assert client.get(f"/desk/identity/post_deputise/{post.pk}/").status_code == 200
    assert client.post(f"/desk/identity/post_deputise/{post.pk}/", form).status_code == 302
    other = a_post(alice, "dispatcher", office)
    assert client.get(f"/desk/identity/post_deputise/{other.pk}/").status_code == 403


def test_the_table_of_rights_leaves_as_a_file(clerk: Client) -> None:
    assert clerk.get("/desk/identity/roles/?export=csv").status_code == 200
    assert clerk.get("/desk/identity/roles/?role=auditor&duty=audit&q=identity").status_code == 200
