"""本年盈余与预算结余的差异情况说明: from the budget's result to the year's surplus, row by row, to the fen.

Each voucher moves the two results by different amounts, or it does not; where it does, the accounts on its lines say
why. So the rows add up to the difference whatever was booked. Source: 《政府会计制度》 第五部分 附注 (十四).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger

GROUPS: tuple[tuple[str, str], ...] = (
    ("income_plus", "加：1.当期确认为收入但没有确认为预算收入"),
    ("spent_capital", "加：2.当期确认为预算支出但没有确认为费用：为购建固定资产等的资本性支出"),
    ("spent_stock", "加：2.当期确认为预算支出但没有确认为费用：为取得存货、政府储备物资等的支出"),
    ("spent_owed", "加：2.当期确认为预算支出但没有确认为费用：支付应付款项、预付账款的支出"),
    ("income_minus", "减：1.当期确认为预算收入但没有确认为收入"),
    ("cost_worn", "减：2.当期确认为费用但没有确认为预算支出：计提的折旧费用和摊销费用"),
    ("cost_disposal", "减：2.当期确认为费用但没有确认为预算支出：确认的资产处置费用"),
    ("cost_owed", "减：2.当期确认为费用但没有确认为预算支出：应付款项、预付账款确认的费用"),
    ("cost_stock", "减：2.当期确认为费用但没有确认为预算支出：发出存货、政府储备物资等确认的费用"),
)
"""The rows between the two results, in the order of the rules."""

RESULT = """
SELECT coalesce(sum(line.credit - line.debit) FILTER (WHERE account.code ~ '^[67]'), 0),
       coalesce(sum(line.credit - line.debit) FILTER (WHERE account.code ~ '^[45]'), 0)
  FROM ledger_balance line JOIN ledger_account account ON account.id = line.account_id
  JOIN ledger_period period ON period.id = line.period_id
 WHERE period.book_id = %(book)s AND period.month BETWEEN 1 AND least(%(month)s, 12)
"""
VOUCHERS = """
WITH of_voucher AS (
    SELECT voucher.id,
           coalesce(sum(line.credit - line.debit) FILTER (WHERE account.code ~ '^4'), 0) AS revenue,
           coalesce(sum(line.debit - line.credit) FILTER (WHERE account.code ~ '^5'), 0) AS expense,
           coalesce(sum(line.credit - line.debit) FILTER (WHERE account.code ~ '^6'), 0) AS income,
           coalesce(sum(line.debit - line.credit) FILTER (WHERE account.code ~ '^7'), 0) AS spending,
           bool_or(account.code ~ '^(1602|1702|1802|1832)') AS worn,
           bool_or(account.code ~ '^5301') AS disposal,
           bool_or(account.code ~ '^(1601|161|170|18[0-3]|1902)') AS capital,
           bool_or(account.code ~ '^(130|1811)') AS stock
      FROM ledger_voucher voucher JOIN ledger_period period ON period.id = voucher.period_id
      JOIN ledger_line line ON line.voucher_id = voucher.id JOIN ledger_account account ON account.id = line.account_id
     WHERE period.book_id = %(book)s AND period.month BETWEEN 1 AND least(%(month)s, 12) GROUP BY 1
), parts AS (
    SELECT id, CASE WHEN revenue > income THEN 'income_plus' ELSE 'income_minus' END AS kind, revenue - income AS amount
      FROM of_voucher WHERE revenue <> income
    UNION ALL
    SELECT id, CASE WHEN worn AND NOT capital THEN 'cost_worn' WHEN disposal THEN 'cost_disposal'
                    WHEN capital THEN 'spent_capital' WHEN stock AND spending > expense THEN 'spent_stock'
                    WHEN stock THEN 'cost_stock' WHEN spending > expense THEN 'spent_owed' ELSE 'cost_owed' END,
           spending - expense
      FROM of_voucher WHERE spending <> expense
)
"""
SUMS = VOUCHERS + "SELECT kind, sum(amount) FROM parts GROUP BY 1"  # noqa: S608  constants only
BEHIND = VOUCHERS + "SELECT id FROM parts WHERE kind = %(kind)s"  # noqa: S608  constants only


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A row of the reconciliation; `kind` is empty for the two results."""

    kind: str
    label: str
    amount: int


def reconciled(book: ledger.Book, *, month: int = ledger.CLOSING) -> Sequence[Difference]:
    """The rows from 本年预算结余 to 本年盈余. Those in the middle add up to the difference of the two."""
    values = {"book": book.pk, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(RESULT, values)
        budget, surplus = (int(value) for value in cursor.fetchone())
        cursor.execute(SUMS, values)
        sums = {kind: int(amount) for kind, amount in cursor.fetchall()}
    return (
        Difference(kind="", label="一、本年预算结余（本年预算收支差额）", amount=budget),
        *(Difference(kind=kind, label=label, amount=_sign(kind) * sums.get(kind, 0)) for kind, label in GROUPS),
        Difference(kind="", label="三、本年盈余（本年收入与费用的差额）", amount=surplus),
    )


def _sign(kind: str) -> int:
    """What is taken off is shown without its sign."""
    return -1 if kind.startswith(("income_minus", "cost_")) else 1


def off_by(rows: Sequence[Difference]) -> int:
    """How far the rows are from closing: 0 to the fen, always."""
    *middle, last = rows[1:]
    return rows[0].amount + sum(_sign(row.kind) * row.amount for row in middle) - last.amount


def vouchers_of(actor: Actor, book: ledger.Book, kind: str, month: int) -> QuerySet[ledger.Voucher]:
    """The vouchers behind a row."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, {"book": book.pk, "month": month, "kind": kind})
        ids = [id for (id,) in cursor.fetchall()]
    return ledger.vouchers(actor).filter(pk__in=ids).order_by("date", "pk")
