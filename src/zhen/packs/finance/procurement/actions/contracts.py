"""The contract on an award, its payments and changes, and the acceptance of what was delivered."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, action, actionable
from zhen.kernel.files.api import File
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.actions import payments
from zhen.packs.finance.models import Payment
from zhen.packs.finance.procurement import rights
from zhen.packs.finance.procurement.actions.common import (
    State,
    amount_of,
    day_of,
    figures,
    held,
    money,
    needed,
    say,
)
from zhen.packs.finance.procurement.actions.needs import must_be_left
from zhen.packs.finance.procurement.models import Acceptance, Contract, ContractChange, Instalment

MOST_INSTALMENTS = 24
GONE = (Payment.State.REFUSED, Payment.State.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the price as it is agreed. `ahead`: before acceptance."""

    name: str
    due_on: date
    amount: int
    ahead: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract says. The retention money is the last part of the price; `parts` come to the rest."""

    title: str
    amount: int
    starts_on: date
    ends_on: date
    parts: Sequence[Part]
    retention: int = 0
    retention_months: int = 0
    late_reason: str = ""


@action(rights.CONTRACT)
def draft(actor: Actor, key: int, terms: Terms) -> Contract:
    """Draft the contract: within the award, paid in full by its parts, held up by no objection."""
    procurement = held(actor, rights.CONTRACT, key, State.AWARDED)
    if Contract.objects.filter(procurement=procurement).exists():
        raise Outdated(
            field=_("contract"), value=procurement, reason=_("there is one"), remedy=_("Look at it as it stands")
        )
    objection = procurement.objections.filter(case__open=True).select_related("case").first()
    if objection is not None:
        raise Refused(
            field=_("contract"),
            value=procurement,
            reason=_("the objection %(number)s is not answered") % {"number": objection},
            remedy=_("Answer it first"),
        )
    award, winner, awarded_at = procurement.award_amount, procurement.winner, procurement.awarded_at
    assert award is not None  # held by the constraint finance_procurement_award
    assert winner is not None
    assert awarded_at is not None
    known, today = figures(), clock.today()
    if not 0 < terms.amount <= award:
        raise Refused(
            field=_("amount"),
            value=money(terms.amount),
            reason=_("the award is %(award)s") % {"award": money(award)},
            remedy=_("Agree on no more than that"),
        )
    most = terms.amount * amount_of(known, "retention_percent", today, 10) // 100
    if not 0 <= terms.retention <= most or bool(terms.retention) != bool(terms.retention_months):
        raise Refused(
            field=_("retention money"),
            value=money(terms.retention),
            reason=_("it is at most %(most)s, and has a term") % {"most": money(most)},
            remedy=_("Agree on less, and for how many months"),
        )
    if terms.ends_on < terms.starts_on:
        raise Refused(
            field=_("ends on"),
            value=terms.ends_on,
            reason=_("it does not lie after the beginning"),
            remedy=_("Enter a later day"),
        )
    _check_parts(terms)
    until = day_of(awarded_at) + timedelta(days=amount_of(known, "contract_days", day_of(awarded_at), 30))
    if today > until:
        needed(_("why it is late"), terms.late_reason, _("It was due on %(day)s: say why it is late") % {"day": until})
    made = Contract.objects.create(
        procurement=procurement,
        supplier=winner.supplier,
        title=needed(_("title"), terms.title, _("Write it")),
        amount=terms.amount,
        award_amount=award,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        retention=terms.retention,
        retention_months=terms.retention_months,
        late_reason=terms.late_reason.strip(),
        drafted_by_id=actor.user_id,
    )
    _schedule(made, terms)
    say("contract_drafted", actor, procurement, contract=str(made), amount=money(made.amount))
    return made


def _check_parts(terms: Terms) -> None:
    parts = terms.parts
    total = sum(part.amount for part in parts)
    if not 1 <= len(parts) <= MOST_INSTALMENTS or total + terms.retention != terms.amount:
        raise Refused(
            field=_("instalments"),
            value=money(total),
            reason=_("with the retention money they come to %(total)s, the contract to %(amount)s")
            % {"total": money(total + terms.retention), "amount": money(terms.amount)},
            remedy=_("Make the two equal"),
        )
    if any(part.amount <= 0 for part in parts) or (terms.retention and parts[-1].ahead):
        raise Refused(
            field=_("instalments"),
            value=parts[-1].name,
            reason=_("each is above zero, and the last one follows the acceptance"),
            remedy=_("Put it right"),
        )


def _schedule(contract: Contract, terms: Terms) -> None:
    rows = [
        Instalment(
            contract=contract, number=number, name=part.name, due_on=part.due_on, amount=part.amount, ahead=part.ahead
        )
        for number, part in enumerate(terms.parts, 1)
    ]
    if terms.retention:
        rows.append(
            Instalment(
                contract=contract,
                number=len(rows) + 1,
                name="质量保证金",
                due_on=months_later(terms.ends_on, terms.retention_months),
                amount=terms.retention,
                retention=True,
            )
        )
    Instalment.objects.bulk_create(rows)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the month's last day where it is shorter (《民法典》第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _contract(actor: Actor, permission: str, key: int, *states: str) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "procurement__line__quota", "supplier__organisation"
    )
    contract = actionable(actor, permission, rows).get(pk=key)
    if contract.state not in states:
        raise Outdated(
            field=_("contract"),
            value=contract,
            reason=_("it is %(state)s") % {"state": contract.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return contract


@action(rights.LEGAL)
def review(actor: Actor, key: int, *, opinion: str) -> Contract:
    """Record the legal review. Without it nothing is signed."""
    contract = _contract(actor, rights.LEGAL, key, Contract.State.DRAFT)
    duties.check(actor, "contract.review", {"contract.draft": contract.drafted_by_id})
    contract.opinion = needed(_("legal opinion"), opinion, _("Write it"))
    contract.state, contract.reviewed_by_id = Contract.State.REVIEWED, actor.user_id
    contract.save(update_fields=["opinion", "state", "reviewed_by"])
    say("contract_reviewed", actor, contract.procurement, contract=str(contract))
    return contract


@action(rights.SIGN)
def sign(actor: Actor, key: int, *, on: date) -> Contract:
    """Enter the signature. From now on the contract is published and paid by its parts."""
    contract = _contract(actor, rights.SIGN, key, Contract.State.REVIEWED)
    done = {"contract.draft": contract.drafted_by_id, "contract.review": contract.reviewed_by_id}
    duties.check(actor, "contract.sign", done)
    procurement = held(actor, rights.SIGN, contract.procurement_id, State.AWARDED)
    if not day_of(procurement.awarded_at or clock.now()) <= on <= clock.today():
        raise Refused(
            field=_("signed on"),
            value=on,
            reason=_("it lies before the award, or ahead"),
            remedy=_("Give the day on which it was signed"),
        )
    contract.state, contract.signed_by_id, contract.signed_on = Contract.State.SIGNED, actor.user_id, on
    contract.save(update_fields=["state", "signed_by", "signed_on"])
    procurement.state = State.CONTRACTED
    procurement.save(update_fields=["state"])
    say("contract_signed", actor, procurement, contract=str(contract), amount=money(contract.amount))
    return contract


@action(rights.ACCEPT)
def accept(actor: Actor, key: int, *, on: date, findings: str, file: File | None = None) -> Acceptance:
    """Accept what was delivered: by somebody who neither procured it nor pays for it."""
    contract = _contract(actor, rights.ACCEPT, key, Contract.State.SIGNED)
    procurement = held(actor, rights.ACCEPT, contract.procurement_id, State.CONTRACTED)
    done = {"procurement.run": procurement.run_by_id, "contract.draft": contract.drafted_by_id}
    duties.check(actor, "delivery.accept", done)
    if actor.kind is not ActorKind.SYSTEM and actor.may(money_rights.PAY):
        raise Refused(
            field=_("duty"),
            value=actor.name,
            reason=_("who makes payments does not accept deliveries"),
            remedy=_("Ask somebody else"),
        )
    if not (contract.signed_on or on) <= on <= clock.today():
        raise Refused(
            field=_("accepted on"),
            value=on,
            reason=_("it lies before the contract, or ahead"),
            remedy=_("Give the day on which it was seen"),
        )
    made = Acceptance.objects.create(
        contract=contract,
        procured_by_id=procurement.run_by_id,
        accepted_by_id=actor.user_id,
        on=on,
        findings=needed(_("what was seen"), findings, _("Write it")),
        file=file,
    )
    procurement.state = State.ACCEPTED
    procurement.save(update_fields=["state"])
    say("delivery_accepted", actor, procurement, contract=str(contract))
    return made


@action(money_rights.ASK)
def ask_payment(
    actor: Actor, key: int, *, kind: str, method: str, invoices: Sequence[payments.InvoiceIn] = ()
) -> Payment:
    """Ask for the payment of an instalment. Before the acceptance only what was agreed so is paid.

    The last part before the retention money withholds that; the retention money itself is released when its term is
    over.
    """
    rows = Instalment.objects.select_for_update(of=("self",)).select_related(
        "payment", "contract__procurement__line", "contract__supplier__organisation"
    )
    part = actionable(actor, money_rights.ASK, rows).get(pk=key)
    contract = part.contract
    _may_be_asked(part)
    if part.retention:
        payment = _release(actor, part, method)
    else:
        kept = contract.instalments.filter(retention=True, number=part.number + 1).first()
        payment = payments.ask(
            actor,
            contract.procurement.line,
            payments.Wanted(
                kind=kind,
                method=method,
                purpose=f"{contract.title}：{part.name}"[:200],
                amount=part.amount,
                payee=str(contract.supplier),
                payee_bank=contract.supplier.bank,
                payee_account=contract.supplier.account,
                invoices=invoices,
                source=("finance.contract", contract.procurement_id),
                withheld=kept.amount if kept else 0,
                retention_due=kept.due_on if kept else None,
            ),
        )
    part.payment = payment
    part.save(update_fields=["payment"])
    say("instalment_asked", actor, contract.procurement, contract=str(contract), amount=money(part.amount))
    return payment


def _may_be_asked(part: Instalment) -> None:
    contract = part.contract
    if contract.state != Contract.State.SIGNED:
        raise Refused(
            field=_("contract"),
            value=contract,
            reason=_("it is not signed"),
            remedy=_("It is signed before it is paid"),
        )
    if part.payment is not None and part.payment.state not in GONE:
        raise Outdated(
            field=_("instalment"),
            value=part,
            reason=_("the payment %(payment)s is asked for") % {"payment": part.payment},
            remedy=_("Look at that payment"),
        )
    if not part.ahead and not Acceptance.objects.filter(contract=contract).exists():
        raise Refused(
            field=_("instalment"),
            value=part,
            reason=_("what was delivered is not accepted yet"),
            remedy=_("It is paid after the acceptance"),
        )


def _release(actor: Actor, part: Instalment, method: str) -> Payment:
    if clock.today() < part.due_on:
        raise Refused(
            field=_("instalment"),
            value=part,
            reason=_("the term of the retention money ends on %(day)s") % {"day": part.due_on},
            remedy=_("It is released after that day"),
        )
    before = part.contract.instalments.filter(number=part.number - 1).select_related("payment").first()
    if before is None or before.payment is None or before.payment.state != Payment.State.PAID:
        raise Refused(
            field=_("instalment"),
            value=part,
            reason=_("the part that withholds it is not paid"),
            remedy=_("Pay that part first"),
        )
    line = part.contract.procurement.line
    return payments.ask_release(actor, before.payment, line, method=method, amount=part.amount)


# Changes


@action(rights.CONTRACT)
def ask_change(actor: Actor, key: int, *, amount: int, reason: str) -> ContractChange:
    """Ask for more of the same, within the share that the rules allow of the contract's price."""
    contract = _contract(actor, rights.CONTRACT, key, Contract.State.SIGNED)
    waiting = contract.changes.exclude(state=ContractChange.State.REFUSED)
    before = int(waiting.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"])
    percent = amount_of(figures(), "change_percent", clock.today(), 10)
    most = contract.amount * percent // 100
    if not 0 < amount <= most - before:
        raise Refused(
            field=_("amount"),
            value=money(amount),
            reason=_("all additions come to at most %(percent)s%% of the price: %(left)s is left")
            % {"percent": percent, "left": money(max(0, most - before))},
            remedy=_("Ask for less, or begin another procurement"),
        )
    must_be_left(contract.procurement.line, amount)
    made = ContractChange.objects.create(
        contract=contract,
        amount=amount,
        reason=needed(_("reason"), reason, _("Say why")),
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    say("change_of_contract_asked", actor, contract.procurement, contract=str(contract), amount=money(amount))
    return made


@action(rights.SIGN)
def decide_change(actor: Actor, key: int, *, approve: bool) -> ContractChange:
    """Decide on a change; approved, it is an instalment of its own, paid after the acceptance."""
    rows = ContractChange.objects.select_for_update(of=("self",)).select_related("contract__procurement")
    change = actionable(actor, rights.SIGN, rows).get(pk=key)
    if change.state != ContractChange.State.ASKED:
        raise Outdated(
            field=_("change of a contract"),
            value=change,
            reason=_("it is decided on"),
            remedy=_("Look at it as it stands"),
        )
    duties.check(actor, "contract.decide_change", {"contract.ask_change": change.asked_by_id})
    change.state = ContractChange.State.APPROVED if approve else ContractChange.State.REFUSED
    change.decided_by_id = actor.user_id
    change.save(update_fields=["state", "decided_by"])
    contract = change.contract
    if approve:
        last = contract.instalments.order_by("-number").values_list("number", flat=True)[0]
        Instalment.objects.create(
            contract=contract, number=last + 2, name=change.reason[:100], due_on=contract.ends_on, amount=change.amount
        )
    kind = "change_of_contract_approved" if approve else "change_of_contract_refused"
    say(kind, actor, contract.procurement, contract=str(contract), amount=money(change.amount))
    return change


def _acceptors(payment: Payment) -> Mapping[str, list[int | None]]:
    """Whoever accepted what a payment is for."""
    rows = Acceptance.objects.filter(contract__instalments__payment=payment)
    return {"delivery.accept": list(rows.values_list("accepted_by", flat=True))}


payments.DONE_BEFORE.append(_acceptors)
