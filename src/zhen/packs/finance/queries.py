"""Reading the budget, plans, payments and what the books say of them, restricted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.api import Period
from zhen.packs.finance import rights
from zhen.packs.finance.classification import THRIFT
from zhen.packs.finance.models import (
    BankLine,
    BankStatement,
    Budget,
    BudgetLine,
    Change,
    FundingPlan,
    Invoice,
    Payment,
    Payroll,
    Slip,
    SubsidyBatch,
)

M = TypeVar("M", bound=Model)
VIEW_BOOKS = "ledger.view"


def one(rows: QuerySet[M], key: str) -> M:
    found = rows.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Missing(key)
    return found


def budgets(actor: Actor) -> QuerySet[Budget]:
    """Each with what its lines come to, as `total`."""
    rows = restrict(actor, rights.VIEW, Budget.objects.select_related("book__unit", "prepared_by", "reviewed_by"))
    return rows.annotate(total=Coalesce(Sum("lines__amount"), 0))


def lines(actor: Actor) -> QuerySet[BudgetLine]:
    """Each with what was granted, and of its payment quotas what was issued, reserved and spent."""
    rows = restrict(actor, rights.VIEW, BudgetLine.objects.select_related("budget__book", "unit", "quota", "project"))
    return rows.annotate(
        granted=Coalesce("quota__granted", "amount"),
        released=Coalesce("quota__issued", 0),
        reserved=Coalesce(Sum("quota__parts__reserved"), 0),
        spent=Coalesce(Sum("quota__parts__spent"), 0),
    )


def plans(actor: Actor) -> QuerySet[FundingPlan]:
    return restrict(
        actor, rights.VIEW, FundingPlan.objects.select_related("line__unit", "line__budget__book", "asked_by")
    )


def changes(actor: Actor) -> QuerySet[Change]:
    return restrict(actor, rights.VIEW, Change.objects.select_related("before__unit", "after__unit", "asked_by"))


def payments(actor: Actor) -> QuerySet[Payment]:
    """Each with whether its retention money is being released, as `is_released`."""
    rows = Payment.objects.select_related(
        "line__unit", "line__budget__book", "quota__book", "releases", "asked_by", "approved_by", "paid_by"
    )
    gone = (Payment.State.REFUSED, Payment.State.WITHDRAWN)
    released = Payment.objects.filter(releases=OuterRef("pk")).exclude(state__in=gone)
    return restrict(actor, rights.VIEW, rows.annotate(is_released=Exists(released)))


def payrolls(actor: Actor) -> QuerySet[Payroll]:
    rows = Payroll.objects.select_related("line__unit", "line__budget__book", "asked_by", "decided_by")
    return restrict(actor, rights.VIEW, rows)


def batches(actor: Actor) -> QuerySet[SubsidyBatch]:
    rows = SubsidyBatch.objects.select_related("line__unit", "line__budget__book", "asked_by", "decided_by")
    return restrict(actor, rights.VIEW, rows)


def slips(actor: Actor) -> QuerySet[Slip]:
    rows = Slip.objects.select_related("book__unit", "line", "asked_by", "decided_by")
    return restrict(actor, rights.VIEW, rows)


def payroll_for(actor: Actor, key: str) -> Payroll:
    return one(payrolls(actor), key)


def batch_for(actor: Actor, key: str) -> SubsidyBatch:
    return one(batches(actor), key)


def book_to_pay(actor: Actor, key: str) -> ledger.Book:
    """Books that the cashier enters slips for."""
    return one(restrict(actor, rights.PAY, ledger.Book.objects.select_related("unit")), key)


def slip_for(actor: Actor, key: str) -> Slip:
    return one(slips(actor), key)


def payments_of(actor: Actor, paper: Model) -> QuerySet[Payment]:
    """The payments that a paper has asked for."""
    return payments(actor).filter(source_type=paper._meta.label_lower, source_id=str(paper.pk)).order_by("pk")


def vouchers_of_paper(actor: Actor, paper: Model) -> QuerySet[ledger.Voucher]:
    return ledger.vouchers_of(actor, (paper._meta.label_lower, paper.pk))


def bank_statements(actor: Actor) -> QuerySet[BankStatement]:
    """Each with how many lines it has, and how many of them are matched."""
    rows = BankStatement.objects.select_related("book__unit", "account", "read_by")
    counted = rows.annotate(count=Count("lines"), matched=Count("lines__line"))
    return restrict(actor, VIEW_BOOKS, counted)


def bank_statement_for(actor: Actor, key: str) -> BankStatement:
    return one(bank_statements(actor), key)


def bank_line_for(actor: Actor, key: str) -> BankLine:
    rows = BankLine.objects.select_related("statement__book", "statement__account")
    return one(restrict(actor, VIEW_BOOKS, rows), key)


def invoices(actor: Actor, payment: Payment) -> QuerySet[Invoice]:
    return restrict(actor, rights.VIEW, Invoice.objects.filter(payment=payment)).order_by("dated", "number")


def last_book(actor: Actor) -> ledger.Book | None:
    """The newest books for which somebody drafts."""
    rows = restrict(actor, rights.DRAFT, ledger.Book.objects.select_related("unit"))
    return rows.order_by("-year", "-pk").first()


def budget_for(actor: Actor, key: str) -> Budget:
    return one(budgets(actor), key)


def line_for(actor: Actor, key: str) -> BudgetLine:
    return one(lines(actor), key)


def plan_for(actor: Actor, key: str) -> FundingPlan:
    return one(plans(actor), key)


def change_for(actor: Actor, key: str) -> Change:
    return one(changes(actor), key)


def payment_for(actor: Actor, key: str) -> Payment:
    return one(payments(actor), key)


def vouchers_of(actor: Actor, payment: Payment) -> QuerySet[ledger.Voucher]:
    return ledger.vouchers_of(actor, ("finance.payment", payment.pk))


def book_in(actor: Actor, params: Any) -> ledger.Book | None:
    """The books that were chosen, or the newest."""
    rows = ledger.books(actor)
    wanted = str(params.get("book", ""))
    chosen = rows.filter(pk=wanted).first() if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else None
    return chosen or rows.first()


@dataclass(frozen=True, kw_only=True)
class AccountOf:
    """An account as it stands in a book; its key is BOOK-CODE."""

    book: ledger.Book
    account: ledger.Account

    @property
    def key(self) -> str:
        return f"{self.book.pk}-{self.account.code}"


def account_for(actor: Actor, key: str) -> AccountOf:
    book_key, _dash, code = key.partition("-")
    book = ledger.book_for(actor, book_key)
    account = ledger.Account.objects.filter(chart=book.chart, code=code).first() if len(code) <= 20 else None
    if account is None:
        raise Missing(key)
    return AccountOf(book=book, account=account)


def share_of_year(today: date) -> float:
    """How much of the year has passed, in %: what execution is held against."""
    first = date(today.year, 1, 1)
    return round(100 * ((today - first).days + 1) / (date(today.year + 1, 1, 1) - first).days, 1)


# What the plan's targets read.


def paid_in(period: Period) -> QuerySet[Payment]:
    return Payment.objects.filter(state=Payment.State.PAID, paid_on__gte=period.start, paid_on__lt=period.end)


def asked_in(period: Period) -> QuerySet[Payment]:
    """Payments that were asked for in a period and not refused or withdrawn."""
    start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (period.start, period.end))
    gone = (Payment.State.REFUSED, Payment.State.WITHDRAWN)
    return Payment.objects.filter(asked_at__gte=start, asked_at__lt=end).exclude(state__in=gone)


def paid_of_asked(period: Period) -> QuerySet[Payment]:
    return asked_in(period).filter(state=Payment.State.PAID)


def public_expenses(period: Period) -> QuerySet[Payment]:
    return paid_in(period).filter(line__economic__in=THRIFT)
