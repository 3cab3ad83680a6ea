"""Who reported a case is for whoever handles it, for a purpose: every address is asked whether it tells others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Category, Link, NewCase, NewReporter, link, receive, say_as_reporter
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.project.rights.addresses import addresses

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
NAME, PHONE, EMAIL, SECRET = "上官婉儿", "13912345678", "wan.er@example.org", "the-secret-of-the-reporter"
IDENTITY = (NAME, PHONE, EMAIL, SECRET)
# Streams do not end; files of the program itself are no answers about a case.
SKIPPED = frozenset({"web:live"})


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def case(db: None) -> Case:
    """With the sweepers, reported by somebody with a name; a case of the gardeners repeats it."""
    sweepers, gardeners = a_unit("sweepers"), a_unit("gardeners")
    for name, unit in (("sam", sweepers), ("sue", sweepers), ("gus", gardeners), ("gil", gardeners)):
        a_post(a_user(name), "unit_head" if name in {"sue", "gil"} else "unit_clerk", unit)
    rubbish = Category.objects.create(
        scheme="grid", code="E0101", name="Rubbish", family="E", valid_from=date(2020, 1, 1), source="test"
    )
    reporter = NewReporter(secret=SECRET, name=NAME, phone=PHONE, email=EMAIL)
    given: dict[str, Any] = {"title": "Rubbish at the gate", "category": rubbish, "point": (121.38, 31.24)}
    made = receive(SYSTEM, "grid.case", NewCase(**given, unit_id=sweepers.pk, reporter=reporter))
    theirs = receive(SYSTEM, "grid.case", NewCase(**given, unit_id=gardeners.pk))
    link(SYSTEM, made.pk, Link.Kind.REPEAT, target_id=theirs.pk)
    say_as_reporter(Actor.anonymous(), made.number, SECRET, "It is still there")
    return made


def as_(name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=name))
    return client


def asked(case: Case) -> Iterator[str]:
    """Every address, for this case wherever something is named, and with its words as what is looked for."""
    for address in addresses():
        if address.name in SKIPPED:
            continue
        keys = [case.number, str(case.pk)] if address.keyed else [""]
        for key in keys:
            path = "/" + re.sub(r"<[^>]*>", key, address.route)
            yield path
            if not address.keyed:
                yield from (f"{path}?{query}" for query in (f"q={PHONE}", "queue=all"))


def answered(client: Client, path: str) -> bytes:
    response = client.get(path)
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content)  # type: ignore[arg-type]
    return bytes(response.content)


def told_by(client: Client, case: Case) -> list[str]:
    found = []
    for path in asked(case):
        # what was asked for comes back in the field of the search; that tells nobody anything
        body = answered(client, path).decode(errors="replace")
        words = [word for word in IDENTITY if f"q={word}" not in path and word in body]
        found += [f"{path} tells {word}" for word in words]
    return found


def test_no_address_tells_another_unit_who_reported_a_case(case: Case) -> None:
    """Nor its head, who may do all that a clerk may."""
    assert told_by(as_("gil"), case) == []


def test_no_address_tells_the_public_who_reported_a_case(case: Case) -> None:
    assert told_by(Client(raise_request_exception=False), case) == []


def test_no_address_tells_its_own_unit_unasked(case: Case) -> None:
    """Only the form that asks for a purpose opens it."""
    assert told_by(as_("sam"), case) == []


@pytest.mark.parametrize(("name", "status", "told"), [("sam", 200, True), ("gus", 404, False), ("gil", 404, False)])
def test_the_form_with_a_purpose_opens_it_to_its_own_unit_alone(case: Case, name: str, status: int, told: bool) -> None:
    answer = as_(name).post(f"/desk/cases/{case.number}/reporter/", {"reporter-purpose": "", "purpose": "To ask back"})
    assert (answer.status_code, PHONE in answer.content.decode()) == (status, told)


@pytest.mark.parametrize("looked_for", [PHONE, NAME, EMAIL])
@pytest.mark.parametrize("name", ["sam", "gus"])
def test_no_search_finds_a_case_by_who_reported_it(case: Case, name: str, looked_for: str) -> None:
    for path in (reverse("web:search"), reverse("cases:inbox")):
        answer = as_(name).get(path, {"q": looked_for, "queue": "all"})
        assert answer.status_code == 200
        assert case.number not in answer.content.decode()
