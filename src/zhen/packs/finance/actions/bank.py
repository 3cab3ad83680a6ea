"""Bank statements: read as a preview, taken over, matched with the books by reference and amount, or by hand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import rights
from zhen.packs.finance.bank_file import read
from zhen.packs.finance.models import BankLine, BankStatement, Payment, Slip

NEAR = timedelta(days=5)
"""Bank and books enter the same payment at most so many days apart."""


@action(rights.CONFIRM)
def read_statement(
    actor: Actor, book: ledger.Book, account: ledger.Account, data: bytes, file_name: str
) -> BankStatement:
    """Read a file as a preview. Nothing of the books is touched."""
    held = actionable(actor, rights.CONFIRM, ledger.Book.objects.filter(pk=book.pk)).get()
    lines = read(data, file_name)
    if {line.on.year for line in lines} != {held.year}:
        raise Refused(
            field=_("bank statement"),
            value=file_name,
            reason=_("it has days of another year"),
            remedy=_("Export the days of the books' year"),
        )
    try:
        with transaction.atomic():
            made = BankStatement.objects.create(
                book=held,
                account=account,
                file_name=file_name[:200],
                sha256=hashlib.sha256(data).hexdigest(),
                first=lines[0].on,
                last=lines[-1].on,
                closing=lines[-1].balance,
                read_by_id=actor.user_id,
                read_at=clock.now(),
            )
    except IntegrityError as fault:
        raise Refused(
            field=_("bank statement"),
            value=file_name,
            reason=_("this file was read before"),
            remedy=_("Look at the statements of these books"),
        ) from fault
    BankLine.objects.bulk_create(
        BankLine(
            statement=made,
            position=position,
            on=line.on,
            amount=line.amount,
            party=line.party,
            reference=line.reference,
            what=line.what,
        )
        for position, line in enumerate(lines, 1)
    )
    _tell("finance.bank_read", actor, made, count=len(lines))
    return made


@action(rights.CONFIRM)
def discard(actor: Actor, statement_id: int) -> None:
    """Throw a preview away."""
    held = _held(actor, statement_id, BankStatement.State.PREVIEW)
    _tell("finance.bank_discarded", actor, held, count=held.lines.count())
    held.delete()


@action(rights.CONFIRM)
def take_over(actor: Actor, statement_id: int) -> BankStatement:
    """Take a preview over, and match what can be matched without doubt. Returns the statement."""
    held = _held(actor, statement_id, BankStatement.State.PREVIEW)
    held.state = BankStatement.State.TAKEN
    held.save(update_fields=["state"])
    count = match(held)
    _tell("finance.bank_taken", actor, held, count=count)
    return held


def match(statement: BankStatement) -> int:
    """Match lines by amount and reference, and then by amount alone where one line of the books is near in time."""
    open_lines = list(statement.lines.filter(line=None).order_by("position"))
    free = unmatched_in_books(statement)
    references = _references(free)
    by_amount: dict[int, list[ledger.Line]] = defaultdict(list)
    for line in free:
        by_amount[line.debit - line.credit].append(line)
    changed = []
    for exact in (True, False):
        for bank in open_lines:
            if bank.line_id is not None:
                continue
            near = [line for line in by_amount[bank.amount] if abs(line.voucher.date - bank.on) <= NEAR]
            if exact:
                near = [line for line in near if bank.reference and bank.reference == references.get(line.pk)]
            if len(near) == 1:
                bank.line = near[0]
                by_amount[bank.amount].remove(near[0])
                changed.append(bank)
    BankLine.objects.bulk_update(changed, ["line"])
    return len(changed)


def unmatched_in_books(statement: BankStatement) -> list[ledger.Line]:
    """Lines of the account in the books, to the statement's last day, that no line of a bank statement is."""
    rows = ledger.Line.objects.filter(
        voucher__period__book=statement.book_id,
        voucher__period__month__gte=1,
        voucher__date__lte=statement.last,
        bank_line=None,
    )
    of_account = rows.filter(account=statement.account_id) | rows.filter(account__parent=statement.account_id)
    return list(of_account.select_related("voucher__period").order_by("voucher__date", "pk"))


def _references(lines: Iterable[ledger.Line]) -> dict[int, str]:
    """By line of the books, the bank's reference that its paper holds."""
    sources = {(line.voucher.source_type, line.voucher.source_id) for line in lines}

    def ids(kind: str) -> list[str]:
        return [id for source, id in sources if source == kind]

    known: dict[tuple[str, str], str] = {}
    for id, reference in Payment.objects.filter(pk__in=ids("finance.payment")).values_list("pk", "bank_reference"):
        known["finance.payment", str(id)] = reference
    for id, reference in Slip.objects.filter(pk__in=ids("finance.slip")).values_list("pk", "reference"):
        known["finance.slip", str(id)] = reference
    return {line.pk: known.get((line.voucher.source_type, line.voucher.source_id), "") for line in lines}


@action(rights.CONFIRM)
def match_by_hand(actor: Actor, line_id: int, voucher_line: ledger.Line) -> BankLine:
    """Say which line of the books a line of the bank is: of the same account and amount."""
    rows = BankLine.objects.select_for_update(of=("self",)).select_related("statement__book", "statement__account")
    bank = actionable(actor, rights.CONFIRM, rows).get(pk=line_id)
    if bank.line_id is not None:
        raise Outdated(
            field=_("line of a bank statement"),
            value=bank,
            reason=_("it is matched"),
            remedy=_("Look at it as it stands"),
        )
    fits = {line.pk for line in unmatched_in_books(bank.statement) if line.debit - line.credit == bank.amount}
    if voucher_line.pk not in fits:
        raise Refused(
            field=_("line of the books"),
            value=voucher_line.voucher,
            reason=_("it has another amount, or is matched already"),
            remedy=_("Choose one of the same amount"),
        )
    bank.line = voucher_line
    bank.save(update_fields=["line"])
    _tell("finance.bank_matched", actor, bank.statement, count=1)
    return bank


def _held(actor: Actor, statement_id: int, state: str) -> BankStatement:
    rows = BankStatement.objects.select_for_update(of=("self",)).select_related("book__unit", "account")
    held = actionable(actor, rights.CONFIRM, rows).get(pk=statement_id)
    if held.state != state:
        raise Outdated(
            field=_("bank statement"),
            value=held,
            reason=_("it is %(state)s") % {"state": held.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return held


def _tell(kind: str, actor: Actor, statement: BankStatement, *, count: int) -> None:
    data = {"statement": str(statement), "count": count}
    journal.record(kind, by=actor, subject=statement, unit=statement.book.unit_id, data=data)
