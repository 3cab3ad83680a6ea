"""What a phone hears before it sends: its key, where a file stopped; labels; and what a page of the field weighs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.urls import reverse
from shapely import box

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import File
from zhen.kernel.files.testing import an_image
from zhen.kernel.identity.api import Unit, User, end_sessions
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many
from zhen.kernel.telemetry.testing import a_device
from zhen.web.field.contact import key_of
from zhen.web.field.pwa import field_parts

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
SIZE = 1000


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("operations", "运行中心")


@pytest.fixture
def building(db: None) -> Place:
    since = date(2020, 1, 1)
    shape = box(121.38, 31.24, 121.4, 31.25)
    house = box(121.381, 31.241, 121.382, 31.242)
    news = [
        NewPlace(kind=Kind.TOWN, code="T", name="镇", parent=None, valid_from=since, shape=shape),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="N", name="甲", parent="T", valid_from=since, shape=shape),
        NewPlace(kind=Kind.BUILDING, code="B-7", name="曹杨大楼", parent="N", valid_from=since, shape=house),
    ]  # fmt: skip
    return {place.code: place for place in create_many(SYSTEM, news)}["B-7"]


@pytest.fixture
def user(office: Unit) -> User:
    found = a_user("wei")
    a_post(found, "dispatcher", office)
    return found


@pytest.fixture
def wei(user: User) -> Client:
    return signed_in(user)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


# the key


def test_somebody_has_one_key_on_all_his_phones_and_again_when_he_signs_in_again(wei: Client, user: User) -> None:
    first = wei.get("/field/ready/").json()
    wei.post("/accounts/logout/")
    assert wei.get("/field/ready/").status_code == 401
    again = signed_in(user).get("/field/ready/").json()
    assert again["key"] == first["key"]
    assert 0 < first["seconds"] <= project.ZHEN_SESSION_LIMITS.absolute.total_seconds()


def test_another_person_has_another_key_and_the_database_shows_neither(wei: Client, office: Unit) -> None:
    other = a_user("li")
    mine, his = wei.get("/field/ready/").json()["key"], signed_in(other).get("/field/ready/").json()["key"]
    assert mine != his
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM web_phonekey")
        assert not [row for (row,) in cursor.fetchall() if mine["secret"].encode() in bytes(row)]


def test_once_the_office_has_ended_the_sessions_the_key_is_another_one(wei: Client, user: User) -> None:
    first = wei.get("/field/ready/").json()["key"]
    end_sessions(SYSTEM, user, reason="the phone is lost")
    assert signed_in(user).get("/field/ready/").json()["key"]["name"] != first["name"]


def test_with_another_post_the_pages_of_the_one_before_are_to_go(wei: Client, user: User, building: Place) -> None:
    first = wei.get("/field/ready/").json()["scope"]
    a_post(user, "grid_worker", a_unit("other"), area=building)
    assert wei.get("/field/ready/").json()["scope"] != first


def test_two_phones_at_once_get_the_same_key(user: User) -> None:
    now = clock.now()
    assert key_of(user, now).name == key_of(user, now + timedelta(seconds=1)).name


# files in pieces


def send(client: Client, key: UUID, offset: int, whole: bytes, ticket: str, name: str = "a.jpg") -> Any:
    query = f"?offset={offset}&total={len(whole)}&name={name}"
    return client.put(
        reverse("web:piece", kwargs={"key": key}) + query, whole[offset : offset + SIZE],
        content_type="application/octet-stream", headers={"X-Ticket": ticket},
    )  # fmt: skip


def test_a_photo_goes_on_where_it_was_cut_off(wei: Client) -> None:
    ticket, key, photo = wei.get("/field/ready/").json()["ticket"], uuid4(), an_image(size=(300, 200))
    where = reverse("web:piece", kwargs={"key": key})
    assert wei.get(where).status_code == 404
    assert send(wei, key, 0, photo, ticket).json() == {"received": SIZE}
    assert wei.get(where).json() == {"received": SIZE}
    gap = send(wei, key, 2 * SIZE, photo, ticket)
    assert (gap.status_code, gap.json()["received"]) == (409, SIZE)
    for offset in range(SIZE, len(photo), SIZE):
        last = send(wei, key, offset, photo, ticket)
    assert last.json()["token"] == wei.get(where).json()["token"]
    assert File.objects.count() == 1


def test_a_renamed_executable_is_told_when_its_last_piece_is_here(wei: Client) -> None:
    ticket, whole = wei.get("/field/ready/").json()["ticket"], b"MZ" + bytes(500)
    answer = send(wei, uuid4(), 0, whole, ticket, "scene.jpg")
    assert answer.status_code == 422
    assert "scene.jpg" in answer.json()["error"]


def test_pieces_want_a_ticket_numbers_and_somebody_who_is_signed_in(wei: Client, office: Unit) -> None:
    ticket, key = wei.get("/field/ready/").json()["ticket"], uuid4()
    assert send(wei, key, 0, b"x", "nonsense").status_code == 404
    assert send(Client(), key, 0, b"x", ticket).status_code == 401
    assert send(signed_in(a_user("li")), key, 0, b"x", ticket).status_code == 404
    where = reverse("web:piece", kwargs={"key": key})
    for query in ("", "?offset=-1&total=9", "?offset=0&total=99999999999999", "?offset=0&total=5"):
        answer = wei.put(where + query, b"", content_type="application/octet-stream", headers={"X-Ticket": ticket})
        assert answer.status_code == 400
    too_large = f"{where}?offset=0&total={25 << 20}"
    answer = wei.put(too_large, b"x", content_type="application/octet-stream", headers={"X-Ticket": ticket})
    assert (answer.status_code, "20 MB" in answer.json()["error"]) == (422, True)


# labels


def test_a_label_opens_its_building_and_its_device_in_the_field(wei: Client, office: Unit, building: Place) -> None:
    device = a_device("SMOKE-1", building, office)
    for text, kind, code in (
        ("https://zhen.example/field/at/place/B-7/", "place", "B-7"),
        ("http://other/desk/telemetry/devices/SMOKE-1/", "device", "SMOKE-1"),
    ):
        answer = wei.get("/field/scan/", {"q": text})
        assert answer["Location"] == f"/field/at/{kind}/{code}/"
        assert wei.get(answer["Location"]).status_code == 200
    place = wei.get("/field/at/place/B-7/").content.decode()
    assert f"/field/at/device/{device.code}/" in place
    report = wei.get("/field/report/", {"address": "曹杨大楼", "lon": "121.3815", "lat": "31.2415"}).content.decode()
    assert 'value="曹杨大楼"' in report
    assert 'value="121.3815"' in report


def test_what_stands_on_a_label_can_be_written_by_hand(wei: Client, office: Unit, building: Place) -> None:
    a_device("SMOKE-1", building, office)
    assert "/field/at/device/SMOKE-1/" in wei.get("/field/scan/", {"q": "smoke-1"}).content.decode()
    assert "/field/at/place/B-7/" in wei.get("/field/scan/", {"q": "曹杨"}).content.decode()
    assert "Nothing of this name is here" in wei.get("/field/scan/", {"q": "\x00?"}).content.decode()


def test_a_label_leads_nowhere_else(wei: Client, building: Place) -> None:
    assert wei.get("/field/scan/", {"q": "https://evil.example/field/at/place/B-7/x/"}).status_code == 200
    assert wei.get("/field/at/place/none/").status_code == 404
    assert wei.get("/field/at/place/T/").status_code == 404
    assert Client().get("/field/at/place/B-7/").status_code == 302
    assert "<svg" in wei.get("/desk/places/B-7/label/").content.decode()


# what a page of the field weighs


def test_the_scripts_of_the_field_weigh_less_than_200_kb_before_they_are_compressed() -> None:
    dist = project.VITE_MANIFEST.parent
    scripts = [part for part in field_parts() if part.endswith(".js")]
    assert any(part.startswith("assets/field-") for part in scripts)
    assert any(part.startswith("assets/decode-") for part in scripts), "the reader of labels works without a signal"
    assert not any("map-" in part or "chart-" in part for part in scripts)
    worker = dist / "field-worker.js"
    assert sum((dist / part).stat().st_size for part in scripts) + worker.stat().st_size < 200_000


def test_the_worker_keeps_every_part_of_this_release_and_the_app_can_be_installed() -> None:
    code = Client().get("/field/worker.js").content.decode()
    parts = json.loads(code.partition("const PARTS = ")[2].partition(";\n")[0])
    assert parts
    assert all(part.startswith("/static/dist/assets/") for part in parts)
    manifest = Client().get("/field/manifest.webmanifest").json()
    icons = {(icon["sizes"], icon["purpose"], icon["type"]) for icon in manifest["icons"]}
    assert icons == {(size, use, "image/png") for size in ("192x192", "512x512") for use in ("any", "maskable")}
    for icon in manifest["icons"]:
        assert (project.VITE_MANIFEST.parent / icon["src"].removeprefix("/static/dist/")).exists()
