"""Which running clocks a year's notice would move, and how. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import clocks
from zhen.kernel.cases.calendar.rescheduling import reckoned_on
from zhen.kernel.cases.calendar.values import YearNotice
from zhen.kernel.cases.models import Clock
from zhen.kernel.cases.queries import readable
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.lib import calendar
from zhen.kernel.lib.deadlines import api as deadlines

MOST = 20_000
"""At most so many clocks, those that are due first: a preview answers while somebody waits."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    clock: Clock
    before: datetime
    after: datetime
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`considered`: the running clocks on which the year bears, of cases that the reader may see.

    `settled`: those that keep their date, which is provisional no longer.
    """

    considered: int
    moved: Sequence[Moved]
    settled: int
    cut: bool
    now: datetime

    @property
    def later(self) -> int:
        return sum(one.after > one.before for one in self.moved)

    @property
    def earlier(self) -> int:
        return len(self.moved) - self.later

    @property
    def overdue(self) -> int:
        """Those that would have run out already."""
        return sum(one.after <= self.now for one in self.moved)


def with_notice(held: deadlines.Calendar, notice: YearNotice) -> deadlines.Calendar:
    """The town's calendar as if a notice were entered."""
    table, year = held.workdays, notice.year
    days = calendar.table(
        (*(day for day in table.holidays if day.year != year), *notice.holidays),
        (*(day for day in table.swap_days if day.year != year), *notice.swap_days),
        first=min(table.first, date(year, 1, 1)),
        last=max(table.last, date(year, 12, 31)),
        source=notice.source,
    )
    return replace(held, workdays=days)


def try_out(actor: Actor, notice: YearNotice, now: datetime) -> Trial:
    """One query, however many clocks there are."""
    then = with_notice(rulebook().calendar, notice)
    rows = reckoned_on(notice.year).filter(case__in=readable(actor)).select_related("case").order_by("due_at", "pk")
    found = list(rows[: MOST + 1])
    cut, found = len(found) > MOST, found[:MOST]
    moved, settled = [], 0
    for row in found:
        due = deadlines.due_of(clocks.value_of(row), then)
        if due is None or row.due_at is None:
            continue
        if due.at != row.due_at:
            moved.append(Moved(clock=row, before=row.due_at, after=due.at, provisional=due.provisional))
        elif row.provisional and not due.provisional:
            settled += 1
    return Trial(considered=len(found), moved=moved, settled=settled, cut=cut, now=now)
