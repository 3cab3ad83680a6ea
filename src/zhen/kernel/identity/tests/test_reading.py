"""Reading: the tree, the directory and the table of rights, in a known number of queries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhen.kernel.access.api import PERMISSIONS, ROLES, Actor, Denied, permissions_of
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.pages.oversight import rights
from zhen.kernel.identity.pages.people import facts, posts_of, with_posts
from zhen.kernel.identity.queries import actor_for, person, post, token, unit, unit_tree
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.pages.api import Missing


def test_the_tree_is_read_in_its_order(
    alice: User, town: Unit, office: Unit, today: date, django_assert_num_queries: Any
) -> None:
    desk = a_unit("desk", under=office)
    other = a_unit("another", under=town)
    actor = actor_for(alice, day=today)
    with django_assert_num_queries(3):
        rows = unit_tree(actor, day=today)
    assert [(found.pk, depth) for found, depth, _people in rows] == [
        (town.pk, 0),
        (other.pk, 1),
        (office.pk, 1),
        (desk.pk, 2),
    ]
    assert {found.pk: people for found, _depth, people in rows}[office.pk] == 1


def test_the_directory_costs_two_queries_however_long_it_is(
    alice: User, office: Unit, today: date, django_assert_num_queries: Any
) -> None:
    actor = actor_for(alice, day=today)
    for number in range(5):
        a_post(a_user(f"user{number}"), "unit_clerk", office)
    with django_assert_num_queries(2):
        told = [posts_of(user) for user in with_posts(actor, {})]
    assert len(told) == 6
    assert all(told)


def test_a_colleague_sees_no_phone_number(alice: User, bob: User, today: date) -> None:
    labels = [str(fact.label) for fact in facts(actor_for(bob, day=today), alice)]
    own = [str(fact.label) for fact in facts(actor_for(alice, day=today), alice)]
    assert len(own) == len(labels) + 2


def test_a_stranger_reads_no_directory(charlie: User, alice: User, today: date) -> None:
    actor = actor_for(charlie, day=today)
    for read in (lambda: with_posts(actor, {}), lambda: unit_tree(actor, day=today), lambda: rights(actor, {})):
        with pytest.raises(Denied):
            read()


@pytest.mark.parametrize("key", ["0", "999999", "x", ""])
def test_what_is_not_there_is_missing(alice: User, today: date, key: str) -> None:
    actor = actor_for(alice, day=today)
    for read in (person, unit, post, token):
        with pytest.raises(Missing):
            read(actor, key)


def test_the_table_of_rights_lists_every_permission_of_every_role(alice: User, today: date) -> None:
    rows = rights(actor_for(alice, day=today), {})
    assert {(row.role_id, row.permission_id) for row in rows} == {
        (role.id, id) for role in ROLES for id in permissions_of(role)
    }


# who may do what in identity: the kernel's own rights as one table
TABLE = {
    "identity.directory.read": {
        "system_administrator",
        "security_administrator",
        "auditor",
        "town_leader",
        "plan_officer",
        "finance_officer",
        "dispatcher",
        "unit_head",
        "unit_clerk",
        "counter_clerk",
        "neighbourhood_secretary",
        "social_worker",
        "grid_worker",
    },
    "identity.user.manage": {"system_administrator"},
    "identity.unit.manage": {"system_administrator"},
    "identity.post.manage": {"security_administrator"},
    "identity.factor.reset": {"security_administrator"},
    "identity.session.manage": {"security_administrator"},
    "identity.token.manage": {"security_administrator"},
    "identity.token.issue": {"security_administrator"},
}


@pytest.mark.parametrize("permission", sorted(TABLE))
def test_only_these_roles_hold_a_right(permission: str) -> None:
    holders = {role.id for role in ROLES if permission in permissions_of(role)}
    assert holders & set(KERNEL_ROLES) == TABLE[permission]


def test_the_table_is_complete() -> None:
    assert {each.id for each in PERMISSIONS if each.id.startswith("identity.")} == set(TABLE)


KERNEL_ROLES = TABLE["identity.directory.read"]


def test_a_process_of_our_own_reads_all(alice: User, today: date) -> None:
    assert person(Actor.system("test"), str(alice.pk)) == alice
