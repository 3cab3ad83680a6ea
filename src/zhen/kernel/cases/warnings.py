"""Who is told about a clock, and when: what the time limit's row says, or the usual where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from zhen.kernel.cases.models import Clock, TimeLimit
from zhen.kernel.cases.rulebook import Rulebook
from zhen.kernel.lib import clock as wall
from zhen.kernel.lib.deadlines.api import Limit, Step, TimeUnit

WARNED, BREACHED = 1, 2
"""How far a clock's `steps` count has come; from BREACHED on it counts the steps after that."""
MOST_REMINDERS = 12


@dataclass(frozen=True)
class After:
    """A step so many working days after the clock ran out."""

    days: int
    escalates: bool

    @property
    def step(self) -> Step:
        return Step(after=Limit(self.days, TimeUnit.WORKING_DAYS))


@dataclass(frozen=True)
class Plan:
    """`percent`: when it is warned; `every`: working days between reminders; `escalate`: after so many; 0 is never."""

    percent: int = 80
    every: int = 0
    escalate: int = 1
    to: str = "dispatcher"

    @property
    def warn(self) -> Step | None:
        return Step(percent=self.percent) if self.percent else None

    def after(self, taken: int) -> After | None:
        """The next step after `taken` have been taken. On one day the escalation stands for the reminder."""
        days = {self.every * number for number in range(1, MOST_REMINDERS + 1)} if self.every else set()
        if self.escalate:
            days.add(self.escalate)
        planned = sorted(days)
        return After(planned[taken], planned[taken] == self.escalate) if taken < len(planned) else None


USUAL = Plan()


def plan_for(book: Rulebook, row: Clock) -> Plan:
    """The plan of the limit that held for the case's class when the clock started."""
    case, day = row.case, row.started_at.astimezone(wall.TOWN_ZONE).date()
    limit: TimeLimit | None = book.limit_row(case.type, row.deadline, case.category_id, day)
    if limit is None:
        return USUAL
    return Plan(limit.warn_at, limit.remind_every, limit.escalate_after, limit.escalate_to)
