"""The accounts of 《政府会计制度——行政事业单位会计科目和报表》(财会〔2017〕25号, in force since 2019-01-01).

A star marks what is normally on the other side than its class: accumulated depreciation, provisions for bad debts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import AccountClass, AccountSpec, Basis, Chart

GOVERNMENT = "finance.government"

ASSETS = """
1001库存现金 1002银行存款 1011零余额账户用款额度 1021其他货币资金 1101短期投资 1201财政应返还额度 1211应收票据
1212应收账款 1214预付账款 1215应收股利 1216应收利息 1218其他应收款 1219坏账准备* 1301在途物品 1302库存物品
1303加工物品 1401待摊费用 1501长期股权投资 1502长期债券投资 1601固定资产 1602固定资产累计折旧* 1611工程物资
1613在建工程 1701无形资产 1702无形资产累计摊销* 1703研发支出 1801公共基础设施 1802公共基础设施累计折旧(摊销)*
1811政府储备物资 1821文物文化资产 1831保障性住房 1832保障性住房累计折旧* 1891受托代理资产 1901长期待摊费用
1902待处理财产损溢
"""
LIABILITIES = """
2001短期借款 2101应交增值税 2102其他应交税费 2103应缴财政款 2201应付职工薪酬 2301应付票据 2302应付账款
2303应付政府补贴款 2304应付利息 2305预收账款 2307其他应付款 2401预提费用 2501长期借款 2502长期应付款 2601预计负债
2901受托代理负债
"""
NET_ASSETS = """
3001累计盈余 3101专用基金 3201权益法调整 3301本期盈余 3302本年盈余分配 3401无偿调拨净资产 3501以前年度盈余调整
"""
REVENUE = """
4001财政拨款收入 4101事业收入 4201上级补助收入 4301附属单位上缴收入 4401经营收入 4601非同级财政拨款收入 4602投资收益
4603捐赠收入 4604利息收入 4605租金收入 4609其他收入
"""
EXPENSES = """
5001业务活动费用 5101单位管理费用 5201经营费用 5301资产处置费用 5401上缴上级费用 5501对附属单位补助费用
5801所得税费用 5901其他费用
"""
BUDGET_INCOME = """
6001财政拨款预算收入 6101事业预算收入 6201上级补助预算收入 6301附属单位上缴预算收入 6401经营预算收入
6501债务预算收入 6601非同级财政拨款预算收入 6602投资预算收益 6609其他预算收入
"""
BUDGET_SPENDING = """
7101行政支出 7201事业支出 7301经营支出 7401上缴上级支出 7501对附属单位补助支出 7601投资支出 7701债务还本支出
7901其他支出
"""
BUDGET_FUNDS = "8001资金结存"
BUDGET_RESULT = """
8101财政拨款结转 8102财政拨款结余 8201非财政拨款结转 8202非财政拨款结余 8301专用结余 8401经营结余 8501其他结余
8701非财政拨款结余分配
"""

PARTS: Mapping[str, tuple[str, ...]] = {
    "1201": ("财政直接支付", "财政授权支付"),
    "2102": ("应交个人所得税",),
    "2201": ("基本工资", "津贴补贴", "绩效工资", "改革性补贴", "社会保险费", "住房公积金", "其他个人收入"),
    "2307": ("公务卡", "质量保证金", "其他"),
    "8001": ("零余额账户用款额度", "货币资金", "财政应返还额度"),
    "8101": ("年初余额调整", "归集调入", "归集调出", "归集上缴", "单位内部调剂", "本年收支结转", "累计结转"),
    "8102": ("年初余额调整", "归集上缴", "单位内部调剂", "结转转入", "累计结余"),
}
"""Sub-accounts that the entries need, in the order of their codes."""

MIRRORS = {
    "1011": "quota",
    "8001.01": "quota",
    "1201": "returnable",
    "1201.01": "returnable",
    "1201.02": "returnable",
    "8001.03": "returnable",
}
"""Accounts of the two bases that hold the same at any time: 1011 = 8001 零余额, 1201 = 8001 应返还."""

ALL = frozenset({"*"})
OF_THE_YEAR = frozenset({"3301", "3302"})


def _accounts(table: str) -> Iterator[AccountSpec]:
    for code, name, star in re.findall(r"(\d{4})([^\s*]+)(\*?)", table):
        yield AccountSpec(code=code, name=name, contra=bool(star), mirror=MIRRORS.get(code, ""))
        for number, part in enumerate(PARTS.get(code, ()), 1):
            full = f"{code}.{number:02d}"
            yield AccountSpec(code=full, name=part, mirror=MIRRORS.get(full, ""))


def _class(
    id: str, name: object, basis: Basis, table: str, *, debit: bool, nominal: frozenset[str] = frozenset()
) -> AccountClass:
    return AccountClass(
        id=id,
        name=name,  # type: ignore[arg-type]  # a text to be translated
        basis=basis,
        debit=debit,
        accounts=tuple(_accounts(table)),
        nominal=nominal,
    )


CHART = Chart(
    id=GOVERNMENT,
    name=_("Government accounting: administrative units and institutions"),
    source="财会〔2017〕25号",
    classes=(
        _class("assets", _("Assets"), Basis.FINANCIAL, ASSETS, debit=True),
        _class("liabilities", _("Liabilities"), Basis.FINANCIAL, LIABILITIES, debit=False),
        _class("net_assets", _("Net assets"), Basis.FINANCIAL, NET_ASSETS, debit=False, nominal=OF_THE_YEAR),
        _class("revenue", _("Revenue"), Basis.FINANCIAL, REVENUE, debit=False, nominal=ALL),
        _class("expenses", _("Expenses"), Basis.FINANCIAL, EXPENSES, debit=True, nominal=ALL),
        _class("budget_income", _("Budget income"), Basis.BUDGETARY, BUDGET_INCOME, debit=False, nominal=ALL),
        _class("budget_spending", _("Budget spending"), Basis.BUDGETARY, BUDGET_SPENDING, debit=True, nominal=ALL),
        _class("budget_funds", _("Budget funds"), Basis.BUDGETARY, BUDGET_FUNDS, debit=True),
        _class("budget_result", _("Budget carry-over and surplus"), Basis.BUDGETARY, BUDGET_RESULT, debit=False),
    ),
)
