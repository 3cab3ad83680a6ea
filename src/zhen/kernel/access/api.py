"""What other modules may import of access."""

from zhen.kernel.access.action import ACTIONS, ActionSpec, action
from zhen.kernel.access.actor import Actor, ActorKind, Denied, Grant, grants_of
from zhen.kernel.access.declarations import PERMISSIONS, ROLES, Duty, Permission, Reach, Role
from zhen.kernel.access.scope import Rule, actionable, restrict, rule_of

__all__ = [
    "ACTIONS",
    "PERMISSIONS",
    "ROLES",
    "ActionSpec",
    "Actor",
    "ActorKind",
    "Denied",
    "Duty",
    "Grant",
    "Permission",
    "Reach",
    "Role",
    "Rule",
    "action",
    "actionable",
    "grants_of",
    "restrict",
    "rule_of",
]
