"""A passkey, made and used in a real browser with a virtual authenticator; and signing in without any script."""

from __future__ import annotations

import os
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from zhen.kernel.identity.api import User
from zhen.kernel.identity.testing import PASSWORD, a_post, a_unit, a_user
from zhen.kernel.journal.api import Event

# Playwright's own loop runs in this thread; Django would mistake it for ours, also when it cleans up afterwards.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def alice() -> User:
    user = a_user("alice", "Alice", password=PASSWORD)
    a_post(user, "unit_clerk", a_unit("office"))
    return user


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/")


def test_a_passkey_is_made_and_signs_in(live_server: Any, browser: Browser, alice: User) -> None:
    base = live_server.url.replace("127.0.0.1", "localhost")  # browsers take localhost for a secure place
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, base)
    page.goto(f"{base}/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/webauthn/add/")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/**recovery-codes/**")
    assert Authenticator.objects.filter(user=alice, type="webauthn").exists()

    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/desk/")
    assert Event.objects.filter(kind="identity.signed_in").latest("id").data["method"] == "webauthn"
    assert refused == []


def test_a_passkey_that_fails_says_so(live_server: Any, browser: Browser, alice: User) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url.replace('127.0.0.1', 'localhost')}/accounts/login/")
    page.route("**/2fa/webauthn/login/", lambda route: route.abort())
    page.click("#passkey_login")
    page.wait_for_selector("[data-passkey-fault]:not([hidden])")


def test_signing_in_needs_no_script(live_server: Any, browser: Browser, alice: User) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/accounts/")
    assert page.locator("h1").count() == 1


def test_axe_finds_nothing_on_the_pages_of_an_account(live_server: Any, browser: Browser, alice: User) -> None:
    page = browser.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/totp/activate/")
    for path in ("2fa/totp/activate/", "", "2fa/", "2fa/webauthn/add/", "keys/", "sessions/", "password/change/"):
        page.goto(f"{live_server.url}/accounts/{path}")
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], path
