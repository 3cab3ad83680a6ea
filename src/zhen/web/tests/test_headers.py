"""What every answer carries."""

from django.test import Client


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(db: None) -> None:
    policy = Client().get("/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_other_headers_are_set(db: None) -> None:
    response = Client().get("/")

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "geolocation" in response["Permissions-Policy"]


def test_pages_of_signed_in_people_are_kept_by_no_cache(stranger: Client) -> None:
    assert stranger.get("/desk/")["Cache-Control"] == "private, no-store"


def test_an_unknown_address_says_so_with_an_id_to_quote(db: None) -> None:
    response = Client().get("/nowhere/")

    assert response.status_code == 404
    assert response["X-Request-Id"] in response.content.decode()


def test_language_and_theme_are_kept_by_the_browser(db: None) -> None:
    client = Client()
    client.post("/preferences/", {"language": "en", "next": "/"})
    client.post("/preferences/", {"theme": "dark", "next": "/"})
    text = client.get("/").content.decode()

    assert '<html lang="en"' in text
    assert 'data-theme="dark"' in text


def test_preferences_lead_nowhere_else(db: None) -> None:
    response = Client().post("/preferences/", {"theme": "dark", "next": "https://elsewhere.example/"})

    assert response["Location"] == "/"
