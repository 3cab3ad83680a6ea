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

    `elevated`: needs a time-limited, logged elevation as well (administrators).
    `sensitive`: reads personal data; each use is journalled with its purpose.
    """

    id: str
    name: Text
    duty: Duty = Duty.BUSINESS
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


def _check_roles(roles: Mapping[str, Entry[Role]]) -> Iterable[Problem]:
    for entry in roles.values():
        role = entry.value
        where = f"{entry.owner}: role {role.id}"
        for name in sorted(role.permissions):
            declared = PERMISSIONS.candidate.get(name)
            if declared is None:
                yield Problem(
                    where=where, what=f"names the unknown permission {name}", remedy="Declare it or remove it"
                )
            elif declared.value.duty is not role.duty:
                yield Problem(
                    where=where,
                    what=f"has the duty {role.duty} but holds {name} of the duty {declared.value.duty}",
                    remedy="Keep system, security, audit and business rights in separate roles",
                )


PERMISSIONS: Registry[Permission] = Registry(Permission, label="permission")
ROLES: Registry[Role] = Registry(Role, label="role", check=_check_roles)
