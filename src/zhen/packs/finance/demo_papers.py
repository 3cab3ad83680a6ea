"""The demo town's payrolls, subsidies, cash and bank statement: what does not begin as an ordinary payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.packs.finance.actions import bank, papers, payments, plans, slips
from zhen.packs.finance.kinds import CASH, Method
from zhen.packs.finance.models import BudgetLine, Payment, Slip

YUAN = 100
STAFF, SUBSIDY = "30101", "30305"
LINES = (
    ("office", "在职人员经费", "2010301", STAFF, 5_640_000),
    ("welfare", "高龄老人补贴", "2081002", SUBSIDY, 1_180_000),
)
PAY = {"pay": 300_000, "tax": 7_500, "own_insurance": 31_500, "own_housing": 21_000, "insurance": 72_000}
"""A month's payroll in yuan; the employer pays the housing fund's other half."""
EACH = {"a": 600, "b": 300, "c": 180}
"""Yuan for the very old, by age."""


@dataclass(frozen=True)
class Hands:
    """Who does what: a clerk asks, a head approves, a cashier pays, an accountant confirms."""

    clerk: Actor
    head: Actor
    cashier: Actor
    accountant: Actor


def month_of(hands: Hands, book: ledger.Book, month: int, now: datetime) -> int:
    """The payroll and the subsidies of a month; what they ask for is paid. Returns how many payments were made."""
    at = datetime(book.year, month, 10, 10, tzinfo=clock.TOWN_ZONE)
    if at > now:
        return 0
    lines = {
        line.economic: line for line in BudgetLine.objects.filter(budget__book=book, economic__in=(STAFF, SUBSIDY))
    }
    with clock.frozen(at):
        for line in lines.values():
            plan = plans.ask_plan(
                hands.clerk, line, month=month, method=Method.AUTHORISED, amount=line.amount // 12 // YUAN * YUAN
            )
            plans.decide_plan(hands.accountant, plan.pk, approve=True)
        given = {name: yuan * YUAN for name, yuan in PAY.items()} | {"housing": PAY["own_housing"] * YUAN}
        number = f"{book.year}-{month:02d}"
        given |= {"month": month, "list_number": number, "method": Method.AUTHORISED, "people": 38}  # type: ignore[dict-item]
        payroll = papers.ask_payroll(hands.clerk, lines[STAFF], given)
        papers.decide_payroll(hands.head, payroll.pk, approve=True)
        batch = papers.ask_subsidies(
            hands.clerk,
            lines[SUBSIDY],
            papers.read_list(_list(month), "list.csv"),
            {"name": f"{month}月高龄老人补贴", "basis": "高龄补贴发放办法", "bank": "示范银行", "bank_account": "3100"},
        )
        papers.decide_subsidies(hands.head, batch.pk, approve=True)
        approved = Payment.objects.filter(source_type__in=(papers.kind_of(payroll), papers.kind_of(batch)))
        for id in approved.filter(state=Payment.State.APPROVED).order_by("pk").values_list("pk", flat=True):
            payments.pay(hands.cashier, id, on=clock.today(), bank_reference=f"{clock.today():%Y%m%d}{id:06d}")
    return 3


def _list(month: int) -> bytes:
    """A list of 140 people by their accounts."""
    rows = [f"62{month:02d}{number:06d},{EACH['abc'[number % 3]]}" for number in range(140)]
    return "\n".join(["账号,金额", *rows]).encode()


def cash_and_treasury(hands: Hands, book: ledger.Book, line: BudgetLine, now: datetime) -> None:
    """In March some cash is drawn and spent, and a fee comes in for the treasury and goes on."""
    at = datetime(book.year, 3, 18, 10, tzinfo=clock.TOWN_ZONE)
    if at > now:
        return
    with clock.frozen(at):
        wanted = payments.Wanted(
            kind=CASH.id, method=Method.AUTHORISED, purpose="备用金", amount=500 * YUAN, payee="出纳备用金"
        )
        asked = payments.ask(hands.clerk, line, wanted)
        payments.approve(hands.head, asked.pk)
        payments.pay(hands.cashier, asked.pk, on=clock.today(), bank_reference=f"{clock.today():%Y%m%d}{asked.pk:06d}")
        told = (
            ("cash_spent", 486 * YUAN, "信访接待误餐", "社区食堂", "SJ-0318", line),
            ("treasury_received", 12_600 * YUAN, "公房租金", "承租户", "YH-031801", None),
            ("treasury_paid", 12_600 * YUAN, "上缴公房租金", "区财政局", "YH-031802", None),
        )
        for kind, amount, what, party, reference, of in told:
            slip = slips.enter(
                hands.cashier,
                book,
                kind=kind,
                on=clock.today(),
                amount=amount,
                what=what,
                party=party,
                reference=reference,
                line=of,
            )
            slips.decide(hands.accountant, slip.pk, approve=True)
        account = ledger.Account.objects.get(chart=book.chart, code="1002")
        statement = bank.read_statement(hands.accountant, book, account, _statement(clock.today()), "对账单.csv")
        bank.take_over(hands.accountant, statement.pk)


def _statement(day: date) -> bytes:
    """The bank's file: what the books have, and interest that they do not have yet."""
    rows, balance = ["交易日期,收入,支出,余额,对方户名,流水号,摘要"], 0
    came = Slip.objects.filter(kind__startswith="treasury").order_by("pk")
    for slip in came:
        inward = slip.kind == "treasury_received"
        balance += slip.amount if inward else -slip.amount
        yuan = f"{slip.amount / 100:.2f}"
        cells = (f"{day:%Y-%m-%d}", yuan if inward else "", "" if inward else yuan, f"{balance / 100:.2f}")
        rows.append(",".join([*cells, slip.party, slip.reference, slip.what]))
    rows.append(f"{day:%Y-%m-%d},3.27,,{balance / 100 + 3.27:.2f},示范银行,,结息")
    return "\n".join(rows).encode()
