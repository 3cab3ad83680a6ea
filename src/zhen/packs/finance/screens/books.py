"""The books: vouchers with both sides, accounts with what stands on them, and every figure down to its paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.api import Basis, Line, Standing, Voucher
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Tone,
)
from zhen.packs.finance import forms, queries
from zhen.packs.finance.control.books import reverse
from zhen.packs.finance.groups import BOOKS
from zhen.packs.finance.queries import AccountOf
from zhen.packs.finance.screens.common import plain

VIEW = "ledger.view"


def of(voucher: Voucher) -> str:
    return f"/desk/finance/vouchers/{voucher.pk}/"


def kind_chip(voucher: Voucher) -> Chip:
    red = voucher.kind == Voucher.Kind.REVERSAL
    return Chip(text=voucher.get_kind_display(), tone=Tone.OVERDUE if red else Tone.NEUTRAL)


def side(basis: str) -> Callable[[Actor, Voucher], Sequence[Line]]:
    return lambda _actor, voucher: [line for line in voucher.lines.all() if line.account.basis == basis]


def only(name: str) -> Callable[[Line], int | None]:
    """A debit or credit, or an empty cell."""
    return lambda line: getattr(line, name) or None


LINE_COLUMNS = (
    Column(id="account", label=_("account"), value=lambda line: str(line.account), width="wide"),
    Column(id="debit", label=_("debit (yuan)"), value=only("debit"), kind=Kind.MONEY),
    Column(id="credit", label=_("credit (yuan)"), value=only("credit"), kind=Kind.MONEY),
    Column(id="for", label=_("for"), value=lambda line: str(line.dimensions or "")),
)


def facts(_actor: Actor, voucher: Voucher) -> list[Fact]:
    paper = ledger.paper_of(voucher)
    before, after = voucher.reverses, getattr(voucher, "reversed_by", None)
    found = [
        Fact(label=_("number"), value=str(voucher)),
        Fact(label=_("date"), value=voucher.date, kind=Kind.DATE),
        Fact(label=_("books"), value=str(voucher.period.book)),
        Fact(label=_("summary"), value=voucher.summary),
        Fact(label=_("prepared by"), value=voucher.made_by_name or _("follows from its paper")),
        Fact(label=_("checked by"), value=voucher.checked_by_name),
    ]
    if paper:
        found.append(Fact(label=_("paper"), value=Link(text=_("Open the paper"), url=paper), kind=Kind.LINK))
    for label, other in ((_("reverses"), before), (_("reversed by"), after)):
        if other is not None:
            found.append(Fact(label=label, value=Link(text=str(other), url=of(other)), kind=Kind.LINK))
    return found


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        wanted = Q(summary__icontains=word)
        if word.isascii() and word.isdecimal() and len(word) < 9:
            wanted |= Q(number=word)
        rows = rows.filter(wanted)
    return rows


def by_month(rows: Any, value: str) -> Any:
    return rows.filter(period__month=value) if value.isascii() and value.isdecimal() else rows.none()


MONTHS = tuple(Choice(value=str(month), label=str(month)) for month in range(1, 13))


def book_choices(actor: Actor) -> Sequence[Choice]:
    return [Choice(value=str(book.pk), label=str(book)) for book in ledger.books(actor)]


def by_book(rows: Any, value: str) -> Any:
    return rows.filter(period__book=value) if value.isascii() and value.isdecimal() else rows.none()


class AccountRow:
    """A line of the trial balance, with the way to its account."""

    def __init__(self, book: ledger.Book, standing: Standing) -> None:
        self.key = f"{book.pk}-{standing.account.code}"
        self.code, self.name = standing.account.code, standing.account.name
        self.basis = standing.account.basis
        self.begin, self.end = standing.signed(standing.begin), standing.signed(standing.end)
        self.debit, self.credit = standing.debit, standing.credit
        self.side = standing.account.get_side_display()


def account_rows(actor: Actor, params: Params) -> list[AccountRow]:
    """The accounts of the chosen books, to the end of the chosen month or of the year."""
    book = queries.book_in(actor, params)
    if book is None:
        return []
    wanted = str(params.get("month", ""))
    month = int(wanted) if wanted in {choice.value for choice in MONTHS} else None
    first, last = (month, month) if month else (1, ledger.CLOSING)
    standings = ledger.trial_balance(actor, book, first=first, last=last)
    return [AccountRow(book, standing) for standing in ledger.with_parents(standings, book.chart)]


def by_words(rows: Iterable[AccountRow], words: str) -> list[AccountRow]:
    return [row for row in rows if all(word in row.name or row.code.startswith(word) for word in words.split())]


def account_facts(actor: Actor, found: AccountOf) -> list[Fact]:
    standings = ledger.with_parents(ledger.trial_balance(actor, found.book), found.book.chart)
    standing = next((one for one in standings if one.account.code == found.account.code), None)
    return [
        Fact(label=_("books"), value=str(found.book)),
        Fact(label=_("basis"), value=found.account.get_basis_display()),
        Fact(label=_("normal side"), value=found.account.get_side_display()),
        Fact(label=_("balance (yuan)"), value=standing.signed(standing.end) if standing else 0, kind=Kind.MONEY),
    ]


def voucher_link(line: Line) -> Link:
    return Link(text=str(line.voucher), url=of(line.voucher))


def save_reversal(actor: Actor, voucher: Voucher, form: Any) -> str:
    return of(reverse(actor, voucher, **form.cleaned_data))


PAGES = (
    ListPage(
        id="finance.vouchers",
        title=_("Vouchers"),
        menu=_("Vouchers"),
        group=BOOKS,
        icon="receipt-text",
        order=65,
        permission=VIEW,
        rows=lambda actor, _params: ledger.vouchers(actor),
        columns=(
            Column(id="number", label=_("number"), value=str),
            Column(id="date", label=_("date"), value="date", kind=Kind.DATE, sort="date"),
            Column(id="summary", label=_("summary"), value="summary", width="wide"),
            Column(id="kind", label=_("kind"), value=kind_chip, kind=Kind.CHIP),
            Column(
                id="made",
                label=_("prepared by"),
                value=lambda voucher: voucher.made_by_name or _("follows from its paper"),
            ),
        ),
        filters=(
            Filter(id="book", label=_("books"), apply=by_book, choices=book_choices),
            Filter(id="month", label=_("month"), apply=by_month, choices=MONTHS),
        ),
        search=find,
        order_by=("-date", "-pk"),
        detail="finance.voucher",
        empty=_("Nothing is posted yet. Vouchers follow from the papers by themselves."),
    ),
    DetailPage(
        id="finance.voucher",
        title=_("voucher"),
        permission=VIEW,
        subject=ledger.voucher_for,
        heading=lambda voucher: voucher.summary or str(voucher),
        chips=lambda voucher: (kind_chip(voucher),),
        panels=(
            Panel(id="facts", title=_("Voucher"), form="facts", source=facts, wide=True),
            Panel(
                id="financial",
                title=_("Financial accounting"),
                form="table",
                source=side(Basis.FINANCIAL),
                columns=LINE_COLUMNS,
                wide=True,
                empty=_("Nothing on this side."),
            ),
            Panel(
                id="budgetary",
                title=_("Budgetary accounting"),
                form="table",
                source=side(Basis.BUDGETARY),
                columns=LINE_COLUMNS,
                wide=True,
                empty=_("Nothing on this side: it moves no budgeted cash."),
            ),
        ),
        buttons=(
            Button(id="print", label=_("Print (PDF)"), permission=VIEW, form="finance.voucher_pdf", key="p"),
            Button(
                id="reverse",
                label=_("Reverse"),
                permission="ledger.voucher.reverse",
                form="finance.voucher_reverse",
                shown=lambda _actor, voucher: (
                    voucher.kind == Voucher.Kind.NORMAL and getattr(voucher, "reversed_by", None) is None
                ),
            ),
        ),
    ),
    FormPage(
        id="finance.voucher_reverse",
        title=_("Reverse the voucher"),
        permission="ledger.voucher.reverse",
        subject=ledger.voucher_for,
        intro=_(
            "A posted voucher stays. A red one takes it back, and frees what it had spent of the budget. "
            "One of a closed year is corrected in this one."
        ),
        form=plain(forms.ReverseForm),
        save=save_reversal,
        submit=_("Reverse"),
    ),
    ListPage(
        id="finance.accounts",
        title=_("General ledger"),
        menu=_("General ledger"),
        group=BOOKS,
        icon="book-open",
        order=66,
        permission=VIEW,
        intro=_("What stood, what moved and what stands on each account, on its normal side."),
        rows=account_rows,
        columns=(
            Column(id="code", label=_("code"), value="code"),
            Column(id="name", label=_("account"), value="name", width="wide"),
            Column(id="side", label=_("normal side"), value="side"),
            Column(id="begin", label=_("before (yuan)"), value="begin", kind=Kind.MONEY),
            Column(id="debit", label=_("debit (yuan)"), value="debit", kind=Kind.MONEY),
            Column(id="credit", label=_("credit (yuan)"), value="credit", kind=Kind.MONEY),
            Column(id="end", label=_("balance (yuan)"), value="end", kind=Kind.MONEY),
        ),
        filters=(
            Filter(id="book", label=_("books"), apply=lambda rows, _value: rows, choices=book_choices),
            Filter(id="month", label=_("month"), apply=lambda rows, _value: rows, choices=MONTHS),
            Filter(
                id="basis",
                label=_("basis"),
                apply=lambda rows, value: [row for row in rows if row.basis == value],
                choices=tuple(Choice(value=basis.value, label=basis.label) for basis in Basis),
            ),
        ),
        search=by_words,
        detail="finance.account",
        empty=_("Nothing is posted yet."),
    ),
    DetailPage(
        id="finance.account",
        title=_("account"),
        permission=VIEW,
        subject=queries.account_for,
        heading=lambda found: str(found.account),
        panels=(
            Panel(id="facts", title=_("Account"), form="facts", source=account_facts),
            Panel(
                id="lines",
                title=_("The last 200 lines"),
                form="table",
                source=lambda actor, found: ledger.lines_of(actor, found.book, found.account).reverse()[:200],
                columns=(
                    Column(id="voucher", label=_("voucher"), value=voucher_link, kind=Kind.LINK),
                    Column(id="date", label=_("date"), value="voucher.date", kind=Kind.DATE),
                    Column(id="summary", label=_("summary"), value="voucher.summary"),
                    *LINE_COLUMNS,
                ),
                wide=True,
                empty=_("Nothing is posted to it."),
            ),
        ),
        buttons=(
            Button(id="print", label=_("Print (PDF)"), permission=VIEW, form="finance.account_pdf", key="p"),
            Button(id="xlsx", label=_("Save as XLSX"), permission=VIEW, form="finance.account_xlsx"),
        ),
    ),
)
