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


@dataclass(frozen=True, kw_only=True)
class Separation:
    """Two kinds of work that one person never combines (不相容职务分离), each as the permissions that do it.

    Nobody is given posts that bring both into one hand, but for a reason that the security administrator records; on
    one and the same paper the owner's actions keep them apart. `always`: whoever holds one side does none of the
    other, whatever the paper. `rule` is the rule's number, by which a refusal names it; `reason` its sentence.
    Source: 《行政事业单位内部控制规范（试行）》 (财会〔2012〕21号), article 12.
    """

    id: str
    rule: str
    reason: Text
    first: frozenset[str]
    second: frozenset[str]
    always: bool = False

    def other_side(self, permissions: Iterable[str]) -> frozenset[str]:
        """The permissions that do not go with these; none where they hold neither side."""
        held = frozenset(permissions)
        return (self.second if held & self.first else frozenset()) | (self.first if held & self.second else frozenset())

    def met_by(self, permissions: Iterable[str]) -> bool:
        held = frozenset(permissions)
        return bool(held & self.first) and bool(held & self.second)


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


def _check_separations(separations: Mapping[str, Entry[Separation]]) -> Iterable[Problem]:
    for entry in separations.values():
        separation = entry.value
        where = f"{entry.owner}: separation {separation.id}"
        for name in sorted(separation.first | separation.second):
            if name not in PERMISSIONS.candidate:
                yield Problem(
                    where=where, what=f"names the unknown permission {name}", remedy="Declare it or remove it"
                )
        for name in sorted(separation.first & separation.second):
            yield Problem(where=where, what=f"has {name} on both sides", remedy="Leave it on one")
        for role in ROLES.candidate.values():
            added = (one.value for one in ROLE_GRANTS.candidate.values() if one.value.role == role.value.id)
            held = role.value.permissions.union(*(grant.permissions for grant in added))
            if separation.met_by(held):
                yield Problem(
                    where=where,
                    what=f"the role {role.value.id} holds both sides of it",
                    remedy="Take one side from the role",
                )


PERMISSIONS: Registry[Permission] = Registry(Permission, label="permission")
ROLES: Registry[Role] = Registry(Role, label="role", check=_check_roles)
ROLE_GRANTS: Registry[RoleGrant] = Registry(RoleGrant, label="role grant", check=_check_grants)
SEPARATIONS: Registry[Separation] = Registry(Separation, label="separation", check=_check_separations)
