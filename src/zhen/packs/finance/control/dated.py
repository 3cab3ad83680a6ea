"""Proposing, putting in force and ending dated rules. Who proposes one does not put it in force."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.control import rights
from zhen.packs.finance.control.models import ApprovalRow, Dated, PaperKind, RiskSetting
from zhen.packs.finance.control.risks import RISKS

D = TypeVar("D", bound=Dated)
MOST_STEPS = 6


@action(rights.PROPOSE)
def propose_row(
    actor: Actor, *, kind: str, amount_from: int, steps: list[str], resolution: bool, valid_from: date, source: str
) -> ApprovalRow:
    """Write down a row of the matrix as a draft: it holds for nothing yet."""
    if not 1 <= len(steps) <= MOST_STEPS or len(set(steps)) != len(steps) or any(role not in ROLES for role in steps):
        raise Refused(
            field=_("who signs, in this order"),
            value="、".join(steps),
            reason=_("it needs 1 to %(most)s different roles") % {"most": MOST_STEPS},
            remedy=_("Choose the roles one after the other"),
        )
    if amount_from < 0:
        raise Refused(
            field=_("from the amount"), value=Money(amount_from), reason=_("it is below zero"), remedy=_("Enter 0")
        )
    made = ApprovalRow(kind=PaperKind(kind), amount_from=amount_from, steps=list(steps), resolution=resolution)
    return _proposed(actor, made, valid_from, source)


@action(rights.PROPOSE)
def propose_setting(actor: Actor, *, rule: str, values: dict[str, int], valid_from: date, source: str) -> RiskSetting:
    """Write down the numbers of a risk rule as a draft."""
    risk = RISKS[rule]
    for name in risk.numbers:
        if values.get(name.id, 0) < 1:
            raise Refused(
                field=name.name, value=values.get(name.id, ""), reason=_("it is not above zero"), remedy=_("Enter it")
            )
    made = RiskSetting(rule=rule, values={name.id: values[name.id] for name in risk.numbers})
    return _proposed(actor, made, valid_from, source)


def _proposed(actor: Actor, made: D, valid_from: date, source: str) -> D:
    if not source.strip():
        raise Refused(field=_("source"), value="", reason=_("it is missing"), remedy=_("Name the document"))
    _check_day(valid_from)
    made.valid_from, made.source, made.proposed_by_id = valid_from, source.strip()[:200], actor.user_id
    made.save()
    _tell("finance.rule_proposed", actor, made)
    return made


@action(rights.APPROVE_RULE)
def approve(actor: Actor, rule: D) -> D:
    """Put a draft in force from its day on. The rule that it replaces ends there; papers that are there keep theirs."""
    row = _locked(rule, draft=True)
    duties.check(actor, "rule.approve", {"rule.propose": row.proposed_by_id})
    _check_day(row.valid_from)
    before = type(row)._default_manager.select_for_update().filter(draft=False, **_same(row))
    for held in before.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=row.valid_from)):
        if held.valid_from >= row.valid_from:
            raise Refused(
                field=_("from"),
                value=row.valid_from,
                reason=_("a rule for the same begins on %(day)s") % {"day": held.valid_from},
                remedy=_("Choose a later day, or end that rule first"),
            )
        held.valid_to = row.valid_from
        held.save(update_fields=["valid_to"])
    row.draft, row.approved_by_id = False, actor.user_id
    try:
        with transaction.atomic():
            row.save(update_fields=["draft", "approved_by"])
    except IntegrityError as fault:  # a rule for the same was put in force at this very moment
        raise Outdated(
            field=_("from"),
            value=row.valid_from,
            reason=_("a rule for the same was put in force just now"),
            remedy=_("Look at it as it stands"),
        ) from fault
    _tell("finance.rule_approved", actor, row)
    return row


@action(rights.PROPOSE)
def withdraw(actor: Actor, rule: Dated) -> None:
    """Take a draft back; the journal keeps that it was proposed."""
    row = _locked(rule, draft=True)
    _tell("finance.rule_withdrawn", actor, row)
    row.delete()


@action(rights.APPROVE_RULE)
def end(actor: Actor, rule: Dated) -> None:
    """End a rule today, for papers that are asked for from now on; one that has not begun goes altogether."""
    row = _locked(rule, draft=False)
    today = clock.today()
    if row.valid_to is not None and row.valid_to <= today:
        raise Outdated(
            field=_("to"), value=row.valid_to, reason=_("it has ended already"), remedy=_("Nothing is to be done")
        )
    _tell("finance.rule_ended", actor, row)
    if row.valid_from >= today:
        row.delete()
    else:
        row.valid_to = today
        row.save(update_fields=["valid_to"])


def _locked(rule: D, *, draft: bool) -> D:
    row = type(rule)._default_manager.select_for_update(of=("self",)).filter(pk=rule.pk, draft=draft).first()
    if row is None:
        raise Outdated(
            field=_("rule"), value=rule, reason=_("it is not what it was"), remedy=_("Look at it as it stands")
        )
    return row


def _same(row: Dated) -> dict[str, Any]:
    names = ("kind", "amount_from") if isinstance(row, ApprovalRow) else ("rule",)
    return {name: getattr(row, name) for name in names}


def _check_day(day: date) -> None:
    if day < clock.today():
        raise Refused(
            field=_("from"),
            value=day,
            reason=_("what has been is not ruled anew"),
            remedy=_("Choose today or a later day"),
        )


def _tell(kind: str, actor: Actor, row: Dated) -> None:
    facts = (
        {"kind": row.kind, "amount_from": row.amount_from, "steps": row.steps, "resolution": row.resolution}
        if isinstance(row, ApprovalRow)
        else {"rule": getattr(row, "rule", ""), "values": getattr(row, "values", {})}
    )
    data = {"what": str(row), "day": row.valid_from.isoformat(), "source": row.source, **facts}
    journal.record(kind, by=actor, subject=row, data=data)
