"""`zhen ledger verify`: everything that is kept as a sum, computed anew from nothing and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection

CHECKS: Mapping[str, str] = {
    "a balance differs from its lines": """
        SELECT coalesce(kept.period_id, made.period_id), coalesce(kept.account_id, made.account_id),
               kept.debit, made.debit, kept.credit, made.credit
          FROM ledger_balance kept FULL JOIN (
               SELECT voucher.period_id, line.account_id, line.dimensions_id, sum(line.debit) AS debit,
                      sum(line.credit) AS credit
                 FROM ledger_line line JOIN ledger_voucher voucher ON voucher.id = line.voucher_id GROUP BY 1, 2, 3
          ) made ON made.period_id = kept.period_id AND made.account_id = kept.account_id
                AND coalesce(made.dimensions_id, 0) = coalesce(kept.dimensions_id, 0)
         WHERE (kept.debit, kept.credit) IS DISTINCT FROM (made.debit, made.credit)""",
    "a voucher does not balance": """
        SELECT line.voucher_id, account.basis, sum(line.debit - line.credit)
          FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
         GROUP BY 1, 2 HAVING sum(line.debit - line.credit) <> 0""",
    "a voucher has fewer than two lines": """
        SELECT voucher.id, count(line.id)
          FROM ledger_voucher voucher LEFT JOIN ledger_line line ON line.voucher_id = voucher.id
         GROUP BY 1 HAVING count(line.id) < 2""",
    "a line stands on an account of another chart, or on one with sub-accounts": """
        SELECT DISTINCT line.voucher_id, account.code
          FROM ledger_balance balance JOIN ledger_account account ON account.id = balance.account_id
          JOIN ledger_period period ON period.id = balance.period_id JOIN ledger_book book ON book.id = period.book_id
          JOIN ledger_line line ON line.account_id = account.id
         WHERE account.chart <> book.chart OR EXISTS (
               SELECT FROM ledger_account part WHERE part.parent_id = account.id)""",
    "accounts that hold the same differ": """
        SELECT period.book_id, account.mirror, sum(CASE account.basis WHEN 'financial' THEN 1 ELSE -1 END
                                                    * (balance.debit - balance.credit))
          FROM ledger_balance balance JOIN ledger_account account ON account.id = balance.account_id
          JOIN ledger_period period ON period.id = balance.period_id
         WHERE account.mirror <> '' GROUP BY 1, 2
        HAVING sum(CASE account.basis WHEN 'financial' THEN 1 ELSE -1 END * (balance.debit - balance.credit)) <> 0""",
    "the numbers of a period have a gap": """
        SELECT period.id, period.last_number, count(voucher.id), max(voucher.number)
          FROM ledger_period period LEFT JOIN ledger_voucher voucher ON voucher.period_id = period.id
         GROUP BY 1, 2 HAVING count(voucher.id) <> period.last_number
            OR coalesce(max(voucher.number), 0) <> period.last_number""",
    "a reservation differs from its settlements": """
        SELECT held.id, held.open, held.spent, made.gone, made.spent
          FROM ledger_reservation held LEFT JOIN LATERAL (
               SELECT coalesce(sum(amount) FILTER (WHERE kind <> 'refund'), 0) AS gone,
                      coalesce(sum(CASE kind WHEN 'post' THEN amount WHEN 'refund' THEN -amount ELSE 0 END), 0) AS spent
                 FROM ledger_settlement WHERE reservation_id = held.id) made ON true
         WHERE (held.open, held.spent) <> (held.amount - made.gone, made.spent)""",
    "a quota differs from its reservations": """
        SELECT quota.id, quota.reserved, coalesce(made.open, 0), quota.spent, coalesce(made.spent, 0)
          FROM ledger_quota quota LEFT JOIN (
               SELECT quota_id, sum(open) AS open, sum(spent) AS spent FROM ledger_reservation GROUP BY 1
          ) made ON made.quota_id = quota.id
         WHERE (quota.reserved, quota.spent) <> (coalesce(made.open, 0), coalesce(made.spent, 0))""",
    "a quota differs from what is issued of it": """
        SELECT quota.id, quota.issued, coalesce(made.granted, 0)
          FROM ledger_quota quota LEFT JOIN (
               SELECT parent_id, sum(granted) AS granted FROM ledger_quota GROUP BY 1
          ) made ON made.parent_id = quota.id
         WHERE quota.issued <> coalesce(made.granted, 0)""",
    "a quota is overspent": "SELECT id, granted FROM ledger_quota WHERE issued + reserved + spent > granted",
}
SHOWN = 20


def verify() -> Iterator[str]:
    """One line for each fault, at most so many of a kind; nothing where all is right."""
    with connection.cursor() as cursor:
        for fault, question in CHECKS.items():
            cursor.execute(question)
            for row in cursor.fetchmany(SHOWN):
                yield f"{fault}: {', '.join(str(value) for value in row)}"
