"""Signing in and out over HTTP: who may, who may not, and what the journal tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.test import Client

from zhen.kernel.identity.api import Unit, User
from zhen.kernel.identity.testing import PASSWORD, a_post, a_unit, a_user
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def office() -> Unit:
    return a_unit("office")


@pytest.fixture
def alice(office: Unit) -> User:
    user = a_user("alice", password=PASSWORD)
    a_post(user, "unit_clerk", office)
    return user


@pytest.fixture
def sun(office: Unit) -> User:
    user = a_user("sun", password=PASSWORD)
    a_post(user, "system_administrator", office)
    return user


def sign_in(client: Client, username: str = "alice", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": username, "password": password})


def code_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(counters())))))


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_person_signs_in_with_a_password(client: Client, alice: User) -> None:
    response = sign_in(client)
    assert response.status_code == 302
    assert response["Location"] == "/desk/"
    event = Event.objects.get(kind="identity.signed_in")
    assert (event.actor_id, event.data["method"]) == (alice.pk, "password")


def test_the_page_asked_for_comes_after_signing_in(client: Client, alice: User) -> None:
    response = client.post(LOGIN, {"login": "alice", "password": PASSWORD, "next": "/cockpit/"})
    assert response["Location"] == "/cockpit/"


def test_signing_in_leads_nowhere_outside(client: Client, alice: User) -> None:
    response = client.post(LOGIN, {"login": "alice", "password": PASSWORD, "next": "https://evil.example/"})
    assert response["Location"] == "/desk/"


def test_a_wrong_password_is_told_to_the_journal_without_what_was_typed(client: Client, alice: User) -> None:
    response = sign_in(client, password="hunter2 hunter2")
    assert response.status_code == 200
    event = Event.objects.get(kind="identity.sign_in_failed")
    assert event.subject_id == str(alice.pk)
    assert "hunter2" not in str(event.data)


def test_a_user_name_that_nobody_has_is_not_kept(client: Client) -> None:
    sign_in(client, username="my secret password")
    event = Event.objects.get(kind="identity.sign_in_failed")
    assert "secret" not in str(event.data)
    assert event.subject_id == ""


def test_five_failures_lock_an_account_even_for_the_right_password(client: Client, alice: User) -> None:
    for _try in range(5):
        sign_in(client, password="wrong wrong 1")
    response = sign_in(client)
    assert response.status_code == 200
    assert kinds().count("identity.sign_in_failed") == 5
    assert "identity.locked_out" in kinds()
    assert "identity.signed_in" not in kinds()


def test_another_host_name_does_not_open_the_lock(client: Client, alice: User) -> None:
    for _try in range(5):
        sign_in(client, password="wrong wrong 1")
    client.post(LOGIN, {"login": "Alice", "password": PASSWORD}, headers={"host": "localhost"})
    assert "identity.signed_in" not in kinds()


def test_a_lock_on_one_account_leaves_others_open(client: Client, alice: User) -> None:
    a_user("bob", password=PASSWORD)
    for _try in range(5):
        sign_in(client, password="wrong wrong 1")
    assert sign_in(client, username="bob").status_code == 302


def test_signing_out_ends_the_session(client: Client, alice: User) -> None:
    sign_in(client)
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302
    assert Event.objects.get(kind="identity.signed_out").data["reason"] == "asked"


def test_nobody_registers_himself(client: Client) -> None:
    response = client.post("/accounts/no-account/", {"username": "eve", "password1": PASSWORD})
    assert response.status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "login/code/", "3rdparty/"])
def test_ways_that_are_not_ours_do_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_deactivated_person_does_not_sign_in(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert "identity.signed_in" not in kinds()
    response = sign_in(client)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/inactive/"


def test_deactivating_ends_what_a_session_may_do_at_once(client: Client, alice: User) -> None:
    sign_in(client)
    assert client.get("/accounts/").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/accounts/")["Location"].startswith(LOGIN)


def test_a_machine_never_signs_in(client: Client) -> None:
    a_user("meter", password=PASSWORD, is_machine=True)
    assert sign_in(client, username="meter")["Location"] == "/accounts/inactive/"


def test_an_idle_session_ends(client: Client, alice: User, settings: Any) -> None:
    sign_in(client)
    client.get("/accounts/")
    with clock.frozen(clock.now() + settings.ZHEN_SESSION_LIMITS.idle + timedelta(seconds=1)):
        assert client.get("/accounts/")["Location"].startswith(LOGIN)
    assert Event.objects.get(kind="identity.signed_out").data["reason"] == "idle"


def test_a_busy_session_ends_at_its_limit(client: Client, alice: User, settings: Any) -> None:
    sign_in(client)
    start = clock.now()
    client.get("/accounts/")
    limits = settings.ZHEN_SESSION_LIMITS
    at = start
    while at + limits.idle / 2 < start + limits.absolute:
        at += limits.idle / 2
        with clock.frozen(at):
            assert client.get("/accounts/").status_code == 200
    with clock.frozen(start + limits.absolute + timedelta(seconds=5)):
        assert client.get("/accounts/")["Location"].startswith(LOGIN)
    assert Event.objects.get(kind="identity.signed_out").data["reason"] == "limit"


def test_people_see_and_end_their_other_sessions(client: Client, alice: User) -> None:
    other = Client()
    sign_in(other)
    sign_in(client)
    assert other.get("/accounts/").status_code == 200
    client.post("/accounts/sessions/")
    assert other.get("/accounts/")["Location"].startswith(LOGIN)
    assert client.get("/accounts/").status_code == 200


def test_an_administrator_has_no_rights_before_a_second_factor(client: Client, sun: User) -> None:
    sign_in(client, username="sun")
    response = client.get("/desk/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/")
    assert client.get("/accounts/people/new/").status_code == 403


def add_totp(user: User) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def test_the_seed_of_one_time_codes_is_sealed(sun: User) -> None:
    secret = add_totp(sun)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_second_factor_is_asked_after_the_password(client: Client, sun: User) -> None:
    secret = add_totp(sun)
    response = sign_in(client, username="sun")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/")["Location"].startswith(LOGIN)
    response = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert response["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert Event.objects.get(kind="identity.signed_in").data["method"] == "password+totp"


def test_a_wrong_code_does_not_sign_in(client: Client, sun: User) -> None:
    add_totp(sun)
    sign_in(client, username="sun")
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert "identity.signed_in" not in kinds()
    assert "identity.sign_in_failed" in kinds()


def test_a_second_factor_of_another_person_does_not_count(client: Client, sun: User, office: Unit) -> None:
    """The session remembers who showed a second factor, not only that somebody did."""
    secret = add_totp(sun)
    sign_in(client, username="sun")
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    client.post("/accounts/logout/")
    shen = a_user("shen", password=PASSWORD)
    a_post(shen, "security_administrator", office)
    sign_in(client, username="shen")
    assert client.get("/desk/")["Location"].startswith("/accounts/2fa/")


def test_an_administrator_keeps_his_last_second_factor(client: Client, sun: User) -> None:
    secret = add_totp(sun)
    sign_in(client, username="sun")
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()


def elevated_client(client: Client, sun: User) -> Client:
    secret = add_totp(sun)
    sign_in(client, username="sun")
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    response = client.get("/accounts/elevation/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_an_elevation_asks_for_the_password_again_and_lets_an_account_be_made(client: Client, sun: User) -> None:
    elevated_client(client, sun)
    assert client.get("/accounts/people/new/").status_code == 403
    assert client.post("/accounts/elevation/", {"reason": "a new colleague starts"}).status_code == 302
    response = client.post("/accounts/people/new/", {"username": "dora", "name": "Dora"})
    assert response.status_code == 200
    link = response.context["secret"]
    client.post("/accounts/elevation/end/")
    assert client.get("/accounts/people/new/").status_code == 403

    dora = Client()
    assert dora.get(link).status_code == 200
    assert dora.post(link, {"password": "a good one 7", "again": "another 7"}).status_code == 422
    assert dora.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert dora.post(link, {"password": "a good one 7", "again": "a good one 7"}).status_code == 302
    assert dora.get(link).status_code == 410
    assert sign_in(dora, "dora", "a good one 7").status_code == 302


def test_an_elevation_without_a_reason_is_refused(client: Client, sun: User) -> None:
    elevated_client(client, sun)
    assert client.post("/accounts/elevation/", {"reason": ""}).status_code == 422


def test_whom_an_elevation_would_give_nothing_gets_403(client: Client, alice: User) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/elevation/").status_code == 403


def test_people_make_and_revoke_keys_for_programs(client: Client, alice: User) -> None:
    sign_in(client)
    until = (clock.today() + timedelta(days=30)).isoformat()
    form = {"name": "script", "scopes": ["identity.directory.read"], "until": until}
    response = client.post("/accounts/keys/", form)
    key = response.context["secret"]
    assert key.startswith("zhen_")
    assert key not in client.get("/accounts/keys/").content.decode()
    token = alice.tokens.get()
    assert client.post(f"/accounts/keys/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_key_of_somebody_else_is_not_there(client: Client, alice: User) -> None:
    sign_in(client)
    client.post(
        "/accounts/keys/",
        {"name": "x", "scopes": ["identity.directory.read"], "until": clock.today() + timedelta(days=3)},
    )
    a_user("bob", password=PASSWORD)
    other = Client()
    sign_in(other, "bob")
    assert other.post(f"/accounts/keys/{alice.tokens.get().pk}/revoke/").status_code == 404


def test_people_of_the_demo_sign_in_without_a_password_in_a_demo_only(client: Client, settings: Any) -> None:
    a_user("leader", is_demo=True)
    settings.ZHEN_DEMO = False
    assert client.post("/accounts/demo/", {"username": "leader"}).status_code == 404
    settings.ZHEN_DEMO = True
    assert client.post("/accounts/demo/", {"username": "leader"})["Location"] == "/desk/"
    assert Event.objects.get(kind="identity.signed_in").data["method"] == "demo"


def test_real_people_are_never_offered_by_the_demo(client: Client, alice: User, settings: Any) -> None:
    settings.ZHEN_DEMO = True
    assert client.post("/accounts/demo/", {"username": "alice"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "password/change/", "2fa/", "sessions/", "keys/", "2fa/webauthn/", "reauthenticate/"]
)
def test_the_pages_of_an_account_open(client: Client, alice: User, path: str) -> None:
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(f"/accounts/{path}").status_code == 200


def test_a_page_costs_a_known_number_of_queries(client: Client, alice: User, django_assert_num_queries: Any) -> None:
    sign_in(client)
    client.get("/accounts/")
    # session, user, posts, tree of units, own posts
    with django_assert_num_queries(5):
        client.get("/accounts/")
