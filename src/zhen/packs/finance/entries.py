"""The paired entries of business events (平行记账), one row each, as the accounting rules write them.

`expense` and `spending` stand for the accounts of the unit's type: 业务活动费用 and 行政支出 of an administrative unit,
事业支出 of an institution. `{…}` is an account that the event chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import Level, UnitType, VoucherTemplate
from zhen.packs.finance.accounts import GOVERNMENT

Text = str | Promise
START = date(2019, 1, 1)
WITHOUT_RETURN = date(2021, 1, 1)
"""Since then cities and counties (and the towns below them) book no unused allotment: 解释第4号, 财会〔2021〕33号."""
HIGHER = frozenset({Level.PROVINCE, Level.CENTRAL})

BY_TYPE: Mapping[UnitType, Mapping[str, str]] = {
    UnitType.ADMINISTRATION: {"expense": "5001", "spending": "7101"},
    UnitType.INSTITUTION: {"expense": "5001", "spending": "7201"},
}


@dataclass(frozen=True)
class Row:
    """A row of the table: the number that the rules give it, the event, and its entries on both sides."""

    number: str
    event: str
    name: Text
    financial: str
    budgetary: str = ""
    until: date | None = None
    since: date = START
    levels: frozenset[Level] = frozenset()

    def templates(self) -> Iterator[VoucherTemplate]:
        for unit_type, accounts in BY_TYPE.items():
            yield VoucherTemplate(
                id=f"finance.e{self.number.lower()}_{self.since.year}_{unit_type.value}",
                event=f"finance.{self.event}",
                name=self.name,
                chart=GOVERNMENT,
                financial=_filled(self.financial, accounts),
                budgetary=_filled(self.budgetary, accounts),
                valid_from=self.since,
                valid_to=self.until,
                levels=self.levels,
                unit_types=frozenset({unit_type}),
                source="财会〔2017〕25号",
            )


def _filled(text: str, accounts: Mapping[str, str]) -> str:
    for name, code in accounts.items():
        text = text.replace(f" {name}", f" {code}")
    return text


# fmt: off
ROWS = (
    Row("1", "quota_arrived", _("quota of authorised payment arrives"), "Dr 1011 Cr 4001", "Dr 8001.01 Cr 6001"),
    Row("2", "expense_authorised", _("expense, authorised payment"), "Dr expense Cr 1011", "Dr spending Cr 8001.01"),
    Row("3", "expense_direct", _("expense, direct payment"), "Dr expense Cr 4001", "Dr spending Cr 6001"),
    Row("4a", "asset_authorised", _("fixed asset, authorised payment"), "Dr {asset} Cr 1011", "Dr spending Cr 8001.01"),
    Row("4b", "asset_direct", _("fixed asset, direct payment"), "Dr {asset} Cr 4001", "Dr spending Cr 6001"),
    Row("4c", "asset_retained_authorised", _("fixed asset with retention money, authorised payment"),
        "Dr {asset}=whole Cr 1011=paid Cr {retained}=kept", "Dr spending=paid Cr 8001.01=paid"),
    Row("4cd", "asset_retained_direct", _("fixed asset with retention money, direct payment"),
        "Dr {asset}=whole Cr 4001=paid Cr {retained}=kept", "Dr spending=paid Cr 6001=paid"),
    Row("4ce", "expense_retained_authorised", _("expense with retention money, authorised payment"),
        "Dr expense=whole Cr 1011=paid Cr {retained}=kept", "Dr spending=paid Cr 8001.01=paid"),
    Row("4ced", "expense_retained_direct", _("expense with retention money, direct payment"),
        "Dr expense=whole Cr 4001=paid Cr {retained}=kept", "Dr spending=paid Cr 6001=paid"),
    Row("4d", "retention_authorised", _("retention money released, authorised payment"),
        "Dr {retained} Cr 1011", "Dr spending Cr 8001.01"),
    Row("4dd", "retention_direct", _("retention money released, direct payment"),
        "Dr {retained} Cr 4001", "Dr spending Cr 6001"),
    Row("5", "depreciation", _("monthly depreciation"), "Dr expense Cr 1602"),
    Row("6a", "salary_accrued", _("salaries and employer's contributions accrue"),
        "Dr expense=whole Cr 2201.01=pay Cr 2201.05=insurance Cr 2201.06=housing"),
    Row("6b", "salary_withheld", _("withheld from salaries"),
        "Dr 2201.01=whole Cr 2102.01=tax Cr 2201.05=insurance Cr 2201.06=housing"),
    Row("6c", "salary_paid_authorised", _("net salaries, authorised payment"),
        "Dr 2201.01 Cr 1011", "Dr spending Cr 8001.01"),
    Row("6cd", "salary_paid_direct", _("net salaries, direct payment"), "Dr 2201.01 Cr 4001", "Dr spending Cr 6001"),
    Row("6d", "withheld_remitted_authorised", _("tax and contributions remitted, authorised payment"),
        "Dr 2102.01=tax Dr 2201.05=insurance Dr 2201.06=housing Cr 1011=whole", "Dr spending=whole Cr 8001.01=whole"),
    Row("6dd", "withheld_remitted_direct", _("tax and contributions remitted, direct payment"),
        "Dr 2102.01=tax Dr 2201.05=insurance Dr 2201.06=housing Cr 4001=whole", "Dr spending=whole Cr 6001=whole"),
    Row("7a", "card_claimed", _("official card: claimed"), "Dr expense Cr 2307.01"),
    Row("7ar", "card_repaid", _("official card: repaid"), "Dr 2307.01 Cr 1011", "Dr spending Cr 8001.01"),
    Row("7b", "card_advanced", _("official card: repaid before the claim"),
        "Dr 1218 Cr 1011", "Dr spending Cr 8001.01"),
    Row("7bc", "card_advance_claimed", _("official card: claim of what was repaid"), "Dr expense Cr 1218"),
    Row("8", "cash_drawn", _("cash drawn"), "Dr 1001 Cr 1011", "Dr 8001.02 Cr 8001.01"),
    Row("9", "subsidy_granted", _("subsidy to residents granted"), "Dr expense Cr 2303"),
    Row("9p", "subsidy_paid", _("subsidy to residents paid"), "Dr 2303 Cr 1011", "Dr spending Cr 8001.01"),
    Row("10", "treasury_received", _("received for the treasury"), "Dr 1002 Cr 2103"),
    Row("10p", "treasury_paid", _("paid to the treasury"), "Dr 2103 Cr 1002"),
    Row("11", "to_own_account", _("from the zero-balance account to the own account"),
        "Dr 1002 Cr 1011", "Dr 8001.02 Cr 8001.01"),
    Row("12a", "asset_sold", _("asset sold: taken off the books"), "Dr 5301=rest Dr 1602=worn Cr 1601=whole"),
    Row("12ap", "asset_proceeds", _("asset sold: proceeds, less costs, due to the treasury"),
        "Dr 1002=proceeds Cr 1002=costs Cr 2103=difference"),
    Row("12b", "asset_lost", _("asset scrapped or lost"), "Dr 1902=rest Dr 1602=worn Cr 1601=whole"),
    Row("12bp", "asset_loss_approved", _("loss of an asset approved"), "Dr 5301 Cr 1902"),
    Row("y1", "year_end_direct", _("year-end: direct allotment not used"),
        "Dr 1201.01 Cr 4001", "Dr 8001.03 Cr 6001", until=WITHOUT_RETURN),
    Row("y1", "year_end_direct", _("year-end: direct allotment not used"),
        "Dr 1201.01 Cr 4001", "Dr 8001.03 Cr 6001", since=WITHOUT_RETURN, levels=HIGHER),
    Row("y2", "year_end_quota", _("year-end: unused quota cancelled"), "Dr 1201.02 Cr 1011", "Dr 8001.03 Cr 8001.01"),
    Row("y3", "year_end_unissued", _("year-end: authorised allotment not issued"),
        "Dr 1201.02 Cr 4001", "Dr 8001.03 Cr 6001", until=WITHOUT_RETURN),
    Row("y3", "year_end_unissued", _("year-end: authorised allotment not issued"),
        "Dr 1201.02 Cr 4001", "Dr 8001.03 Cr 6001", since=WITHOUT_RETURN, levels=HIGHER),
    Row("n1", "quota_restored", _("new year: quota restored"), "Dr 1011 Cr 1201.02", "Dr 8001.01 Cr 8001.03"),
    Row("n2", "last_years_direct", _("last year's direct quota used"),
        "Dr expense Cr 1201.01", "Dr spending Cr 8001.03"),
)
# fmt: on

TEMPLATES = tuple(template for row in ROWS for template in row.templates())
