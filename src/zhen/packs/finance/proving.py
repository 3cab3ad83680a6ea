"""The invariants of public money, proven for one year's books. `zhen finance prove` runs them, tests after each step.

1. each voucher balances on each basis · 2. 1011 = 8001 零余额 and 1201 = 8001 应返还 · 3. money in hand = 8001 货币 +
what is held for others · 4. a closed year's accounts are empty · 5. surplus and budget result reconcile · 6. reserved +
spent ≤ granted. (7., that a posted voucher never changes, is held by the database: see the ledger's migrations.)
"""

from __future__ import annotations

from collections.abc import Iterator

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.statements import figures
from zhen.packs.finance.statements.reconciling import off_by, reconciled
from zhen.packs.finance.statements.tables import STATEMENTS

PROVER = Actor.system("prover")
MIRRORED = (("1011", "8001.01"), ("1201", "8001.03"))
MONEY, FUNDS, FOR_OTHERS = ("1001", "1002", "1021"), "8001.02", ("2103", "2307.03", "2901")


def faults(book: ledger.Book) -> Iterator[str]:
    """One line for each invariant that does not hold in the books."""
    ends = {row.account.code: row.end for row in ledger.trial_balance(PROVER, book)}

    def standing(*codes: str) -> int:
        return sum(end for code, end in ends.items() if code.startswith(codes))

    for financial, budgetary in MIRRORED:
        if standing(financial) != standing(budgetary):
            yield f"{financial} is {standing(financial)}, {budgetary} is {standing(budgetary)}"
    held = standing(*MONEY) + standing(*FOR_OTHERS)
    if held != standing(FUNDS):
        yield f"money less what is held for others is {held}, {FUNDS} is {standing(FUNDS)}"
    closing = book.periods.get(month=ledger.CLOSING)
    if closing.closed_at is not None:
        left = [*ledger.nominal_left(book), *(["1011"] if standing("1011") else [])]
        if left:
            yield f"the year is closed, and {', '.join(left)} are not empty"
    off = off_by(reconciled(book))
    if off:
        yield f"surplus and budget result differ by {off} more than is explained"
    balance = [row for row in figures.made(PROVER, book, STATEMENTS["balance"]) if row.label in TOTALS]
    if len({(row.first, row.second) for row in balance}) != 1:
        yield f"the balance sheet does not balance: {[(row.first, row.second) for row in balance]}"
    for quota in ledger.Quota.objects.filter(book=book):
        if quota.available < 0:
            yield f"the quota {quota} is overspent by {-quota.available}"


TOTALS = ("资产总计", "负债和净资产总计")
