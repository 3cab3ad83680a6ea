"""Bank statements as files: CSV or XLSX with a heading in the words that banks use. Pure; each fault names its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import tables
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.kernel.lib.refusals import Refused, Text

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "on": ("交易日期", "日期", "记账日期", "入账日期", "date"),
    "came": ("收入", "收入金额", "贷方发生额", "贷方金额", "贷方", "credit"),
    "went": ("支出", "支出金额", "借方发生额", "借方金额", "借方", "debit"),
    "balance": ("余额", "账户余额", "balance"),
    "party": ("对方户名", "对方名称", "户名", "party"),
    "reference": ("流水号", "交易流水号", "凭证号", "reference"),
    "what": ("摘要", "用途", "附言", "summary"),
}
NEEDED = ("on", "came", "went", "balance")
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")


@dataclass(frozen=True, kw_only=True)
class Read:
    """A line as the file has it: fen, above zero where money came in, and the balance after it."""

    on: date
    amount: int
    balance: int
    party: str
    reference: str
    what: str


def read(data: bytes, file_name: str) -> list[Read]:
    """The lines of a statement in the order of time. Raises Refused where a row is wrong or the balances break off."""
    rows = tables.read(data, file_name=file_name)
    head = next((i for i, row in enumerate(rows[:20]) if _columns(row).keys() >= set(NEEDED)), None)
    if head is None:
        raise _refused(1, "", _("no row has the headings 交易日期, 收入, 支出 and 余额"))
    columns = _columns(rows[head])
    numbered = enumerate(rows[head + 1 :], head + 2)
    numbered = enumerate(rows[head + 1 :], head + 2)
    found = [_line(row, columns, number) for number, row in numbered if _filled(row, columns)]
    if not found:
        raise _refused(head + 2, "", _("there are no lines below the headings"))
    if found[0].on > found[-1].on:
        found.reverse()
    for number, (before, after) in enumerate(pairwise(found), head + 3):
        if before.balance + after.amount != after.balance:
            raise _refused(number, str(Money(after.balance)), _("the balance does not follow from the line before it"))
    return found


def _columns(row: Sequence[Any]) -> dict[str, int]:
    names = [str(cell or "").strip().lower() for cell in row]
    return {key: names.index(word) for key, words in HEADINGS.items() for word in words[::-1] if word in names}


def _filled(row: Sequence[Any], columns: Mapping[str, int]) -> bool:
    return bool(_text(row, columns["on"])) and bool(_text(row, columns["came"]) or _text(row, columns["went"]))


def _text(row: Sequence[Any], column: int) -> str:
    value = row[column] if column < len(row) else None
    return "" if value is None else str(value).strip()


def _line(row: Sequence[Any], columns: Mapping[str, int], number: int) -> Read:
    came, went = _fen(row, columns["came"], number), _fen(row, columns["went"], number)
    if bool(came) == bool(went):
        raise _refused(number, str(Money(came)), _("it needs an amount on one side"))
    texts = {key: _text(row, columns[key]) if key in columns else "" for key in ("party", "reference", "what")}
    return Read(
        on=_day(row[columns["on"]], number),
        amount=came - went,
        balance=_fen(row, columns["balance"], number),
        party=texts["party"][:100],
        reference=texts["reference"][:60],
        what=texts["what"][:200],
    )


def _fen(row: Sequence[Any], column: int, number: int) -> int:
    text = _text(row, column)
    if not text or text == "-":
        return 0
    try:
        return Money.parse(f"{float(text):.2f}" if isinstance(row[column], float) else text[:30]).fen
    except Unreadable as fault:
        raise _refused(number, text[:30], _("it is no amount")) from fault


def _day(value: Any, number: int) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip().split(" ")[0]
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise _refused(number, text[:30], _("it is no date"))


def _refused(row: int, value: str, reason: Text) -> Refused:
    return Refused(
        field=_("bank statement, row %(row)s") % {"row": row},
        value=value,
        reason=reason,
        remedy=_("Export the statement anew from the bank, or mend the row"),
    )
