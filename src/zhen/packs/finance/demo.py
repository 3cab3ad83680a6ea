"""A year of the demo town's money: a budget, its release by the month, and payments up to today, through actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, User, actor_for, give_post, invite
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.packs.finance import demo_papers, rights
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.actions import budgets, payments, plans
from zhen.packs.finance.actions.publishing import publish
from zhen.packs.finance.assets.demo import Hands
from zhen.packs.finance.assets.demo import build as build_assets
from zhen.packs.finance.kinds import ASSET, CARD, EXPENSE, Method
from zhen.packs.finance.models import Budget, BudgetLine, Payment
from zhen.packs.finance.performance.demo import build as build_objectives
from zhen.packs.finance.projects import actions as projects
from zhen.packs.finance.projects.demo import FOUNDED, SOURCE, Library

BUILDER = Actor.system(gettext_noop("demo"))
YUAN = 100

LINES = (
    ("community", "居委会工作经费", "2120101", "30201", 1_860_000),
    ("community", "社区活动室修缮", "2120303", "30213", 960_000),
    ("welfare", "社区为老服务", "2081004", "30227", 2_400_000),
    ("safety", "消防设施维护", "2240299", "30213", 780_000),
    ("operations", "城运平台运行维护", "2120199", "30209", 1_320_000),
    ("planning", "绿化养护", "2120501", "30227", 2_150_000),
    ("office", "办公设备购置", "2010301", "31002", 420_000),
    ("office", "公务接待", "2010301", "30217", 48_000),
    ("office", "公务用车运行维护", "2010301", "30231", 126_000),
    ("office", "印刷及办公用品", "2010301", "30201", 260_000),
    *demo_papers.LINES,
)
"""Department, project, function class, economic class, yuan of the year."""

PAYEES = {
    "30201": ("春晖办公用品经营部", "办公用品"),
    "30213": ("安居建筑修缮工程队", "维修工程款"),
    "30227": ("长风社会服务中心", "委托服务费"),
    "30209": ("云汇信息技术服务部", "系统运维费"),
    "31002": ("恒达电子设备商行", "办公设备"),
    "30217": ("公务卡还款", "公务接待费"),
    "30231": ("公务卡还款", "车辆燃料及保养费"),
}
CARDS = frozenset({"30217", "30231"})


@dataclass(frozen=True)
class People:
    accountant: Actor
    officer: Actor
    cashier: Actor
    leader: Actor
    clerk: Actor
    head: Actor


def build(demo: DemoBuild) -> None:
    ledger.prepare()
    now = clock.now()
    today = now.astimezone(clock.TOWN_ZONE).date()
    people = _people(today)
    book = ledger.open_book(
        people.accountant,
        Unit.objects.get(code="finance"),
        today.year,
        chart=GOVERNMENT,
        level=ledger.Level.TOWN,
        unit_type=ledger.UnitType.ADMINISTRATION,
    )
    with clock.frozen(_at(min(date(today.year, 1, 6), today), now)):
        _budget(people, book)
    paid = sum(_month(demo, people, book, month, now) for month in range(1, today.month + 1))
    build_assets(demo, Hands(people.accountant, people.cashier, people.leader), book, now)
    build_objectives(demo, people.leader, people.officer, book, now)
    hands = demo_papers.Hands(people.clerk, people.head, people.cashier, people.accountant)
    paid += sum(demo_papers.month_of(hands, book, month, now) for month in range(1, today.month + 1))
    office = BudgetLine.objects.get(budget__book=book, name="印刷及办公用品")
    demo_papers.cash_and_treasury(hands, book, office, now)
    for month in range(1, today.month - 1):
        ledger.close_month(people.accountant, book, month)
    demo.say(f"{len(LINES)} budget lines, {paid} payments, {ledger.Voucher.objects.count()} vouchers")


def _at(day: date, now: datetime) -> datetime:
    """Ten in the morning of a day, and never later than now."""
    return min(datetime.combine(day, time(10), clock.TOWN_ZONE), now)


def _people(today: date) -> People:
    """Two accounts of the pack's own roles; who clerks and heads is the town's builder, where units have nobody."""
    finance = Unit.objects.get(code="finance")
    password = User.objects.filter(is_demo=True).values_list("password", flat=True)[0]
    for username, name, role in (
        ("accountant", "沈玉兰", "finance.accountant"),
        ("cashier", "顾晓雯", rights.CASHIER),
    ):
        user, _link = invite(BUILDER, username=username, name=name)
        user.is_demo, user.password = True, password
        user.save(update_fields=["is_demo", "password"])
        give_post(BUILDER, user=user, role=role, unit=finance, area=None, valid_from=date(2019, 1, 1))

    def acting(username: str) -> Actor:
        return actor_for(User.objects.get(username=username), day=today)

    return People(
        acting("accountant"), acting("finance"), acting("cashier"), acting("leader"), BUILDER, acting("finance")
    )


def _budget(people: People, book: ledger.Book) -> None:
    budget = budgets.begin(people.accountant, book)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={row[0] for row in LINES})}
    library = Library(people.clerk, people.officer, book.year, units)
    for unit, name, function, economic, yuan in LINES:
        if name in FOUNDED:
            project = library.of_line(unit, name, function, economic, yuan * YUAN)
            projects.draw(people.accountant, budget, [project])
            continue
        given = {
            "unit": units[unit],
            "name": name,
            "function": function,
            "economic": economic,
            "source": SOURCE,
            "amount": yuan * YUAN,
        }
        budgets.add_line(people.accountant, budget, given)
    budgets.review(people.officer, budget)
    budget.refresh_from_db()
    budgets.approve(people.leader, budget, resolution=f"镇人大〔{book.year}〕1号")
    publish(people.officer, budget, kind="budget")
    library.waiting()


def _month(demo: DemoBuild, people: People, book: ledger.Book, month: int, now: datetime) -> int:
    """Plans in the first days of a month, payments through it; the last ones of the running month wait."""
    random = Random(f"{demo.seed} finance {month}")  # noqa: S311  no secret: the same town every time
    rows = BudgetLine.objects.filter(budget=Budget.objects.get(book=book), economic__in=PAYEES)
    lines = list(rows.order_by("pk"))
    paid = 0
    for line in lines:
        method = Method.AUTHORISED if line.economic in CARDS or line.amount < 1_000_000 * YUAN else Method.DIRECT
        share = line.amount // 12
        with clock.frozen(_at(date(book.year, month, 3), now)):
            plan = plans.ask_plan(people.clerk, line, month=month, method=method, amount=share)
            plans.decide_plan(people.accountant, plan.pk, approve=True)
        asked = _at(date(book.year, month, random.randint(6, 20)), now)
        amount = share * random.randint(62, 97) // 100 // 1000 * 1000
        payment = _ask(people, line, method, amount, asked)
        later = asked + timedelta(days=random.randint(1, 5))
        if later + timedelta(days=4) > now:
            continue  # it waits for its approval
        with clock.frozen(later):
            payments.approve(people.head, payment.pk)
        with clock.frozen(later + timedelta(days=2)):
            on = clock.today()
            payments.pay(people.cashier, payment.pk, on=on, bank_reference=f"{on:%Y%m%d}{payment.pk:06d}")
        paid += 1
    return paid


def _ask(people: People, line: BudgetLine, method: str, amount: int, at: datetime) -> Payment:
    payee, purpose = PAYEES[line.economic]
    card = line.economic in CARDS
    kind = CARD.id if card else ASSET.id if line.economic == "31002" else EXPENSE.id
    with clock.frozen(at):
        number = f"26{line.pk:06d}{at:%m%d}{amount // 1000 % 10000:04d}"
        return payments.ask(
            people.clerk,
            line,
            payments.Wanted(
                kind=kind,
                method=method,
                purpose=f"{line.name}：{purpose}",
                amount=amount,
                payee=payee,
                payee_bank="" if card else "示范银行长征支行",
                payee_account="" if card else f"3100 6612 0000 {sum(map(ord, payee)) % 10_000:04d}",
                invoices=(
                    payments.InvoiceIn(number=number, dated=at.astimezone(clock.TOWN_ZONE).date(), amount=amount),
                ),
            ),
        )
