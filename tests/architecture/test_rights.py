"""Every address × every role: each door opens for whom it should, and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import LazySettings
from django.test import Client

from zhen.kernel.access.api import ACTIONS, PERMISSIONS, ROLES, Actor, permissions_of
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import Packs
from zhen.project.docs import rights
from zhen.project.rights.addresses import Address, addresses
from zhen.project.rights.doors import HAND_MADE, Way

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
RIGHTS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rights.md"

SOME = 2
"""Of those that may enter, and as many of those that may not: asking all of them takes minutes."""

# The registry of roles is full once Django is set up, which is before tests are collected.
EVERYBODY = ("", *(role.id for role in ROLES))


def visitor(role: str) -> tuple[Client, Actor]:
    """A browser and its actor: the public for no role, else somebody of the demo with a post of it."""
    client = Client(raise_request_exception=True)
    if not role:
        return client, Actor.anonymous()
    user = a_user(role.replace(".", "_"), is_demo=True)  # administrators need no second factor in the demo
    a_post(user, role, a_unit("office", "党政办公室"))
    client.force_login(user)
    return client, actor_for(user, day=clock.today())


@pytest.mark.chaos
@pytest.mark.parametrize("role", EVERYBODY)
def test_each_address_lets_in_whom_it_should(role: str, settings: LazySettings) -> None:
    """All of them: some minutes."""
    settings.ZHEN_DEMO = True
    assert wrong_answers(role, addresses()) == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_address_lets_in_the_public_and_some_roles_as_it_should(role: str, settings: LazySettings) -> None:
    """The public everywhere, and at each address `SOME` of the roles that may and of those that may not, in turn."""
    settings.ZHEN_DEMO = True
    assert wrong_answers(role, [address for address in addresses() if not role or role in asked_at(address)]) == []


@cache
def asked_at(address: Address) -> list[str]:
    """Neighbouring addresses ask other roles, so that each role is asked at many."""
    start = crc32(address.route.encode())
    may, may_not = [], []
    for role in ROLES:
        permission = address.door.permission if address.door else None
        (may if not permission or permission in permissions_of(role) else may_not).append(role.id)
    return [few[(start + step) % len(few)] for few in (may, may_not) if few for step in range(SOME)]


def wrong_answers(role: str, asked: Sequence[Address]) -> list[str]:
    client, actor = visitor(role)
    wrong = []
    for address in asked:
        expected = address.expected(actor)
        if expected is None:
            continue
        response = client.get(address.example)
        to_sign_in = response.status_code == 302 and response["location"].startswith(SIGN_IN)
        if response.status_code not in expected or (response.status_code == 302 and not to_sign_in):
            wrong.append(f"{address.name} {address.example}: {response.status_code}, not {sorted(expected)}")
    return wrong


def test_every_address_says_who_may_enter() -> None:
    """A page says so itself; an address made by hand finds its line in zhen.project.rights.doors."""
    assert [address.name for address in addresses() if address.door is None] == []


def test_every_line_of_the_table_of_doors_has_its_address() -> None:
    assert sorted(set(HAND_MADE) - {address.name for address in addresses()}) == []


def test_every_permission_that_a_door_asks_for_is_declared() -> None:
    asked = {door.permission for door in HAND_MADE.values() if door.way is Way.PERMISSION}
    assert {permission for permission in asked if permission not in PERMISSIONS} == set()


def test_every_permission_that_an_action_asks_for_is_declared() -> None:
    unknown = {spec.permission for spec in ACTIONS.values() if spec.permission and spec.permission not in PERMISSIONS}
    assert unknown == set()


def test_every_permission_is_held_by_a_role() -> None:
    held = {permission for role in ROLES for permission in rights.permissions_of(role)}
    assert sorted(permission.id for permission in PERMISSIONS if permission.id not in held) == []


def test_every_action_stands_in_the_written_table() -> None:
    rights.import_actions()
    written = RIGHTS.read_text(encoding="utf-8")
    ours = [name for name in ACTIONS if not name.startswith(("tests.", "zhen.web.tests"))]
    assert [name for name in ours if f"| {name} |" not in written] == []
    assert Packs.loaded
