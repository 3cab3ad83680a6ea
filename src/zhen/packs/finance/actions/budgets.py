"""The budget from its draft to the congress's approval, which makes an allotment of each line; and its adjustments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties, rights
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.control import signing
from zhen.packs.finance.models import Budget, BudgetLine, Change
from zhen.packs.finance.performance import actions as performance

ALLOTMENT = "finance.allotment"


@action(rights.DRAFT)
def begin(actor: Actor, book: ledger.Book) -> Budget:
    """Begin the draft of a year's budget."""
    if Budget.objects.filter(book=book).exists():
        raise Refused(
            field=_("budget"), value=book, reason=_("there is one for this year"), remedy=_("Go on with that budget")
        )
    made = Budget.objects.create(book=book, prepared_by_id=actor.user_id)
    if not actionable(actor, rights.DRAFT, Budget.objects.filter(pk=made.pk)).exists():
        raise Denied(rights.DRAFT, actor)
    _tell("finance.budget_begun", actor, made)
    return made


@action(rights.DRAFT)
def begin_year(actor: Actor, unit: Unit, year: int, *, level: str, unit_type: str) -> Budget:
    """Begin the draft of a unit's year, in books that are opened for it where they are not yet."""
    book = ledger.Book.objects.filter(unit=unit, year=year).first() or ledger.open_book(
        actor, unit, year, chart=GOVERNMENT, level=level, unit_type=unit_type
    )
    return begin(actor, book)


@action(rights.DRAFT)
def add_line(actor: Actor, budget: Budget, given: Mapping[str, Any]) -> BudgetLine:
    """Add a line to the draft."""
    held = _held(actor, rights.DRAFT, budget, Budget.State.DRAFT)
    if BudgetLine.objects.filter(budget=held, **{name: given[name] for name in ONE_LINE}).exists():
        raise Refused(
            field=_("budget line"),
            value=given["name"],
            reason=_("the draft has this line already"),
            remedy=_("Change the amount of that line"),
        )
    made = BudgetLine.objects.create(budget=held, **given)
    _tell("finance.line_added", actor, held, line=made.name, amount=str(Money(made.amount)))
    return made


ONE_LINE = ("unit", "name", "function", "economic", "source")


@action(rights.DRAFT)
def finish(actor: Actor, line_id: int) -> BudgetLine:
    """Say that a project is finished: what it leaves at year-end is surplus and is not carried over for it."""
    rows = BudgetLine.objects.select_for_update(of=("self",)).select_related("budget__book")
    line = actionable(actor, rights.DRAFT, rows).get(pk=line_id)
    line.finished = True
    line.save(update_fields=["finished"])
    journal.record("finance.line_finished", by=actor, subject=line, unit=line.unit_id, data={"line": str(line)})
    return line


@action(rights.REVIEW)
def review(actor: Actor, budget: Budget) -> None:
    """The finance office has reviewed the draft; it goes to the congress as it stands."""
    held = _held(actor, rights.REVIEW, budget, Budget.State.DRAFT)
    duties.check(actor, "budget.review", {"budget.prepare": held.prepared_by_id})
    if not held.lines.exists():
        raise Refused(field=_("budget"), value=held, reason=_("it has no line"), remedy=_("Draft its lines first"))
    unheard = performance.unheard(held)
    if unheard:
        raise Refused(
            field=_("budget line"),
            value=unheard[0],
            reason=_("it asks again after a fair or poor grade, without a reason"),
            remedy=_("Have its department give the reason"),
        )
    held.state, held.reviewed_by_id = Budget.State.REVIEWED, actor.user_id
    held.save(update_fields=["state", "reviewed_by"])
    _tell("finance.budget_reviewed", actor, held)


@action(rights.DRAFT)
def reopen(actor: Actor, budget: Budget) -> None:
    """Take a reviewed budget back to the draft: the congress or the review wants it changed."""
    held = _held(actor, rights.DRAFT, budget, Budget.State.REVIEWED)
    held.state, held.reviewed_by = Budget.State.DRAFT, None
    held.save(update_fields=["state", "reviewed_by"])
    _tell("finance.budget_reopened", actor, held)


@action(rights.CONGRESS)
def approve(actor: Actor, budget: Budget, *, resolution: str) -> None:
    """Enter the congress's approval: every line becomes an allotment that may be spent (《预算法》第十三条)."""
    held = _held(actor, rights.CONGRESS, budget, Budget.State.REVIEWED)
    duties.check(actor, "budget.approve", {"budget.prepare": held.prepared_by_id})
    if not resolution.strip():
        raise Refused(
            field=_("resolution of the congress"),
            value="",
            reason=_("a budget is in force by it"),
            remedy=_("Enter its number"),
        )
    lines = list(held.lines.select_related("unit"))
    for line in lines:
        line.quota = _allot(actor, held, line)
    BudgetLine.objects.bulk_update(lines, ["quota"])
    held.state, held.resolution, held.approved_on = Budget.State.APPROVED, resolution.strip(), clock.today()
    held.save(update_fields=["state", "resolution", "approved_on"])
    _tell("finance.budget_approved", actor, held, resolution=held.resolution)


def _allot(actor: Actor, budget: Budget, line: BudgetLine) -> ledger.Quota:
    dimensions = ledger.dimensions(
        unit=line.unit, project=line.name[:40], function=line.function, economic=line.economic, source=line.source
    )
    return ledger.grant(actor, budget.book, kind=ALLOTMENT, name=str(line), amount=line.amount, dimensions=dimensions)


@action(rights.ASK_CHANGE)
def ask_change(
    actor: Actor, *, before: BudgetLine | None, after: BudgetLine | None, amount: int, reason: str, resolution: str = ""
) -> Change:
    """Ask for more on a line, less on another, or for a transfer between two."""
    for line in (before, after):
        if line is not None and not actionable(
            actor, rights.ASK_CHANGE, BudgetLine.objects.filter(pk=line.pk, quota__isnull=False)
        ):
            raise Denied(rights.ASK_CHANGE, actor)
    if before == after or (before and after and before.budget_id != after.budget_id):
        raise Refused(
            field=_("budget line"),
            value=after,
            reason=_("money moves between two lines of one budget"),
            remedy=_("Choose another line"),
        )
    if (before is None or after is None or before.function != after.function) and not resolution.strip():
        raise Refused(
            field=_("resolution of the congress"),
            value="",
            reason=_("a change of the total, or between function classes, is for the congress"),
            remedy=_("Enter the number of its resolution"),
        )
    if amount <= 0:
        raise Refused(
            field=_("amount"), value=Money(amount), reason=_("it is not above zero"), remedy=_("Enter an amount")
        )
    made = Change.objects.create(
        before=before,
        after=after,
        amount=amount,
        reason=reason.strip(),
        resolution=resolution.strip(),
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    signing.lay_down(made)
    _record("finance.change_asked", actor, made)
    return made


@action(rights.DECIDE_CHANGE)
def decide_change(actor: Actor, change_id: int, *, approve: bool) -> Change:
    """Decide on an adjustment; approved, it changes the allotments at once. Less than is used is refused."""
    rows = Change.objects.select_for_update(of=("self",)).select_related("before__quota", "after__quota")
    change = actionable(actor, rights.DECIDE_CHANGE, rows).get(pk=change_id)
    if change.state != Change.State.ASKED:
        raise Outdated(
            field=_("adjustment of the budget"),
            value=change,
            reason=_("it is decided on"),
            remedy=_("Look at it as it stands"),
        )
    duties.check(actor, "change.decide", {"change.ask": change.asked_by_id})
    if approve and not signing.sign(actor, change):
        return change
    change.state = Change.State.APPROVED if approve else Change.State.REFUSED
    change.decided_by_id = actor.user_id
    change.save(update_fields=["state", "decided_by"])
    if approve:
        for line, by in ((change.before, -change.amount), (change.after, change.amount)):
            if line is not None and line.quota is not None:
                ledger.adjust(actor, line.quota, by=by)
    else:
        signing.drop(change)
    _record("finance.change_approved" if approve else "finance.change_refused", actor, change)
    return change


def _held(actor: Actor, permission: str, budget: Budget, state: str) -> Budget:
    rows = Budget.objects.select_for_update(of=("self",)).select_related("book__unit")
    held = actionable(actor, permission, rows).get(pk=budget.pk)
    if held.state != state:
        raise Outdated(
            field=_("budget"),
            value=held,
            reason=_("it is %(state)s") % {"state": held.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return held


def _tell(kind: str, actor: Actor, budget: Budget, **data: object) -> None:
    journal.record(kind, by=actor, subject=budget, unit=budget.book.unit_id, data={"budget": str(budget), **data})


def _record(kind: str, actor: Actor, change: Change) -> None:
    line = change.after or change.before
    assert line is not None  # held by the constraint finance_change_some_line
    journal.record(
        kind,
        by=actor,
        subject=change,
        unit=line.unit_id,
        data={"amount": str(Money(change.amount)), "reason": change.reason, "line": str(line)},
    )
