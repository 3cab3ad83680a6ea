"""docs/howto/open311.md shows a conversation with a real client: it is held here, and must still go as written."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from georeport import GeoReport
from PIL import Image

from zhen.gateways.open311.tests.recording import TOWN, recording, written
from zhen.kernel.cases.api import Category
from zhen.kernel.identity.models import Token
from zhen.kernel.identity.rules import digest
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock

PAGE = Path(__file__).resolve().parents[5] / "docs" / "howto" / "open311.md"
BEGIN, END = "<!-- conversation: begin -->\n", "<!-- conversation: end -->\n"
REMEDY = "WRITE_DOCS=1"
"""Set in the environment, the page is written anew."""
KEY = "k" * 43
TIMEOUT = 60


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}


@pytest.fixture
def key(transactional_db: None) -> str:
    """The key of a machine that may report; and one class that may be reported."""
    Category.objects.create(
        scheme="grid", code="B0101", name="路面窨井盖缺失", family="B", valid_from=date(2020, 1, 1), source="test"
    )
    machine = a_user("machine", is_machine=True)
    a_post(machine, "dispatcher", a_unit("centre", "城运中心"))
    Token.objects.create(
        user=machine,
        name="open311",
        digest=digest(KEY),
        hint=KEY[:4],
        scopes=["grid.case.create", "grid.case.view"],
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )
    return KEY


def a_photo() -> tuple[str, bytes, str]:
    data = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(data, "JPEG")
    return "manhole.jpg", data.getvalue(), "image/jpeg"


def test_the_conversation_of_the_page_goes_as_it_is_written(live_server: Any, key: str) -> None:
    told: list[str] = []
    with recording(live_server.url) as town:
        endpoint = f"{town.url}/open311/v2"
        known = {town.url: TOWN, live_server.url: TOWN, town.url.removeprefix("http://"): "town.example", key: "KEY"}
        known |= {live_server.url.removeprefix("http://"): "town.example"}

        def tell(title: str) -> None:
            (exchange,) = town.exchanges[-1:]
            told.append(f"### {title}\n\n{written(exchange, known)}\n")

        client = GeoReport(endpoint)
        (service,) = client.get_service_list()
        tell("Which services are there?")
        sent = {"api_key": key, "service_code": service["service_code"], "lat": "31.2345", "long": "121.3812"}
        said = {"description": "路面窨井盖缺失\n有人差点摔倒", "address_string": "白玉路 12 号", "phone": "13800000000"}
        (made,) = requests.post(
            f"{endpoint}/requests.json", {**sent, **said}, files={"media": a_photo()}, timeout=TIMEOUT
        ).json()
        (secret,) = re.findall(r"[\w-]{32,}", made["service_notice"], re.ASCII)
        known[secret] = "SECRET"
        tell("A report with a picture")
        found = client.get_service_request(made["service_request_id"])
        assert found["service_code"] == service["service_code"]
        tell("What becomes of it? Without a key: no words, and a rough place")
        mine = requests.get(
            f"{endpoint}/requests/{made['service_request_id']}.json", {"api_key": key}, timeout=TIMEOUT
        ).json()
        assert mine[0]["description"].startswith("路面窨井盖缺失")
        known[mine[0]["media_url"].rsplit("/", 1)[1]] = "PICTURE"
        tell("The same with a key that may view it")
        day = clock.today().isoformat()
        known[day] = "2026-09-15"
        known[(clock.today() + timedelta(days=1)).isoformat()] = "2026-09-16"
        box = {"start_date": day, "bbox": "121.37,31.22,121.39,31.24"}
        listed = requests.get(f"{endpoint}/requests.json", box, timeout=TIMEOUT).json()
        assert [one["service_request_id"] for one in listed] == [made["service_request_id"]]
        tell("A list by date and box")
        elsewhere = {**box, "bbox": "121.0,31.0,121.1,31.1"}
        assert requests.get(f"{endpoint}/requests.json", elsewhere, timeout=TIMEOUT).json() == []
        tell("A box without any")
        wrong = {**sent, "service_code": "grid-9999", "description": "?"}
        assert requests.post(f"{endpoint}/requests.json", wrong, timeout=TIMEOUT).status_code == 404
        tell("A service that there is not")
        nowhere = {name: value for name, value in sent.items() if name not in {"lat", "long"}}
        assert requests.post(f"{endpoint}/requests.xml", nowhere, timeout=TIMEOUT).status_code == 400
        tell("A report without a place, answered in XML")
        assert requests.post(f"{endpoint}/requests.json", {**sent, "api_key": ""}, timeout=TIMEOUT).status_code == 403
        tell("A report without a key")
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    new = f"{head}{BEGIN}\n" + "\n".join(told) + f"{END}{tail}"
    if os.environ.get("WRITE_DOCS") == "1":
        PAGE.write_text(new, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == new, f"docs/howto/open311.md is out of date; write it with {REMEDY}"
