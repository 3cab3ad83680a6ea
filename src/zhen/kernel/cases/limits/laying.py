"""The time limits that a kind of case comes with, laid down as the town's own dated rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.limits.ruling import CHANGE
from zhen.kernel.cases.models import TimeLimit
from zhen.kernel.journal import api as journal


@dataclass(frozen=True, kw_only=True)
class ShippedLimit:
    """A limit for all cases of a type, with where it comes from: a law, a standard, or that it wants checking."""

    case_type: str
    deadline: str
    amount: int
    unit: str
    valid_from: date
    source: str

    def row(self) -> TimeLimit:
        return TimeLimit(**vars(self))


@action(CHANGE, silent=True)
def lay_limits(actor: Actor, shipped: Iterable[ShippedLimit]) -> int:
    """Add those for which the town has no row of its own, in force, ended or proposed. Gives how many are new."""
    known = set(TimeLimit.objects.filter(category=None).values_list("case_type", "deadline"))
    rows = [one.row() for one in shipped if (one.case_type, one.deadline) not in known]
    made = TimeLimit.objects.bulk_create(rows)
    if made:
        named = "、".join(sorted({row.case_type for row in made}))
        journal.record("cases.limits_laid", by=actor, subject=made[0], data={"number": len(made), "types": named})
    return len(made)
