"""What the grid's steps refuse, and what they do, beyond what the table of steps can say."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Case, Move, limit_of, rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.deadlines.api import Clock, due_of
from zhen.kernel.lib.refusals import Refused

LOW = 2
"""Ratings up to this one ask for a reason: a bad rating that nobody explains helps nobody."""


def reopen_until(case: Case) -> datetime | None:
    """Until when the reporter can open a closed case again, by the town's limit on the day on which it was closed."""
    if case.closed_at is None:
        return None
    book = rulebook()
    limit = limit_of(CASE_TYPES[case.type], "reopen", case, book, {}, case.closed_at)
    due = limit and due_of(Clock(case.closed_at, limit), book.calendar)
    return due.at if due else None


def may_reopen(_actor: Actor, case: Case, _given: Move, now: datetime) -> None:
    until = reopen_until(case)
    if until is not None and now > until:
        raise Refused(
            field=_("case"),
            value=case.number,
            reason=_("it was closed too long ago to be opened again: that was possible until %(day)s")
            % {"day": until.astimezone(clock.TOWN_ZONE).date().isoformat()},
            remedy=_("Report it anew, and name this number"),
        )


def nobody_else_waits(_actor: Actor, case: Case, _given: Move, _now: datetime) -> None:
    """Neighbours who follow the report instead of sending their own must not lose it by one of them."""
    if case.followers:
        raise Refused(
            field=_("case"),
            value=case.number,
            reason=_("neighbours follow it, too, so the town goes on with it"),
            remedy=_("Add a word on what has changed"),
        )


def says_why(_actor: Actor, _case: Case, given: Move, _now: datetime) -> None:
    if given.rating is not None and given.rating <= LOW and not given.reason.strip():
        raise Refused(
            field=_("reason"),
            value="",
            reason=_("a low rating needs it"),
            remedy=_("Say what was not right"),
        )


def count_return(_actor: Actor, case: Case, _given: Move) -> None:
    case.returned += 1
    case.save(update_fields=["returned"])
