"""The Actor: on whose behalf something is read or done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from zhen.kernel.access.declarations import PERMISSIONS, ROLES, Duty, Reach, Role, permissions_of


class ActorKind(StrEnum):
    USER = "user"
    TOKEN = "token"  # noqa: S105 a kind of actor, not a secret
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role held through a post, with the post's reach already resolved.

    `areas` and `units` hold the ids of the post's area and unit and of all below them; `None`
    means that the post names none. `unit_name` is how the journal names the unit to people.
    """

    role: str
    permissions: frozenset[str]
    reach: Reach
    duty: Duty = Duty.BUSINESS
    areas: frozenset[int] | None = None
    units: frozenset[int] | None = None
    unit_name: str = ""

    @classmethod
    def of(
        cls,
        role: Role,
        *,
        areas: frozenset[int] | None = None,
        units: frozenset[int] | None = None,
        unit_name: str = "",
    ) -> Grant:
        return cls(
            role=role.id,
            permissions=permissions_of(role),
            reach=role.reach,
            duty=role.duty,
            areas=areas,
            units=units,
            unit_name=unit_name,
        )


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person, a token, a process of our own, or the public.

    A token has an id of its own and acts for the user `behalf`; `limit` narrows it to the permissions
    it was given. `purpose` is the reason stated for reading personal data; it lasts for one request.
    """

    kind: ActorKind
    id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    elevated: bool = False
    behalf: int | None = None
    limit: frozenset[str] | None = None
    purpose: str = ""

    @classmethod
    def system(cls, name: str) -> Actor:
        """A process of Zhen's own (worker, import, demo). It may do everything, in its own name."""
        return cls(kind=ActorKind.SYSTEM, name=name)

    @classmethod
    def anonymous(cls) -> Actor:
        return cls(kind=ActorKind.ANONYMOUS)

    @property
    def user_id(self) -> int | None:
        """The user whose rows are the actor's own."""
        return self.id if self.kind is ActorKind.USER else self.behalf

    def grants_for(self, permission: str) -> tuple[Grant, ...]:
        if self.limit is not None and permission not in self.limit:
            return ()
        declared = PERMISSIONS[permission]
        if declared.elevated and not self.elevated:
            return ()
        return tuple(grant for grant in self.grants if permission in grant.permissions)

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission anywhere; rows are decided by `restrict`."""
        return self.kind is ActorKind.SYSTEM or bool(self.grants_for(permission))

    def require(self, permission: str) -> None:
        if not self.may(permission):
            raise Denied(permission, self)

    def holds(self, role: str) -> bool:
        return any(grant.role == role for grant in self.grants)

    @property
    def administers(self) -> bool:
        """Whether the actor holds a post of system, security or audit administration."""
        return any(grant.duty is not Duty.BUSINESS for grant in self.grants)

    def without_administration(self) -> Actor:
        """The actor as long as he has not shown a second factor."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.duty is Duty.BUSINESS))

    def for_purpose(self, purpose: str) -> Actor:
        return replace(self, purpose=purpose)


def grants_of(role_ids: tuple[str, ...]) -> tuple[Grant, ...]:
    """Grants over the whole town, for roles by name (tests, demo, development)."""
    return tuple(Grant.of(ROLES[role]) for role in role_ids)


class Denied(Exception):
    """The actor lacks a permission (403). Remedy: ask for a post whose role holds it."""

    def __init__(self, permission: str, actor: Actor) -> None:
        self.permission = permission
        self.actor = actor
        super().__init__(f"{actor.name or actor.kind} lacks the permission {permission}")
