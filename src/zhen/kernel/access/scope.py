"""Which rows an actor reaches: `restrict`, by the rule that each model carries."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from zhen.kernel.access.actor import Actor, ActorKind, Grant
from zhen.kernel.access.declarations import Reach
from zhen.kernel.lib.rule import Rule

M = TypeVar("M", bound=Model)


def restrict(actor: Actor, permission: str, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows of `rows` on which `actor` holds `permission`; none where he holds it nowhere.

    Reading out of scope is thereby "not found" (404), while lacking the permission altogether
    is for `Actor.require` to say (403).
    """
    return _restrict(actor, permission, rows, rule_of(rows.model).public)


def actionable(actor: Actor, permission: str, rows: QuerySet[M]) -> QuerySet[M]:
    """As `restrict`, for rows that the actor is about to change: that the public may read a row
    gives nobody the right to change it."""
    return _restrict(actor, permission, rows, None)


def _restrict(actor: Actor, permission: str, rows: QuerySet[M], reach: Q | None) -> QuerySet[M]:
    if actor.kind is ActorKind.SYSTEM:
        return rows
    rule = rule_of(rows.model)
    for grant in actor.grants_for(permission):
        part = _reach(rule, grant, actor)
        if part is None:
            return rows
        reach = part if reach is None else reach | part
    return rows.none() if reach is None else rows.filter(reach)


def rule_of(model: type[Any]) -> Rule:
    rule = getattr(model, "access_rule", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{model.__name__} has no access_rule: give the model one, see access.scope.Rule")
    return rule


def _reach(rule: Rule, grant: Grant, actor: Actor) -> Q | None:
    """The condition that a grant puts on the rows, or `None` where it puts none."""
    match grant.reach:
        case Reach.TOWN:
            return None
        case Reach.AREA:
            return Q(**{f"{rule.area}__in": grant.areas or ()}) if rule.area else None
        case Reach.UNIT:
            return _of_units(rule, grant.units or frozenset()) if rule.unit else None
        case Reach.OWN:
            return Q(**{rule.owner: actor.user_id}) if rule.owner else None


def _of_units(rule: Rule, units: frozenset[int]) -> Q:
    mine = Q(**{f"{rule.unit}__in": units})
    if rule.shared_units:
        mine |= Q(**{f"{rule.shared_units}__overlap": sorted(units)})
    return mine
