"""Do the cards and the books hold the same? By account, by class, and where they differ by the papers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.ledger import api as ledger
from zhen.kernel.ledger.api import Line
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.models import Asset, Disposal, WearRun
from zhen.packs.finance.assets.rules import FIXED, UNDER_CONSTRUCTION, WORN, State
from zhen.packs.finance.models import Payment

ON_BOOKS = ~Q(state__in=(State.GONE, State.PENDING))
ACCOUNTS = (FIXED, WORN, UNDER_CONSTRUCTION)


@dataclass(frozen=True, kw_only=True)
class Match:
    """What an account holds by the cards and by the books, in fen, on its normal side."""

    account: str
    name: str
    cards: int
    books: int

    @property
    def difference(self) -> int:
        return self.books - self.cards

    @property
    def key(self) -> str:
        return self.account


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """The cards of a class: how many, what they cost, what of it is written off."""

    key: str
    name: str
    count: int
    value: int
    worn: int

    @property
    def left(self) -> int:
        return self.value - self.worn


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A paper on which cards and books differ: `source` is its kind and id, empty for what was brought forward."""

    account: str
    source: tuple[str, str]
    name: str
    cards: int
    books: int

    @property
    def difference(self) -> int:
        return self.books - self.cards

    @property
    def key(self) -> str:
        return f"{self.account} {'-'.join(self.source)}"


def matches(actor: Actor, book: ledger.Book) -> list[Match]:
    """Each account of assets by the cards and by the books as they stand: two queries of sums."""
    cards = _cards(actor, book).filter(ON_BOOKS)
    fixed = Q(account=FIXED)
    sums = cards.aggregate(
        cost=Coalesce(Sum("value", filter=fixed), 0),
        off=Coalesce(Sum("worn", filter=fixed), 0),
        building=Coalesce(Sum("value", filter=~fixed), 0),
    )
    wanted = {FIXED: sums["cost"], WORN: sums["off"], UNDER_CONSTRUCTION: sums["building"]}
    held = dict.fromkeys(ACCOUNTS, 0)
    names = dict(ledger.Account.objects.filter(chart=book.chart, code__in=ACCOUNTS).values_list("code", "name"))
    for standing in ledger.trial_balance(actor, book):
        code = standing.account.code.partition(".")[0]
        if code in held:
            held[code] += standing.signed(standing.end)
    return [Match(account=code, name=names.get(code, ""), cards=wanted[code], books=held[code]) for code in ACCOUNTS]


def by_class(actor: Actor, book: ledger.Book) -> list[ClassRow]:
    rows = _cards(actor, book).filter(ON_BOOKS, account=FIXED).order_by("asset_class__code")
    grouped = rows.values("asset_class__code", "asset_class__name")
    return [
        ClassRow(
            key=row["asset_class__code"],
            name=row["asset_class__name"],
            count=row["count"],
            value=row["cost"],
            worn=row["off"],
        )
        for row in grouped.annotate(count=Count("pk"), cost=Sum("value"), off=Sum("worn"))
    ]


def differences(actor: Actor, book: ledger.Book) -> list[Difference]:
    """The papers of the year whose vouchers and cards differ, by account. Equal ones are left out."""
    booked = _booked(actor, book)
    carded = _carded(actor, book)
    differ = [
        (account, source, cards, books)
        for account, source in sorted({*booked, *carded})
        if (cards := carded.get((account, source), 0)) != (books := booked.get((account, source), 0))
    ]
    names = ledger.names_of(source for _account, source, _cards, _books in differ if source[0])
    return [
        Difference(account=account, source=source, name=names.get(source, ""), cards=cards, books=books)
        for account, source, cards, books in differ
    ]


Sums = Mapping[tuple[str, tuple[str, str]], int]


def _booked(actor: Actor, book: ledger.Book) -> Sums:
    rows = restrict(actor, "ledger.view", Line.objects.filter(voucher__period__book=book, account__code__in=ACCOUNTS))
    grouped = rows.order_by().values_list("account__code", "voucher__source_type", "voucher__source_id")
    return {
        (account, (kind, id)): -total if account == WORN else total
        for account, kind, id, total in grouped.annotate(total=Sum(F("debit") - F("credit")))
        if total
    }


def _carded(actor: Actor, book: ledger.Book) -> Sums:
    """What the cards say that each paper of the year must have booked."""
    found: dict[tuple[str, tuple[str, str]], int] = {}

    def add(account: str, kind: str, id: object, amount: int) -> None:
        key = (account, (kind, str(id) if kind else ""))
        if total := found.pop(key, 0) + amount:
            found[key] = total

    year = book.year
    cards = _cards(actor, book)
    paid = Payment.objects.filter(assets__books=book.unit_id, paid_on__year=year, assets__isnull=False)
    finished = set()
    for asset in cards.filter(pk__in=_finished(actor, book)):
        finished.add(asset.pk)
        add(FIXED, "finance.asset", asset.pk, asset.value)
        add(UNDER_CONSTRUCTION, "finance.asset", asset.pk, -asset.value)
    for asset in cards.filter(payment__in=paid):
        account = UNDER_CONSTRUCTION if asset.pk in finished else asset.account
        add(account, "finance.payment", asset.payment_id, asset.value)
    for run in restrict(actor, rights.VIEW, WearRun.objects.filter(book=book)):
        add(WORN, "finance.wearrun", run.pk, run.total)
    gone = Disposal.objects.filter(asset__books=book.unit_id, on__year=year)
    for disposal in restrict(actor, rights.VIEW, gone).select_related("asset"):
        add(FIXED, "finance.disposal", disposal.pk, -disposal.asset.value)
        add(WORN, "finance.disposal", disposal.pk, -disposal.worn)
    for account, amount in _brought(cards, book, finished):
        add(account, "", "", amount)
    return found


def _finished(actor: Actor, book: ledger.Book) -> list[int]:
    rows = ledger.Voucher.objects.filter(period__book=book, event__startswith="finance.e4w", reversed_by=None)
    return [int(id) for id in restrict(actor, "ledger.view", rows).values_list("source_id", flat=True)]


def _brought(cards: QuerySet[Asset], book: ledger.Book, finished: set[int]) -> list[tuple[str, int]]:
    """What the year began with, by the cards: those of the first books, and those of the years before."""
    rows: list[tuple[str, int]] = []
    before = Q(opening=book) | Q(opening__year__lt=book.year) | Q(payment__paid_on__year__lt=book.year)
    still = Q(gone_on__isnull=True) | Q(gone_on__year__gte=book.year)
    found = cards.filter(before, still).annotate(
        this_year=Coalesce(Sum("wear__amount", filter=Q(wear__run__book__year__gte=book.year)), 0)
    )
    for asset in found:
        if asset.pk in finished or asset.account == UNDER_CONSTRUCTION:
            rows.append((UNDER_CONSTRUCTION, asset.value))
        else:
            rows += [(FIXED, asset.value), (WORN, asset.worn - asset.this_year)]
    return rows


def _cards(actor: Actor, book: ledger.Book) -> QuerySet[Asset]:
    return restrict(actor, rights.VIEW, Asset.objects.filter(books=book.unit_id))
