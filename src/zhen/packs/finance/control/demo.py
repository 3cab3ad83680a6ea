"""The demo town's internal control: its matrix, resolutions, papers on their way through it, findings and a sample."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Move, move
from zhen.kernel.identity.api import Unit, User, actor_for, give_post, invite
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.packs.finance.actions import payments, plans
from zhen.packs.finance.control import auditing, dated, resolutions, rights, watching
from zhen.packs.finance.control.models import Finding, PaperKind, Resolution, Sample
from zhen.packs.finance.models import BudgetLine, Payment

BUILDER = Actor.system("demo")
YUAN = 100
DAYS = 25
"""The rules hold since so many days."""
SOURCE = "镇政府内部控制规范（镇府办〔2026〕8号，演示数据）"
MATRIX = (
    (PaperKind.PAYMENT, 0, ("unit_head",), False),
    (PaperKind.PAYMENT, 50_000, ("unit_head", "finance_officer"), False),
    (PaperKind.PAYMENT, 100_000, ("unit_head", "finance_officer", "town_leader"), True),
    (PaperKind.CHANGE, 0, ("finance_officer",), False),
    (PaperKind.CHANGE, 200_000, ("finance_officer", "town_leader"), True),
)
"""Kind, yuan from which on, who signs, whether a resolution is needed."""
RISKS = (
    ("split", {"limit": 50_000 * YUAN, "days": 10}),
    ("round", {"from": 50_000 * YUAN, "multiple": 10_000 * YUAN}),
    ("day_off", {"from": 120_000 * YUAN}),
    ("account", {"days": 365}),
    ("address", {"days": 365}),
    ("december", {"share": 30}),
    ("below", {"within": 5}),
    ("invoice", {"from": 20_000 * YUAN}),
)
MEETINGS = (
    (
        "镇党政联席会纪要〔2026〕21号",
        23,
        280_000,
        "同意社区活动用房租赁及设施更新，资金在年度预算内列支。",
        True,
    ),
    ("镇党政联席会纪要〔2026〕22号", 3, 450_000, "同意城运平台机房改造项目立项，按政府采购程序办理。", False),
)
"""Number, days ago, yuan, text, whether the legal adviser has agreed already."""
REPAIRS, CLUBS = "安居建筑修缮工程队", "长征文化用品商店"


def build(_town: DemoBuild) -> None:
    """After the year's papers: what stands before it was asked for under no matrix, and keeps to that."""
    now = clock.now()
    officer, leader, accountant, cashier = (_acting(one, now) for one in ("finance", "leader", "accountant", "cashier"))
    clerk, head = _acting("clerk", now), _acting("community", now)
    auditor, adviser = (
        _person("neishen", "郑明轩", rights.AUDITOR, now),
        _person("adviser", "方律衡", rights.ADVISER, now),
    )
    with clock.frozen(_ago(now, DAYS)):
        for kind, yuan, steps, needed in MATRIX:
            row = dated.propose_row(
                officer,
                kind=kind,
                amount_from=yuan * YUAN,
                steps=list(steps),
                resolution=needed,
                valid_from=clock.today(),
                source=SOURCE,
            )
            dated.approve(leader, row)
        for rule, values in RISKS:
            setting = dated.propose_setting(officer, rule=rule, values=values, valid_from=clock.today(), source=SOURCE)
            dated.approve(leader, setting)
    made = [_resolution(_acting("planner", now), adviser, now, *meeting) for meeting in MEETINGS]
    _papers(clerk, head, officer, cashier, accountant, made[0], now)
    since = _ago(now, DAYS)
    watching.watch(list(journal.Event.objects.filter(kind__in=watching.CONSUMER.kinds, at__gte=since).order_by("id")))
    _look_into(officer, leader)
    _audit(auditor, now)


def _ago(now: datetime, days: int) -> datetime:
    """Ten in the morning so many days ago, or now where that lies ahead."""
    day = now.astimezone(clock.TOWN_ZONE).date() - timedelta(days=days)
    return min(datetime.combine(day, time(10), clock.TOWN_ZONE), now)


def _acting(username: str, now: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), day=now.astimezone(clock.TOWN_ZONE).date())


def _person(username: str, name: str, role: str, now: datetime) -> Actor:
    password = User.objects.filter(is_demo=True).values_list("password", flat=True)[0]
    user, _link = invite(BUILDER, username=username, name=name)
    user.is_demo, user.password = True, password
    user.save(update_fields=["is_demo", "password"])
    office = Unit.objects.get(code="office")
    give_post(BUILDER, user=user, role=role, unit=office, area=None, valid_from=date(2019, 1, 1))
    return _acting(username, now)


def _resolution(
    planner: Actor, adviser: Actor, now: datetime, number: str, days: int, yuan: int, text: str, reviewed: bool
) -> Resolution:
    with clock.frozen(_ago(now, days)):
        made = resolutions.enter(
            planner,
            {
                "number": number,
                "meeting": "镇党政联席会议",
                "held_on": clock.today(),
                "members": "沈国梁、顾文清、朱立新、潘晓东、严慧芳、金敏华、钱建平",
                "present": 7,
                "votes_for": 6,
                "votes_against": 0,
                "abstentions": 1,
                "text": text,
                "amount": yuan * YUAN,
                "file": None,
            },
        )
    if reviewed:
        with clock.frozen(_ago(now, days - 1)):
            opinion = "事项属本级权限，程序完备，资金来源明确，建议在合同中写明验收和质量保证条款。"
            made = resolutions.review(adviser, made, lawful=True, opinion=opinion)
    return made


def _papers(
    clerk: Actor,
    head: Actor,
    officer: Actor,
    cashier: Actor,
    accountant: Actor,
    resolution: Resolution,
    now: datetime,
) -> None:
    """A purchase in two parts, a round sum that is paid, and a large one that waits for the leader."""
    small, large = (
        BudgetLine.objects.select_related("quota", "budget__book").get(name=name, budget__book__year=now.year)
        for name in ("社区活动室修缮", "居委会工作经费")
    )
    days = [_ago(now, ago) for ago in (12, 8, 6, 4)]
    if _funded(clerk, accountant, small, 94_600 * YUAN, now):
        _ask(clerk, small, 48_200, REPAIRS, "活动室墙面粉刷（一期）", days[0])
        _ask(clerk, small, 46_400, REPAIRS, "活动室墙面粉刷（二期）", days[2])
    if _funded(clerk, accountant, large, 186_500 * YUAN, now):
        paid = _ask(clerk, large, 60_000, CLUBS, "社区文化活动器材", days[0])
        for actor, at in ((head, days[0]), (officer, days[1])):
            with clock.frozen(at):
                payments.approve(actor, paid.pk)
        with clock.frozen(days[2]):
            payments.pay(cashier, paid.pk, on=clock.today(), bank_reference=f"{clock.today():%Y%m%d}{paid.pk:06d}")
        waits = _ask(clerk, large, 126_500, "示范房屋租赁服务部", "社区活动用房租赁", days[1])
        with clock.frozen(days[2]):
            resolutions.cover(clerk, resolution, PaperKind.PAYMENT, waits.pk)
            payments.approve(head, waits.pk)
        with clock.frozen(days[3]):
            payments.approve(officer, waits.pk)


def _funded(clerk: Actor, accountant: Actor, line: BudgetLine, needed: int, now: datetime) -> bool:
    """Whether so much of a line's payment quota is left; more is released where the allotment has it."""
    quota = ledger.Quota.objects.get(parent_id=line.quota_id)
    if quota.available >= needed:
        return True
    assert line.quota is not None  # the congress has approved the line
    more = needed - quota.available
    if line.quota.granted - line.quota.issued < more:
        return False
    with clock.frozen(_ago(now, 20)):
        method = quota.kind.removeprefix("finance.payment_")
        plan = plans.ask_plan(clerk, line, month=clock.today().month, method=method, amount=more)
        plans.decide_plan(accountant, plan.pk, approve=True)
    return True


def _ask(clerk: Actor, line: BudgetLine, yuan: int, payee: str, purpose: str, at: datetime) -> Payment:
    quota = ledger.Quota.objects.get(parent_id=line.quota_id)
    with clock.frozen(at):
        number = f"26{line.pk:06d}{at:%m%d}{yuan % 100_000:05d}"
        return payments.ask(
            clerk,
            line,
            payments.Wanted(
                kind="expense",
                method=quota.kind.removeprefix("finance.payment_"),
                purpose=purpose,
                amount=yuan * YUAN,
                payee=payee,
                payee_bank="示范银行长征支行",
                payee_account=f"3100 6612 0001 {sum(map(ord, payee)) % 10_000:04d}",
                invoices=(payments.InvoiceIn(number=number, dated=clock.today(), amount=yuan * YUAN),),
            ),
        )


def _look_into(officer: Actor, leader: Actor) -> None:
    """The round sum is explained and closed, the split purchase is being looked into, the rest waits."""
    for rule in ("round", "split"):
        finding = Finding.objects.filter(rule=rule, active=True).select_related("case").order_by("pk").first()
        if finding is None:
            continue
        case = move(officer, finding.case_id, finding.case.revision, "look")
        if rule == "round":
            result = "器材按套报价，三家比价后成交价恰为整数，合同、发票、验收单一致。"
            case = move(officer, case.pk, case.revision, "explain", Move(result=result))
            move(leader, case.pk, case.revision, "close", Move(outcome="justified"))


def _audit(auditor: Actor, now: datetime) -> None:
    today = now.astimezone(clock.TOWN_ZONE).date()
    first = max(date(today.year, 1, 1), today - timedelta(days=90))
    book = ledger.Book.objects.order_by("-year").first()
    paid = Payment.objects.filter(
        state=Payment.State.PAID, paid_on__gte=first, paid_on__lte=today, line__budget__book=book
    )
    if book is None or not paid.exists():
        return
    sample = auditing.freeze(
        auditor, book, method=Sample.Method.MONETARY, first=first, last=today, size=8, purpose="近三个月付款抽查"
    )
    sample = auditing.draw(auditor, sample, seed="演示种子 20261130", seed_from="演示数据：没有使用公开摇号结果")
    payment = Payment.objects.get(pk=sample.drawn[0])
    auditing.note(
        auditor, payment, title=f"{payment} 验收资料不全", text="抽查时未见验收单复印件，请补充并说明验收人。"
    )
