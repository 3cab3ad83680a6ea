"""Bank statements: the preview, what is matched, and the reconciliation of bank and books (银行存款余额调节表)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    Link,
    ListPage,
    Page,
    Panel,
    Tone,
)
from zhen.packs.finance import forms, queries, rights
from zhen.packs.finance.actions import bank
from zhen.packs.finance.groups import BOOKS
from zhen.packs.finance.models import BankLine, BankStatement
from zhen.packs.finance.queries import VIEW_BOOKS
from zhen.packs.finance.screens.books import of as voucher_url
from zhen.packs.finance.screens.common import AMOUNT

PREVIEW = BankStatement.State.PREVIEW


def of(statement: BankStatement) -> str:
    return f"/desk/finance/bank/{statement.pk}/"


def state(statement: BankStatement) -> Chip:
    return Chip(text=statement.get_state_display(), tone=Tone.DUE_SOON if statement.state == PREVIEW else Tone.ON_TRACK)


def match_chip(line: BankLine) -> Chip:
    if line.line_id is None:
        return Chip(text=_("not matched"), tone=Tone.BEHIND)
    return Chip(text=_("matched"), tone=Tone.ON_TRACK)


def book_line(line: BankLine) -> Link | None:
    return Link(text=str(line.line.voucher), url=voucher_url(line.line.voucher)) if line.line else None


def reconciliation(actor: Actor, statement: BankStatement) -> list[Fact]:
    """The bank's balance and that of the books, each with what only the other has: they meet."""
    standings = ledger.trial_balance(actor, statement.book)
    code = statement.account.code
    in_books = sum(row.end for row in standings if row.account.code == code or row.account.code.startswith(f"{code}."))
    only_bank = sum(line.amount for line in statement.lines.filter(line=None))
    after = ledger.lines_of(actor, statement.book, statement.account).filter(voucher__date__gt=statement.last)
    later = sum(line.debit - line.credit for line in after)
    only_books = sum(line.debit - line.credit for line in bank.unmatched_in_books(statement))
    adjusted = (statement.closing + only_books, in_books - later + only_bank)
    return [
        money(_("balance at the bank (yuan)"), statement.closing),
        money(_("only in the books (yuan)"), only_books),
        money(_("adjusted balance of the bank (yuan)"), adjusted[0]),
        money(_("balance in the books (yuan)"), in_books - later),
        money(_("only at the bank (yuan)"), only_bank),
        money(_("adjusted balance of the books (yuan)"), adjusted[1]),
        Fact(label=_("outcome"), value=_outcome(adjusted[0] - adjusted[1]), kind=Kind.CHIP),
    ]


def money(label: Any, amount: int) -> Fact:
    return Fact(label=label, value=amount, kind=Kind.MONEY)


def _outcome(off: int) -> Chip:
    if off:
        return Chip(text=_("they differ by %(off)s yuan") % {"off": f"{off / 100:,.2f}"}, tone=Tone.OVERDUE)
    return Chip(text=_("bank and books meet"), tone=Tone.ON_TRACK)


def save_file(actor: Actor, book: ledger.Book, form: Any) -> str:
    file = form.cleaned_data["file"]
    return of(bank.read_statement(actor, book, form.cleaned_data["account"], file.read(), file.name))


def save_match(actor: Actor, line: BankLine, form: Any) -> str:
    return of(bank.match_by_hand(actor, line.pk, form.cleaned_data["voucher_line"]).statement)


def thrown_away(actor: Actor, statement: BankStatement, _data: Any) -> str:
    bank.discard(actor, statement.pk)
    return "/desk/finance/bank/"


def in_preview(_actor: Actor, statement: BankStatement) -> bool:
    return statement.state == PREVIEW


PAGES: tuple[Page, ...] = (
    ListPage(
        id="finance.bank",
        title=_("Bank statements"),
        menu=_("Bank statements"),
        group=BOOKS,
        icon="landmark",
        order=68,
        permission=VIEW_BOOKS,
        intro=_("What the bank says, held against the books. A new one is read at the books of its year."),
        rows=lambda actor, _params: queries.bank_statements(actor),
        columns=(
            Column(id="last", label=_("last day"), value="last", kind=Kind.DATE, sort="last"),
            Column(id="account", label=_("account"), value="account.name"),
            Column(id="unit", label=_("unit"), value="book.unit.name"),
            Column(id="count", label=_("lines"), value="count", kind=Kind.NUMBER),
            Column(id="matched", label=_("matched"), value="matched", kind=Kind.NUMBER),
            Column(id="closing", label=_("balance at the bank (yuan)"), value="closing", kind=Kind.MONEY),
            Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
        ),
        order_by=("-last", "-pk"),
        detail="finance.bank_statement",
        empty=_("No statement was read yet."),
    ),
    DetailPage(
        id="finance.bank_statement",
        title=_("bank statement"),
        permission=VIEW_BOOKS,
        subject=queries.bank_statement_for,
        heading=str,
        chips=lambda statement: (state(statement),),
        panels=(
            Panel(id="meets", title=_("Bank and books"), form="facts", source=reconciliation),
            Panel(
                id="lines",
                title=_("Lines of the bank"),
                form="table",
                source=lambda _actor, statement: statement.lines.select_related("line__voucher")[:500],
                columns=(
                    Column(id="on", label=_("date"), value="on", kind=Kind.DATE),
                    AMOUNT,
                    Column(id="party", label=_("from or to"), value="party"),
                    Column(id="what", label=_("summary"), value="what"),
                    Column(id="reference", label=_("bank reference"), value="reference"),
                    Column(id="matched", label=_("state"), value=match_chip, kind=Kind.CHIP),
                    Column(id="voucher", label=_("voucher"), value=book_line, kind=Kind.LINK),
                ),
                detail="finance.bank_match",
                wide=True,
            ),
            Panel(
                id="books",
                title=_("Only in the books"),
                form="table",
                source=lambda _actor, statement: bank.unmatched_in_books(statement)[:500],
                columns=(
                    Column(
                        id="voucher",
                        label=_("voucher"),
                        value=lambda line: Link(text=str(line.voucher), url=voucher_url(line.voucher)),
                        kind=Kind.LINK,
                    ),
                    Column(id="date", label=_("date"), value="voucher.date", kind=Kind.DATE),
                    Column(id="summary", label=_("summary"), value="voucher.summary"),
                    Column(
                        id="amount",
                        label=_("amount (yuan)"),
                        value=lambda line: line.debit - line.credit,
                        kind=Kind.MONEY,
                    ),
                ),
                wide=True,
                empty=_("Every line of the books is at the bank as well."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="take",
                label=_("Take over"),
                permission=rights.CONFIRM,
                run=lambda actor, statement, _data: of(bank.take_over(actor, statement.pk)),
                confirm=_("Its lines are matched with the books by reference and amount."),
                key="a",
                shown=in_preview,
            ),
            Button(
                id="discard",
                label=_("Throw away"),
                permission=rights.CONFIRM,
                run=thrown_away,
                confirm=_("The preview is thrown away."),
                shown=in_preview,
            ),
        ),
    ),
    FormPage(
        id="finance.bank_match",
        title=_("Match by hand"),
        permission=rights.CONFIRM,
        subject=queries.bank_line_for,
        intro=_("Only lines of the same account and amount that are not matched yet can be chosen."),
        form=lambda _actor, line, data, _files: forms.MatchForm(data, line),
        save=save_match,
        submit=_("Match"),
    ),
    FormPage(
        id="finance.bank_read",
        title=_("Read a bank statement"),
        permission=rights.CONFIRM,
        subject=ledger.book_for,
        intro=_("It is shown as a preview first. Nothing of the books is touched."),
        form=lambda _actor, book, data, files: forms.BankFileForm(data, files, book),
        save=save_file,
        submit=_("Show the preview"),
        draft=False,
    ),
)
