"""Payrolls and batches of subsidies: asked for with their payments, approved by another, and booked as owed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock, tables
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties, rights
from zhen.packs.finance.actions import payments
from zhen.packs.finance.kinds import REMITTANCE, SALARY, SUBSIDY, Method
from zhen.packs.finance.models import BudgetLine, Payment, Payroll, SubsidyBatch
from zhen.packs.finance.models.papers import Decided

PAPERS = UUID("5f0c3a0e-4a0d-4f4b-8a76-0a6b1d0f3c07")
P = TypeVar("P", bound=Decided)


def kind_of(paper: Decided) -> str:
    return str(paper._meta.label_lower)


@action(rights.ASK)
def ask_payroll(actor: Actor, line: BudgetLine, given: dict[str, Any]) -> Payroll:
    """Enter the totals of a payroll list. Its two payments are asked for at once, and their money is reserved."""
    held = actionable(actor, rights.ASK, BudgetLine.objects.select_related("budget__book", "unit")).get(pk=line.pk)
    made = _made(Payroll(line=held, asked_by_id=actor.user_id, asked_at=clock.now(), **given), given["list_number"])
    parts = ((SALARY.id, made.net, _("staff by list")), (REMITTANCE.id, made.remitted, _("tax office and funds")))
    for kind, amount, payee in parts:
        if amount:
            wanted = payments.Wanted(
                kind=kind,
                method=made.method,
                purpose=f"{held.name} {made.month}",
                amount=amount,
                payee=str(payee),
                source=(kind_of(made), made.pk),
            )
            payments.ask(actor, held, wanted)
    _tell("finance.payroll_asked", actor, made, made.whole)
    return made


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a list of beneficiaries comes to. The list itself is not kept."""

    people: int
    amount: int
    fingerprint: str


HEADINGS = {"account": ("账号", "银行账号", "卡号", "account"), "amount": ("金额", "补贴金额", "金额(元)", "amount")}


def read_list(data: bytes, file_name: str) -> Listed:
    """Count and sum a list with the columns 账号 and 金额 (yuan). Raises Refused with the row that is wrong."""
    heading, *rows = tables.read(data, file_name=file_name) or [[]]
    names = [str(cell or "").strip().lower() for cell in heading]
    columns = {name: next((i for i, cell in enumerate(names) if cell in words), -1) for name, words in HEADINGS.items()}
    if -1 in columns.values():
        raise _list_refused(1, "、".join(names), _("it has no columns 账号 and 金额"))
    seen: set[str] = set()
    total = 0
    for number, row in enumerate(rows, 2):
        if not any(row):
            continue
        account, amount = (_cell(row, columns[name]) for name in ("account", "amount"))
        if not account or account in seen:
            raise _list_refused(number, account[-4:], _("the account is missing, or stands in the list twice"))
        try:
            fen = Money.parse(amount[:30]).fen
        except Unreadable as fault:
            raise _list_refused(number, amount[:30], _("it is no amount")) from fault
        if fen <= 0:
            raise _list_refused(number, amount[:30], _("it is not above zero"))
        seen.add(account)
        total += fen
    if not seen:
        raise _list_refused(2, "", _("it has no rows"))
    return Listed(people=len(seen), amount=total, fingerprint=hashlib.sha256(data).hexdigest())


def _cell(row: Sequence[Any], column: int) -> str:
    return str(row[column] if column < len(row) and row[column] is not None else "").strip()


def _list_refused(row: int, value: str, reason: Any) -> Refused:
    return Refused(
        field=_("list, row %(row)s") % {"row": row},
        value=value,
        reason=reason,
        remedy=_("Mend the list and send it anew"),
    )


@action(rights.ASK)
def ask_subsidies(actor: Actor, line: BudgetLine, listed: Listed, given: dict[str, Any]) -> SubsidyBatch:
    """Ask for a batch of subsidies, as its list adds up. Its payment is asked for at once."""
    held = actionable(actor, rights.ASK, BudgetLine.objects.select_related("budget__book", "unit")).get(pk=line.pk)
    made = SubsidyBatch(
        line=held,
        people=listed.people,
        amount=listed.amount,
        fingerprint=listed.fingerprint,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        **given,
    )
    made = _made(made, listed.fingerprint[:12])
    wanted = payments.Wanted(
        kind=SUBSIDY.id,
        method=Method.AUTHORISED,
        purpose=made.name,
        amount=made.amount,
        payee=str(_("residents by list")),
        payee_bank=made.bank,
        payee_account=made.bank_account,
        source=(kind_of(made), made.pk),
    )
    payments.ask(actor, held, wanted)
    _tell("finance.subsidies_asked", actor, made, made.amount)
    return made


def _made(paper: P, value: str) -> P:
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as fault:
        raise Refused(
            field=_("list"),
            value=value,
            reason=_("it was entered before, or its amounts do not add up"),
            remedy=_("Look at the papers of this line"),
        ) from fault
    return paper


@action(rights.APPROVE)
def decide_payroll(actor: Actor, payroll_id: int, *, approve: bool, reason: str = "") -> Payroll:
    """Approve a payroll: pay and contributions are owed (6a), the withheld parts are booked (6b); or refuse it."""
    payroll = _decided(actor, Payroll, payroll_id, approve, reason)
    if approve:
        whole = {"whole": payroll.whole, "pay": payroll.pay, "insurance": payroll.insurance, "housing": payroll.housing}
        _book(actor, payroll, "salary_accrued", whole)
        withheld = {
            "whole": payroll.withheld,
            "tax": payroll.tax,
            "insurance": payroll.own_insurance,
            "housing": payroll.own_housing,
        }
        if payroll.withheld:
            _book(actor, payroll, "salary_withheld", withheld)
    _tell("finance.payroll_decided", actor, payroll, payroll.whole)
    return payroll


@action(rights.APPROVE)
def decide_subsidies(actor: Actor, batch_id: int, *, approve: bool, reason: str = "") -> SubsidyBatch:
    """Grant a batch of subsidies: it is owed (9); or refuse it."""
    batch = _decided(actor, SubsidyBatch, batch_id, approve, reason)
    if approve:
        _book(actor, batch, "subsidy_granted", {"amount": batch.amount})
    _tell("finance.subsidies_decided", actor, batch, batch.amount)
    return batch


def _decided(actor: Actor, model: type[P], id: int, approve: bool, reason: str) -> P:
    rows = model._default_manager.select_for_update(of=("self",)).select_related("line__budget__book", "line__quota")
    paper: P = actionable(actor, rights.APPROVE, rows).get(pk=id)
    if paper.state != Decided.State.ASKED:
        raise Outdated(field=_("paper"), value=paper, reason=_("it is decided on"), remedy=_("Look at it as it stands"))
    if not approve and not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a refusal needs it"), remedy=_("Say why"))
    duties.check(actor, "paper.decide", {"paper.ask": paper.asked_by_id})
    paper.state = Decided.State.APPROVED if approve else Decided.State.REFUSED
    paper.decided_by_id, paper.reason = actor.user_id, reason.strip()[:300]
    paper.save(update_fields=["state", "decided_by", "reason"])
    mine = Payment.objects.filter(source_type=kind_of(paper), source_id=str(id), state=Payment.State.ASKED)
    for payment_id in mine.order_by("pk").values_list("pk", flat=True):
        if approve:
            payments.approve(actor, payment_id, with_paper=True)
        else:
            payments.refuse(actor, payment_id, reason=reason, with_paper=True)
    return paper


def _book(actor: Actor, paper: Payroll | SubsidyBatch, event: str, amounts: dict[str, int]) -> None:
    assert paper.line.quota is not None  # its payment was reserved
    today = clock.today()
    business = ledger.Business(
        event=f"finance.{event}",
        on=today,
        summary=f"{paper.line.name} {paper}",
        source=(kind_of(paper), paper.pk),
        request=uuid5(PAPERS, f"{kind_of(paper)} {paper.pk} {event}"),
        amounts=amounts,
        dimensions_id=paper.line.quota.dimensions_id,
    )
    ledger.book_event(actor, payments.book_of_day(paper.line.budget.book, today), business)


def _tell(kind: str, actor: Actor, paper: Payroll | SubsidyBatch, amount: int) -> None:
    data = {"paper": str(paper), "amount": str(Money(amount)), "state": paper.state}
    journal.record(kind, by=actor, subject=paper, unit=paper.line.unit_id, data=data)
