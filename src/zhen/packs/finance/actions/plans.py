"""Funding plans: what a department may use of a line, released month by month as payment quotas."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import rights
from zhen.packs.finance.duties import apart
from zhen.packs.finance.kinds import Method
from zhen.packs.finance.models import BudgetLine, FundingPlan

ARRIVALS = UUID("6f5b2c1e-93a4-4e07-8f0a-51d1c2c7ab04")


def quota_kind(method: str) -> str:
    return f"finance.payment_{method}"


@action(rights.ASK_PLAN)
def ask_plan(actor: Actor, line: BudgetLine, *, month: int, method: str, amount: int) -> FundingPlan:
    """Plan to use so much of a line in a month."""
    held = actionable(actor, rights.ASK_PLAN, BudgetLine.objects.filter(pk=line.pk)).get()
    if held.quota_id is None:
        raise Refused(
            field=_("budget line"),
            value=held,
            reason=_("the congress has not approved it"),
            remedy=_("Wait for the approval of the budget"),
        )
    if not 1 <= month <= 12 or amount <= 0:
        raise Refused(
            field=_("amount"),
            value=Money(amount),
            reason=_("a plan is for a month and above zero"),
            remedy=_("Enter an amount and a month from 1 to 12"),
        )
    made = FundingPlan.objects.create(line=held, month=month, method=method, amount=amount, asked_by_id=actor.user_id)
    _record("finance.plan_asked", actor, made)
    return made


@action(rights.DECIDE_PLAN)
def decide_plan(actor: Actor, plan_id: int, *, approve: bool) -> FundingPlan:
    """Decide on a plan. Approved, its amount is a payment quota; that of authorised payment arrives in the books."""
    rows = FundingPlan.objects.select_for_update(of=("self",)).select_related("line__quota", "line__budget__book")
    plan = actionable(actor, rights.DECIDE_PLAN, rows).get(pk=plan_id)
    if plan.state != FundingPlan.State.ASKED:
        raise Outdated(
            field=_("funding plan"), value=plan, reason=_("it is decided on"), remedy=_("Look at it as it stands")
        )
    apart(actor, (plan.asked_by_id, _("who makes a funding plan does not approve it")))
    plan.state = FundingPlan.State.APPROVED if approve else FundingPlan.State.REFUSED
    plan.decided_by_id = actor.user_id
    if approve:
        plan.quota = _release(actor, plan)
    plan.save(update_fields=["state", "decided_by", "quota"])
    _record("finance.plan_approved" if approve else "finance.plan_refused", actor, plan)
    return plan


def _release(actor: Actor, plan: FundingPlan) -> ledger.Quota:
    allotment, book = plan.line.quota, plan.line.budget.book
    assert allotment is not None  # only lines with one can be planned
    kind = quota_kind(plan.method)
    quota = ledger.Quota.objects.select_for_update().filter(parent=allotment, kind=kind).first()
    if quota is None:
        quota = ledger.grant(
            actor,
            book,
            kind=kind,
            name=f"{plan.line} ({Method(plan.method).label})",
            amount=plan.amount,
            dimensions=allotment.dimensions,
            parent=allotment,
        )
    else:
        quota = ledger.adjust(actor, quota, by=plan.amount)
    if plan.method == Method.AUTHORISED:
        ledger.book_event(
            actor,
            book,
            ledger.Business(
                event="finance.quota_arrived",
                on=clock.today(),
                summary=f"{plan.line}",
                source=("finance.fundingplan", plan.pk),
                request=uuid5(ARRIVALS, str(plan.pk)),
                amounts={"amount": plan.amount},
                dimensions_id=allotment.dimensions_id,
            ),
        )
    return quota


def _record(kind: str, actor: Actor, plan: FundingPlan) -> None:
    journal.record(
        kind,
        by=actor,
        subject=plan,
        unit=plan.line.unit_id,
        data={"amount": str(Money(plan.amount)), "line": str(plan.line), "month": plan.month},
    )
