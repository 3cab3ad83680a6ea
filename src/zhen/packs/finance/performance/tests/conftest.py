"""The cast of public money, with the rules of scores."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.performance import actions, shipped
from zhen.packs.finance.performance.models import Measure, Objective
from zhen.packs.finance.tests.conftest import TODAY, Cast, cast, hands

__all__ = ["Year", "cast", "hands", "year"]


@dataclass(frozen=True)
class Year:
    """A line of which 30 % is spent, and its objective: alice sets, bob's superior leo approves, frank reviews."""

    cast: Cast
    line: BudgetLine

    def objective(self) -> Objective:
        return actions.set_objective(self.cast.alice, self.line, text="Paper for every office")

    def measure(self, objective: Objective, group: str, weight: int, **given: Any) -> Measure:
        facts = {
            "group": group,
            "name": f"{group} {weight}",
            "comparator": "ge",
            "target": Decimal(100),
            "unit": "%",
            "weight": Decimal(weight),
            "indicator": "",
            "grows": True,
        }
        return actions.add_measure(self.cast.alice, objective, facts | given)

    def approved(self) -> Objective:
        """With one live indicator and two that are entered by hand."""
        objective = self.objective()
        self.measure(objective, "output", 50, indicator="finance.paid_of_asked", name="Paid of asked", grows=False)
        self.measure(objective, "benefit", 30)
        self.measure(objective, "satisfaction", 10, comparator="le", target=Decimal(5), unit="complaints")
        actions.approve(self.cast.leo, objective)
        objective.refresh_from_db()
        return objective

    def assessed(self, benefit: int = 90, complaints: int = 5) -> Objective:
        objective = self.approved()
        for group, value in (("benefit", benefit), ("satisfaction", complaints)):
            measure = objective.measures.get(group=group)
            actions.enter_value(self.cast.alice, measure, value=Decimal(value), on=TODAY, evidence="Counted")
        return actions.assess(self.cast.alice, objective, assessment="Done as planned")


@pytest.fixture
def year(cast: Cast) -> Year:
    shipped.lay()
    line = cast.funded()
    cast.paid(cast.ask(line, 30_000))
    return Year(cast=cast, line=line)
