"""Signing in with a password: who may, who may not, and what the journal tells."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import PASSWORD, a_user
from zhen.kernel.journal.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return a_user("alice", password=PASSWORD)


def sign_in(client: Client, username: str = "alice", password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password})


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_person_signs_in_with_a_password(client: Client, alice: User) -> None:
    response = sign_in(client)
    assert response.status_code == 302
    assert response["Location"] == "/desk/"
    assert kinds() == ["identity.signed_in"]
    assert Event.objects.get().data["method"] == "password"
