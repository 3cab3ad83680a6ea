"""Proposing, approving and ending time limits. Who proposes one does not approve it; running clocks keep theirs."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, action
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.limits.values import NewLimit
from zhen.kernel.cases.models import Category, TimeLimit
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused

CHANGE = "cases.rules.change"


@action(CHANGE)
def propose_limit(actor: Actor, new: NewLimit) -> TimeLimit:
    """Write a limit down as a draft: it holds for nothing yet."""
    _check(new)
    made = new.row()
    made.proposed_by_id = actor.user_id
    made.save()
    journal.record("cases.limit_proposed", by=actor, subject=made, data=_said(made))
    return made


@action(CHANGE)
def approve_limit(actor: Actor, limit_id: int) -> TimeLimit:
    """Put a draft in force from its day on; the limit that it replaces ends there. Cases that are there keep theirs."""
    row = _draft(limit_id)
    if actor.kind is not ActorKind.SYSTEM and row.proposed_by_id == actor.user_id:
        raise Refused(
            field=_("approved by"),
            value=actor.name,
            reason=_("you have proposed it yourself"),
            remedy=_("Ask a colleague to approve it"),
        )
    _check_day(row.valid_from)
    for held in _same(row).filter(draft=False).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=row.valid_from)):
        if held.valid_from >= row.valid_from:
            raise Refused(
                field=_("from"),
                value=row.valid_from,
                reason=_("a limit for the same begins on %(day)s") % {"day": held.valid_from},
                remedy=_("Choose a later day, or end that limit first"),
            )
        held.valid_to = row.valid_from
        held.save(update_fields=["valid_to"])
    row.draft, row.approved_by = False, actor.name
    row.save(update_fields=["draft", "approved_by"])
    journal.record("cases.limit_approved", by=actor, subject=row, data=_said(row))
    return row


@action(CHANGE)
def withdraw_limit(actor: Actor, limit_id: int) -> None:
    """Take a draft back. The journal keeps that it was proposed."""
    row = _draft(limit_id)
    journal.record("cases.limit_withdrawn", by=actor, subject=row, data=_said(row))
    row.delete()


@action(CHANGE)
def end_limit(actor: Actor, limit_id: int) -> None:
    """End a limit today; one that has not begun goes altogether. After it, the wider class's limit holds."""
    row = TimeLimit.objects.select_for_update(of=("self",)).select_related("category").get(pk=limit_id, draft=False)
    today = clock.today()
    if row.valid_to is not None and row.valid_to <= today:
        raise Outdated(
            field=_("to"), value=row.valid_to, reason=_("it has ended already"), remedy=_("Nothing is to be done")
        )
    journal.record("cases.limit_ended", by=actor, subject=row, data=_said(row))
    if row.valid_from >= today:
        row.delete()
    else:
        row.valid_to = today
        row.save(update_fields=["valid_to"])


def _draft(limit_id: int) -> TimeLimit:
    rows = TimeLimit.objects.select_for_update(of=("self",)).select_related("category")
    row = rows.filter(pk=limit_id, draft=True).first()
    if row is None:
        raise Outdated(
            field=_("time limit"),
            value=limit_id,
            reason=_("it is no draft any more"),
            remedy=_("Look at it as it stands now"),
        )
    return row


def _same(row: TimeLimit) -> QuerySet[TimeLimit]:
    return (
        TimeLimit.objects.select_for_update()
        .filter(case_type=row.case_type, deadline=row.deadline, category=row.category_id)
        .exclude(pk=row.pk)
    )


def _said(row: TimeLimit) -> dict[str, object]:
    """What the journal keeps of it: all of it, since drafts go."""
    type_ = CASE_TYPES[row.case_type]
    names = ("deadline", "amount", "unit", "moves", "warn_at", "remind_every", "escalate_after", "escalate_to")
    return {
        **{name: getattr(row, name) for name in names},
        "type": row.case_type,
        "length": f"{row.amount} {TimeLimit.Unit(row.unit).label}",
        "name": str(type_.deadline(row.deadline).name),
        "category": row.category.name if row.category else "—",
        "valid_from": row.valid_from.isoformat(),
        "source": row.source,
    }


def _check_day(day: date) -> None:
    today = clock.today()
    if day < today:
        raise Refused(
            field=_("from"),
            value=day,
            reason=_("what has been is not ruled anew"),
            remedy=_("Choose today or a later day"),
        )
    if day > today + timedelta(days=3660):
        raise Refused(
            field=_("from"), value=day, reason=_("it lies more than ten years ahead"), remedy=_("Choose an earlier day")
        )


def _check(new: NewLimit) -> None:
    type_ = CASE_TYPES.get(new.case_type)
    if type_ is None or new.deadline not in {deadline.id for deadline in type_.deadlines}:
        raise Refused(
            field=_("deadline"), value=new.deadline, reason=_("there is none of this name"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
    if new.category_id is not None and not Category.objects.filter(pk=new.category_id, scheme=type_.scheme).exists():
        raise Refused(
            field=_("class"), value=new.category_id, reason=_("cases of this kind cannot have it"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
    if not new.source.strip():
        raise Refused(field=_("source"), value="", reason=_("it is missing"), remedy=_("Name the document"))
    if not 1 <= new.amount <= 3660:
        raise Refused(field=_("amount"), value=new.amount, reason=_("it is out of bounds"), remedy=_("Give 1 to 3,660"))
    if new.moves and new.unit != TimeLimit.Unit.CALENDAR_DAYS:
        raise Refused(
            field=_("unit of time"),
            value=TimeLimit.Unit(new.unit).label,
            reason=_("only calendar days can end on a day off"),
            remedy=_("Choose calendar days, or let the last day not move"),
        )
    _check_day(new.valid_from)
