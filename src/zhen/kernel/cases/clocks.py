"""The clocks of a case: rows that `lib.deadlines` reckons with. Called in actions, on a locked case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from zhen.kernel.cases import warnings
from zhen.kernel.cases.declarations import CaseType
from zhen.kernel.cases.models import Case, Clock
from zhen.kernel.cases.rulebook import Rulebook
from zhen.kernel.cases.values import NewReporter
from zhen.kernel.lib import clock as wall
from zhen.kernel.lib.deadlines import api as deadlines

CONTACT = "contact"
"""The deadline that ends when the reporter is first contacted, where a type has it and he left a way to reach him."""


def value_of(row: Clock) -> deadlines.Clock:
    """The row as the engine's value."""
    return deadlines.Clock(
        row.started_at,
        deadlines.Limit(row.amount, deadlines.TimeUnit(row.unit), row.moves),
        row.extension,
        deadlines.from_json(row.pauses),
    )


def reckon(row: Clock, book: Rulebook) -> None:
    """Set what follows from the clock's start, limit, extension and pauses. `row.case` is at hand."""
    due = deadlines.due_of(value_of(row), book.calendar)
    row.due_at = due.at if due else None
    row.provisional = bool(due and due.provisional)
    row.next_step_at = next_step(row, book)


def next_step(row: Clock, book: Rulebook) -> datetime | None:
    """When somebody is to be told next: before the clock runs out, when it does, and after that."""
    if not row.running or row.due_at is None:
        return None
    plan = warnings.plan_for(book, row)
    if row.breached_at is not None:
        after = plan.after(row.steps - warnings.BREACHED)
        return deadlines.moment_of(after.step, value_of(row), book.calendar) if after else None
    if row.steps < warnings.WARNED and plan.warn is not None:
        warn = deadlines.moment_of(plan.warn, value_of(row), book.calendar)
        if warn is not None and warn < row.due_at:
            return warn
    return row.due_at


def running(case: Case) -> list[Clock]:
    rows = list(Clock.objects.filter(case=case, stopped_at__isnull=True).order_by("pk"))
    for row in rows:
        row.case = case
    return rows


def limit_of(
    type_: CaseType, deadline: str, case: Case, book: Rulebook, own: Mapping[str, tuple[int, str]], now: datetime
) -> deadlines.Limit | None:
    """The case's own limit, the town's row for its class on this day, or the declared one."""
    if deadline in own:
        amount, unit = own[deadline]
        return deadlines.Limit(amount, deadlines.TimeUnit(unit))
    found = book.limit(type_.id, deadline, case.category_id, now.astimezone(wall.TOWN_ZONE).date())
    fallback = type_.deadline(deadline).fallback
    if found is None and fallback is not None:
        return deadlines.Limit(fallback[0], deadlines.TimeUnit(fallback[1]))
    return found


def started(
    type_: CaseType,
    case: Case,
    names: Iterable[str],
    book: Rulebook,
    now: datetime,
    own: Mapping[str, tuple[int, str]] | None = None,
) -> list[Clock]:
    """New clocks, not yet saved; a deadline without any limit gets none."""
    found = []
    for name in names:
        limit = limit_of(type_, name, case, book, own or {}, now)
        if limit is not None:
            row = Clock(
                case=case,
                deadline=name,
                amount=limit.amount,
                unit=limit.unit.value,
                moves=limit.moves,
                started_at=now,
            )
            reckon(row, book)
            found.append(row)
    return found


def at_start(type_: CaseType, reporter: NewReporter | None) -> tuple[str, ...]:
    """The deadlines that begin when a case is received. Nobody is late with a contact that nobody can make."""
    reachable = reporter is not None and reporter.reachable
    return tuple(name for name in type_.start if name != CONTACT or reachable)


def stop(rows: Sequence[Clock], names: Iterable[str] | None, now: datetime) -> list[Clock]:
    """Stop the running clocks with these names, or all. A clock that ran out before keeps its true moment."""
    wanted = None if names is None else set(names)
    changed = []
    for row in rows:
        if row.running and (wanted is None or row.deadline in wanted):
            if row.due_at is not None and row.due_at < now and row.breached_at is None:
                row.breached_at = row.due_at
            row.stopped_at, row.next_step_at = now, None
            changed.append(row)
    return changed


def pause(rows: Sequence[Clock], book: Rulebook, now: datetime) -> list[Clock]:
    changed = [row for row in rows if row.running and not row.paused]
    for row in changed:
        row.pauses = deadlines.to_json(deadlines.pause(value_of(row), now).pauses)
        reckon(row, book)
    return changed


def resume(rows: Sequence[Clock], book: Rulebook, now: datetime) -> list[Clock]:
    changed = [row for row in rows if row.paused]
    for row in changed:
        row.pauses = deadlines.to_json(deadlines.resume(value_of(row), now).pauses)
        reckon(row, book)
    return changed


CHANGING = (
    "pauses",
    "extension",
    "extension_reason",
    "due_at",
    "provisional",
    "stopped_at",
    "breached_at",
    "next_step_at",
    "steps",
)


def save(rows: Sequence[Clock]) -> None:
    """Write changed clocks: one statement for the new, one for the others (of which none has gone meanwhile: the case
    is locked)."""
    new = [row for row in rows if row.pk is None]
    old = [row for row in rows if row.pk is not None]
    if new:
        Clock.objects.bulk_create(new)
    if old:
        Clock.objects.bulk_create(old, update_conflicts=True, unique_fields=["id"], update_fields=CHANGING)


def settle(case: Case, rows: Sequence[Clock]) -> None:
    """Set the case's own date from its running clocks: the earliest that is due."""
    due = [row for row in rows if row.running and row.due_at is not None]
    first = min(due, key=lambda row: row.due_at or wall.now(), default=None) if case.open else None
    case.due_at = first.due_at if first else None
    case.due_provisional = bool(first and first.provisional)
    late = [row.breached_at for row in rows if row.breached_at is not None and row.running]
    case.overdue_at = min(late) if late and case.open else None


def late(rows: Sequence[Clock]) -> frozenset[int]:
    """The clocks that are known to have run out: an event has told so."""
    return frozenset(row.pk for row in rows if row.breached_at is not None)


def ran_out(type_: CaseType, row: Clock) -> list[dict[str, object]]:
    """What the figures count when a clock has run out: nothing, unless it counts in a rate."""
    whole = type_.deadline(row.deadline).whole
    if row.breached_at is None or not (whole or row.deadline == CONTACT):
        return []
    due = row.breached_at.isoformat()
    return [{"deadline": row.deadline, "counts": "whole" if whole else CONTACT, "due": due, "met": False}]


def decided(case: Case, type_: CaseType, rows: Sequence[Clock], known: frozenset[int]) -> list[dict[str, object]]:
    """What became of the clocks that count in a rate and have just been stopped, as the journal keeps it.

    A clock is decided once: when it stops, or before that when it runs out (`known`). One that stands still at the
    end was never due. A case that closes without a contact has not been contacted in time.
    """
    found: list[dict[str, object]] = []
    for row in rows:
        whole = type_.deadline(row.deadline).whole
        if row.running or row.pk in known or row.due_at is None or not (whole or row.deadline == CONTACT):
            continue
        met = row.breached_at is None and (whole or case.contacted_at is not None)
        found.append(
            {
                "deadline": row.deadline,
                "counts": "whole" if whole else CONTACT,
                "due": (row.breached_at or row.due_at).isoformat(),
                "met": met,
            }
        )
    return found
