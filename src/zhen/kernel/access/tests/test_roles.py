"""Roles, and the grants with which modules and packs extend them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from zhen.kernel.access.api import (
    PERMISSIONS,
    ROLE_GRANTS,
    ROLES,
    SEPARATIONS,
    Duty,
    Permission,
    Reach,
    Role,
    RoleGrant,
    Separation,
    permissions_of,
)
from zhen.kernel.lib.registry import Bundle, Registry

OWN = (PERMISSIONS, ROLES, ROLE_GRANTS, SEPARATIONS)
WORKER = Role(id="worker", name="worker", permissions=frozenset(), reach=Reach.AREA)
LOOK = Permission(id="fire.look", name="look")


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    held = [(registry, registry._entries, registry._candidate) for registry in OWN]
    yield
    for registry, entries, candidate in held:
        registry._entries, registry._candidate = entries, candidate


def problems(**bundles: tuple[Any, ...]) -> list[str]:
    given = [Bundle(owner=owner, items=items) for owner, items in bundles.items()]
    registries: tuple[Registry[Any], ...] = OWN
    found = [problem for registry in registries for problem in registry.gather(given)]
    found += [problem for registry in registries for problem in registry.validate()]
    if not found:
        for registry in registries:
            registry.commit()
    return [str(problem) for problem in found]


def test_a_pack_adds_its_permissions_to_a_role_of_the_kernel() -> None:
    grant = RoleGrant(id="fire.worker", role="worker", permissions=frozenset({"fire.look"}))
    assert problems(access=(WORKER,), fire=(LOOK, grant)) == []
    assert permissions_of(ROLES["worker"]) == {"fire.look"}


def test_a_deleted_pack_takes_its_permissions_along() -> None:
    test_a_pack_adds_its_permissions_to_a_role_of_the_kernel()
    assert problems(access=(WORKER,)) == []
    assert permissions_of(ROLES["worker"]) == frozenset()


def test_a_pack_gives_away_only_what_is_its_own() -> None:
    grant = RoleGrant(id="spy.worker", role="worker", permissions=frozenset({"fire.look"}))
    (line,) = problems(access=(WORKER,), fire=(LOOK,), spy=(grant,))
    assert line.startswith("spy: role grant spy.worker: gives away fire.look, which belongs to fire.")


def test_a_grant_to_nobody_is_a_fault() -> None:
    grant = RoleGrant(id="fire.ghost", role="ghost", permissions=frozenset({"fire.look"}))
    (line,) = problems(fire=(LOOK, grant))
    assert "adds to the unknown role ghost" in line


def test_a_grant_does_not_mix_duties() -> None:
    auditor = Role(id="auditor", name="auditor", permissions=frozenset(), reach=Reach.TOWN, duty=Duty.AUDIT)
    grant = RoleGrant(id="fire.auditor", role="auditor", permissions=frozenset({"fire.look"}))
    (line,) = problems(access=(auditor,), fire=(LOOK, grant))
    assert "gives fire.look of the duty business to auditor of the duty audit" in line


def test_a_permission_without_a_duty_may_stand_in_any_role() -> None:
    auditor = Role(id="auditor", name="auditor", permissions=frozenset(), reach=Reach.TOWN, duty=Duty.AUDIT)
    read = Permission(id="fire.read", name="read", duty=None)
    grant = RoleGrant(id="fire.auditor", role="auditor", permissions=frozenset({"fire.read"}))
    assert problems(access=(auditor,), fire=(read, grant)) == []


def test_a_role_names_known_permissions() -> None:
    role = Role(id="worker", name="worker", permissions=frozenset({"fire.look"}), reach=Reach.AREA)
    (line,) = problems(access=(role,))
    assert "names the unknown permission fire.look" in line


def test_no_role_holds_both_sides_of_a_separation() -> None:
    ask, pay = Permission(id="fire.ask", name="ask"), Permission(id="fire.pay", name="pay")
    apart = Separation(
        id="fire.apart", rule="F1", reason="apart", first=frozenset({"fire.ask"}), second=frozenset({"fire.pay"})
    )
    one = RoleGrant(id="fire.worker", role="worker", permissions=frozenset({"fire.ask"}))
    assert problems(access=(WORKER,), fire=(ask, pay, apart, one)) == []
    both = RoleGrant(id="fire.worker", role="worker", permissions=frozenset({"fire.ask", "fire.pay"}))
    (line,) = problems(access=(WORKER,), fire=(ask, pay, apart, both))
    assert "the role worker holds both sides of it" in line
    (line,) = problems(access=(WORKER,), fire=(ask, apart))
    assert "names the unknown permission fire.pay" in line
