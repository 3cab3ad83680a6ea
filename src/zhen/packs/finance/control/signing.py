"""The steps that a paper goes through: laid down when it is asked for, signed one after the other, dropped with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant, Reach
from zhen.kernel.identity.api import User, posts_on, units_below
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.notify.api import tell
from zhen.packs.finance.control import resolutions
from zhen.packs.finance.control.models import ApprovalRow, PaperKind, Step
from zhen.packs.finance.control.papers import PAPERS, asked_on, number, paper_of
from zhen.packs.finance.control.rules import row_for


def lay_down(subject: Any) -> None:
    """Lay down the steps of a paper that was just asked for, by the row in force on its day; part of its action.

    Without a row one approval is enough, as the paper's own action asks for it.
    """
    paper = paper_of(subject)
    row = row_for(
        ApprovalRow.objects.filter(kind=paper.kind, draft=False), paper.kind, subject.amount, asked_on(subject)
    )
    if row is None:
        return
    steps = Step.objects.bulk_create(
        Step(
            kind=paper.kind,
            paper=subject.pk,
            position=position,
            role=role,
            row=row,
            unit_id=paper.unit(subject),
            number=number(subject),
            title=paper.title(subject)[:200],
            amount=subject.amount,
            asked_by_id=subject.asked_by_id,
        )
        for position, role in enumerate(row.steps, 1)
    )
    _ask(steps[0])


def sign(actor: Actor, subject: Any) -> bool:
    """Give the next signature, within the paper's own action; True where none is left to give.

    Raises Refused where another role is next, somebody has signed already, or no resolution covers the paper.
    """
    waiting = list(_steps(subject).select_for_update(of=("self",)).select_related("row").filter(signed_at=None))
    if not waiting:
        return True
    step = waiting[0]
    _check(actor, step, signers(subject))
    last = len(waiting) == 1
    if last and step.row.resolution:
        resolutions.require(subject)
    step.signed_by_id, step.signed_at = actor.user_id, clock.now()
    step.save(update_fields=["signed_by", "signed_at"])
    if not last:
        data = {"paper": step.number, "step": step.position, "amount": str(Money(step.amount)), "role": step.role}
        journal.record("finance.step_signed", by=actor, subject=subject, unit=step.unit_id, data=data)
        _ask(waiting[1])
    return last


def drop(subject: Any) -> None:
    """A paper was refused or withdrawn: nobody is asked any more, and its resolution is free again."""
    _steps(subject).filter(signed_at=None).delete()
    resolutions.give_back(subject)


def signers(subject: Any) -> frozenset[int | None]:
    """Who has signed a paper."""
    return frozenset(_steps(subject).filter(signed_by__isnull=False).values_list("signed_by_id", flat=True))


def _steps(subject: Any) -> QuerySet[Step]:
    return Step.objects.filter(kind=paper_of(subject).kind, paper=subject.pk).order_by("position")


def _check(actor: Actor, step: Step, before: frozenset[int | None]) -> None:
    if actor.user_id is not None and actor.user_id in before:
        raise Refused(
            field=_("who signs, in this order"),
            value=actor.name,
            reason=_("you have signed it already; one person gives one signature"),
            remedy=_("The next one is for somebody else"),
        )
    if actor.kind is not ActorKind.SYSTEM and not any(_reaches(grant, step) for grant in actor.grants):
        raise Refused(
            field=_("who signs, in this order"),
            value=actor.name,
            reason=_("the next signature is that of: %(role)s") % {"role": role_name(step.role)},
            remedy=_("Wait for it, or ask whoever holds that post"),
        )


def _reaches(grant: Grant, step: Step) -> bool:
    if grant.role != step.role:
        return False
    return grant.reach is not Reach.UNIT or step.unit_id in (grant.units or ())


def role_name(role: str) -> str:
    declared = ROLES.get(role)
    return str(declared.name) if declared else role


def holders(step: Step) -> Iterable[User]:
    """Who holds the post that a step asks for today, deputies included."""
    today = clock.today()
    posts = list(posts_on(today).filter(role=step.role).select_related("user"))
    declared = ROLES.get(step.role)
    if declared is not None and declared.reach is Reach.UNIT:
        below = units_below(today)
        posts = [post for post in posts if step.unit_id in below.get(post.unit_id, {post.unit_id})]
    return {post.user_id: post.user for post in posts}.values()


def _ask(step: Step) -> None:
    """Tell whoever is next. Who asked for the paper, or has signed it, is not asked again."""
    done = {
        step.asked_by_id,
        *Step.objects.filter(kind=step.kind, paper=step.paper).values_list("signed_by", flat=True),
    }
    tell(
        "finance.to_sign",
        [user for user in holders(step) if user.pk not in done],
        values={
            "number": step.number,
            "title": step.title,
            "amount": str(Money(step.amount)),
            "kind": str(PaperKind(step.kind).label),
        },
        url=PAPERS[PaperKind(step.kind)].url(step.paper),
        key=f"finance.step:{step.pk}",
    )
