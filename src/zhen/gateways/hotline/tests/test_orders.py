"""Work orders over HTTP: taken once by key, asked after, answered; and nobody without a key learns anything."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.cases.api import Case, Category, Reporter
from zhen.kernel.identity.models import Token, User
from zhen.kernel.identity.rules import digest
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock

KEY, READER = "zhen_" + "k" * 43, "zhen_" + "r" * 43
BASE = "/api/orders/hotline"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture(autouse=True)
def machine() -> User:
    """The hotline's machine account, with a key for everything it needs and one that only reads."""
    user = a_user("hotline", is_machine=True)
    a_post(user, "dispatcher", a_unit("operations"))
    Category.objects.create(scheme="grid", code="B0110", name="路灯", valid_from=date(2020, 1, 1), source="test")
    for key, scopes in (
        (KEY, ["grid.case.view", "grid.case.create", "grid.case.edit"]),
        (READER, ["grid.case.view"]),
    ):
        Token.objects.create(
            user=user,
            name=key[5:9],
            digest=digest(key),
            hint=key[:9],
            scopes=scopes,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
        )
    return user


def put(ref: str, body: dict[str, Any] | str, key: str = KEY) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = Client(headers=headers, enforce_csrf_checks=True).put(f"{BASE}/{ref}", data, "application/json")
    return answer.status_code, json.loads(answer.content)


def get(path: str, key: str = KEY) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = Client(headers=headers).get(path)
    return answer.status_code, json.loads(answer.content)


ORDER = {"title": "路灯不亮", "text": "三天了", "answer_days": 5, "class_code": "B0110", "phone": "12600000001"}


def test_an_order_is_taken_once_however_often_it_is_sent() -> None:
    status, first = put("H-1", ORDER)
    assert (status, first["taken"], first["state"]) == (201, "created", "received")
    status, again = put("H-1", ORDER)
    assert (status, again["taken"], again["number"]) == (200, "unchanged", first["number"])
    status, changed = put("H-1", {**ORDER, "text": "四天了"})
    assert (status, changed["taken"]) == (200, "updated")
    case = Case.objects.get()
    assert (case.text, case.source, case.source_ref) == ("四天了", "hotline", "H-1")
    assert Reporter.objects.count() == 1


def test_where_an_order_stands_and_its_answer() -> None:
    _status, made = put("H-1", ORDER)
    assert get(f"{BASE}/H-1")[1]["number"] == made["number"]
    status, form = get(f"{BASE}/H-1/answer")
    assert (status, form["complete"], form["ref"]) == (200, False, "H-1")
    since = (clock.now() - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert get(f"{BASE}?closed_since={since}") == (200, {"answers": []})


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("{", 400, ""),
        ({}, 422, "title"),
        ({**ORDER, "title": ""}, 422, "title"),
        ({**ORDER, "answer_days": 4}, 422, "1, 5"),
        ({**ORDER, "class_code": "X1"}, 422, "X1"),
        ({**ORDER, "area_code": "X1"}, 422, "X1"),
        ({**ORDER, "point": {"lon": 200, "lat": 1}}, 422, "lon"),
        ({**ORDER, "received_at": "2026-01-01 10:00"}, 422, "received_at"),
        ({**ORDER, "received_at": "2999-01-01T10:00:00+08:00"}, 422, "received_at"),
        ({**ORDER, "title": "a\x00b"}, 422, "null"),
    ],
)
def test_a_wrong_order_is_told_its_fault(body: Any, status: int, says: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    found, problem = put("H-1", body)
    assert found == status, problem
    assert says in json.dumps(problem, ensure_ascii=False)
    assert not Case.objects.exists()


def test_a_key_that_only_reads_takes_nothing() -> None:
    put("H-1", ORDER)
    assert put("H-2", ORDER, READER)[0] == 403
    assert put("H-1", {**ORDER, "text": "x"}, READER)[0] == 403
    assert get(f"{BASE}/H-1", READER)[0] == 200


@pytest.mark.parametrize(
    "path", [f"{BASE}/H-1", f"{BASE}/H-9", f"{BASE}/H-1/answer", f"{BASE}?closed_since=2026-01-01T00:00:00Z"]
)
def test_nobody_without_a_key_learns_anything(path: str) -> None:
    put("H-1", ORDER)
    assert get(path, "")[0] == 401
    assert get(path, "zhen_" + "x" * 43)[0] == 401


def test_a_signed_in_browser_has_no_rights_here(machine: User) -> None:
    client = Client()
    client.force_login(a_user("dora"))
    assert client.put(f"{BASE}/H-1", json.dumps(ORDER), "application/json").status_code == 401


def test_an_unknown_sender_and_an_unknown_order_are_not_there() -> None:
    assert get("/api/orders/nobody/H-1")[0] == 404
    assert get(f"{BASE}/H-1")[0] == 404
