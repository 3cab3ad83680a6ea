"""What waits for somebody on the spot: the open cases with a step that is taken where the thing is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.cases.declarations import By, CaseType, Transition
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.queries.cases import readable, steps_for, types_for

MOST = 100


def on_site(actor: Actor, most: int = MOST) -> list[tuple[Case, tuple[Transition, ...]]]:
    """The cases with the steps that this actor can take there: what is due first comes first. One query."""
    wanted = Q(pk__in=())
    for type_ in types_for(actor):
        for permission, states in _states(actor, type_).items():
            within = actionable(actor, permission, Case.objects.filter(type=type_.id, state__in=sorted(states)))
            wanted |= Q(pk__in=within.values("pk"))
    rows = readable(actor).filter(wanted, open=True).select_related("category", "unit", "person", "place")
    found = rows.order_by(F("due_at").asc(nulls_last=True), "pk")[: 2 * most]
    offered = ((case, steps_on_site(actor, case)) for case in found)
    return [(case, steps) for case, steps in offered if steps][:most]


def steps_on_site(actor: Actor, case: Case) -> tuple[Transition, ...]:
    return tuple(step for step in steps_for(actor, case) if step.on_site)


def _states(actor: Actor, type_: CaseType) -> dict[str, set[str]]:
    """By permission: the states from which a step on the spot leads on."""
    found: dict[str, set[str]] = {}
    for step in _steps(type_):
        if actor.may(step.permission):
            found.setdefault(step.permission, set()).update(step.before)
    return found


def _steps(type_: CaseType) -> Iterable[Transition]:
    return (step for step in type_.transitions if step.on_site and step.by not in (By.SYSTEM, By.REPORTER))
