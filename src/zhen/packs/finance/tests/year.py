"""A simulated year: every row of the entries happens through its paper, the year closes, and the next one opens.

The year is 2020: only then do a town's books know every row of the turn of the year. `after` is called after each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from zhen.kernel.identity.testing import a_user
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.accounts import GOVERNMENT
from zhen.packs.finance.actions import budgets, corrections, papers, payments, plans, slips, years
from zhen.packs.finance.assets import classes
from zhen.packs.finance.assets.actions import disposing
from zhen.packs.finance.assets.actions.cards import NewAsset, register
from zhen.packs.finance.assets.actions.wear import depreciate
from zhen.packs.finance.assets.models import Asset, AssetClass, Disposal
from zhen.packs.finance.kinds import ADVANCE, CARD, CASH, OWN_ACCOUNT, Method
from zhen.packs.finance.models import Budget, BudgetLine, Payment
from zhen.packs.finance.tests.conftest import Cast, holding

YEAR = 2020
LIST = "账号,金额\n6222-01,300.00\n6222-02,450.50\n".encode()
AUTHORISED, DIRECT = Method.AUTHORISED, Method.DIRECT


class Year:
    """The unit's year. `books` are the two books; each method is something that happens in it."""

    def __init__(self, cast: Cast, hands: Hands) -> None:
        self.cast, self.hands = cast, hands
        self.at(1, 4)
        self.book = ledger.open_book(
            cast.anna,
            cast.office,
            YEAR,
            chart=GOVERNMENT,
            level=ledger.Level.TOWN,
            unit_type=ledger.UnitType.ADMINISTRATION,
        )
        self.next: ledger.Book | None = None
        self.late: list[Payment] = []
        """Of December: an expense, an advance, and a card's claim, which the next year takes up again."""
        classes.lay()
        self.kim = holding(a_user("kim"), "unit_clerk", cast.office)

    def at(self, month: int, day: int, year: int = YEAR) -> None:
        self.hands.now = datetime(year, month, day, 2, 0, tzinfo=UTC)

    @property
    def today(self) -> date:
        return self.hands.now.date()

    def budget(self, book: ledger.Book, *lines: tuple[str, str, int]) -> list[BudgetLine]:
        """A budget in force, of lines (name, economic class, fen)."""
        cast = self.cast
        budget = budgets.begin(cast.anna, book)
        made = []
        for name, economic, amount in lines:
            facts = {"unit": cast.office, "name": name, "function": "2010301", "economic": economic}
            made.append(budgets.add_line(cast.anna, budget, facts | {"source": "general", "amount": amount}))
        budgets.review(cast.frank, budget)
        budgets.approve(cast.leo, Budget.objects.get(pk=budget.pk), resolution="1")
        return list(BudgetLine.objects.filter(pk__in=[line.pk for line in made]).order_by("pk"))

    def release(self, line: BudgetLine, amount: int, method: str) -> None:
        plan = plans.ask_plan(self.cast.alice, line, month=self.today.month, method=method, amount=amount)
        plans.decide_plan(self.cast.anna, plan.pk, approve=True)

    def paid(self, payment: Payment, *, approved: bool = False) -> Payment:
        if not approved:
            payments.approve(self.cast.bob, payment.pk)
        return payments.pay(self.cast.carla, payment.pk, on=self.today, bank_reference=f"B{payment.pk}")

    def pay(self, line: BudgetLine, amount: int, **given: object) -> Payment:
        return self.paid(self.cast.ask(line, amount, **given))

    def lift(self, made: list[Payment], line: BudgetLine, method: str, kept: dict[str, object]) -> None:
        made.append(self.pay(line, 47_500, kind="asset", method=method, **kept))

    def release_retention(self, payment: Payment, line: BudgetLine) -> None:
        self.paid(payments.ask_release(self.cast.alice, payment, line, method=payment.method, amount=2_500))

    def pay_with(self, paper: object) -> None:
        for payment in Payment.objects.filter(
            source_type=papers.kind_of(paper),  # type: ignore[arg-type]
            source_id=str(paper.pk),  # type: ignore[attr-defined]
        ):
            self.paid(payment, approved=True)

    def payroll(self, line: BudgetLine, method: str, number: str) -> None:
        given = {
            "month": self.today.month,
            "list_number": number,
            "method": method,
            "people": 12,
            "pay": 100_000,
            "insurance": 16_000,
            "housing": 7_000,
            "tax": 3_000,
            "own_insurance": 10_500,
            "own_housing": 7_000,
        }
        payroll = papers.ask_payroll(self.cast.alice, line, given)
        papers.decide_payroll(self.cast.bob, payroll.pk, approve=True)
        self.pay_with(payroll)

    def subsidies(self, line: BudgetLine) -> None:
        given = {"name": "高龄补贴", "basis": "1号文", "bank": "Bank", "bank_account": "1"}
        batch = papers.ask_subsidies(self.cast.alice, line, papers.read_list(LIST, "list.csv"), given)
        papers.decide_subsidies(self.cast.bob, batch.pk, approve=True)
        self.pay_with(batch)

    def slip(self, kind: str, amount: int, line: BudgetLine | None = None) -> None:
        count = ledger.Voucher.objects.count()
        slip = slips.enter(
            self.cast.carla,
            self.book,
            kind=kind,
            on=self.today,
            line=line,
            amount=amount,
            what=kind,
            party="Somebody",
            reference=f"R{count}",
        )
        slips.decide(self.cast.anna, slip.pk, approve=True)

    def steps(self) -> Iterator[Callable[[], object]]:
        """What happens, in its order."""
        cast, year = self.cast, self
        office, works, staff = self.budget(
            self.book, ("办公", "30201", 2_000_000), ("设备", "31002", 1_500_000), ("人员", "30101", 900_000)
        )
        self.at(1, 6)
        for line in (office, works, staff):
            yield partial(year.release, line, 600_000, AUTHORISED)
            yield partial(year.release, line, 200_000, DIRECT)
        self.at(2, 3)
        yield lambda: year.pay(office, 30_000)
        yield lambda: year.pay(office, 20_000, method=DIRECT)
        things: list[Asset] = []
        yield lambda: things.append(year.bought(works, 40_000, AUTHORISED))
        yield lambda: things.append(year.bought(works, 45_000, DIRECT))
        kept = {"withheld": 2_500, "retention_due": date(YEAR, 12, 1)}
        lift: list[Payment] = []
        for method in (AUTHORISED, DIRECT):
            yield partial(year.lift, lift, works, method, kept)
            yield partial(year.pay, works, 47_500, method=method, **kept)
        self.at(3, 10)
        yield lambda: year.payroll(staff, AUTHORISED, "2020-03")
        yield lambda: year.payroll(staff, DIRECT, "2020-03b")
        yield lambda: year.pay(office, 1_200, kind=CARD.id)
        advance: list[Payment] = []
        yield lambda: advance.append(year.pay(office, 900, kind=ADVANCE.id))
        yield lambda: payments.claim(cast.bob, advance[0].pk)
        yield lambda: year.pay(office, 5_000, kind=CASH.id)
        yield lambda: year.slip("cash_spent", 4_000, office)
        yield lambda: year.subsidies(office)
        yield lambda: year.slip("treasury_received", 8_800)
        yield lambda: year.slip("treasury_paid", 8_000)
        yield lambda: year.pay(office, 10_000, kind=OWN_ACCOUNT.id)
        yield lambda: year.slip("own_spent", 9_000, office)
        yield lambda: year.slip("deposit_received", 3_000)
        yield lambda: year.slip("deposit_returned", 1_000)
        self.at(12, 1)
        for payment in lift:
            yield partial(year.release_retention, payment, works)
        for month in range(2, 12):
            yield partial(depreciate, cast.anna, self.book, date(YEAR, month, 1))
        yield from self.disposals(things)
        wrong: list[Payment] = []
        yield lambda: wrong.append(year.pay(office, 7_000))
        yield lambda: corrections.take_back(cast.anna, year.voucher(wrong[0]), on=year.today, reason="Paid twice")
        late = self.late
        yield lambda: late.append(year.pay(office, 6_000))
        yield lambda: late.append(year.pay(office, 800, kind=ADVANCE.id))
        self.at(12, 28)
        yield lambda: late.append(year.approved(office, 1_500, kind=CARD.id))
        yield lambda: budgets.finish(cast.anna, works.pk)
        self.at(1, 5, YEAR + 1)
        yield from self.turn(office, late)

    def bought(self, line: BudgetLine, value: int, method: str) -> Asset:
        """A thing is paid for, and has its card."""
        payment = self.pay(line, value, kind="asset", method=method)
        new = NewAsset(
            name="Projector",
            asset_class=AssetClass.objects.get(code="A0201"),
            unit_id=self.cast.office.pk,
            keeper_id=self.kim.user_id,
            value=value,
            acquired_on=self.today,
        )
        return register(self.cast.anna, payment, new)[0]

    def disposals(self, things: list[Asset]) -> Iterator[Callable[[], object]]:
        """One is sold and the other lost: asked for, decided on and booked by three people."""
        cast, asked = self.cast, {}

        def ask(asset: Asset, kind: str) -> None:
            asked[kind] = disposing.ask_disposal(cast.alice, asset.pk, kind=kind, reason="No longer needed").pk

        def decide(kind: str) -> None:
            disposing.decide_disposal(cast.frank, asked[kind], approve=True, decision="2020-7")

        sold, lost = Disposal.Kind.SOLD.value, Disposal.Kind.LOST.value
        yield lambda: ask(things[0], sold)
        yield lambda: decide(sold)
        yield lambda: disposing.record_disposal(cast.anna, asked[sold], on=self.today, proceeds=20_000, costs=500)
        yield lambda: disposing.remit_sale(cast.carla, asked[sold], on=self.today)
        yield lambda: ask(things[1], lost)
        yield lambda: disposing.record_disposal(cast.anna, asked[lost], on=self.today)
        yield lambda: decide(lost)

    def approved(self, line: BudgetLine, amount: int, **given: object) -> Payment:
        return payments.approve(self.cast.bob, self.cast.ask(line, amount, **given).pk)

    def voucher(self, payment: Payment) -> ledger.Voucher:
        return ledger.vouchers_of(self.cast.anna, ("finance.payment", payment.pk)).get()

    def allotted(self) -> ledger.Voucher:
        """Last year's direct allotment that was entered at its end as still to be had."""
        vouchers = ledger.Voucher.objects.filter(period__book=self.book, event__contains=".ey1_")
        return vouchers.latest("lines__debit")

    def turn(self, office: BudgetLine, late: list[Payment]) -> Iterator[Callable[[], object]]:
        """The next year's budget comes first, then the old year is closed and what is left comes over."""
        year, cast = self, self.cast
        self.next = years.open_books(cast.anna, self.book)
        (new,) = self.budget(self.next, ("办公", "30201", 500_000))
        yield lambda: year.release(new, 100_000, AUTHORISED)
        yield lambda: payments.carry_over(cast.anna, late[2].pk, new)
        yield lambda: years.close_year(cast.anna, year.book)
        yield lambda: years.open_year(cast.anna, year.book)
        yield lambda: year.paid(Payment.objects.get(pk=late[2].pk), approved=True)
        yield lambda: payments.claim(cast.bob, late[1].pk)
        yield lambda: corrections.take_back(cast.anna, year.voucher(late[0]), on=year.today, reason="Of last year")
        yield lambda: year.pay(office, 2_000, method=DIRECT)
        yield lambda: year.pay(office, 3_000)
        yield lambda: corrections.take_back(cast.anna, year.allotted(), on=year.today, reason="The treasury keeps it")
