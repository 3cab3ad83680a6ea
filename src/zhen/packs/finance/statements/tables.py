"""The rows of the four statements as the accounting rules order them: label, and the accounts that add up.

A row takes every account whose code begins with one of its numbers; no number: a heading. `-` before the label shows
the opposite sign (accumulated depreciation is taken off). Source: 《政府会计制度》第四部分 (财会〔2017〕25号):
会政财01表, 会政财02表, 会政预01表, 会政预02表.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Of(StrEnum):
    """Which amount of an account a row takes: what the year began with, what moved, or what stands."""

    OPENING = "opening"
    MOVED = "moved"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row: `depth` for its indent, `accounts` as beginnings of codes, `debit` where its normal side is debit."""

    label: str
    depth: int
    accounts: tuple[str, ...]
    debit: bool
    of: Of = Of.END
    sign: int = 1
    """-1 where the row is taken off what stands above it."""

    def takes(self, code: str) -> bool:
        return code.startswith(self.accounts) if self.accounts else False


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement: its official number, its title, and what its two columns are called.

    `monthly`: the first column is the month and the second the year so far. Else both are of a whole year.
    """

    id: str
    number: str
    title: Text
    name: str
    columns: tuple[str, str]
    rows: tuple[Row, ...]
    monthly: bool = False


def _rows(table: str, *, debit: bool, of: Of = Of.END) -> Iterator[Row]:
    for line in table.strip("\n").splitlines():
        label, _bar, codes = line.partition("|")
        words = label.strip()
        flip = words.startswith("-")
        amount, _colon, accounts = codes.strip().rpartition(":")
        yield Row(
            label=words.removeprefix("-"),
            depth=(len(label) - len(label.lstrip())) // 2,
            accounts=tuple(accounts.split()),
            debit=debit,
            of=Of(amount) if amount else of,
            sign=-1 if flip else 1,
        )


ASSETS = """
流动资产：
  货币资金 | 1001 1002 1011 1021
  短期投资 | 1101
  财政应返还额度 | 1201
  应收票据 | 1211
  应收账款净额 | 1212 1219
  预付账款 | 1214
  应收股利 | 1215
  应收利息 | 1216
  其他应收款净额 | 1218
  存货 | 1301 1302 1303
  待摊费用 | 1401
  流动资产合计 | 10 11 12 13 14
非流动资产：
  长期股权投资 | 1501
  长期债券投资 | 1502
  固定资产原值 | 1601
  -减：固定资产累计折旧 | 1602
  固定资产净值 | 1601 1602
  工程物资 | 1611
  在建工程 | 1613
  无形资产原值 | 1701
  -减：无形资产累计摊销 | 1702
  无形资产净值 | 1701 1702
  研发支出 | 1703
  公共基础设施原值 | 1801
  -减：公共基础设施累计折旧（摊销） | 1802
  公共基础设施净值 | 1801 1802
  政府储备物资 | 1811
  文物文化资产 | 1821
  保障性住房原值 | 1831
  -减：保障性住房累计折旧 | 1832
  保障性住房净值 | 1831 1832
  长期待摊费用 | 1901
  待处理财产损溢 | 1902
  非流动资产合计 | 15 16 17 180 181 182 183 19
受托代理资产 | 1891
资产总计 | 1
"""
CLAIMS = """
流动负债：
  短期借款 | 2001
  应交增值税 | 2101
  其他应交税费 | 2102
  应缴财政款 | 2103
  应付职工薪酬 | 2201
  应付票据 | 2301
  应付账款 | 2302
  应付政府补贴款 | 2303
  应付利息 | 2304
  预收账款 | 2305
  其他应付款 | 2307
  预提费用 | 2401
  流动负债合计 | 20 21 22 23 24
非流动负债：
  长期借款 | 2501
  长期应付款 | 2502
  预计负债 | 2601
  非流动负债合计 | 25 26
受托代理负债 | 2901
负债合计 | 2
净资产：
  累计盈余 | 3001 3501
  专用基金 | 3101
  权益法调整 | 3201
  无偿调拨净资产 | 3401
  本期盈余 | 3301 3302 4 5
净资产合计 | 3 4 5
负债和净资产总计 | 2 3 4 5
"""
INCOME = """
一、本期收入 | 4
  （一）财政拨款收入 | 4001
  （二）事业收入 | 4101
  （三）上级补助收入 | 4201
  （四）附属单位上缴收入 | 4301
  （五）经营收入 | 4401
  （六）非同级财政拨款收入 | 4601
  （七）投资收益 | 4602
  （八）捐赠收入 | 4603
  （九）利息收入 | 4604
  （十）租金收入 | 4605
  （十一）其他收入 | 4609
"""
EXPENSES = """
二、本期费用 | 5
  （一）业务活动费用 | 5001
  （二）单位管理费用 | 5101
  （三）经营费用 | 5201
  （四）资产处置费用 | 5301
  （五）上缴上级费用 | 5401
  （六）对附属单位补助费用 | 5501
  （七）所得税费用 | 5801
  （八）其他费用 | 5901
"""
SURPLUS = "三、本期盈余 | 4 5"
BUDGET_INCOME = """
一、本年预算收入 | 6
  （一）财政拨款预算收入 | 6001
  （二）事业预算收入 | 6101
  （三）上级补助预算收入 | 6201
  （四）附属单位上缴预算收入 | 6301
  （五）经营预算收入 | 6401
  （六）债务预算收入 | 6501
  （七）非同级财政拨款预算收入 | 6601
  （八）投资预算收益 | 6602
  （九）其他预算收入 | 6609
"""
BUDGET_SPENDING = """
二、本年预算支出 | 7
  （一）行政支出 | 7101
  （二）事业支出 | 7201
  （三）经营支出 | 7301
  （四）上缴上级支出 | 7401
  （五）对附属单位补助支出 | 7501
  （六）投资支出 | 7601
  （七）债务还本支出 | 7701
  （八）其他支出 | 7901
"""
BUDGET_RESULT = "三、本年预算收支差额 | 6 7"
CARRIED = """
一、年初预算结转结余 | opening: 81 82 83 84 85
  （一）财政拨款结转结余 | opening: 81
  （二）其他资金结转结余 | opening: 82 83 84 85
二、年初余额调整 | moved: 8101.01 8102.01
三、本年变动金额 | moved: 6 7 8101.02 8101.03 8101.04 8102.02
  （一）财政拨款结转结余 | moved: 6001 71 72 8101.02 8101.03 8101.04 8102.02
    1.本年收支差额 | moved: 6001 71 72
    2.归集调入 | moved: 8101.02
    3.归集上缴或调出 | moved: 8101.03 8101.04 8102.02
  （二）其他资金结转结余 | moved: 61 62 63 64 65 66 73 74 75 76 77 79
    1.本年收支差额 | moved: 61 62 63 64 65 66 73 74 75 76 77 79
四、年末预算结转结余 | end: 6 7 81 82 83 84 85 87
  （一）财政拨款结转结余 | end: 81 6001 71 72
    1.财政拨款结转 | end: 8101 6001 71 72
    2.财政拨款结余 | end: 8102
  （二）其他资金结转结余 | end: 82 83 84 85 87 61 62 63 64 65 66 73 74 75 76 77 79
"""

STATEMENTS: Mapping[str, Statement] = {
    one.id: one
    for one in (
        Statement(
            id="balance",
            number="会政财01表",
            title=_("Balance sheet"),
            name="资产负债表",
            columns=("期末余额", "年初余额"),
            rows=(*_rows(ASSETS, debit=True), *_rows(CLAIMS, debit=False)),
        ),
        Statement(
            id="income",
            number="会政财02表",
            title=_("Income and expenses"),
            name="收入费用表",
            columns=("本月数", "本年累计数"),
            rows=(
                *_rows(INCOME, debit=False, of=Of.MOVED),
                *_rows(EXPENSES, debit=True, of=Of.MOVED),
                *_rows(SURPLUS, debit=False, of=Of.MOVED),
            ),
            monthly=True,
        ),
        Statement(
            id="budget",
            number="会政预01表",
            title=_("Budget income and spending"),
            name="预算收入支出表",
            columns=("本年数", "上年数"),
            rows=(
                *_rows(BUDGET_INCOME, debit=False, of=Of.MOVED),
                *_rows(BUDGET_SPENDING, debit=True, of=Of.MOVED),
                *_rows(BUDGET_RESULT, debit=False, of=Of.MOVED),
            ),
        ),
        Statement(
            id="carried",
            number="会政预02表",
            title=_("Budget carry-over and surplus"),
            name="预算结转结余变动表",
            columns=("本年数", "上年数"),
            rows=tuple(_rows(CARRIED, debit=False)),
        ),
    )
}
RECONCILIATION = "reconciliation"
