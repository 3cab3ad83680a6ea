"""Running clocks are reckoned anew when the calendar has changed: each move is an event of its case.

What has run out before stays as it was told: an event is not taken back. A day that turns out to be worked may end a
limit in the past; then it ran out at that moment, as it would have with the right calendar.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases import clocks
from zhen.kernel.cases.actions.common import tell as record
from zhen.kernel.cases.models import Case, Clock, TimeLimit
from zhen.kernel.cases.rulebook import Rulebook, rulebook
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib import clock as wall
from zhen.kernel.lib.deadlines import api as deadlines

SYSTEM = Actor.system(gettext_noop("deadlines"))
AT_ONCE = 200
LONGEST_BREAK = timedelta(days=15)
"""So far beyond its last day a limit can be moved by days off at the beginning of the next year."""


def reckoned_on(year: int | None = None) -> QuerySet[Clock]:
    """The running clocks that lie in a year, or those with a provisional date; what stands still has none."""
    rows = Clock.objects.filter(stopped_at__isnull=True, breached_at__isnull=True, due_at__isnull=False)
    if year is None:
        return rows.filter(provisional=True)
    start = datetime(year, 1, 1, tzinfo=wall.TOWN_ZONE)
    end = datetime(year + 1, 1, 1, tzinfo=wall.TOWN_ZONE)
    within = Q(started_at__lt=end, due_at__gte=start - LONGEST_BREAK)
    return rows.filter(within).exclude(unit=TimeLimit.Unit.EMERGENCY_HOURS)


def moves(row: Clock, calendar: deadlines.Calendar) -> bool:
    """Whether a calendar gives a clock another date than it has."""
    due = deadlines.due_of(clocks.value_of(row), calendar)
    return (due.at if due else None, bool(due and due.provisional)) != (row.due_at, row.provisional)


def reckon_anew(year: int | None = None) -> None:
    """Reckon again what a year's days bear on; without a year, every date that is provisional."""
    last: int | None = 0
    while last is not None:
        last = reschedule(SYSTEM, last, year)


@action(None, silent=True)
def reschedule(actor: Actor, after: int, year: int | None = None) -> int | None:
    """One batch of clocks behind an id; gives the last id, or None at the end. Locks only the cases that move."""
    book = rulebook()
    calendar = book.calendar
    batch = list(reckoned_on(year).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    if not batch:
        return None
    cases = _locked(row.case_id for row in batch if moves(row, calendar))
    rows: dict[int, list[Clock]] = {}
    for row in Clock.objects.filter(case__in=cases, stopped_at__isnull=True).order_by("pk"):
        rows.setdefault(row.case_id, []).append(row)
    wanted = {row.pk for row in batch}
    now, changed = wall.now(), []
    for case in cases:
        for row in rows.get(case.pk, ()):
            if row.pk in wanted and row.breached_at is None and moves(row, calendar):
                row.case = case
                _move(actor, case, row, book, year)
                changed.append(row)
        clocks.settle(case, rows.get(case.pk, ()))
        case.changed_at = now
    clocks.save(changed)
    Case.objects.bulk_update(cases, ["due_at", "due_provisional", "overdue_at", "changed_at"])
    return batch[-1].pk


def _move(actor: Actor, case: Case, row: Clock, book: Rulebook, year: int | None) -> None:
    was = row.due_at and row.due_at.isoformat()
    clocks.reckon(row, book)
    due = row.due_at and row.due_at.isoformat()
    record("cases.rescheduled", actor, case, deadline=row.deadline, was=was, due=due, year=year)


def _locked(ids: Iterable[int]) -> list[Case]:
    return list(Case.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk"))


EVENTS = (EventKind(id="cases.rescheduled", text=_("reckoned “{deadline}” of {number} anew: due at {due}")),)
JOBS = (Job(id="cases.reckon_anew", name=_("Reckon provisional dates anew"), run=reckon_anew, every="40 2 * * *"),)
