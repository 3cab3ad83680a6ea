"""Who gets through the door of a declared page."""

import pytest
from django.test import Client

from zhen.kernel.identity.models import Unit

PAGES = {
    "list": "/desk/dummy/units/",
    "board": "/desk/dummy/board/",
    "map": "/desk/dummy/map/",
    "dashboard": "/desk/dummy/numbers/",
}


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES.keys())
def test_a_reader_sees_each_kind_of_page(reader: Client, url: str) -> None:
    response = reader.get(url)

    assert response.status_code == 200
    assert b"<h1>" in response.content


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES.keys())
def test_a_stranger_is_refused(stranger: Client, url: str) -> None:
    response = stranger.get(url)

    assert response.status_code == 403
    assert response["X-Request-Id"] in response.content.decode()


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES.keys())
def test_whoever_is_not_signed_in_is_asked_to(dummies: None, db: None, url: str) -> None:
    response = Client().get(url)

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url}")


def test_a_public_page_is_open_to_all(dummies: None, office: Unit) -> None:
    response = Client().get("/dummy/open/")

    assert response.status_code == 200
    assert office.name in response.content.decode()


def test_a_reader_may_not_open_a_form_that_changes_things(reader: Client, office: Unit) -> None:
    assert reader.get(f"/desk/dummy/edit/{office.pk}/").status_code == 403
    assert reader.post(f"/desk/dummy/edit/{office.pk}/", {"name": "x"}).status_code == 403


@pytest.mark.parametrize("key", ["999999", "nonsense", "1 or 1=1"])
def test_what_is_not_there_is_not_found(reader: Client, key: str) -> None:
    assert reader.get(f"/desk/dummy/units/{key}/").status_code == 404


def test_menus_hold_only_what_their_reader_may_open(reader: Client, stranger: Client) -> None:
    assert "/desk/dummy/units/" in reader.get("/desk/").content.decode()
    assert "/desk/dummy/units/" not in stranger.get("/desk/").content.decode()
