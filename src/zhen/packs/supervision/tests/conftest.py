"""The cast: a planner, a unit with head and clerk, somebody elsewhere, and a task made of a measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.cases.api import Case, move
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Measure, publish
from zhen.kernel.plan.testing import a_plan, alice, confirmed, town_units
from zhen.packs.supervision import actions

SPRING = datetime(2024, 3, 1, 2, tzinfo=UTC)
DUE = date(2024, 12, 31)


@dataclass(frozen=True)
class Cast:
    planner: Actor
    head: Actor
    clerk: Actor
    stranger: Actor
    unit: Unit
    task: Case


def holder(name: str, role: str, unit: Unit | None = None) -> Actor:
    user = a_user(name)
    if unit is not None:
        a_post(user, role, unit)
    units = frozenset({unit.pk}) if unit else None
    return Actor(kind=ActorKind.USER, id=user.pk, name=name, grants=(Grant.of(ROLES[role], units=units),))


@pytest.fixture
def cast() -> Any:
    units = town_units()
    with clock.frozen(SPRING):
        document = confirmed(a_plan())
        publish(alice(), document.pk)
        unit = units["economy"] if "economy" in units else next(iter(units.values()))
        measure = Measure.objects.filter(lead_unit__isnull=False).order_by("start").first()
        if measure is None:
            measure = Measure.objects.order_by("start")[0]
            measure.lead_unit = unit
            measure.save()
        lead = measure.lead_unit
        assert lead is not None
        other = a_unit("park")
        planner = holder("planner", "plan_officer", a_unit("office"))
        (task,) = actions.take_on(planner, [measure.pk], template="project")
        yield Cast(
            planner,
            holder("head", "unit_head", lead),
            holder("clerk", "unit_clerk", lead),
            holder("stranger", "unit_head", other),
            lead,
            task,
        )


def under_way(cast: Cast) -> Case:
    return move(cast.clerk, cast.task.pk, cast.task.revision, "acknowledge")
