"""What other modules may import of access."""

from zhen.kernel.access.action import ACTIONS, ActionSpec, action
from zhen.kernel.access.actor import Actor, ActorKind, Denied, Grant, grants_of
from zhen.kernel.access.declarations import (
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
    elevated_permissions,
    permissions_of,
)
from zhen.kernel.access.scope import actionable, restrict, rule_of
from zhen.kernel.lib.rule import Rule

__all__ = [
    "ACTIONS",
    "PERMISSIONS",
    "ROLES",
    "ROLE_GRANTS",
    "SEPARATIONS",
    "ActionSpec",
    "Actor",
    "ActorKind",
    "Denied",
    "Duty",
    "Grant",
    "Permission",
    "Reach",
    "Role",
    "RoleGrant",
    "Rule",
    "Separation",
    "action",
    "actionable",
    "elevated_permissions",
    "grants_of",
    "permissions_of",
    "restrict",
    "rule_of",
]
