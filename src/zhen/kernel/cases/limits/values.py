"""A time limit that somebody proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhen.kernel.cases.models import TimeLimit
from zhen.kernel.lib.deadlines.api import Limit, TimeUnit


@dataclass(frozen=True, kw_only=True)
class NewLimit:
    """What a new row would say. It takes the place of the one for the same kind of case, deadline and class."""

    case_type: str
    deadline: str
    category_id: int | None
    amount: int
    unit: str
    valid_from: date
    source: str
    moves: bool = False
    warn_at: int = 80
    remind_every: int = 0
    escalate_after: int = 1
    escalate_to: str = TimeLimit.Above.DISPATCHER

    def row(self) -> TimeLimit:
        """As a draft, not saved."""
        return TimeLimit(draft=True, **vars(self))


def limit_in(row: TimeLimit) -> Limit:
    return Limit(row.amount, TimeUnit(row.unit), row.moves)
