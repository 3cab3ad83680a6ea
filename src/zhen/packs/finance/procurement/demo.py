"""Eight procurements of the demo town, in every state a visitor may want to see, built through actions.

The holders of keys use the password of the demo accounts as their passphrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import Unit, User, actor_for, give_post, invite
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.parties.api import add_organisation, credit_check
from zhen.packs.finance.actions import budgets, payments, plans
from zhen.packs.finance.kinds import Method
from zhen.packs.finance.models import BudgetLine, Payment
from zhen.packs.finance.procurement import objections
from zhen.packs.finance.procurement import rights as buying
from zhen.packs.finance.procurement.actions import contracts, evaluating, needs, suppliers, tendering
from zhen.packs.finance.procurement.models import Contract, Procurement, Supplier
from zhen.packs.finance.procurement.shipped import bring

BUILDER = Actor.system("demo")
YUAN = 100
WAN = 10_000 * YUAN
PHRASE = "changzheng-demo"
HOLDERS = ("justice", "operations")
MEMBERS = ("economy", "development", "investment")
FIRMS = ("春晖养老服务", "安居营造", "云汇信息技术", "恒达电子设备", "绿洲园林")


@dataclass(frozen=True)
class Told:
    """One procurement as it stands here; `asked` is how many days ago the need was asked for."""

    unit: str
    line: str
    title: str
    catalogue: str
    category: str
    wan: int
    purpose: str
    items: tuple[tuple[str, int, str], ...]
    asked: int
    method: str = "consultation"
    split_reason: str = ""


MEALS = Told(
    "welfare", "社区为老服务", "社区助餐配送服务", "C05040000", "services", 120,
    "为五个社区食堂的老人配送午餐，为期一年。",
    (("助餐配送", 60_000, "份"),), 96,
)  # fmt: skip
DEVICES = Told(
    "welfare", "社区为老服务", "独居老人安全监测设备", "A02021100", "goods", 410,
    "为独居老人家中安装烟感和跌倒报警设备。",
    (("烟感报警器", 2_000, "个"), ("紧急呼叫器", 2_000, "个")), 24, "open",
)  # fmt: skip
REPAIR = Told(
    "community", "社区活动室修缮", "三处社区活动室修缮工程", "B07000000", "works", 130, "屋面渗漏，电路老化。",
    (("活动室修缮", 3, "处"),), 70,
)  # fmt: skip
GREEN = Told(
    "planning", "绿化养护", "道路绿化养护（东片）", "C13030000", "services", 62, "东片道路绿化养护半年。",
    (("绿化养护", 31_000, "平方米"),), 60, "small",
)  # fmt: skip
GREEN_AGAIN = Told(
    "planning", "绿化养护", "道路绿化养护（西片）", "C13030000", "services", 58, "西片道路绿化养护半年。",
    (("绿化养护", 28_000, "平方米"),), 6, "small",
    "东片合同签订时西片道路尚未移交，无法合并采购。",
)  # fmt: skip
COMPUTERS = Told(
    "office", "办公设备购置", "办公电脑更新", "A02010105", "goods", 5, "更换超过年限的电脑。",
    (("台式计算机", 10, "台"),), 50, "small",
)  # fmt: skip
SYSTEM = Told(
    "operations", "城运平台运行维护", "城运平台等级保护测评", "C02000000", "services", 20, "三级等保年度测评。",
    (("等级保护测评", 1, "项"),), 45, "enquiry",
)  # fmt: skip
CARS = Told(
    "safety", "消防设施维护", "微型消防站器材", "A02370000", "goods", 12, "补充微型消防站器材。",
    (("灭火器", 300, "具"),), 12, "small",
)  # fmt: skip


class Town:
    """Who acts in the demo, the lines that pay and the firms that bid."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(clock.TOWN_ZONE).date()
        self._accounts()
        rows = BudgetLine.objects.filter(budget__book__year=self.today.year).select_related("unit", "budget__book")
        self.lines = {line.name: line for line in rows}
        self.firms = [self._firm(number, name) for number, name in enumerate(FIRMS, 1)]

    def _accounts(self) -> None:
        password = User.objects.filter(is_demo=True).values_list("password", flat=True)[0]
        for username, name, role, unit in (
            ("buyer", "俞海峰", buying.BUYER, "office"),
            ("lawyer", "周文婷", buying.LEGAL_REVIEWER, "justice"),
        ):
            user, _link = invite(BUILDER, username=username, name=name)
            user.is_demo, user.password = True, password
            user.save(update_fields=["is_demo", "password"])
            held = Unit.objects.get(code=unit)
            give_post(BUILDER, user=user, role=role, unit=held, area=None, valid_from=date(2019, 1, 1))
        names = ("buyer", "lawyer", "finance", "leader", "accountant", "cashier", "welfare", "community", "clerk")
        self.users = User.objects.in_bulk([*names, "planning", "safety", *HOLDERS, *MEMBERS], field_name="username")
        self.actors = {name: actor_for(user, day=self.today) for name, user in self.users.items()}

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    def _firm(self, number: int, name: str) -> Supplier:
        body = f"91310199MB{number:07d}"
        firm = add_organisation(BUILDER, name=f"上海{name}有限公司（示范）", code=body + credit_check(body))
        account, address = f"3100 6612 0000 02{number:02d}", f"上海市普陀区示范路{100 + 12 * number}号"
        made = suppliers.add(self["buyer"], firm, bank="示范银行长征支行", account=account, address=address)
        expires = self.today + timedelta(days=400 + number)
        suppliers.qualify(self["buyer"], made, name="营业执照", number=firm.code or "", expires_on=expires)
        return made

    def ago(self, days: int) -> datetime:
        """Ten in the morning, so many days ago; never later than now."""
        return min(datetime.combine(self.today - timedelta(days=days), time(10), clock.TOWN_ZONE), self.now)

    def asker(self, unit: str) -> Actor:
        return self.actors.get(unit, BUILDER)


def build(demo: DemoBuild) -> None:
    bring()
    town = Town(clock.now())
    _more_money(town)
    _accepted(town, _awarded(town, _opened(town, MEALS, (112, 108, 115), ahead=80), ahead=78, points=(52, 55, 40)))
    _contracted(town, _awarded(town, _opened(town, COMPUTERS, (4,), ahead=40), ahead=38))
    repair = _awarded(town, _opened(town, REPAIR, (126, 121, 128), ahead=8), ahead=3)
    with clock.frozen(town.ago(1)):
        loser = repair.invitations.order_by("invited_at").first()
        assert loser is not None  # three were invited
        objections.receive(
            town["buyer"], repair.pk, loser.supplier, text="第二名的业绩材料不符合采购文件第三章的要求。"
        )
    _opened(town, GREEN, (60, 59, 61), ahead=4)
    _tendering(town, DEVICES)
    _failed(town, SYSTEM)
    _asked(town, GREEN_AGAIN)
    refused = _asked(town, CARS)
    with clock.frozen(town.ago(10)):
        needs.refuse(town["finance"], refused.pk, reason="消防站现有器材在有效期内，请先盘点。")
    demo.say(f"{Procurement.objects.count()} procurements, {Contract.objects.count()} contracts")


def _more_money(town: Town) -> None:
    """Mid-year adjustments by resolutions of the congress: what procurements need beyond running costs."""
    for name, wan in (("社区为老服务", 560), ("社区活动室修缮", 140), ("绿化养护", 130)):
        change = budgets.ask_change(
            town["accountant"],
            before=None,
            after=town.lines[name],
            amount=wan * WAN,
            reason="年中预算调整：政府采购项目",
            resolution=f"镇人大〔{town.today.year}〕3号",
        )
        budgets.decide_change(town["leader"], change.pk, approve=True)


def _asked(town: Town, told: Told) -> Procurement:
    need = needs.Need(
        title=told.title,
        catalogue=told.catalogue,
        category=told.category,
        amount=told.wan * WAN,
        purpose=told.purpose,
        method=told.method,
        items=told.items,
        split_reason=told.split_reason,
        method_reason="",
    )
    with clock.frozen(town.ago(told.asked)):
        return needs.ask(town.asker(told.unit), town.lines[told.line], need)


def _published(town: Town, told: Told, invited: Sequence[Supplier], opens: datetime, scored: bool) -> Procurement:
    procurement = _asked(town, told)
    with clock.frozen(town.ago(told.asked - 2)):
        needs.approve(town["finance"], procurement.pk)
    with clock.frozen(town.ago(told.asked - 4)):
        for name in HOLDERS:
            tendering.name_holder(town["buyer"], procurement.pk, town.users[name])
            tendering.make_key(town[name], procurement.pk, phrase=PHRASE)
        for name in MEMBERS:
            tendering.add_member(town["buyer"], procurement.pk, town.users[name])
        for name, weight, price in (("价格", 40, True), ("服务方案", 60, False)) if scored else ():
            tendering.add_criterion(town["buyer"], procurement.pk, name=name, weight=weight, price=price)
        for supplier in invited:
            suppliers.invite(town["buyer"], procurement.pk, supplier)
        needs.add_papers(town["buyer"], procurement.pk, [document(town, told)], title="采购文件", public=True)
        way = "scored" if scored else "lowest"
        return tendering.publish(town["buyer"], procurement.pk, way=way, opens_at=opens)


def document(town: Town, told: Told) -> files.File:
    """The procurement document as a file: a page of the need, as the buyer would attach it."""
    lines = [
        told.title,
        f"预算：{told.wan}万元",
        told.purpose,
        *(f"{name} {many}{of}" for name, many, of in told.items),
    ]
    return files.store(town["buyer"], sheet(told.title, lines))


def sheet(name: str, lines: Sequence[str]) -> SimpleUploadedFile:
    book = Workbook()
    page = book.active
    assert page is not None  # a new workbook has one
    for number, line in enumerate(lines, 1):
        page.cell(number, 1, line)
    written = BytesIO()
    book.save(written)
    return SimpleUploadedFile(f"{name}.xlsx", written.getvalue())


def _bid(procurement: Procurement, supplier: Supplier, wan: int) -> None:
    invitation = procurement.invitations.get(supplier=supplier)
    tendering.send_bid(
        Actor.anonymous(),
        number=str(procurement),
        credit_code=supplier.organisation.code or "",
        code=suppliers.code_of(invitation),
        price=wan * WAN,
        days=30,
        statement="完全响应采购文件的全部要求。",
    )


def _opened(town: Town, told: Told, wan: Sequence[int], *, ahead: int) -> Procurement:
    """Published, with its bids, opened so many days ago."""
    invited = town.firms[: len(wan)]
    procurement = _published(town, told, invited, town.ago(ahead), scored=told is MEALS)
    with clock.frozen(town.ago(ahead) - timedelta(days=1)):
        for supplier, price in zip(invited, wan, strict=True):
            _bid(procurement, supplier, price)
    with clock.frozen(town.ago(ahead) + timedelta(minutes=5)):
        for name in HOLDERS:
            tendering.turn_key(town[name], procurement.pk, phrase=PHRASE)
        for name in MEMBERS:
            evaluating.declare(town[name], procurement.pk, relation="")
    return procurement


def _awarded(town: Town, procurement: Procurement, *, ahead: int, points: Sequence[int] = ()) -> Procurement:
    with clock.frozen(town.ago(ahead)):
        criteria = list(procurement.criteria.filter(price=False))
        for bid, given in zip(procurement.bids.order_by("received_at", "pk"), points, strict=False):
            for name in MEMBERS:
                evaluating.score(town[name], procurement.pk, bid.pk, {one.pk: Decimal(given) for one in criteria})
        evaluating.rank(town["buyer"], procurement.pk)
        first = procurement.bids.filter(rank=1).order_by("pk")[0]
        return evaluating.award(town["finance"], procurement.pk, first.pk, reason="")


def _signed(town: Town, procurement: Procurement, days: int, terms: contracts.Terms) -> Contract:
    with clock.frozen(town.ago(days)):
        made = contracts.draft(town["buyer"], procurement.pk, terms)
        contracts.review(town["lawyer"], made.pk, opinion="条款完备，权利义务对等，同意签订。")
        return contracts.sign(town["leader"], made.pk, on=clock.today())


def _accepted(town: Town, procurement: Procurement) -> None:
    """Under contract, accepted, with an instalment ahead that is paid and a rest that withholds retention money."""
    award = procurement.award_amount or 0
    retention, ahead = award // 20, award * 3 // 10
    ends = town.today - timedelta(days=9)
    contract = _signed(
        town,
        procurement,
        70,
        contracts.Terms(
            title=procurement.title,
            amount=award,
            starts_on=town.today - timedelta(days=68),
            ends_on=ends,
            parts=(
                contracts.Part(name="预付款", due_on=town.today - timedelta(days=60), amount=ahead, ahead=True),
                contracts.Part(name="验收款", due_on=town.today + timedelta(days=7), amount=award - ahead - retention),
            ),
            retention=retention,
            retention_months=12,
        ),
    )
    first, second = contract.instalments.filter(retention=False).order_by("number")
    line = town.lines["社区为老服务"]
    plan = plans.ask_plan(BUILDER, line, month=town.today.month, method=Method.DIRECT, amount=award)
    plans.decide_plan(town["accountant"], plan.pk, approve=True)
    payment = contracts.ask_payment(BUILDER, first.pk, kind="expense", method=Method.DIRECT)
    payments.approve(town["finance"], payment.pk)
    payments.pay(town["cashier"], payment.pk, on=town.today, bank_reference=f"{town.today:%Y%m%d}{payment.pk:06d}")
    with clock.frozen(town.ago(8)):
        contracts.accept(town["welfare"], contract.pk, on=clock.today(), findings="按月抽查配送记录，老人签收完整。")
    waiting: Payment = contracts.ask_payment(BUILDER, second.pk, kind="expense", method=Method.DIRECT)
    assert waiting.withheld == retention


def _contracted(town: Town, procurement: Procurement) -> None:
    award = procurement.award_amount or 0
    due = town.today + timedelta(days=20)
    part = contracts.Part(name="货到验收后付款", due_on=due, amount=award)
    terms = contracts.Terms(
        title=procurement.title, amount=award, starts_on=town.today - timedelta(days=30), ends_on=due, parts=(part,)
    )
    _signed(town, procurement, 30, terms)


def _tendering(town: Town, told: Told) -> None:
    """An open tender whose bids are sealed: nobody reads them for the next days."""
    firms = town.firms[2:]
    opens = datetime.combine(town.today + timedelta(days=6), time(10), clock.TOWN_ZONE)
    procurement = _published(town, told, firms, opens, scored=False)
    with clock.frozen(town.ago(1)):
        for supplier, wan in zip(firms[:2], (398, 405), strict=True):
            _bid(procurement, supplier, wan)


def _failed(town: Town, told: Told) -> None:
    firms = town.firms[:3]
    procurement = _published(town, told, firms, town.ago(30), scored=False)
    with clock.frozen(town.ago(31)):
        _bid(procurement, firms[2], 19)
    with clock.frozen(town.ago(29)):
        tendering.fail(town["buyer"], procurement.pk, reason="响应供应商不足三家。")
