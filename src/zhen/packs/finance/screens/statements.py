"""Books and their statements: each figure opens to its accounts, their lines, the vouchers and the papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.pages.api import (
    Button,
    Column,
    DetailPage,
    Fact,
    FilePage,
    Kind,
    Link,
    ListPage,
    Made,
    Missing,
    Page,
    Panel,
)
from zhen.packs.finance import queries, rights
from zhen.packs.finance.groups import BOOKS
from zhen.packs.finance.statements import figures, printing, reconciling
from zhen.packs.finance.statements.tables import RECONCILIATION, STATEMENTS

VIEW = "ledger.view"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
TITLES = {**{one.id: one.title for one in STATEMENTS.values()}, RECONCILIATION: _("Surplus and budget result")}


@dataclass(frozen=True, kw_only=True)
class StatementOf:
    """A statement of a book to the end of a month; its key is BOOK-STATEMENT-MONTH."""

    book: ledger.Book
    id: str
    month: int

    @property
    def key(self) -> str:
        return f"{self.book.pk}-{self.id}-{self.month}"


@dataclass(frozen=True, kw_only=True)
class FigureOf:
    """A row of a statement; its key is that of the statement with the row's number."""

    statement: StatementOf
    number: int
    label: str


class Shown:
    """A row of a statement on the screen."""

    def __init__(self, statement: StatementOf, number: int, label: str, *amounts: int | None) -> None:
        self.key = f"{statement.key}-{number}"
        self.label = label
        self.first, self.second = (*amounts, None)[:2]


def book_url(book: ledger.Book) -> str:
    return f"/desk/finance/books/{book.pk}/"


def url(statement: StatementOf) -> str:
    return f"/desk/finance/statement/{statement.key}/"


def statement_for(actor: Actor, key: str) -> StatementOf:
    book, id, month = (*key.split("-"), "", "")[:3]
    if id not in TITLES or not (month.isascii() and month.isdecimal() and 1 <= int(month) <= ledger.CLOSING):
        raise Missing(key)
    return StatementOf(book=ledger.book_for(actor, book), id=id, month=int(month))


def figure_for(actor: Actor, key: str) -> FigureOf:
    head, _dash, number = key.rpartition("-")
    statement = statement_for(actor, head)
    rows = (
        [row.label for row in reconciling.reconciled(statement.book, month=statement.month)]
        if statement.id == RECONCILIATION
        else [row.label for row in STATEMENTS[statement.id].rows]
    )
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(rows)):
        raise Missing(key)
    return FigureOf(statement=statement, number=int(number), label=rows[int(number) - 1])


def rows_of(actor: Actor, statement: StatementOf) -> list[Shown]:
    if statement.id == RECONCILIATION:
        found = reconciling.reconciled(statement.book, month=statement.month)
        return [Shown(statement, number, row.label, row.amount) for number, row in enumerate(found, 1)]
    shown = figures.made(actor, statement.book, STATEMENTS[statement.id], month=statement.month)
    return [Shown(statement, row.number, row.label, row.first, row.second) for row in shown]


class AccountPart:
    def __init__(self, book: ledger.Book, part: figures.Part) -> None:
        self.key = f"{book.pk}-{part.account.code}"
        self.name, self.amount = str(part.account), part.amount


def parts(actor: Actor, figure: FigureOf) -> list[AccountPart]:
    of = figure.statement
    if of.id == RECONCILIATION:
        return []
    return [AccountPart(of.book, part) for part in figures.parts_of(actor, of.book, of.id, of.month, figure.number)]


def vouchers_behind(actor: Actor, figure: FigureOf) -> Any:
    of = figure.statement
    if of.id != RECONCILIATION:
        return []
    kind = reconciling.reconciled(of.book, month=of.month)[figure.number - 1].kind
    return reconciling.vouchers_of(actor, of.book, kind, of.month)[:500] if kind else []


def statements_of(_actor: Actor, book: ledger.Book) -> list[Link]:
    return [
        Link(text=str(title), url=url(StatementOf(book=book, id=id, month=ledger.CLOSING)), icon="file-spreadsheet")
        for id, title in TITLES.items()
    ]


def months_of(_actor: Actor, book: ledger.Book) -> list[ledger.Period]:
    return list(ledger.Period.objects.filter(book=book, month__range=(1, 12)).order_by("month"))


def month_link(id: str) -> Any:
    return lambda period: Link(
        text=f"{period.month}月", url=f"/desk/finance/statement/{period.book_id}-{id}-{period.month}/"
    )


def made(sheet: printing.Sheet, *, form: str) -> Made:
    if form == "pdf":
        return Made(name=f"{sheet.title}.pdf", media=PDF, data=printing.pdf(sheet))
    return Made(name=f"{sheet.title}.xlsx", media=XLSX, data=printing.xlsx(sheet))


def statement_made(form: str) -> Any:
    return lambda actor, of: made(printing.statement_sheet(actor, of.book, of.id, of.month), form=form)


def account_made(form: str) -> Any:
    return lambda actor, found: made(printing.account_sheet(actor, found.book, found.account), form=form)


def file_page(id: str, title: Any, subject: Any, make: Any) -> FilePage:
    return FilePage(id=f"finance.{id}", title=title, permission=VIEW, subject=subject, make=make)


def file_buttons(id: str) -> tuple[Button, Button]:
    return (
        Button(id="print", label=_("Print (PDF)"), permission=VIEW, form=f"finance.{id}_pdf", key="p"),
        Button(id="xlsx", label=_("Save as XLSX"), permission=VIEW, form=f"finance.{id}_xlsx"),
    )


def state_of(book: ledger.Book) -> Any:
    return _("the year is closed") if all(period.closed_at for period in book.periods.all()) else _("still open")


def book_facts(_actor: Actor, book: ledger.Book) -> list[Fact]:
    return [
        Fact(label=_("unit"), value=book.unit.name),
        Fact(label=_("year"), value=str(book.year)),
        Fact(label=_("fiscal level"), value=book.get_level_display()),
        Fact(label=_("type of the unit"), value=book.get_unit_type_display()),
    ]


def day_books(_actor: Actor, book: ledger.Book) -> list[Link]:
    names = {"1001": _("Cash book"), "1002": _("Bank day book"), "1011": _("Zero-balance account day book")}
    return [
        Link(text=str(name), url=f"/desk/finance/accounts/{book.pk}-{code}/", icon="book-open")
        for code, name in names.items()
    ]


def amount_columns(of: StatementOf) -> tuple[Column, ...]:
    """Called as in the official form."""
    first, second = STATEMENTS[of.id].columns if of.id in STATEMENTS else ("金额", "")
    named = (("first", first), ("second", second))
    return (
        Column(id="label", label=_("row of the statement"), value="label", width="wide"),
        *(Column(id=id, label=f"{name}（元）", value=id, kind=Kind.MONEY) for id, name in named if name),
    )


def heads(_actor: Actor, of: StatementOf) -> list[Fact]:
    month = of.book.year if of.month == ledger.CLOSING else f"{of.book.year}-{of.month:02d}"
    return [
        Fact(label=_("books"), value=Link(text=str(of.book), url=book_url(of.book)), kind=Kind.LINK),
        Fact(label=_("to the end of"), value=str(month)),
    ]


PAGES: tuple[Page, ...] = (
    ListPage(
        id="finance.books",
        title=_("Books and statements"),
        menu=_("Books and statements"),
        group=BOOKS,
        icon="library",
        order=67,
        permission=VIEW,
        rows=lambda actor, _params: ledger.books(actor).prefetch_related("periods"),
        columns=(
            Column(id="year", label=_("year"), value=lambda book: str(book.year), sort="year"),
            Column(id="unit", label=_("unit"), value="unit.name", sort="unit__name_key", width="wide"),
            Column(id="state", label=_("state"), value=state_of),
        ),
        order_by=("-year", "unit"),
        detail="finance.book",
        empty=_("No books are open. The accountant opens them."),
    ),
    DetailPage(
        id="finance.book",
        title=_("books"),
        permission=VIEW,
        subject=ledger.book_for,
        heading=str,
        panels=(
            Panel(id="facts", title=_("Books"), form="facts", source=book_facts),
            Panel(id="statements", title=_("Statements of the year"), form="links", source=statements_of),
            Panel(id="days", title=_("Day books"), form="links", source=day_books),
            Panel(
                id="months",
                title=_("By month"),
                form="table",
                source=months_of,
                columns=(
                    Column(id="balance", label=_("Balance sheet"), value=month_link("balance"), kind=Kind.LINK),
                    Column(id="income", label=_("Income and expenses"), value=month_link("income"), kind=Kind.LINK),
                    Column(id="number", label=_("vouchers"), value="last_number", kind=Kind.NUMBER),
                    Column(id="closed", label=_("closed at"), value="closed_at", kind=Kind.TIME),
                ),
            ),
        ),
        buttons=(
            Button(id="slip", label=_("Enter a slip"), permission=rights.PAY, form="finance.slip_new"),
            Button(id="bank", label=_("Read a bank statement"), permission=rights.CONFIRM, form="finance.bank_read"),
        ),
    ),
    DetailPage(
        id="finance.statement",
        title=_("statement"),
        permission=VIEW,
        subject=statement_for,
        heading=lambda of: TITLES[of.id],
        panels=(
            Panel(id="heads", title=_("Statement"), form="facts", source=heads, wide=True),
            Panel(
                id="rows",
                title=_("Figures"),
                form="table",
                source=rows_of,
                columns=amount_columns,
                detail="finance.figure",
                wide=True,
            ),
        ),
        buttons=file_buttons("statement"),
    ),
    DetailPage(
        id="finance.figure",
        title=_("Figures"),
        permission=VIEW,
        subject=figure_for,
        heading=lambda figure: figure.label,
        panels=(
            Panel(
                id="accounts",
                title=_("The accounts that add up to it"),
                form="table",
                source=parts,
                columns=(
                    Column(id="name", label=_("account"), value="name", width="wide"),
                    Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY),
                ),
                detail="finance.account",
                wide=True,
                empty=_("No account stands behind it."),
            ),
            Panel(
                id="vouchers",
                title=_("The vouchers behind it"),
                form="table",
                source=vouchers_behind,
                columns=(
                    Column(id="number", label=_("number"), value=str),
                    Column(id="date", label=_("date"), value="date", kind=Kind.DATE),
                    Column(id="summary", label=_("summary"), value="summary"),
                ),
                detail="finance.voucher",
                wide=True,
                empty=_("The accounts lead to their vouchers."),
            ),
        ),
    ),
    file_page("statement_pdf", _("statement"), statement_for, statement_made("pdf")),
    file_page("statement_xlsx", _("statement"), statement_for, statement_made("xlsx")),
    file_page("account_pdf", _("account"), queries.account_for, account_made("pdf")),
    file_page("account_xlsx", _("account"), queries.account_for, account_made("xlsx")),
    file_page(
        "voucher_pdf",
        _("voucher"),
        ledger.voucher_for,
        lambda _actor, voucher: made(printing.voucher_sheet(voucher), form="pdf"),
    ),
)
