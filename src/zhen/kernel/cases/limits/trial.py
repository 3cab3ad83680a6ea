"""What a limit would have done to last month's clocks: how many would have been late. Nothing is written.

Each clock that was started for the class keeps its start, its pauses and its extension; the draft's limit runs on it,
and whether it was stopped by then is what happened. People would have hurried: that no table knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import clocks
from zhen.kernel.cases.limits.values import limit_in
from zhen.kernel.cases.models import Clock, TimeLimit
from zhen.kernel.cases.queries import readable
from zhen.kernel.cases.rulebook import Rulebook, rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.deadlines import api as deadlines

DAYS, MOST = 30, 5_000
"""So far back, and at most so many clocks, the newest first: a trial answers while somebody waits."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    clock: Clock
    due: datetime | None
    due_then: datetime | None
    late: bool
    late_then: bool


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`judged`: the clocks of last month's cases to which the limit would apply, of those that the reader may see."""

    since: date
    judged: Sequence[Judged]
    cut: bool

    @property
    def late(self) -> int:
        return sum(one.late for one in self.judged)

    @property
    def late_then(self) -> int:
        return sum(one.late_then for one in self.judged)

    @property
    def turned(self) -> list[Judged]:
        """Those that would have fared otherwise."""
        return [one for one in self.judged if one.late != one.late_then]


def try_out(actor: Actor, row: TimeLimit, now: datetime) -> Trial:
    """Two queries, however many cases there are."""
    book = rulebook()
    since = now - timedelta(days=DAYS)
    cases = readable(actor, [row.case_type]).filter(received_at__gte=since, received_at__lt=now)
    below = [node for node in book.categories if row.category_id in book.lineage(node)]
    if row.category_id is not None:
        cases = cases.filter(category__in=below)
    found = Clock.objects.filter(case__in=cases, deadline=row.deadline).select_related("case")
    rows = list(found.order_by("-started_at", "-pk")[: MOST + 1])
    judged = [_judge(one, row, book, now) for one in rows[:MOST] if _applies(row, one, book, now)]
    return Trial(since=since.astimezone(clock.TOWN_ZONE).date(), judged=judged, cut=len(rows) > MOST)


def _applies(row: TimeLimit, one: Clock, book: Rulebook, now: datetime) -> bool:
    """Whether the class's nearest limit is the one that the draft replaces, or a wider one."""
    today = now.astimezone(clock.TOWN_ZONE).date()
    nearest = book.limit_row(row.case_type, row.deadline, one.case.category_id, today)
    if nearest is None:
        return True
    chain = book.lineage(one.case.category_id)
    return chain.index(row.category_id) <= chain.index(nearest.category_id)


def _judge(one: Clock, row: TimeLimit, book: Rulebook, now: datetime) -> Judged:
    then = deadlines.due_of(replace(clocks.value_of(one), limit=limit_in(row)), book.calendar)
    end = one.stopped_at or now
    late = one.breached_at is not None or (one.due_at is not None and one.due_at < end)
    return Judged(
        clock=one,
        due=one.due_at,
        due_then=then.at if then else None,
        late=late,
        late_then=then is not None and then.at < end,
    )
