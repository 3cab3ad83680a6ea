"""Signing in at the town's OpenID provider, against a real (small) provider on this machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from zhen.kernel.identity.api import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/provider/town/login/"


@dataclass
class Provider:
    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    kept = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/openid-configuration"):
                self._answer(
                    {
                        "issuer": kept.url,
                        "authorization_endpoint": f"{kept.url}/authorize",
                        "token_endpoint": f"{kept.url}/token",
                        "userinfo_endpoint": f"{kept.url}/userinfo",
                        "jwks_uri": f"{kept.url}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            else:
                self._answer(kept.info)

        def do_POST(self) -> None:
            kept.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            now = int(clock.now().timestamp())
            claims = {"iss": kept.url, "aud": "zhen", "iat": now, "exp": now + 60, **kept.claims}
            self._answer({"access_token": "a", "token_type": "Bearer", "id_token": jwt(claims)})

        def _answer(self, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    app = {
        "provider_id": "town",
        "name": "Town ID",
        "client_id": "zhen",
        "secret": "s",
        "settings": {"server_url": kept.url},
    }
    settings.ZHEN_OIDC_NAME = "Town ID"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def jwt(claims: dict[str, Any]) -> str:
    """An ID token; over a direct connection its signature need not be checked (Core 1.0, 3.1.3.7)."""
    parts = [{"alg": "RS256", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


def sign_in(client: Client, provider: Provider, sub: str, name: str, *, info: dict[str, Any] | None = None) -> Any:
    provider.claims = {"sub": sub, "preferred_username": name}
    provider.info = info if info is not None else {"sub": sub, "preferred_username": name, "name": "Whoever"}
    to = client.post(LOGIN)["Location"]
    assert to.startswith(f"{provider.url}/authorize?")
    asked = parse_qs(urlsplit(to).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(f"{LOGIN}callback/", {"code": "c", "state": asked["state"][0]})


def test_the_provider_finds_the_account_by_its_user_name(client: Client, provider: Provider) -> None:
    alice = a_user("alice", "Alice")
    assert sign_in(client, provider, "17", "alice")["Location"] == "/desk/"
    assert client.get("/accounts/").status_code == 200
    assert SocialAccount.objects.get().user == alice
    assert "code_verifier" in provider.asked[0]
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"identity.provider_linked", "identity.signed_in"} <= kinds
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_once_linked_the_subject_counts_not_the_name(client: Client, provider: Provider) -> None:
    a_user("alice")
    a_user("bob")
    sign_in(client, provider, "17", "alice")
    again = Client()
    sign_in(again, provider, "17", "bob")
    assert again.get("/accounts/").wsgi_request.user.username == "alice"


def test_an_unknown_person_gets_neither_account_nor_right(client: Client, provider: Provider) -> None:
    assert sign_in(client, provider, "99", "eve")["Location"] == "/accounts/no-account/"
    assert not User.objects.exists()
    assert client.get("/accounts/").status_code == 302
    assert Event.objects.get().kind == "identity.sign_in_failed"


def test_a_machine_and_a_deactivated_person_stay_outside(client: Client, provider: Provider) -> None:
    a_user("meter", is_machine=True)
    a_user("gone", is_active=False)
    for name in ("meter", "gone"):
        assert sign_in(Client(), provider, name, name)["Location"] == "/accounts/no-account/"


def test_answers_about_two_people_are_refused(client: Client, provider: Provider) -> None:
    a_user("alice")
    response = sign_in(client, provider, "17", "alice", info={"sub": "18", "preferred_username": "alice"})
    assert response["Location"] == "/accounts/no-account/"
    assert not SocialAccount.objects.exists()


def test_an_administrator_still_needs_a_second_factor(client: Client, provider: Provider) -> None:
    a_post(a_user("sun"), "system_administrator", a_unit("office"))
    sign_in(client, provider, "5", "sun")
    assert client.get("/desk/")["Location"].startswith("/accounts/2fa/")


def test_the_button_names_the_provider(client: Client, provider: Provider) -> None:
    assert "Town ID" in client.get("/accounts/login/").content.decode()


def test_without_a_provider_there_is_no_such_way(client: Client) -> None:
    assert client.get(LOGIN).status_code == 404
    assert "/accounts/provider/" not in client.get("/accounts/login/").content.decode()
