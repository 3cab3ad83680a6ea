"""GeoReport v2: real clients read it, anything may be sent, and nobody learns more than he may."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from georeport import GeoReport
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import (
    Case,
    CaseAttachment,
    Category,
    NewCase,
    Reporter,
    attach,
    receive,
    redact_attachment,
)
from zhen.kernel.files import api as files
from zhen.kernel.identity.models import Token, User
from zhen.kernel.identity.rules import digest
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock

KEY = "k" * 43
CODE = "dummy_pack-0101"
REPAIR = "dummy_pack.repair"
SYSTEM = Actor.system("tests")
BASE = "/open311/v2"


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """These tests read the words of the errors."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def bench(db: None) -> Category:
    return Category.objects.create(
        scheme="dummy_pack", code="0101", name="长椅", english="Bench", valid_from=date(2020, 1, 1), source="test"
    )


@pytest.fixture
def machine(db: None) -> User:
    """A machine that may report and read in one unit."""
    user = a_user("machine", is_machine=True)
    unit = a_unit("carpenters")
    a_post(user, "dummy_pack.carpenter", unit)
    Token.objects.create(
        user=user,
        name="open311",
        digest=digest(KEY),
        hint=KEY[:4],
        scopes=["dummy_pack.view", "dummy_pack.change"],
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )
    return user


def a_report(bench: Category, **given: Any) -> Case:
    return receive(SYSTEM, REPAIR, NewCase(**{"title": "摇晃", "text": "王先生家门口", "category": bench, **given}))


def errors(response: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(response.content)
    assert all(set(error) == {"code", "description"} for error in found)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["json", "xml"])
def test_a_real_client_reads_services_and_requests(live_server: Any, bench: Category, format: str) -> None:
    first = a_report(bench, point=(121.38, 31.23))
    second = a_report(bench, point=(121.39, 31.24), address="白玉路")
    client = GeoReport(f"{live_server.url}{BASE}", output_format=format)
    services = client.get_service_list()
    one = services if isinstance(services, dict) else services[0]
    assert one["service_code"] == "dummy_pack-0101"
    assert one["service_name"] in ("长椅", "Bench")
    definition = client.get_service_definition("dummy_pack-0101")
    attributes = definition["attributes"]
    listed = attributes["attribute"] if format == "xml" else attributes
    assert [(a["code"], a["datatype"]) for a in listed] == [("legs", "number"), ("wood", "singlevaluelist")]
    numbers = [request["service_request_id"] for request in client.get_service_requests(status="open,closed")]
    assert numbers == [second.number, first.number]
    assert client.get_service_request(first.number)["service_code"] == "dummy_pack-0101"


@pytest.mark.django_db
def test_a_request_with_a_key_becomes_a_case(client: Client, bench: Category, machine: User) -> None:
    response = client.post(
        f"{BASE}/requests.json",
        {
            "api_key": KEY,
            "service_code": "dummy_pack-0101",
            "lat": "31.23",
            "long": "121.38",
            "description": "The bench wobbles\nat the pond",
            "phone": "13800000000",
            "media_url": "https://example.org/bench.jpg",
            "attribute[legs]": "3",
        },
    )
    assert response.status_code == 200
    (made,) = response.json()
    case = Case.objects.get(number=made["service_request_id"])
    assert (case.title, case.source, case.category) == ("The bench wobbles", "open311", bench)
    assert case.given == {"legs": 3}
    assert case.text.endswith("https://example.org/bench.jpg")
    assert str(Reporter.objects.get(case=case).phone) != "13800000000"
    secret = made["service_notice"].rsplit(" ", 1)[1]
    assert len(secret) >= 32


@pytest.mark.django_db
def test_a_picture_comes_along_and_loses_where_it_was_taken(client: Client, bench: Category, machine: User) -> None:
    picture = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    data = BytesIO()
    picture.save(data, "JPEG", exif=exif)
    sent = {"api_key": KEY, "service_code": CODE, "lat": "31.2", "long": "121.4", "description": "wobbles"}
    media = SimpleUploadedFile("bench.jpg", data.getvalue(), "image/jpeg")
    (made,) = client.post(f"{BASE}/requests.json", {**sent, "media": media}).json()
    case = Case.objects.get(number=made["service_request_id"])
    kept = CaseAttachment.objects.get(case=case)
    assert kept.file.is_image
    with files.content(files.Opened(file=kept.file, side=None)) as opened:
        content = opened.read()
    assert content.startswith(b"\xff\xd8")
    assert b"taken at home" not in content
    bad = SimpleUploadedFile("bench.jpg", b"no picture", "image/jpeg")
    assert errors(client.post(f"{BASE}/requests.json", {**sent, "media": bad}))[0]["code"] == 400


def a_picture(case: Case, colour: str = "red") -> CaseAttachment:
    """A photo of the reporter's, with what his camera wrote into it."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    data = BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG", exif=exif)
    kept = files.store(SYSTEM, SimpleUploadedFile("bench.jpg", data.getvalue(), "image/jpeg"), kinds=files.IMAGES)
    (made,) = attach(SYSTEM, case.pk, [kept], kind=CaseAttachment.Kind.REPORT, public=True)
    return made


def black_out(picture: CaseAttachment) -> None:
    redact_attachment(SYSTEM, picture.pk, [files.Box(left=0.0, top=0.0, width=0.5, height=0.5)], "a face")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["json", "xml"])
def test_a_real_client_finds_the_published_picture(live_server: Any, bench: Category, format: str) -> None:
    case = a_report(bench, point=(121.38, 31.23))
    picture = a_picture(case)
    client = GeoReport(f"{live_server.url}{BASE}", output_format=format)
    assert not client.get_service_request(case.number)["media_url"]
    assert requests.get(f"{live_server.url}{BASE}/media/{picture.pk}", timeout=60).status_code == 404
    black_out(picture)
    url = client.get_service_request(case.number)["media_url"]
    assert url.startswith(f"{live_server.url}{BASE}/media/")
    answer = requests.get(url, timeout=60)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"taken at home" not in answer.content
    shown = Image.open(BytesIO(answer.content)).convert("RGB")
    assert max(shown.crop((0, 0, 8, 8)).tobytes()) < 16


@pytest.mark.django_db
def test_a_key_opens_the_pictures_of_its_own_cases_only(client: Client, bench: Category, machine: User) -> None:
    own = a_report(bench, point=(121.38, 31.23), unit_id=machine.posts.get().unit_id)
    other = a_report(bench, point=(121.38, 31.23), unit_id=a_unit("painters").pk)
    mine, theirs = a_picture(own), a_picture(other)
    listed = {one["service_request_id"]: one for one in client.get(f"{BASE}/requests.json?api_key={KEY}").json()}
    assert listed[own.number]["media_url"].endswith(f"/media/{mine.pk}")
    assert listed[other.number]["media_url"] == ""
    assert client.get(f"{BASE}/media/{mine.pk}?api_key={KEY}").status_code == 200
    assert client.get(f"{BASE}/media/{mine.pk}").status_code == 404
    assert client.get(f"{BASE}/media/{theirs.pk}?api_key={KEY}").status_code == 404
    assert client.get(f"{BASE}/media/{theirs.pk}?api_key=wrong").status_code == 403


@pytest.mark.django_db
def test_no_picture_is_given_out_of_what_is_not_public(client: Client, bench: Category) -> None:
    hidden = a_picture(a_report(bench, visible=False))
    black_out(hidden)
    shown = a_picture(a_report(bench, point=(121.38, 31.23)))
    original = CaseAttachment.objects.get(pk=shown.pk).file
    black_out(shown)
    inside = a_picture(a_report(bench, point=(121.38, 31.23)))
    black_out(inside)
    CaseAttachment.objects.filter(pk=inside.pk).update(public=False)
    statuses = [client.get(f"{BASE}/media/{key}").status_code for key in (hidden.pk, shown.pk, inside.pk, original.pk)]
    assert statuses == [404, 200, 404, 404]


@pytest.mark.django_db
def test_without_a_key_nothing_is_taken(client: Client, bench: Category) -> None:
    for key in ("", "wrong"):
        response = client.post(
            f"{BASE}/requests.json", {"api_key": key, "service_code": "dummy_pack-0101", "lat": 1, "long": 1}
        )
        assert response.status_code == 403
        assert errors(response)[0]["code"] == 403
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_wrong_keys_are_counted(client: Client, bench: Category) -> None:
    said = [errors(client.get(f"{BASE}/requests.json?api_key=x{n}"))[0]["description"] for n in range(32)]
    assert "not valid" in said[0]
    assert "Too many" in said[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"service_code": ""}, "service_code was not provided"),
        ({"service_code": "9999"}, "9999"),
        ({"lat": "", "long": ""}, "lat and long, or address_string"),
        ({"lat": "north"}, "north"),
        ({"lat": "91"}, "91"),
        ({"description": "x" * 4001}, "description is longer"),
        ({"media_url": "javascript:alert(1)"}, "media_url"),
        ({"attribute[colour]": "red"}, "attribute[colour]"),
    ],
)
def test_wrong_input_gets_the_standards_error(
    client: Client, bench: Category, machine: User, sent: dict[str, str], named: str
) -> None:
    good = {"api_key": KEY, "service_code": "dummy_pack-0101", "lat": "31.2", "long": "121.4", "description": "wobbles"}
    response = client.post(f"{BASE}/requests.json", {**good, **sent})
    assert response.status_code in (400, 404)
    (error,) = errors(response)
    assert error["code"] == response.status_code
    assert named in error["description"]
    response = client.post(f"{BASE}/requests.xml", {**good, **sent})
    root = ElementTree.fromstring(response.content)
    assert root.tag == "errors"
    assert named in (root.findtext("error/description") or "")
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_the_public_sees_no_words_and_no_exact_place(client: Client, bench: Category, machine: User) -> None:
    case = a_report(bench, point=(121.38123, 31.23456), address="白玉路 12 号", unit_id=a_unit("painters").pk)
    (shown,) = client.get(f"{BASE}/requests/{case.number}.json").json()
    assert (shown["description"], shown["address"], shown["media_url"]) == ("", "", "")
    assert (shown["long"], shown["lat"]) != (121.38123, 31.23456)
    (other_unit,) = client.get(f"{BASE}/requests/{case.number}.json?api_key={KEY}").json()
    assert other_unit["description"] == ""
    own = a_report(bench, point=(121.38, 31.23), unit_id=machine.posts.get().unit_id)
    (mine,) = client.get(f"{BASE}/requests/{own.number}.json?api_key={KEY}").json()
    assert (mine["description"], mine["long"], mine["lat"]) == ("王先生家门口", 121.38, 31.23)


@pytest.mark.django_db
def test_an_exact_place_is_not_found_by_ever_smaller_boxes(client: Client, bench: Category) -> None:
    case = a_report(bench, point=(121.38123, 31.23456))
    (shown,) = client.get(f"{BASE}/requests/{case.number}.json").json()
    lon, lat = shown["long"], shown["lat"]

    def listed(west: float, south: float, east: float, north: float) -> int:
        return len(client.get(f"{BASE}/requests.json?bbox={west},{south},{east},{north}").json())

    assert listed(lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001) == 1
    assert listed(121.3812, 31.2345, 121.3813, 31.2346) == 0


@pytest.mark.django_db
def test_requests_are_listed_by_date_status_and_box(client: Client, bench: Category) -> None:
    old = a_report(bench, point=(121.38, 31.23), received_at=datetime(2026, 1, 5, 1, tzinfo=UTC))
    new = a_report(bench, point=(121.40, 31.25))

    def numbers(query: str) -> list[str]:
        return [one["service_request_id"] for one in client.get(f"{BASE}/requests.json?{query}").json()]

    assert numbers("") == [new.number]
    assert numbers("start_date=2026-01-01T00:00:00Z&end_date=2026-02-01T00:00:00Z") == [old.number]
    assert numbers("start_date=2026-01-01&bbox=121.3,31.2,121.39,31.24") == [old.number]
    assert numbers(f"service_request_id={old.number},{new.number}") == [new.number, old.number]
    assert numbers("status=closed") == []
    assert numbers("start_date=2026-01-01&page=2&page_size=1") == [old.number]


@pytest.mark.django_db
def test_what_is_not_public_is_not_there(client: Client, bench: Category) -> None:
    case = a_report(bench, visible=False)
    response = client.get(f"{BASE}/requests/{case.number}.json")
    assert response.status_code == 404
    unknown = client.get(f"{BASE}/requests/BR-2026-999999.json")
    assert errors(response)[0]["description"].replace(case.number, "") == errors(unknown)[0]["description"].replace(
        "BR-2026-999999", ""
    )


PARAMETERS = ("service_request_id", "service_code", "start_date", "end_date", "status", "bbox", "page", "page_size")


@pytest.mark.django_db
@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40), max_size=4), st.sampled_from(["json", "xml"]))
def test_anything_asked_is_answered_in_the_standards_form(asked: dict[str, str], format: str) -> None:
    response = Client(raise_request_exception=True).get(f"{BASE}/requests.{format}", asked)
    assert response.status_code in (200, 400, 404)
    if format == "json":
        assert isinstance(json.loads(response.content), list)
    else:
        assert ElementTree.fromstring(response.content).tag in ("service_requests", "errors")


@pytest.mark.django_db
@given(
    st.dictionaries(
        st.sampled_from(["service_code", "lat", "long", "description", "media_url", "phone", "email", "attribute[x]"]),
        st.text(max_size=60),
    )
)
def test_anything_sent_is_answered_in_the_standards_form(sent: dict[str, str]) -> None:
    response = Client(raise_request_exception=True).post(f"{BASE}/requests.json", {"api_key": KEY, **sent})
    assert response.status_code == 403
    assert errors(response)[0]["code"] == 403


@pytest.mark.django_db
@given(st.binary(max_size=40))
def test_any_words_of_a_holder_of_a_key_are_answered(data: bytes) -> None:
    from django.http import QueryDict

    from zhen.gateways.open311 import writing
    from zhen.gateways.open311.troubles import Trouble

    sent = QueryDict(mutable=True)
    sent.update({"service_code": data.decode("utf-8", "replace"), "lat": data.hex(), "long": "1"})
    with pytest.raises(Trouble):
        writing.report(SYSTEM, sent)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_follow_the_number_of_requests(
    client: Client, bench: Category, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        a_report(bench, point=(121.38, 31.23))
    client.get(f"{BASE}/requests.json")
    with django_assert_max_num_queries(5):
        assert len(client.get(f"{BASE}/requests.json").json()) == 3
