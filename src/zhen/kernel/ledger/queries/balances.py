"""Balances by account: what was brought forward, moved and stands. From sums that are kept, never from vouchers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.ledger.models import Account, Balance, Book
from zhen.kernel.ledger.models.books import CLOSING, OPENING
from zhen.kernel.ledger.rules import Entry

VIEW = "ledger.view"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an account stands at the end of a month, in fen; sums of debits less credits but for the turnovers."""

    account: Account
    opening: int
    before: int
    debit: int
    credit: int

    @property
    def begin(self) -> int:
        """What stood before the months that are looked at."""
        return self.opening + self.before

    @property
    def end(self) -> int:
        return self.begin + self.debit - self.credit

    def signed(self, amount: int) -> int:
        """An amount as the account's normal side shows it."""
        return amount if self.account.side == Account.Side.DEBIT else -amount


def balances(actor: Actor, book: Book) -> QuerySet[Balance]:
    return restrict(actor, VIEW, Balance.objects.filter(period__book=book))


def trial_balance(actor: Actor, book: Book, *, first: int = 1, last: int = CLOSING) -> list[Standing]:
    """Every account that was ever touched in the book, in the order of its code: two queries."""
    month = F("period__month")
    of = {
        "opening": Q(period__month=OPENING),
        "before": Q(period__month__gt=OPENING, period__month__lt=first),
        "now": Q(period__month__gte=first, period__month__lte=last),
    }
    rows = (
        balances(actor, book)
        .annotate(month=month)
        .order_by()
        .values("account_id")
        .annotate(
            opening=Coalesce(Sum(F("debit") - F("credit"), filter=of["opening"]), 0),
            before=Coalesce(Sum(F("debit") - F("credit"), filter=of["before"]), 0),
            in_debit=Coalesce(Sum("debit", filter=of["now"]), 0),
            in_credit=Coalesce(Sum("credit", filter=of["now"]), 0),
        )
    )
    found = {row["account_id"]: row for row in rows}
    accounts = Account.objects.filter(pk__in=found).order_by("code")
    return [
        Standing(
            account=account,
            opening=(row := found[account.pk])["opening"],
            before=row["before"],
            debit=row["in_debit"],
            credit=row["in_credit"],
        )
        for account in accounts
    ]


def with_parents(standings: Sequence[Standing], chart: str) -> list[Standing]:
    """As above, with a line for each account that has sub-accounts among them: the sum of these."""
    accounts = {account.pk: account for account in Account.objects.filter(chart=chart)}
    sums: dict[int, list[Standing]] = {}
    for standing in standings:
        above = standing.account.parent_id
        while above is not None:
            sums.setdefault(above, []).append(standing)
            above = accounts[above].parent_id
    parents = [_sum(accounts[id], parts) for id, parts in sums.items()]
    return sorted([*standings, *parents], key=lambda standing: standing.account.code)


def _sum(account: Account, parts: Iterable[Standing]) -> Standing:
    parts = tuple(parts)
    return Standing(
        account=account,
        opening=sum(part.opening for part in parts),
        before=sum(part.before for part in parts),
        debit=sum(part.debit for part in parts),
        credit=sum(part.credit for part in parts),
    )


def nominal_left(book: Book) -> list[str]:
    """Codes of the accounts that closing should have emptied and has not. Called within actions."""
    rows = (
        Balance.objects.filter(period__book=book, account__nominal=True)
        .order_by()
        .values_list("account__code", "dimensions_id")
        .annotate(total=Sum("debit") - Sum("credit"))
        .exclude(total=0)
    )
    return sorted({code for code, _dimensions, _total in rows})


def carried_balances(book: Book) -> list[Entry]:
    """What a book hands on to the next: each balance on its normal side. Called within actions."""
    rows = (
        Balance.objects.filter(period__book=book)
        .order_by("account__code", "dimensions_id")
        .values_list("account__code", "account__side", "dimensions_id")
        .annotate(total=Sum("debit") - Sum("credit"))
        .exclude(total=0)
    )
    return [
        Entry(account=code, debit=total, dimensions_id=dimensions_id)
        if side == Account.Side.DEBIT
        else Entry(account=code, credit=-total, dimensions_id=dimensions_id)
        for code, side, dimensions_id, total in rows
    ]


def emptied(book: Book, codes: Iterable[str], *, before: int = CLOSING) -> list[tuple[str, int | None, int]]:
    """(code, dimensions, debits less credits) of accounts and their sub-accounts, for whoever empties them."""
    wanted = Q()
    for code in codes:
        wanted |= Q(account__code=code) | Q(account__code__startswith=f"{code}.")
    rows = (
        Balance.objects.filter(wanted, period__book=book, period__month__lte=before)
        .order_by("account__code", "dimensions_id")
        .values_list("account__code", "dimensions_id")
        .annotate(total=Sum("debit") - Sum("credit"))
        .exclude(total=0)
    )
    return [(code, dimensions_id, total) for code, dimensions_id, total in rows]
