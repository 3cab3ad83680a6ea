"""Permissions and roles as packs declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


class Duty(StrEnum):
    """The four kinds of work that one person's administration rights never mix.

    Source: separation of system, security and audit administrators, GB/T 22239-2019, 8.1.10.
    """

    BUSINESS = "business"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Reach(StrEnum):
    """Which part of a post limits the rows that a role reaches."""

    TOWN = "town"
    AREA = "area"
    UNIT = "unit"
    OWN = "own"


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that somebody may do, such as `plan.target.confirm`.

    `duty` is `None` for what may stand in a role of any duty, such as reading the staff directory.
    `elevated`: needs a time-limited, logged elevation as well (administrators).
    `sensitive`: reads personal data; each use is journalled with its purpose.
    """

    id: str
    name: Text
    duty: Duty | None = Duty.BUSINESS
    elevated: bool = False
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Role:
    """A named set of permissions; a post gives it to a person for a unit, an area and a time."""

    id: str
    name: Text
    permissions: frozenset[str]
    reach: Reach
    duty: Duty = Duty.BUSINESS


@dataclass(frozen=True, kw_only=True)
class RoleGrant:
    """Permissions of a module or pack, added to a role that somebody else declared.

    The owner grants only what it declares itself, so a deleted pack takes its rights along. The id
    says who adds to whom: `fire.grid_worker`.
    """

    id: str
    role: str
    permissions: frozenset[str]


def permissions_of(role: Role) -> frozenset[str]:
    """What a role may do in all: its own permissions and those that modules and packs add to it."""
    added = (grant.permissions for grant in ROLE_GRANTS if grant.role == role.id)
    return role.permissions.union(*added)


def elevated_permissions() -> frozenset[str]:
    """The permissions that work only during an elevation."""
    return frozenset(permission.id for permission in PERMISSIONS if permission.elevated)


def _check_roles(roles: Mapping[str, Entry[Role]]) -> Iterable[Problem]:
    for entry in roles.values():
        where = f"{entry.owner}: role {entry.value.id}"
        yield from _check_permissions(where, entry.value, entry.value.permissions)


def _check_grants(grants: Mapping[str, Entry[RoleGrant]]) -> Iterable[Problem]:
    for entry in grants.values():
        where = f"{entry.owner}: role grant {entry.value.id}"
        role = ROLES.candidate.get(entry.value.role)
        if role is None:
            yield Problem(
                where=where,
                what=f"adds to the unknown role {entry.value.role}",
                remedy="Name a role that the kernel or this pack declares",
            )
            continue
        yield from _check_permissions(where, role.value, entry.value.permissions)
        for name in sorted(entry.value.permissions):
            declared = PERMISSIONS.candidate.get(name)
            if declared is not None and declared.owner != entry.owner:
                yield Problem(
                    where=where,
                    what=f"gives away {name}, which belongs to {declared.owner}",
                    remedy="Grant only permissions that you declare yourself",
                )


def _check_permissions(where: str, role: Role, permissions: frozenset[str]) -> Iterable[Problem]:
    for name in sorted(permissions):
        declared = PERMISSIONS.candidate.get(name)
        if declared is None:
            yield Problem(where=where, what=f"names the unknown permission {name}", remedy="Declare it or remove it")
        elif declared.value.duty not in (role.duty, None):
            yield Problem(
                where=where,
                what=f"gives {name} of the duty {declared.value.duty} to {role.id} of the duty {role.duty}",
                remedy="Keep system, security, audit and business rights in separate roles",
            )


PERMISSIONS: Registry[Permission] = Registry(Permission, label="permission")
ROLES: Registry[Role] = Registry(Role, label="role", check=_check_roles)
ROLE_GRANTS: Registry[RoleGrant] = Registry(RoleGrant, label="role grant", check=_check_grants)
