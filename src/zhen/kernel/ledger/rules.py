"""What a voucher is made of, and when it is right. No clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.declarations import VoucherTemplate
from zhen.kernel.ledger.models.books import CLOSING, OPENING, Basis
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Refused, Text

MOST_LINES = 500


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line to be posted: an account by its code, and fen on one side."""

    account: str
    debit: int = 0
    credit: int = 0
    dimensions_id: int | None = None

    def reversed(self) -> Entry:
        """The red line: the same side, the amount negative."""
        return replace(self, debit=-self.debit, credit=-self.credit)


@dataclass(frozen=True, kw_only=True)
class Business:
    """A business event that is to be booked: what happened, when, by which paper, and its amounts in fen.

    `slots` says which account stands where a template leaves it open. `request` is the same when the same thing is
    told again.
    """

    event: str
    on: date
    summary: str
    source: tuple[str, object]
    request: UUID
    amounts: Mapping[str, int]
    slots: Mapping[str, str] = field(default_factory=dict)
    dimensions_id: int | None = None
    closing: bool = False


def template_for(
    templates: Iterable[VoucherTemplate], event: str, *, chart: str, on: date, level: str, unit_type: str
) -> VoucherTemplate:
    """The one template of an event in force. Raises Refused where there is none or more than one."""
    found = [
        template
        for template in templates
        if template.event == event
        and template.chart == chart
        and template.holds(on=on, level=level, unit_type=unit_type)
    ]
    if len(found) == 1:
        return found[0]
    reason = _("two templates for it are in force") if found else _("no voucher template for it is in force")
    raise Refused(
        field=_("business event"),
        value=event,
        reason=reason,
        remedy=_("Choose another date, or have the voucher templates mended"),
    )


def entries_of(template: VoucherTemplate, business: Business) -> tuple[Entry, ...]:
    """The lines of a voucher by a template. Raises KeyError where the event brings no such amount or account."""
    return tuple(
        Entry(
            account=line.account or business.slots[line.slot],
            debit=amount if line.debit else 0,
            credit=0 if line.debit else amount,
            dimensions_id=business.dimensions_id,
        )
        for line in template.lines()
        if (amount := business.amounts[line.amount])
    )


def month_of(on: date, *, opening: bool = False, closing: bool = False) -> int:
    """The period of a book in which something of a day is booked."""
    return OPENING if opening else CLOSING if closing else on.month


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules must know of an account."""

    id: int
    code: str
    basis: str
    mirror: str
    usable: bool


def check(entries: Sequence[Entry], accounts: Mapping[str, Known]) -> None:
    """Refuse what the database would refuse as well, in words: see migration 0002."""
    if not 2 <= len(entries) <= MOST_LINES:
        raise Refused(
            field=_("voucher"),
            value=len(entries),
            reason=_("a voucher has between 2 and %(most)s lines") % {"most": MOST_LINES},
            remedy=_("Enter the lines of both sides, or divide the voucher"),
        )
    for entry in entries:
        if entry.account not in accounts:
            raise _not_an_account(entry.account, _("the chart of accounts has no such account"))
        if not accounts[entry.account].usable:
            raise _not_an_account(entry.account, _("it is closed, or has sub-accounts"))
        if bool(entry.debit) == bool(entry.credit):
            raise Refused(
                field=_("line"),
                value=entry.account,
                reason=_("it needs an amount on one side"),
                remedy=_("Enter a debit or a credit"),
            )
    _check_balance(entries, accounts)


def _check_balance(entries: Sequence[Entry], accounts: Mapping[str, Known]) -> None:
    bases: dict[str, int] = {}
    mirrors: dict[str, int] = {}
    for entry in entries:
        account, amount = accounts[entry.account], entry.debit - entry.credit
        bases[account.basis] = bases.get(account.basis, 0) + amount
        if account.mirror:
            sign = 1 if account.basis == Basis.FINANCIAL else -1
            mirrors[account.mirror] = mirrors.get(account.mirror, 0) + sign * amount
    for basis, off in bases.items():
        if off:
            raise Refused(
                field=Basis(basis).label,
                value=Money(off),
                reason=_("debits and credits differ by this much"),
                remedy=_("Make both sides equal"),
            )
    for mirror, off in mirrors.items():
        if off:
            codes = " = ".join(sorted(a.code for a in accounts.values() if a.mirror == mirror))
            raise Refused(
                field=codes or mirror,
                value=Money(off),
                reason=_("financial and budgetary accounting would no longer hold the same here"),
                remedy=_("Book the same amount on both"),
            )


def _not_an_account(code: str, reason: Text) -> Refused:
    return Refused(field=_("account"), value=code, reason=reason, remedy=_("Choose an account without sub-accounts"))
